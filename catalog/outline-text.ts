/** Reads an outline that the build has stored; see outlines.ts for its form. */
import type { Outline, OutlinedPart } from '../cfront/outline.ts';
import type { CSymbol } from '../cfront/parse/ast.ts';

/**
 * Empty for an empty text. Our own build wrote it: its form is known. Some two thousand parts are read before the first
 * answer, by code that nothing has warmed up: fields are taken by number, because taking a list apart costs much more.
 */
export function outlineFrom(text: string): Outline {
  if (text === '') return [];
  const parts: OutlinedPart[] = [];
  let at = 0;
  for (const part of text.split(';')) {
    const fields = part.split('|');
    const place = (fields[0] as string).split(' ');
    const flags = place[2] as string;
    const start = at + Number(place[0]);
    at = start + Number(place[1]);
    const isLinked = flags.includes('l');
    const marked = words(fields[1]);
    const kinds = kindsOf(fields[1], marked, isLinked);
    parts.push({
      start,
      end: at,
      names: kinds === undefined ? marked : marked.map(withoutMark),
      kinds,
      tags: words(fields[2]),
      completes: words(fields[3]),
      isLinked,
      neededNames: words(fields[4]),
      neededTags: words(fields[5]),
      macros: words(fields[6]),
      hasTree: flags.includes('t'),
    });
  }
  return parts;
}

/** Behind names that are not functions or typedefs. */
export const kindMarks = { variable: '*', 'enum-constant': '=' } as const;

function kindsOf(text = '', marked: readonly string[], isLinked: boolean): OutlinedPart['kinds'] {
  if (!text.includes(kindMarks.variable) && !text.includes(kindMarks['enum-constant'])) return undefined;
  const usual = isLinked ? 'function' : 'typedef';
  return marked.map((word): CSymbol['kind'] =>
    word.endsWith(kindMarks.variable)
      ? 'variable'
      : word.endsWith(kindMarks['enum-constant'])
        ? 'enum-constant'
        : usual,
  );
}

function withoutMark(word: string): string {
  return word.endsWith(kindMarks.variable) || word.endsWith(kindMarks['enum-constant']) ? word.slice(0, -1) : word;
}

const none: readonly string[] = [];

function words(text = ''): readonly string[] {
  if (text === '') return none;
  return text.includes(' ') ? text.split(' ') : [text];
}
