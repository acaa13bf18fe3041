/**
 * Pages that fit what somebody types, best first.
 *
 * In: the names and words of the pages of each folder, and a query. Out: the best pages: by a name as search-names.ts
 * ranks them, then by words as search-words.ts does. Equal ones stand by the length of the name, then in the order of the
 * folders and pages, so that the same query always gives the same list. The words may not be there yet; then names alone
 * find pages.
 */
import { type NameHit, type NameList, searchNames } from './search-names.ts';
import { type PageWords, searchWords } from './search-words.ts';

export interface SearchFolder {
  readonly names: NameList;
  readonly words: PageWords | undefined;
}

export interface Found {
  /** Index in the list of folders. */
  readonly folder: number;
  readonly page: number;
  /** Where the name stands by which it was found; undefined where words found it. */
  readonly name: Pick<NameHit, 'start' | 'end'> | undefined;
}

const queryMax = 200;
/** A name that holds the query stands before all words. */
const wordsScore = 400;

export function searchPages(folders: readonly SearchFolder[], query: string, limit: number): readonly Found[] {
  const text = query.trim().slice(0, queryMax);
  if (text === '') return [];
  const ranked: (Found & { readonly score: number; readonly length: number })[] = [];
  const named = folders.map(({ names }, folder) => {
    const hits = searchNames(names, text);
    for (const { page, start, end, score } of hits)
      ranked.push({ folder, page, name: { start, end }, score, length: end - start });
    return new Set(hits.map(({ page }) => page));
  });
  if (ranked.length < limit || /\s/.test(text)) {
    const withWords = folders.flatMap(({ words }, folder) => (words === undefined ? [] : [{ words, folder }]));
    const found = searchWords(
      withWords.map(({ words }) => words),
      text,
    );
    withWords.forEach(({ folder }, index) => {
      for (const { page, score } of found[index] ?? []) {
        if (named[folder]?.has(page) === true) continue;
        ranked.push({ folder, page, name: undefined, score: wordsScore * score, length: 0 });
      }
    });
  }
  ranked.sort((a, b) => b.score - a.score || a.length - b.length || a.folder - b.folder || a.page - b.page);
  return ranked.slice(0, limit);
}
