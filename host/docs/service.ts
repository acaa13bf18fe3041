/**
 * The docs as the language server asks them: keeps the index up to date and answers meanwhile.
 *
 * In: messages. Out: messages. Folders are read in slices (`read-folder.ts`), and between them questions are answered and
 * a new order or a cancellation is heard. Whatever is wrong with a folder or a cache is a note in words; what can be
 * read is read.
 */
import { isAbsolute } from 'node:path';
import { type AnswerSource, answerTo } from './answers.ts';
import { removeLeftovers } from './cache.ts';
import { type DocsDisk, diskError } from './disk.ts';
import type { IndexedPages } from './index-folder.ts';
import { createKeptIndexes } from './kept-indexes.ts';
import { createLibrary } from './library.ts';
import type { ToDocs } from './messages.ts';
import { emptyNote, indexNotes } from './notes.ts';
import { type DocsSurroundings, readFolder } from './read-folder.ts';

export interface DocsService {
  handle(message: ToDocs): void;
  /** Ends when the last order is carried out or stopped. */
  idle(): Promise<void>;
}

/** A checkout that is seen to have changed is read again, but not for each of a thousand changed files. */
const rereadMs = 3_000;

type Order = Extract<ToDocs, { readonly kind: 'configure' }>;

export function createDocsService(surroundings: DocsSurroundings): DocsService {
  const { disk, post, pause, nowMs } = surroundings;
  const library = createLibrary(disk);
  let order: Order = { kind: 'configure', folders: [], storage: undefined };
  /** Counts orders and cancellations: a run whose number is no longer this one stops. */
  let current = 0;
  let running: Promise<void> = Promise.resolve();
  let isIndexing = false;
  let readAtMs = 0;

  const note = (severity: 'information' | 'warning', text: string): void => post({ kind: 'note', severity, text });
  const kept = createKeptIndexes((text) => note('warning', text));

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
    const isStopped = (): boolean => run !== current;
    for (const [folder, pages] of known) {
      await pause();
      const reading = { ...surroundings, library, kept, storage, isStopped };
      const index = isStopped() ? undefined : await readFolder(reading, folder, pages);
      if (index === undefined) break;
      library.put(index);
      if (index.hasChanged) kept.save(storage, index);
      for (const { severity, text } of indexNotes(folder, index)) note(severity, text);
      pagesRead += index.read;
    }
    isIndexing = false;
    readAtMs = nowMs();
    post({
      kind: 'finished',
      pages: library.size(),
      read: pagesRead,
      ms: nowMs() - startMs,
      isCancelled: isStopped(),
    });
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
