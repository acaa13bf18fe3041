/**
 * Which functions of the driver a statement calls, for "Step Into Target". In: the statement at which a frame stands.
 * Out: names in the order of the text; calls through pointers and by macros are not among them, and are stepped into one
 * after the other as ever.
 */
import type { Run } from '../../emulator/index.ts';

export function callsIn(run: Run, frameId: number): readonly string[] {
  const thread = run.threads().find(({ id }) => run.frames(id)[0]?.id === frameId);
  const span = thread === undefined ? undefined : run.frames(thread.id)[0]?.span;
  if (span === undefined) return [];
  // What strings and comments say calls nothing; nor does a member's name.
  const text = span.file.text
    .slice(span.start, span.end)
    .replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\/.*|\/\*[\s\S]*?\*\//g, ' ');
  const names = [...text.matchAll(/(?<!\.|->|[\w$])([A-Za-z_$][\w$]*)\s*\(/g)].flatMap(([, name]) => name ?? []);
  return [...new Set(names)].filter((name) => run.functionPlace(name) !== undefined);
}
