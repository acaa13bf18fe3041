/** Reads an outline that the build has stored; see outlines.ts for its form. */
import type { Outline, OutlinedPart } from '../cfront/outline.ts';
import type { CSymbol } from '../cfront/parse/ast.ts';

/** Empty for an empty text. Our own build wrote it: its form is known. */
export function outlineFrom(text: string): Outline {
  if (text === '') return [];
  let at = 0;
  return text.split(';').map((part): OutlinedPart => {
    const [place = '', ...lists] = part.split('|');
    const [gap, length, flags = ''] = place.split(' ');
    const [marked = [], tags = [], completes = [], neededNames = [], neededTags = [], macros = []] = lists.map(words);
    const start = at + Number(gap);
    const end = start + Number(length);
    at = end;
    const [isLinked, hasTree] = [flags.includes('l'), flags.includes('t')];
    const { names, kinds } = withKinds(marked, isLinked);
    return { start, end, names, kinds, tags, completes, isLinked, neededNames, neededTags, macros, hasTree };
  });
}

/** Behind names that are not functions or typedefs. */
export const kindMarks = { variable: '*', 'enum-constant': '=' } as const;

function withKinds(marked: readonly string[], isLinked: boolean): Pick<OutlinedPart, 'names' | 'kinds'> {
  const usual = isLinked ? 'function' : 'typedef';
  const kinds = marked.map((word): CSymbol['kind'] =>
    word.endsWith(kindMarks.variable)
      ? 'variable'
      : word.endsWith(kindMarks['enum-constant'])
        ? 'enum-constant'
        : usual,
  );
  if (kinds.every((kind) => kind === usual)) return { names: marked, kinds: undefined };
  return { names: marked.map((word, i) => (kinds[i] === usual ? word : word.slice(0, -1))), kinds };
}

const none: readonly string[] = [];

function words(text: string): readonly string[] {
  return text === '' ? none : text.split(' ');
}
