/**
 * The index of a folder on the disk, so that the next start reads no pages.
 *
 * In: a shelf and its words. Out: one file for each folder. Its first line has the format's version, and length and
 * checksum of the two parts behind it: the shelf, which every start reads, and the words, which the first search reads.
 * Each part is its arrays one behind the other as they lie in memory, so that reading is no more than reading. Writing
 * goes to a file beside it that then takes its place, so that whoever is killed half-way leaves the old file whole.
 * Reading believes nothing: another version is as good as no file, a wrong checksum or shape is told.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PageWords } from '../../catalog/docs/search/search-words.ts';
import { oldVocabulary } from '../../catalog/docs/search/vocabulary.ts';
import { packArrays, unpackArrays } from './arrays.ts';
import { diskError } from './disk.ts';
import type { Shelf } from './shelf.ts';

/** To be raised whenever an entry has other parts, or whenever catalog/docs reads pages otherwise than before. */
const formatVersion = 3;
const magic = 'wsk-docs-index';
/** The first line, filled up with spaces: the parts begin at a multiple of four. */
const lineLength = 160;

export type CacheReading<T> =
  /** `seal` tells this file from one that takes its place. */
  | { readonly kind: 'read'; readonly value: T; readonly seal: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'corrupt'; readonly message: string };

/** The file for a folder: its name tells nothing of the folder, which may hold what file names may not. */
export function cacheFile(storage: string, folder: string): string {
  return join(storage, `docs-${hash(Buffer.from(folder)).slice(0, 20)}.index`);
}

export function readShelf(storage: string, folder: string): CacheReading<Shelf> {
  return readPart(cacheFile(storage, folder), 0, (arrays) => {
    const [recordStarts, nameStarts, sortedNames, records, names] = arrays;
    if (!isNumbers(recordStarts) || !isNumbers(nameStarts) || !isNumbers(sortedNames)) return undefined;
    if (!isBytes(records) || !isBytes(names) || recordStarts.length !== nameStarts.length) return undefined;
    const count = recordStarts.length - 1;
    return { folder, count, records, recordStarts, names: { bytes: names, starts: nameStarts }, sortedNames };
  });
}

/** The words of the shelf that came with this `seal`; 'none' when another file has taken its place since. */
export function readWords(storage: string, folder: string, seal: string): CacheReading<PageWords> {
  const reading = readPart(cacheFile(storage, folder), 1, (arrays) => {
    const [starts, wordStarts, bytes, words] = arrays;
    if (!isNumbers(starts) || !isNumbers(wordStarts) || !isBytes(bytes) || !isBytes(words)) return undefined;
    return { vocabulary: oldVocabulary(words, wordStarts), bytes, starts };
  });
  return reading.kind === 'read' && reading.seal !== seal ? { kind: 'none' } : reading;
}

/** A message where the cache can't be written: the index is complete in memory, only the next start is slower. */
export function writeCache(storage: string, shelf: Shelf, words: PageWords): string | undefined {
  const file = cacheFile(storage, shelf.folder);
  const aside = `${file}.${process.pid}-${Date.now().toString(36)}.tmp`;
  try {
    mkdirSync(storage, { recursive: true });
    const { vocabulary } = words;
    const parts = [
      packArrays([shelf.recordStarts, shelf.names.starts, shelf.sortedNames, shelf.records, shelf.names.bytes]),
      packArrays([
        words.starts,
        vocabulary.starts.subarray(0, vocabulary.size + 1),
        words.bytes,
        vocabulary.bytes.subarray(0, vocabulary.starts[vocabulary.size]),
      ]),
    ];
    const told = parts.map((part) => `${part.length} ${hash(part)}`).join(' ');
    const line = `${magic} ${formatVersion} ${told}`.padEnd(lineLength - 1);
    writeFileSync(aside, Buffer.concat([Buffer.from(`${line}\n`, 'latin1'), ...parts]), { flush: true });
    renameSync(aside, file);
    return undefined;
  } catch (error) {
    removeQuietly(aside);
    return `${file}: ${diskError(error, 'written')}`;
  }
}

/** Files that somebody left who was killed while writing. Younger ones may be another window's, just being written. */
export function removeLeftovers(storage: string, ageMs = 3_600_000): void {
  try {
    for (const name of readdirSync(storage)) {
      const path = join(storage, name);
      if (/^docs-.*\.tmp$/.test(name) && Date.now() - statSync(path).mtimeMs > ageMs) rmSync(path, { force: true });
    }
  } catch {
    // No storage yet, or another window was faster: nothing is left over.
  }
}

type Arrays = readonly (Uint8Array | Uint32Array)[];

function readPart<T>(file: string, index: 0 | 1, shape: (arrays: Arrays) => T | undefined): CacheReading<T> {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const line = readAt(handle, 0, lineLength).toString('latin1');
    const [word, version, ...told] = line.trimEnd().split(' ');
    if (word !== magic) return { kind: 'corrupt', message: `${file} is no index of ours` };
    if (version !== String(formatVersion)) return { kind: 'none' };
    const lengths = [Number(told[0]), Number(told[2])];
    const [first = 0, second = 0] = lengths;
    // A length that the file does not have would reserve memory for nothing.
    if (lineLength + first + second !== fstatSync(handle).size) return damaged(file, 'its length is wrong');
    const bytes = readAt(handle, lineLength + (index === 0 ? 0 : first), index === 0 ? first : second);
    if (hash(bytes) !== told[2 * index + 1]) return damaged(file, 'its checksum is wrong');
    const arrays = unpackArrays(bytes);
    const value = arrays === undefined ? undefined : shape(arrays);
    if (value === undefined) return { kind: 'corrupt', message: `${file} has another shape than it should` };
    return { kind: 'read', value, seal: line };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? { kind: 'none' } : { kind: 'corrupt', message: `${file}: ${diskError(error)}` };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function damaged(file: string, why: string): { readonly kind: 'corrupt'; readonly message: string } {
  return { kind: 'corrupt', message: `${file} is damaged: ${why}` };
}

/** What the file has there, in memory of its own. */
function readAt(handle: number, from: number, length: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let read = 0;
  while (read < length) {
    const more = readSync(handle, bytes, read, length - read, from + read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

function isNumbers(array: Uint8Array | Uint32Array | undefined): array is Uint32Array {
  return array instanceof Uint32Array;
}

function isBytes(array: Uint8Array | Uint32Array | undefined): array is Uint8Array {
  return array instanceof Uint8Array;
}

/** Where its folder is none, even a forced removal throws. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing was written there.
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}
