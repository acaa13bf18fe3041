/**
 * Whole pieces of a driver that completion offers at file scope. A body is C with the placeholders of snippets:
 * `${1:Name}` where a name is typed first, `${1}` where it is repeated, `$0` where the cursor ends. Nothing else in a
 * body begins with a dollar sign, so that reading one needs no escapes.
 */

export interface Pattern {
  /** What is typed: lower case, `wsk` or `dot4` first. */
  readonly label: string;
  /** The function that it writes under a fixed name, which somebody may type who does not know the label. */
  readonly entry?: string;
  /** One line beside the label. */
  readonly title: string;
  /** Bundled headers that the text needs, in this order. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** The text with what the placeholders propose, for editors without snippets and for tests. */
export function expand(body: string): string {
  const names = new Map<string, string>();
  for (const [, number = '', name = ''] of body.matchAll(/\$\{(\d+):(\w+)\}/g)) names.set(number, name);
  return body.replace(/\$\{(\d+)(?::\w+)?\}/g, (_, number: string) => names.get(number) ?? '').replace('$0', '');
}
