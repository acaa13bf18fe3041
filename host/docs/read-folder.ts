/**
 * Reads a folder of the docs in slices of a few milliseconds, so that questions are answered meanwhile.
 *
 * In: what is known of the folder. Out: its index, which the library has by then in parts; undefined where reading was
 * stopped. What was read of a stopped run is in the cache, and of a long one every now and then, so that the next one goes
 * on from there.
 */
import type { DocsDisk } from './disk.ts';
import { type FolderIndex, type IndexedPages, indexFolder, isDone } from './index-folder.ts';
import type { KeptIndexes } from './kept-indexes.ts';
import type { Library } from './library.ts';
import type { FromDocs } from './messages.ts';
import type { StartSecondHalf } from './second-half.ts';

const sliceMs = 12;
const progressMs = 120;
/** Folders that are listed sooner, as on most disks, need no word. */
const listingMs = 1_500;
/** So often a folder is looked through that changes meanwhile. */
const roundsMax = 3;
/** After so many pages the index of a long run is kept, for whoever is killed after that. */
const pagesBetweenSaves = 6_000;

/** What the docs are read with. */
export interface DocsSurroundings {
  readonly disk: DocsDisk;
  readonly post: (message: FromDocs) => void;
  /** Lets what waits be done: messages that have come meanwhile. */
  readonly pause: () => Promise<void>;
  readonly nowMs: () => number;
  /** Starts a thread that reads the second half of very many pages; without it, all are read here. */
  readonly startSecond?: StartSecondHalf;
}

export interface FolderReading extends DocsSurroundings {
  readonly library: Library;
  readonly kept: KeptIndexes;
  /** Where indexes are kept. */
  readonly storage: string | undefined;
  readonly isStopped: () => boolean;
}

/** Reads the folder, and again where it has changed meanwhile. */
export async function readFolder(
  reading: FolderReading,
  folder: string,
  known: IndexedPages,
): Promise<FolderIndex | undefined> {
  let index = await readOnce(reading, folder, known);
  for (let round = 1; round < roundsMax && index?.unreadable.some(({ isGone }) => isGone === true); round++) {
    const again: FolderIndex | undefined = await readOnce(reading, folder, index);
    index = again && { ...again, read: index.read + again.read, hasChanged: index.hasChanged || again.hasChanged };
  }
  return index;
}

async function readOnce(reading: FolderReading, folder: string, known: IndexedPages): Promise<FolderIndex | undefined> {
  const { disk, startSecond, post, pause, nowMs, library, kept, storage, isStopped } = reading;
  const task = indexFolder(disk, folder, known, startSecond);
  let shownMs = nowMs();
  let saved = 0;
  for (;;) {
    const untilMs = nowMs() + sliceMs;
    let isWaiting = false;
    let listed: number | undefined;
    do {
      const step = task.step();
      if (isDone(step)) return step;
      ({ isWaiting, listed } = step);
      if (step.total > 0 && nowMs() - shownMs >= progressMs) {
        shownMs = nowMs();
        post({ kind: 'progress', folder, done: step.done, total: step.total });
      }
      if (step.done >= saved + pagesBetweenSaves) {
        saved = step.done;
        const soFar = task.soFar();
        library.put(soFar);
        kept.save(storage, soFar);
      }
    } while (!isWaiting && nowMs() < untilMs);
    if (listed !== undefined && nowMs() - shownMs >= listingMs) {
      shownMs = nowMs();
      post({ kind: 'progress', folder, done: listed, total: 0 });
    }
    await (isWaiting ? task.more() : pause());
    if (!isStopped()) continue;
    task.stop();
    const soFar = task.soFar();
    if (known.shelf.count === 0 || saved > 0) kept.save(storage, soFar);
    library.put(soFar);
    return undefined;
  }
}
