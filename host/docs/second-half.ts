/**
 * The second half of many pages, which a thread of its own reads meanwhile: what it is told, what it answers, and how the
 * answers are put behind the first half.
 *
 * The list is cut into batches. One thread takes them from its beginning and the other from its end, so that both are
 * busy until they meet, however fast each is; a counter that they share ends it. The thread numbers words by a vocabulary
 * of its own for each batch, which comes along, so that the first half's vocabulary takes them in the order in which they
 * were seen: an index that two threads have read is the one that a single thread reads, byte for byte.
 */
import type { WordReader } from '../../catalog/docs/search/page-words.ts';
import { createWordReader } from '../../catalog/docs/search/page-words.ts';
import { newVocabulary, type Vocabulary, wordNumber } from '../../catalog/docs/search/vocabulary.ts';
import type { DocsDisk } from './disk.ts';
import { type PagesRead, readPage, type UnreadablePage } from './read-page.ts';
import { type FileOfPage, joined, type LoosePage, part } from './shelf.ts';

/** What the thread is started for. */
export interface HalfTask {
  readonly folder: string;
  readonly files: readonly FileOfPage[];
  /** One number, which both threads see: how many batches are taken. */
  readonly taken: Int32Array;
}

interface Parts {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** Pages as they go from thread to thread: a few arrays for all of them. */
export interface PageBatch {
  /** Where its files begin in the list, and how many there are. */
  readonly from: number;
  readonly files: number;
  readonly paths: readonly string[];
  readonly records: Parts;
  readonly names: Parts;
  readonly words: Parts;
  /** Words of the batch's vocabulary behind the commonest ones. */
  readonly newWords: Parts;
  readonly unreadable: readonly UnreadablePage[];
}

/** The thread, as the one that reads the first half sees it. */
export interface SecondHalf {
  /** Batches that have come since the last call. */
  take(): readonly PageBatch[];
  /** It reads no more: it has answered for all files, or it is gone. */
  isOver(): boolean;
  /** Ends when something has come or it is over. */
  more(): Promise<void>;
  stop(): void;
}

export type StartSecondHalf = (task: HalfTask) => SecondHalf;

/** Pages of one batch; the last one may have fewer. */
export const batchPages = 256;

/** Who takes a batch reads the next one at his end of the list; false where all are taken. */
export function takeBatch({ files, taken }: HalfTask): boolean {
  return Atomics.add(taken, 0, 1) < Math.ceil(files.length / batchPages);
}

/** Reads batches from the end of the list; ends because each one is taken once. */
export function* readHalf(disk: DocsDisk, task: HalfTask): Generator<PageBatch, void, undefined> {
  const { folder, files } = task;
  for (let batch = Math.ceil(files.length / batchPages) - 1; takeBatch(task); batch--) {
    const vocabulary = newVocabulary();
    const known = vocabulary.size;
    const reader = createWordReader(vocabulary);
    const read: PagesRead = { pages: [], unreadable: [] };
    const from = batch * batchPages;
    const some = files.slice(from, from + batchPages);
    for (const file of some) readPage(disk, folder, file, reader, read);
    yield {
      from,
      files: some.length,
      paths: read.pages.map(({ path }) => path),
      records: joined(read.pages.map(({ record }) => record)),
      names: joined(read.pages.map(({ names }) => names)),
      words: joined(read.pages.map(({ words }) => words)),
      newWords: wordsBehind(vocabulary, known),
      unreadable: read.unreadable,
    };
  }
}

/** Takes batch after batch into the vocabulary of a reader; gives their pages as that one would have read them. */
export function createAdopter(vocabulary: Vocabulary, reader: WordReader): (batch: PageBatch) => PagesRead {
  const commonest = newVocabulary().size;
  return ({ paths, records, names, words, newWords, unreadable }) => {
    /** The number here of each number there; the commonest words have the same. */
    const numbers = Array.from({ length: commonest }, (_, word) => word);
    for (let word = 0; word + 1 < newWords.starts.length; word++) {
      const bytes = part(newWords.bytes, newWords.starts, word);
      numbers.push(wordNumber(vocabulary, bytes, bytes.length));
    }
    const pages = paths.map(
      (path, page): LoosePage => ({
        path,
        record: part(records.bytes, records.starts, page),
        names: part(names.bytes, names.starts, page),
        words: reader.renumber(part(words.bytes, words.starts, page), numbers),
      }),
    );
    return { pages, unreadable: [...unreadable] };
  };
}

function wordsBehind({ bytes, starts, size }: Vocabulary, known: number): Parts {
  const from = starts[known] ?? 0;
  return {
    bytes: bytes.slice(from, starts[size]),
    starts: starts.slice(known, size + 1).map((start) => start - from),
  };
}
