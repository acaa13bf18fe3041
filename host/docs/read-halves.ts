/**
 * Reads the pages of a list into one vocabulary; of very many, another thread reads meanwhile from the end of the list.
 *
 * In: files. Out: pages in their order, step by step, and which files are still unread. What the other thread has read is
 * put behind the rest when the two have met, so that it is the same as if one thread had read all. What the other thread
 * has taken and never answered, because it is gone, is read here. Ends because each step reads a file, takes a batch or
 * waits for a thread that ends.
 */
import { createWordReader } from '../../catalog/docs/search/page-words.ts';
import type { Vocabulary } from '../../catalog/docs/search/vocabulary.ts';
import type { DocsDisk } from './disk.ts';
import { type PagesRead, readPage } from './read-page.ts';
import {
  batchPages,
  createAdopter,
  type HalfTask,
  type PageBatch,
  type StartSecondHalf,
  takeBatch,
} from './second-half.ts';
import type { FileOfPage } from './shelf.ts';

export interface IndexProgress {
  /** Pages looked at, of those that are to be read; both 0 while folders are listed. */
  readonly done: number;
  readonly total: number;
  /** Pages found so far, while folders are listed. */
  readonly listed?: number;
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
  { folder, files }: Pick<HalfTask, 'folder' | 'files'>,
  vocabulary: Vocabulary,
  startSecond: StartSecondHalf | undefined,
): Reading {
  const reader = createWordReader(vocabulary);
  const adopt = createAdopter(vocabulary, reader);
  const read: PagesRead = { pages: [], unreadable: [] };
  const isHalved = startSecond !== undefined && files.length >= pagesForTwo;
  const task: HalfTask = { folder, files, taken: new Int32Array(new SharedArrayBuffer(4)) };
  let second = isHalved ? startSecond(task) : undefined;
  /** Of the other thread, by where they begin; they lie behind `end` until the two have met. */
  const come = new Map<number, PageBatch>();
  /** What is before `done` is read; what is before `end` is to be read here. */
  let done = 0;
  let end = 0;
  let isMet = second === undefined;
  /** Files of the other thread that were put behind the rest too early, because nobody wants more. */
  const ahead = new Set<FileOfPage>();

  const collect = (): void => {
    for (const batch of second?.take() ?? []) come.set(batch.from, batch);
  };
  const progress = ({ isWaiting } = { isWaiting: false }): IndexProgress => {
    const waiting = [...come.values()].reduce((sum, batch) => sum + batch.files, 0);
    return { done: done + waiting, total: files.length, isWaiting };
  };
  const adoptAt = (from: number): PageBatch | undefined => {
    const batch = come.get(from);
    if (batch === undefined) return undefined;
    come.delete(from);
    const { pages, unreadable } = adopt(batch);
    read.pages.push(...pages);
    read.unreadable.push(...unreadable);
    return batch;
  };
  /** Goes on behind `end`, where all is read; false where the other thread has that and is still at it. */
  const advance = (): boolean => {
    if (!isMet && !takeBatch(task)) isMet = true;
    if (isMet && second?.isOver() === false) return false;
    if (isMet) second = undefined;
    const adopted = isMet ? adoptAt(end) : undefined;
    end = Math.min(files.length, end + batchPages);
    if (adopted !== undefined) done = end;
    return true;
  };
  return {
    read,
    step() {
      collect();
      const file = done < end ? files[done++] : undefined;
      if (file !== undefined) readPage(disk, folder, file, reader, read);
      else if (end === files.length) return undefined;
      else if (!advance()) return progress({ isWaiting: true });
      return progress();
    },
    unread: () => files.slice(done).filter((file) => !ahead.has(file)),
    async more() {
      await second?.more();
    },
    stop() {
      collect();
      for (const { from, files: count } of [...come.values()]) {
        adoptAt(from);
        for (const file of files.slice(from, from + count)) ahead.add(file);
      }
      second?.stop();
      second = undefined;
    },
  };
}
