/**
 * Pages that have the words of a query, wherever on the page they stand.
 *
 * In: pages as page-words.ts packs them, and a query. Out: the pages that have most of it, with a score from 0 to 1. A
 * word counts more the fewer pages have it, and more in a name or title than in a heading or sentence, and there more
 * than in the text; one that only begins as the query's does (it may be half-typed) counts less. A page that lacks words
 * of the query stands behind those that have all, and is left out where it lacks the telling half. A query costs one
 * pass over the packed words, some six million of them for all of the driver docs.
 */
import { eachPageWord, type WordPlace } from './page-words.ts';
import { isCommon, isCommonWord, type Vocabulary, wordLength, wordsFrom } from './vocabulary.ts';
import { queryWords } from './words.ts';

/** The packed words of all pages of a folder. */
export interface PageWords {
  readonly vocabulary: Vocabulary;
  readonly bytes: Uint8Array;
  /** Where each page begins in `bytes`, and one more. */
  readonly starts: Uint32Array;
}

export interface WordHit {
  readonly page: number;
  readonly score: number;
}

/** More words than this are left out of a query. */
const wordsMax = 16;
/** Two letters begin too many words. */
const beginningMin = 3;
const weights: Readonly<Record<WordPlace, number>> = { 3: 1, 2: 0.5, 1: 0.25 };
const beginningWeight = 0.5;
/** Above it all words of the query are on the page. */
const allWords = 0.5;

/** `total` and `having` count over all folders, so that a word is as rare in one as in the other. */
export function searchWords(folders: readonly PageWords[], query: string): readonly (readonly WordHit[])[] {
  const words = queryWords(query)
    .filter((word) => !isCommonWord(word))
    .slice(0, wordsMax);
  const found = folders.map((folder) => pagesWith(folder, words));
  const total = folders.reduce((sum, { starts }) => sum + starts.length - 1, 0);
  const rarity = words.map((_, word) => {
    const having = found.reduce((sum, { counts }) => sum + (counts[word] ?? 0), 0);
    return Math.log(1 + total / Math.max(1, having));
  });
  return found.map(({ pages }) => scored(pages, rarity));
}

interface Candidate {
  readonly page: number;
  /** Of each word of the query: the weight of its best place on the page; 0 where it is not there. */
  readonly weights: readonly number[];
  readonly wordCount: number;
}

function pagesWith(
  { vocabulary, bytes, starts }: PageWords,
  words: readonly string[],
): { readonly pages: readonly Candidate[]; readonly counts: readonly number[] } {
  const exact = new Uint16Array(vocabulary.size);
  const beginning = new Uint16Array(vocabulary.size);
  const isWanted = words.map((word, index) => {
    let isKnown = false;
    for (const number of wordsFrom(vocabulary, word)) {
      if (isCommon(number)) continue;
      const isWhole = wordLength(vocabulary, number) === word.length;
      if (!isWhole && word.length < beginningMin) continue;
      const marks = isWhole ? exact : beginning;
      marks[number] = (marks[number] ?? 0) | (1 << index);
      isKnown = true;
    }
    return isKnown;
  });
  const counts = words.map(() => 0);
  const pages: Candidate[] = [];
  if (!isWanted.includes(true)) return { pages, counts };
  let best = words.map(() => 0);
  let wordCount = 0;
  let isCandidate = false;
  const look = (number: number, place: WordPlace): void => {
    wordCount++;
    const bits = (exact[number] ?? 0) | (beginning[number] ?? 0);
    if (bits === 0) return;
    isCandidate = true;
    for (let word = 0; word < words.length; word++) {
      if ((bits & (1 << word)) === 0) continue;
      const isWhole = ((exact[number] ?? 0) & (1 << word)) !== 0;
      const weight = weights[place] * (isWhole ? 1 : beginningWeight);
      if (weight > (best[word] ?? 0)) best[word] = weight;
    }
  };
  for (let page = 0; page + 1 < starts.length; page++) {
    wordCount = 0;
    eachPageWord(bytes, starts[page] ?? 0, starts[page + 1] ?? 0, look);
    if (!isCandidate) continue;
    isCandidate = false;
    for (let word = 0; word < words.length; word++) if ((best[word] ?? 0) > 0) counts[word] = (counts[word] ?? 0) + 1;
    pages.push({ page, weights: best, wordCount });
    best = words.map(() => 0);
  }
  return { pages, counts };
}

function scored(pages: readonly Candidate[], rarity: readonly number[]): readonly WordHit[] {
  const most = rarity.reduce((sum, value) => sum + value, 0);
  const hits: WordHit[] = [];
  for (const { page, weights: found, wordCount } of pages) {
    let told = 0;
    let sum = 0;
    found.forEach((weight, word) => {
      const value = rarity[word] ?? 0;
      if (weight > 0) told += value;
      sum += value * weight;
    });
    if (told < most / 2) continue;
    // A long page has many words by chance.
    const score = sum / most / (1 + 0.05 * Math.log2(1 + wordCount));
    hits.push({ page, score: (told === most ? allWords : 0) + score / 2 });
  }
  return hits;
}
