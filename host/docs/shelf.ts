/**
 * The pages of one folder as the index keeps them: a few arrays of bytes and numbers instead of objects, so that 24,000
 * pages take the room that their names and sentences need, and an index that was kept is there as soon as its file is.
 *
 * In: pages with their entry and packed words. Out: a shelf, whose entries are made when one is asked for. Pages stand in
 * the order of their paths. The words are apart: who only hovers never loads them.
 */
import { lowerBound } from '../../base/lower-bound.ts';
import type { NameList } from '../../catalog/docs/search/search-names.ts';
import { encoded } from '../../catalog/docs/search/search-names.ts';
import type { PageWords } from '../../catalog/docs/search/search-words.ts';
import type { PageEntry } from './entry.ts';

export interface Shelf {
  readonly folder: string;
  readonly count: number;
  /** Each page's record in UTF-8 JSON, and where each begins, and one more. */
  readonly records: Uint8Array;
  readonly recordStarts: Uint32Array;
  readonly names: NameList;
  /** Where each name of a page stands in `names`, in the order of the names' bytes. */
  readonly sortedNames: Uint32Array;
}

/** A page before it stands on a shelf. Its bytes may be views of the shelf that it stood on before. */
export interface LoosePage {
  readonly path: string;
  readonly record: Uint8Array;
  readonly names: Uint8Array;
  readonly words: Uint8Array;
}

type Row = readonly [string, number, number, string, string, string, string, string, string, readonly string[]];

const newline = 10;
const quotationMark = 34;
const comma = 44;
const backslash = 92;

export function loosePage(entry: PageEntry, words: Uint8Array): LoosePage {
  const { path, size, modifiedMs, kind, dialect, title, uid, header, summary, problems } = entry;
  const row: Row = [path, size, modifiedMs, kind, dialect, title, uid, header, summary, problems];
  const names = entry.names.map((name) => `${name.replaceAll('\n', ' ')}\n`).join('');
  return { path, record: encoded(JSON.stringify(row)), names: encoded(names), words };
}

export function emptyShelf(folder: string): Shelf {
  return shelve(folder, []);
}

export function shelve(folder: string, pages: readonly LoosePage[]): Shelf {
  const { bytes: records, starts: recordStarts } = joined(pages.map(({ record }) => record));
  const names = joined(pages.map((page) => page.names));
  return { folder, count: pages.length, records, recordStarts, names, sortedNames: sortNames(names.bytes) };
}

export function shelveWords(pages: readonly LoosePage[], vocabulary: PageWords['vocabulary']): PageWords {
  return { vocabulary, ...joined(pages.map(({ words }) => words)) };
}

/** Pages stand on shelves in this order. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** A page as it was before it stood there; without words where they are not given. */
export function takePage(shelf: Shelf, words: PageWords | undefined, page: number): LoosePage {
  return {
    path: entryAt(shelf, page).path,
    record: part(shelf.records, shelf.recordStarts, page),
    names: part(shelf.names.bytes, shelf.names.starts, page),
    words: words === undefined ? new Uint8Array() : part(words.bytes, words.starts, page),
  };
}

export function entryAt(shelf: Shelf, page: number): PageEntry {
  // The record is what loosePage wrote: the file's checksum says so. Kind and dialect are words of ours.
  const row = JSON.parse(textOf(part(shelf.records, shelf.recordStarts, page))) as Row;
  const [path, size, modifiedMs, kind, dialect, title, uid, header, summary, problems] = row;
  const sort = { kind: kind as PageEntry['kind'], dialect: dialect as PageEntry['dialect'] };
  const names = textOf(part(shelf.names.bytes, shelf.names.starts, page))
    .split('\n')
    .slice(0, -1);
  return { folder: shelf.folder, path, size, modifiedMs, ...sort, names, title, uid, header, summary, problems };
}

export interface FileOfPage {
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
}

/** Whether the page's file is this one, unchanged: told from the bytes, because every start asks it of every page. */
export function isFileOf({ count, records, recordStarts }: Shelf, page: number, file: FileOfPage): boolean {
  if (page < 0 || page >= count) return false;
  // A record begins with these three.
  const wanted = JSON.stringify([file.path, file.size, file.modifiedMs]).slice(0, -1);
  const bytes = /^[ -~]*$/.test(wanted) ? wanted.length : encoded(wanted).length;
  const start = recordStarts[page] ?? 0;
  if (records[start + bytes] !== comma) return false;
  if (bytes !== wanted.length) return textOf(records.subarray(start, start + bytes)) === wanted;
  for (let i = 0; i < bytes; i++) if (records[start + i] !== wanted.charCodeAt(i)) return false;
  return true;
}

/** The page of a path; -1 for none. */
export function findPath(shelf: Shelf, path: string): number {
  const page = lowerBound(shelf.count, (i) => pathAt(shelf, i) < path);
  return page < shelf.count && pathAt(shelf, page) === path ? page : -1;
}

/** Pages that have exactly this name, in their order. */
export function findName({ names: { bytes, starts }, sortedNames }: Shelf, name: string): readonly number[] {
  const wanted = encoded(`${name}\n`);
  const first = lowerBound(sortedNames.length, (i) => compareBytes(bytes, sortedNames[i] ?? 0, wanted, 0) < 0);
  const pages = new Set<number>();
  for (const at of sortedNames.subarray(first)) {
    if (compareBytes(bytes, at, wanted, 0) !== 0) break;
    pages.add(pageOf(starts, at));
  }
  return [...pages].sort((a, b) => a - b);
}

export function nameText({ names }: Shelf, start: number, end: number): string {
  return textOf(names.bytes.subarray(start, end));
}

function pathAt({ records, recordStarts }: Shelf, page: number): string {
  // A record begins with its path, a string of JSON.
  const start = recordStarts[page] ?? 0;
  let end = start + 2;
  while (records[end] !== quotationMark || records[end - 1] === backslash) end++;
  const text = textOf(records.subarray(start + 2, end));
  return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text;
}

/** The last page that begins at or before an offset; pages without a name begin where the next one does. */
function pageOf(starts: Uint32Array, offset: number): number {
  return lowerBound(starts.length, (page) => (starts[page] ?? 0) <= offset) - 1;
}

/** One of the parts that `joined` has put together: a view. */
export function part(bytes: Uint8Array, starts: Uint32Array, page: number): Uint8Array {
  return bytes.subarray(starts[page] ?? 0, starts[page + 1] ?? 0);
}

/** Puts bytes one behind the other, with where each begins, and one more. */
export function joined(parts: readonly Uint8Array[]): NameList {
  const starts = new Uint32Array(parts.length + 1);
  parts.forEach((one, index) => {
    starts[index + 1] = (starts[index] ?? 0) + one.length;
  });
  const bytes = new Uint8Array(starts[parts.length] ?? 0);
  parts.forEach((one, index) => {
    bytes.set(one, starts[index] ?? 0);
  });
  return { bytes, starts };
}

function sortNames(bytes: Uint8Array): Uint32Array {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; at = bytes.indexOf(newline, at) + 1) starts.push(at);
  return Uint32Array.from(starts).sort((a, b) => compareBytes(bytes, a, bytes, b));
}

/** Both end with a newline, which stands before every other character of a name. */
function compareBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number): number {
  for (let i = 0; ; i++) {
    const left = a[aStart + i] ?? newline;
    const right = b[bStart + i] ?? newline;
    if (left !== right) return left - right;
    if (left === newline) return 0;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
