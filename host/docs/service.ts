/**
 * The docs as the language server asks them: keeps the index up to date and answers meanwhile.
 *
 * In: messages. Out: messages. Work is done in slices of a few milliseconds, and between them questions are answered and
 * a new order or a cancellation is heard. Whatever is wrong with a folder or a cache is a note in words; what can be
 * read is read. What was read of a stopped or killed run is in the cache, so that the next one goes on from there.
 */
import { isAbsolute } from 'node:path';
import { type AnswerSource, answerTo } from './answers.ts';
import { removeLeftovers } from './cache.ts';
import { type DocsDisk, diskError } from './disk.ts';
import { type FolderIndex, type IndexedPages, indexFolder, isDone } from './index-folder.ts';
import { createKeptIndexes } from './kept-indexes.ts';
import { createLibrary } from './library.ts';
import type { FromDocs, ToDocs } from './messages.ts';
import { emptyNote, indexNotes } from './notes.ts';
import type { StartSecondHalf } from './second-half.ts';

export interface DocsServiceOptions {
  readonly disk: DocsDisk;
  readonly post: (message: FromDocs) => void;
  /** Lets what waits be done: messages that have come meanwhile. */
  readonly pause: () => Promise<void>;
  readonly nowMs: () => number;
  /** Starts a thread that reads the second half of very many pages; without it, all are read here. */
  readonly startSecond?: StartSecondHalf;
}

export interface DocsService {
  handle(message: ToDocs): void;
  /** Ends when the last order is carried out or stopped. */
  idle(): Promise<void>;
}

const sliceMs = 12;
const progressMs = 120;
/** Folders that are listed sooner, as on most disks, need no word. */
const listingMs = 1_500;
/** So often a folder is looked through that changes meanwhile. */
const roundsMax = 3;
/** After so many pages the index of a long run is kept, for whoever is killed after that. */
const pagesBetweenSaves = 6_000;
/** A checkout that is seen to have changed is read again, but not for each of a thousand changed files. */
const rereadMs = 3_000;

type Order = Extract<ToDocs, { readonly kind: 'configure' }>;

export function createDocsService({ disk, post, pause, nowMs, startSecond }: DocsServiceOptions): DocsService {
  const library = createLibrary(disk);
  let order: Order = { kind: 'configure', folders: [], storage: undefined };
  /** Counts orders and cancellations: a run whose number is no longer this one stops. */
  let current = 0;
  let running: Promise<void> = Promise.resolve();
  let isIndexing = false;
  let readAtMs = 0;

  const note = (severity: 'information' | 'warning', text: string): void => post({ kind: 'note', severity, text });
  const kept = createKeptIndexes((text) => note('warning', text));

  /** Reads one folder; undefined when it was stopped. */
  const read = async (run: number, folder: string, known: IndexedPages): Promise<FolderIndex | undefined> => {
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
          kept.save(order.storage, soFar);
        }
      } while (!isWaiting && nowMs() < untilMs);
      if (listed !== undefined && nowMs() - shownMs >= listingMs) {
        shownMs = nowMs();
        post({ kind: 'progress', folder, done: listed, total: 0 });
      }
      await (isWaiting ? task.more() : pause());
      if (run === current) continue;
      task.stop();
      const soFar = task.soFar();
      if (known.shelf.count === 0 || saved > 0) kept.save(order.storage, soFar);
      library.put(soFar);
      return undefined;
    }
  };

  /** Reads one folder, and again where it has changed meanwhile. */
  const readToRest = async (run: number, folder: string, known: IndexedPages): Promise<FolderIndex | undefined> => {
    let index = await read(run, folder, known);
    for (let round = 1; round < roundsMax && index?.unreadable.some(({ isGone }) => isGone === true); round++) {
      const again: FolderIndex | undefined = await read(run, folder, index);
      index = again && { ...again, read: index.read + again.read, hasChanged: index.hasChanged || again.hasChanged };
    }
    return index;
  };

  const carryOut = async (run: number, { folders, storage }: Order): Promise<void> => {
    const startMs = nowMs();
    if (storage !== undefined) removeLeftovers(storage);
    library.keep(folders);
    const known = new Map<string, IndexedPages>();
    for (const folder of folders) {
      const problem = folderProblem(disk, folder);
      if (problem !== undefined) note('warning', problem);
      else {
        const pages = kept.load(folder, storage);
        known.set(folder, pages);
        library.put(pages);
      }
    }
    post({ kind: 'loaded', pages: library.size(), ms: nowMs() - startMs });
    let pagesRead = 0;
    isIndexing = true;
    for (const [folder, pages] of known) {
      await pause();
      const index = run === current ? await readToRest(run, folder, pages) : undefined;
      if (index === undefined) break;
      library.put(index);
      if (index.hasChanged) kept.save(storage, index);
      for (const { severity, text } of indexNotes(folder, index)) note(severity, text);
      pagesRead += index.read;
    }
    isIndexing = false;
    readAtMs = nowMs();
    const isCancelled = run !== current;
    post({ kind: 'finished', pages: library.size(), read: pagesRead, ms: nowMs() - startMs, isCancelled });
  };

  const start = (next: Order): void => {
    order = next;
    const run = ++current;
    running = running.then(() => (run === current ? carryOut(run, next) : undefined));
  };
  /** The index is older than the folder: read what has changed, unless that was done a moment ago. */
  const rereadSoon = (): void => {
    if (!isIndexing && nowMs() - readAtMs > rereadMs) start(order);
  };

  const source: AnswerSource = {
    disk,
    library,
    isIndexing: () => isIndexing,
    foundStale: rereadSoon,
    // While pages are read, those of a folder whose words are lost are coming back.
    foundLost: () => {
      if (!isIndexing) start(order);
    },
  };

  return {
    handle(message) {
      switch (message.kind) {
        case 'configure':
          start(message);
          return;
        case 'cancel':
          current++;
          return;
        case 'ask':
          post({ kind: 'answer', id: message.id, answer: answerTo(message.question, source) });
      }
    },
    async idle() {
      let last: Promise<void> | undefined;
      while (last !== running) {
        last = running;
        await last;
      }
    },
  };
}

/** Why a folder of the setting can't be read; undefined where it can. */
function folderProblem(disk: DocsDisk, folder: string): string | undefined {
  // What is no path from the root would be looked for in the editor's own folder.
  if (!isAbsolute(folder)) return emptyNote(folder, 'is no absolute path');
  try {
    const status = disk.status(folder);
    if (status === undefined) return emptyNote(folder, 'does not exist');
    return status.kind === 'folder' ? undefined : emptyNote(folder, 'is a file; name the folder of a checkout');
  } catch (error) {
    return emptyNote(folder, `can't be read: ${diskError(error)}`);
  }
}
