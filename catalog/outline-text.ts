/** Reads an outline that the build has stored; see outlines.ts for its form. */
import type { Outline, OutlinedPart } from '../cfront/outline.ts';

/** Empty for an empty text. Our own build wrote it: its form is known. */
export function outlineFrom(text: string): Outline {
  if (text === '') return [];
  let at = 0;
  return text.split(';').map((part): OutlinedPart => {
    const [place = '', ...lists] = part.split('|');
    const [gap, length, flags = ''] = place.split(' ');
    const [names = [], tags = [], completes = [], neededNames = [], neededTags = [], macros = []] = lists.map(words);
    const start = at + Number(gap);
    const end = start + Number(length);
    at = end;
    const [isLinked, hasTree] = [flags.includes('l'), flags.includes('t')];
    return { start, end, names, tags, completes, isLinked, neededNames, neededTags, macros, hasTree };
  });
}

const none: readonly string[] = [];

function words(text: string): readonly string[] {
  return text === '' ? none : text.split(' ');
}
