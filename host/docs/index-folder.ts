/**
 * Brings the index of one folder up to date.
 *
 * In: a disk and what is known of a folder. Out: a shelf with all pages of what is there now, their words, and what went
 * wrong. A generator: each step lists a folder or reads one page, so that the caller can pause, show how far it is, and
 * stop; `soFar` is what is known then. A file is read only where its size or time is not the known one. A page that
 * can't be read, or that vanishes meanwhile, costs itself only. Words are asked for only when something has changed; where
 * those of the known pages are lost, all pages are read again.
 */
import { join } from 'node:path';
import { readPageHead } from '../../catalog/docs/head.ts';
import { createWordReader, type WordReader } from '../../catalog/docs/search/page-words.ts';
import type { PageWords } from '../../catalog/docs/search/search-words.ts';
import { newVocabulary } from '../../catalog/docs/search/vocabulary.ts';
import { type DocsDisk, diskError } from './disk.ts';
import { pageEntry } from './entry.ts';
import {
  byPath,
  entryAt,
  type FileOfPage,
  findPath,
  isFileOf,
  type LoosePage,
  loosePage,
  type Shelf,
  shelve,
  shelveWords,
  takePage,
} from './shelf.ts';
import { walkPages } from './walk.ts';

export interface IndexProgress {
  /** Pages looked at, of those that are to be read; both 0 while folders are listed. */
  readonly done: number;
  readonly total: number;
}

export interface UnreadablePage {
  readonly path: string;
  readonly message: string;
}

/** A shelf and how to come by its words, which may lie in a file; undefined where they are lost. */
export interface IndexedPages {
  readonly shelf: Shelf;
  readonly words: () => PageWords | undefined;
}

export interface FolderIndex extends IndexedPages {
  readonly unreadable: readonly UnreadablePage[];
  /** Pages that were read now; 0 where the known ones were up to date. */
  readonly read: number;
  /** Whether the pages differ from the known ones. */
  readonly hasChanged: boolean;
}

export interface IndexTask {
  /** One step of work; the result when it is the last. */
  step(): IndexProgress | FolderIndex;
  /** What a stopped task has found: known pages stand for those that it has not come to. */
  soFar(): IndexedPages;
}

export function isDone(step: IndexProgress | FolderIndex): step is FolderIndex {
  return 'shelf' in step;
}

export function indexFolder(disk: DocsDisk, folder: string, known: IndexedPages): IndexTask {
  /** Pages of the known shelf whose file is the same. */
  const kept: number[] = [];
  const changed: FileOfPage[] = [];
  const fresh: LoosePage[] = [];
  const unreadable: UnreadablePage[] = [];
  const walk = walkPages(disk, folder);
  let isWalking = true;
  let oldWords: PageWords | undefined;
  let vocabulary = newVocabulary();
  let reader: WordReader | undefined;
  let done = 0;
  let guess = 0;

  const walkOn = (): void => {
    const { value, done: ended } = walk.next();
    if (ended === true || value === undefined) endWalk();
    else if (value.kind === 'problem') unreadable.push({ path: value.path, message: value.message });
    else if (value.kind === 'page') {
      // Mostly the page behind the last one: folders are walked nearly in the order of the shelf.
      const page = isFileOf(known.shelf, guess, value) ? guess : findPath(known.shelf, value.path);
      if (page >= 0) guess = page + 1;
      if (page >= 0 && isFileOf(known.shelf, page, value)) kept.push(page);
      else changed.push(value);
    }
  };
  const hasChanged = (): boolean => changed.length > 0 || kept.length !== known.shelf.count;
  const endWalk = (): void => {
    isWalking = false;
    if (!hasChanged()) return;
    oldWords = known.words();
    if (oldWords !== undefined) vocabulary = oldWords.vocabulary;
    else for (const page of kept.splice(0)) changed.push(entryAt(known.shelf, page));
    reader = createWordReader(vocabulary);
  };
  const readOn = (): void => {
    const file = changed[done++];
    if (file === undefined || reader === undefined) return;
    try {
      const path = join(folder, file.path);
      const head = readPageHead(path, disk.read(path));
      fresh.push(loosePage(pageEntry(folder, file, head), reader.read(head)));
    } catch (error) {
      unreadable.push({ path: file.path, message: diskError(error) });
    }
  };
  const indexed = (old: readonly number[]): IndexedPages => {
    const pages = [...old.map((page) => takePage(known.shelf, oldWords, page)), ...fresh].sort(byPath);
    return { shelf: shelve(folder, pages), words: always(shelveWords(pages, vocabulary)) };
  };
  return {
    step() {
      if (isWalking) {
        walkOn();
        return { done: 0, total: 0 };
      }
      if (done < changed.length) {
        readOn();
        return { done, total: changed.length };
      }
      if (!hasChanged()) return { ...known, unreadable, read: 0, hasChanged: false };
      return { ...indexed(kept), unreadable, read: changed.length, hasChanged: true };
    },
    soFar() {
      if (isWalking || !hasChanged()) return known;
      // Without their words the known pages would never be read again.
      if (oldWords === undefined) return indexed([]);
      const left = changed.slice(done).map(({ path }) => findPath(known.shelf, path));
      return indexed([...kept, ...left.filter((page) => page >= 0)]);
    },
  };
}

/** Apart, so that it holds nothing but the value. */
function always<T>(value: T): () => T {
  return () => value;
}
