/**
 * The docs as the language server asks them: keeps the index up to date and answers meanwhile.
 *
 * In: messages. Out: messages. Work is done in slices of a few milliseconds, and between them questions are answered and
 * a new order or a cancellation is heard. Whatever is wrong with a folder or a cache is a note in words; what can be
 * read is read. What was read of a stopped or killed run is in the cache, so that the next one goes on from there.
 */
import { join } from 'node:path';
import { pageAddress } from '../../catalog/docs/addresses.ts';
import { decodePage } from '../../catalog/docs/decode.ts';
import { hoverMarkdown, pageMarkdown } from '../../catalog/docs/page-markdown.ts';
import type { PageWords } from '../../catalog/docs/search-words.ts';
import { snippet, tellsAll } from '../../catalog/docs/snippet.ts';
import { readShelf, readWords, removeLeftovers, writeCache } from './cache.ts';
import { type DocsDisk, diskError } from './disk.ts';
import { type FolderIndex, type IndexedPages, indexFolder, isDone } from './index-folder.ts';
import { createLibrary } from './library.ts';
import type { Answers, FromDocs, HoverQuestion, Question, SearchAnswer, ToDocs } from './messages.ts';
import { emptyNote, indexNotes } from './notes.ts';
import { emptyShelf } from './shelf.ts';

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
/** Pages of a list whose text is read for it: as many as are seen without scrolling, and some more. */
const snippetsMax = 20;

type Order = Extract<ToDocs, { readonly kind: 'configure' }>;

export function createDocsService({ disk, post, pause, nowMs }: DocsServiceOptions): DocsService {
  const library = createLibrary(disk);
  let order: Order = { kind: 'configure', folders: [], storage: undefined };
  /** Counts orders and cancellations: a run whose number is no longer this one stops. */
  let current = 0;
  let running: Promise<void> = Promise.resolve();
  let isIndexing = false;
  let readAtMs = 0;
  /** Folders whose cache is damaged where only a search looks. */
  const distrusted = new Set<string>();

  const note = (severity: 'information' | 'warning', text: string): void => post({ kind: 'note', severity, text });

  const load = (folder: string, storage: string | undefined): IndexedPages => {
    const nothing: IndexedPages = { shelf: emptyShelf(folder), words: () => undefined };
    if (storage === undefined || distrusted.delete(folder)) return nothing;
    const reading = readShelf(storage, folder);
    if (reading.kind === 'corrupt') note('warning', `Driver docs: ${reading.message}; ${folder} is read anew.`);
    if (reading.kind !== 'read') return nothing;
    return { shelf: reading.value, words: once(() => loadWords(folder, storage, reading.seal)) };
  };
  const loadWords = (folder: string, storage: string, seal: string): PageWords | undefined => {
    const reading = readWords(storage, folder, seal);
    switch (reading.kind) {
      case 'read':
        return reading.value;
      case 'corrupt':
        note('warning', `Driver docs: ${reading.message}; ${folder} is read anew.`);
        distrusted.add(folder);
        return undefined;
      case 'none':
        // Another window has brought the index up to date.
        return undefined;
    }
  };
  const save = (storage: string | undefined, { shelf, words }: IndexedPages): void => {
    const known = words();
    if (storage === undefined || known === undefined) return;
    const problem = writeCache(storage, shelf, known);
    if (problem !== undefined)
      note(
        'warning',
        `Driver docs: the index of ${shelf.folder} could not be kept, so that the next start reads it anew. ${problem}`,
      );
  };

  /** Reads one folder; undefined when it was stopped. */
  const read = async (run: number, folder: string, known: IndexedPages): Promise<FolderIndex | undefined> => {
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
          const soFar = task.soFar();
          library.put(soFar);
          save(order.storage, soFar);
        }
      } while (nowMs() < untilMs);
      await pause();
      if (run === current) continue;
      const soFar = task.soFar();
      if (known.shelf.count === 0 || saved > 0) save(order.storage, soFar);
      library.put(soFar);
      return undefined;
    }
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
        const pages = load(folder, storage);
        known.set(folder, pages);
        library.put(pages);
      }
    }
    post({ kind: 'loaded', pages: library.size(), ms: nowMs() - startMs });
    let pagesRead = 0;
    isIndexing = true;
    for (const [folder, pages] of known) {
      await pause();
      const index = run === current ? await read(run, folder, pages) : undefined;
      if (index === undefined) break;
      library.put(index);
      if (index.hasChanged) save(storage, index);
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
  const search = (query: string, limit: number): SearchAnswer => {
    let hasLost = false;
    const found = library.search(query, limit, () => {
      hasLost = true;
    });
    // While pages are read, those of a folder whose words are lost are coming back.
    if (hasLost && !isIndexing) start(order);
    let snippets = 0;
    const items = found.map(({ entry, name, isByWords }) => {
      const path = join(entry.folder, entry.path);
      const { title, summary, kind, header, uid } = entry;
      const isTold = !isByWords || tellsAll(`${entry.names.join(' ')} ${title} ${summary}`, query);
      const wantsSnippet = !isTold && snippets++ < snippetsMax;
      return {
        name,
        title,
        summary,
        snippet: wantsSnippet ? snippetOf(path, query) : '',
        kind,
        header,
        path,
        address: pageAddress(path, uid === '' ? undefined : uid),
      };
    });
    return { items, pages: library.size(), isIndexing };
  };
  const snippetOf = (path: string, query: string): string => {
    try {
      return snippet(decodePage(disk.read(path), []), query);
    } catch {
      // The page is gone; whoever opens it hears of it.
      return '';
    }
  };
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

/** Asked once: the answer stays in memory. */
function once<T>(ask: () => T): () => T {
  let answer: { readonly value: T } | undefined;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
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
