/**
 * The indexes that earlier runs have kept in the extension's storage (cache.ts), as far as they can be trusted.
 *
 * In: a folder and where its index lies. Out: its pages, none where nothing is kept; their words are loaded by the first
 * search. Whatever is wrong with a file is told in words, and costs that the folder is read anew.
 */
import type { PageWords } from '../../catalog/docs/search/search-words.ts';
import { readShelf, readWords, writeCache } from './cache.ts';
import type { IndexedPages } from './index-folder.ts';
import { emptyShelf } from './shelf.ts';

/** `storage` is undefined where nothing is to be kept. */
export interface KeptIndexes {
  load(folder: string, storage: string | undefined): IndexedPages;
  save(storage: string | undefined, pages: IndexedPages): void;
}

export function createKeptIndexes(warn: (text: string) => void): KeptIndexes {
  /** Folders whose words were found damaged when a search looked: their shelf is not taken again without them. */
  const distrusted = new Set<string>();

  const loadWords = (folder: string, storage: string, seal: string): PageWords | undefined => {
    const reading = readWords(storage, folder, seal);
    // 'none': another window has brought the index up to date.
    if (reading.kind === 'corrupt') {
      warn(`Driver docs: ${reading.message}; ${folder} is read anew.`);
      distrusted.add(folder);
    }
    return reading.kind === 'read' ? reading.value : undefined;
  };
  return {
    load(folder, storage) {
      const nothing: IndexedPages = { shelf: emptyShelf(folder), words: () => undefined };
      if (storage === undefined || distrusted.delete(folder)) return nothing;
      const reading = readShelf(storage, folder);
      if (reading.kind === 'corrupt') warn(`Driver docs: ${reading.message}; ${folder} is read anew.`);
      if (reading.kind !== 'read') return nothing;
      return { shelf: reading.value, words: once(() => loadWords(folder, storage, reading.seal)) };
    },
    save(storage, { shelf, words }) {
      const known = words();
      if (storage === undefined || known === undefined) return;
      const problem = writeCache(storage, shelf, known);
      if (problem === undefined) return;
      warn(
        `Driver docs: the index of ${shelf.folder} could not be kept, so that the next start reads it anew. ${problem}`,
      );
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
