/**
 * The docs as the language server asks them: keeps the index up to date and answers meanwhile.
 *
 * In: messages. Out: messages. Work is done in slices of a few milliseconds, and between them questions are answered and
 * a new order or a cancellation is heard. Whatever is wrong with a folder or a cache is a note in words; what can be
 * read is read. What was read of a stopped or killed run is in the cache, so that the next one goes on from there.
 */
import { join } from 'node:path';
import { pageAddress } from '../../catalog/docs/addresses.ts';
import { hoverMarkdown, pageMarkdown } from '../../catalog/docs/page-markdown.ts';
import { readCache, removeLeftovers, writeCache } from './cache.ts';
import { type DocsDisk, diskError } from './disk.ts';
import type { PageEntry } from './entry.ts';
import { type FolderIndex, indexFolder, isDone } from './index-folder.ts';
import { createLibrary } from './library.ts';
import type { Answers, FromDocs, HoverQuestion, Question, SearchAnswer, ToDocs } from './messages.ts';
import { emptyNote, indexNotes } from './notes.ts';

export interface DocsServiceOptions {
  readonly disk: DocsDisk;
  readonly post: (message: FromDocs) => void;
  /** Lets what waits be done: messages that have come meanwhile. */
  readonly pause: () => Promise<void>;
  readonly nowMs: () => number;
}

export interface DocsService {
  handle(message: ToDocs): void;
  /** Ends when the last order is carried out or stopped. */
  idle(): Promise<void>;
}

const sliceMs = 12;
const progressMs = 120;
/** After so many pages the index of a long run is kept, for whoever is killed after that. */
const pagesBetweenSaves = 6_000;
/** A checkout that is seen to have changed is read again, but not for each of a thousand changed files. */
const rereadMs = 3_000;

type Order = Extract<ToDocs, { readonly kind: 'configure' }>;

export function createDocsService({ disk, post, pause, nowMs }: DocsServiceOptions): DocsService {
  const library = createLibrary(disk);
  let order: Order = { kind: 'configure', folders: [], storage: undefined };
  /** Counts orders and cancellations: a run whose number is no longer this one stops. */
  let current = 0;
  let running: Promise<void> = Promise.resolve();
  let isIndexing = false;
  let readAtMs = 0;

  const note = (severity: 'information' | 'warning', text: string): void => post({ kind: 'note', severity, text });

  const load = (folder: string, storage: string | undefined): readonly PageEntry[] => {
    if (storage === undefined) return [];
    const reading = readCache(storage, folder);
    if (reading.kind === 'corrupt') note('warning', `Driver docs: ${reading.message}; ${folder} is read anew.`);
    return reading.kind === 'read' ? reading.entries : [];
  };
  const save = (folder: string, storage: string | undefined, entries: readonly PageEntry[]): void => {
    if (storage === undefined) return;
    const problem = writeCache(storage, folder, entries);
    if (problem !== undefined)
      note(
        'warning',
        `Driver docs: the index of ${folder} could not be kept, so that the next start reads it anew. ${problem}`,
      );
  };

  /** Reads one folder; undefined when it was stopped. */
  const read = async (run: number, folder: string, known: readonly PageEntry[]): Promise<FolderIndex | undefined> => {
    const task = indexFolder(disk, folder, known);
    let shownMs = nowMs();
    let saved = 0;
    for (;;) {
      const untilMs = nowMs() + sliceMs;
      do {
        const step = task.step();
        if (isDone(step)) return step;
        if (step.total > 0 && nowMs() - shownMs >= progressMs) {
          shownMs = nowMs();
          post({ kind: 'progress', folder, ...step });
        }
        if (step.done >= saved + pagesBetweenSaves) {
          saved = step.done;
          library.put(folder, task.entriesSoFar());
          save(folder, order.storage, task.entriesSoFar());
        }
      } while (nowMs() < untilMs);
      await pause();
      if (run === current) continue;
      if (known.length === 0 || saved > 0) save(folder, order.storage, task.entriesSoFar());
      library.put(folder, task.entriesSoFar());
      return undefined;
    }
  };

  const carryOut = async (run: number, { folders, storage }: Order): Promise<void> => {
    const startMs = nowMs();
    if (storage !== undefined) removeLeftovers(storage);
    library.keep(folders);
    const known = new Map<string, readonly PageEntry[]>();
    for (const folder of folders) {
      const problem = folderProblem(disk, folder);
      if (problem !== undefined) note('warning', problem);
      else {
        known.set(folder, load(folder, storage));
        library.put(folder, known.get(folder) ?? []);
      }
    }
    post({ kind: 'loaded', pages: library.size(), ms: nowMs() - startMs });
    let pagesRead = 0;
    isIndexing = true;
    for (const [folder, entries] of known) {
      await pause();
      const index = run === current ? await read(run, folder, entries) : undefined;
      if (index === undefined) break;
      library.put(folder, index.entries);
      if (index.hasChanged) save(folder, storage, index.entries);
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

  const hover = ({ names, uid, member, hasFacts }: HoverQuestion): string => {
    for (const name of names) {
      for (const entry of library.about(name, uid)) {
        const reading = library.read(entry);
        if (reading.kind === 'gone' || !reading.page.names.includes(name)) {
          rereadSoon();
          continue;
        }
        const text = hoverMarkdown(reading.page, { hasFacts, ...(member === undefined ? {} : { member }) });
        if (text !== '') return text;
      }
    }
    return '';
  };
  const search = (query: string, limit: number): SearchAnswer => ({
    items: library.search(query, limit).map(({ record, name }) => {
      const path = join(record.folder, record.path);
      const { title, summary, kind, header, uid } = record;
      return { name, title, summary, kind, header, path, address: pageAddress(path, uid === '' ? undefined : uid) };
    }),
    pages: library.size(),
    isIndexing,
  });
  const page = (path: string): string | undefined => {
    const entry = library.at(path);
    const reading = entry === undefined ? undefined : library.read(entry);
    if (reading?.kind === 'page') return pageMarkdown(reading.page);
    if (reading !== undefined) rereadSoon();
    return undefined;
  };
  const answer = (question: Question): Answers[keyof Answers] => {
    switch (question.kind) {
      case 'hover':
        return hover(question);
      case 'search':
        return search(question.query, question.limit);
      case 'page':
        return page(question.path);
    }
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
          post({ kind: 'answer', id: message.id, answer: answer(message.question) });
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
  try {
    const status = disk.status(folder);
    if (status === undefined) return emptyNote(folder, 'does not exist');
    return status.kind === 'folder' ? undefined : emptyNote(folder, 'is a file; name the folder of a checkout');
  } catch (error) {
    return emptyNote(folder, `can't be read: ${diskError(error)}`);
  }
}
