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

/** Lines that come again and again, alone or a few together as recursion makes them: once, and how many more there are. */
export function folded(lines: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const { period, times } = repetitionAt(lines, i);
    out.push(...lines.slice(i, i + period));
    if (times > 1) {
      const indent = /^ */.exec(lines[i] ?? '')?.[0] ?? '';
      const what = period === 1 ? 'of the same' : `of these ${period} in turn`;
      out.push(`${indent}… ${grouped((times - 1) * period)} more ${what}`);
    }
    i += period * times;
  }
  return out;
}

/** The shortest group of lines from `start` that comes at least three times in a row; else the one line. */
function repetitionAt(lines: readonly string[], start: number): { readonly period: number; readonly times: number } {
  for (let period = 1; period <= periodMax; period++) {
    let end = start + period;
    while (end < lines.length && lines[end] === lines[end - period]) end++;
    const times = Math.floor((end - start) / period);
    if (times >= 3) return { period, times };
  }
  return { period: 1, times: 1 };
}

/** Functions that may call each other in a circle and still be seen as one. */
const periodMax = 8;

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
