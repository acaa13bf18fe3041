/** Long lists and odd text for people: what is left out is counted, and what a terminal would obey is shown instead. */

/** The first and the last lines, and between them how many were left out. */
export function shortened(
  lines: readonly string[],
  o: { readonly head: number; readonly tail: number; readonly note: (count: number) => string },
): readonly string[] {
  const count = lines.length - o.head - o.tail;
  // A note takes a line itself.
  if (count <= 1) return lines;
  return [...lines.slice(0, o.head), o.note(count), ...lines.slice(lines.length - o.tail)];
}

/** Control characters as C writes them (`\x1B`, `\n`), so that a line of text stays one line and harmless. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const named = NAMED[character];
    if (named !== undefined) return named;
    const code = character.codePointAt(0) ?? 0;
    return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

const NAMED: Readonly<Record<string, string>> = { '\t': '\t', '\n': '\\n', '\r': '\\r' };

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
