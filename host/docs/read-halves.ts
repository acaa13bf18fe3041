/**
 * Reads the pages of a list into one vocabulary; of very many, another thread reads the second half meanwhile.
 *
 * In: files. Out: pages in their order, step by step, and which files are still unread. The second half is put behind the
 * first when that is read, so that it is the same as if one thread had read all. What the other thread leaves unread,
 * because it could not be started or is gone, is read here.
 */
import { createWordReader } from '../../catalog/docs/search/page-words.ts';
import type { Vocabulary } from '../../catalog/docs/search/vocabulary.ts';
import type { DocsDisk } from './disk.ts';
import { type PagesRead, readPage } from './read-page.ts';
import { createAdopter, type HalfTask, type PageBatch, type StartSecondHalf } from './second-half.ts';

export interface IndexProgress {
  /** Pages looked at, of those that are to be read; both 0 while folders are listed. */
  readonly done: number;
  readonly total: number;
  /** Nothing can be done before something comes of the second half; `more` waits for that. */
  readonly isWaiting: boolean;
}

export interface Reading {
  /** One step of work; undefined when all is read. */
  step(): IndexProgress | undefined;
  /** What is read; it grows. */
  readonly read: PagesRead;
  unread(): HalfTask['files'];
  more(): Promise<void>;
  /** Nobody wants the rest. What the other thread has read is in `read` then. */
  stop(): void;
}

/** Fewer pages than this are read by the time that another thread is there. */
const pagesForTwo = 2_000;

export function readHalves(
  disk: DocsDisk,
  { folder, files }: HalfTask,
  vocabulary: Vocabulary,
  startSecond: StartSecondHalf | undefined,
): Reading {
  const reader = createWordReader(vocabulary);
  const adopt = createAdopter(vocabulary, reader);
  const read: PagesRead = { pages: [], unreadable: [] };
  const isHalved = startSecond !== undefined && files.length >= pagesForTwo;
  /** What is read here ends at `end`; behind it, `adopted` files have come from the other thread. */
  let end = isHalved ? Math.floor(files.length / 2) : files.length;
  let second = isHalved ? startSecond({ folder, files: files.slice(end) }) : undefined;
  const come: PageBatch[] = [];
  let done = 0;
  let adopted = 0;

  const progress = (isWaiting = false): IndexProgress => {
    const ahead = come.reduce((sum, batch) => sum + batch.files, 0);
    return { done: done + adopted + ahead, total: files.length, isWaiting };
  };
  const adoptNext = (): void => {
    const batch = come.shift();
    if (batch === undefined) return;
    const { pages, unreadable } = adopt(batch);
    read.pages.push(...pages);
    read.unreadable.push(...unreadable);
    adopted += batch.files;
  };
  return {
    read,
    step() {
      if (second !== undefined) come.push(...second.take());
      const file = done < end ? files[done++] : undefined;
      if (file !== undefined) {
        readPage(disk, folder, file, reader, read);
        return progress();
      }
      if (come.length > 0) {
        adoptNext();
        return progress();
      }
      if (second === undefined) return undefined;
      if (!second.isOver()) return progress(true);
      second = undefined;
      [done, end, adopted] = [end + adopted, files.length, 0];
      return progress();
    },
    unread: () => [...files.slice(done, end), ...files.slice(end + adopted)],
    async more() {
      await second?.more();
    },
    stop() {
      if (second === undefined) return;
      come.push(...second.take());
      while (come.length > 0) adoptNext();
      second.stop();
      second = undefined;
    },
  };
}
