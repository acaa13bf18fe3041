/**
 * Brings the index of one folder up to date.
 *
 * In: a disk and what is known of a folder. Out: a shelf with all pages of what is there now, their words, and what went
 * wrong. A generator: each step lists a folder or reads one page, so that the caller can pause, show how far it is, and
 * stop; `soFar` is what is known then. A file is read only where its size or time is not the known one. A page that
 * can't be read, or that vanishes meanwhile, costs itself only. Words are asked for only when something has changed; where
 * those of the known pages are lost, all pages are read again.
 */
import type { PageWords } from '../../catalog/docs/search/search-words.ts';
import { newVocabulary } from '../../catalog/docs/search/vocabulary.ts';
import type { DocsDisk } from './disk.ts';
import { type IndexProgress, type Reading, readHalves } from './read-halves.ts';
import type { UnreadablePage } from './read-page.ts';
import type { StartSecondHalf } from './second-half.ts';
import {
  byPath,
  entryAt,
  type FileOfPage,
  findPath,
  isFileOf,
  type Shelf,
  shelve,
  shelveWords,
  takePage,
} from './shelf.ts';
import { walkPages } from './walk.ts';

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
  /** What the task has found until now: known pages stand for those that it has not come to. */
  soFar(): IndexedPages;
  /** Waits for something to do, where the last step said so. */
  more(): Promise<void>;
  /** Nobody wants the rest. */
  stop(): void;
}

export function isDone(step: IndexProgress | FolderIndex): step is FolderIndex {
  return 'shelf' in step;
}

/** `startSecond` starts the thread that reads the second half of very many pages. */
export function indexFolder(
  disk: DocsDisk,
  folder: string,
  known: IndexedPages,
  startSecond?: StartSecondHalf,
): IndexTask {
  /** Pages of the known shelf whose file is the same. */
  const kept: number[] = [];
  const changed: FileOfPage[] = [];
  const unlisted: UnreadablePage[] = [];
  const walk = walkPages(disk, folder);
  let isWalking = true;
  let oldWords: PageWords | undefined;
  let vocabulary = newVocabulary();
  /** Undefined while folders are listed, and where nothing has changed. */
  let reading: Reading | undefined;
  let guess = 0;

  const walkOn = (): void => {
    const { value, done: ended } = walk.next();
    if (ended === true || value === undefined) endWalk();
    else if (value.kind === 'problem') unlisted.push({ path: value.path, message: value.message });
    else if (value.kind === 'page') {
      // Mostly the page behind the last one: folders are walked nearly in the order of the shelf.
      const page = isFileOf(known.shelf, guess, value) ? guess : findPath(known.shelf, value.path);
      if (page >= 0) guess = page + 1;
      if (page >= 0 && isFileOf(known.shelf, page, value)) kept.push(page);
      else changed.push(value);
    }
  };
  const endWalk = (): void => {
    isWalking = false;
    if (changed.length === 0 && kept.length === known.shelf.count) return;
    oldWords = known.words();
    if (oldWords !== undefined) vocabulary = oldWords.vocabulary;
    else for (const page of kept.splice(0)) changed.push(entryAt(known.shelf, page));
    reading = readHalves(disk, { folder, files: changed }, vocabulary, startSecond);
  };
  const indexed = ({ read }: Reading, old: readonly number[]): IndexedPages => {
    const pages = [...old.map((page) => takePage(known.shelf, oldWords, page)), ...read.pages].sort(byPath);
    return { shelf: shelve(folder, pages), words: always(shelveWords(pages, vocabulary)) };
  };
  return {
    step() {
      if (isWalking) {
        walkOn();
        return { done: 0, total: 0, listed: kept.length + changed.length, isWaiting: false };
      }
      if (reading === undefined) return { ...known, unreadable: unlisted, read: 0, hasChanged: false };
      const progress = reading.step();
      if (progress !== undefined) return progress;
      const unreadable = [...unlisted, ...reading.read.unreadable];
      return { ...indexed(reading, kept), unreadable, read: reading.read.pages.length, hasChanged: true };
    },
    soFar() {
      if (reading === undefined) return known;
      // Without their words the known pages would never be read again.
      if (oldWords === undefined) return indexed(reading, []);
      const left = reading.unread().map(({ path }) => findPath(known.shelf, path));
      return indexed(reading, [...kept, ...left.filter((page) => page >= 0)]);
    },
    async more() {
      await reading?.more();
    },
    stop() {
      reading?.stop();
    },
  };
}

/** Apart, so that it holds nothing but the value. */
function always<T>(value: T): () => T {
  return () => value;
}
