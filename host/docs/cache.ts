/**
 * The index of a folder on the disk, so that the next start reads no pages.
 *
 * In: entries. Out: one file for each folder, whose first line has the format's version and a checksum of the rest.
 * Writing goes to a file beside it that then takes its place, so that whoever is killed half-way leaves the old file
 * whole. Reading believes nothing: another version is as good as no file, a wrong checksum or shape is told.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskError } from './disk.ts';
import type { PageEntry } from './entry.ts';

/** To be raised whenever an entry has other parts, or whenever catalog/docs reads pages otherwise than before. */
const formatVersion = 1;
const magic = 'wsk-docs-index';

export type CacheReading =
  | { readonly kind: 'read'; readonly entries: readonly PageEntry[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'corrupt'; readonly message: string };

/** The file for a folder: its name tells nothing of the folder, which may hold what file names may not. */
export function cacheFile(storage: string, folder: string): string {
  return join(storage, `docs-${hash(Buffer.from(folder)).slice(0, 20)}.index`);
}

export function readCache(storage: string, folder: string): CacheReading {
  const file = cacheFile(storage, folder);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? { kind: 'none' } : { kind: 'corrupt', message: `${file}: ${diskError(error)}` };
  }
  const end = bytes.indexOf(10);
  const [word, version, sum] = bytes.toString('latin1', 0, Math.max(0, Math.min(end, 200))).split(' ');
  if (word !== magic) return { kind: 'corrupt', message: `${file} is no index of ours` };
  if (version !== String(formatVersion)) return { kind: 'none' };
  const body = bytes.subarray(end + 1);
  if (hash(body) !== sum) return { kind: 'corrupt', message: `${file} is damaged: its checksum is wrong` };
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const entries = readEntries(parsed, folder);
    return entries === undefined
      ? { kind: 'corrupt', message: `${file} has another shape than it should` }
      : { kind: 'read', entries };
  } catch (error) {
    return { kind: 'corrupt', message: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** A message where the cache can't be written: the index is complete in memory, only the next start is slower. */
export function writeCache(storage: string, folder: string, entries: readonly PageEntry[]): string | undefined {
  const file = cacheFile(storage, folder);
  const aside = `${file}.${process.pid}-${Date.now().toString(36)}.tmp`;
  try {
    mkdirSync(storage, { recursive: true });
    const body = Buffer.from(JSON.stringify({ folder, entries: entries.map(toRow) }));
    writeFileSync(aside, Buffer.concat([Buffer.from(`${magic} ${formatVersion} ${hash(body)}\n`), body]), {
      flush: true,
    });
    renameSync(aside, file);
    return undefined;
  } catch (error) {
    removeQuietly(aside);
    return `${file}: ${diskError(error).replace("it can't be read", "it can't be written").replace('may not be read', 'may not be written')}`;
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

/** Rows without keys: a third of the size, and read twice as fast. */
type Row = readonly [
  string,
  number,
  number,
  string,
  string,
  readonly string[],
  string,
  string,
  string,
  string,
  readonly string[],
];

function toRow(e: PageEntry): Row {
  return [e.path, e.size, e.modifiedMs, e.kind, e.dialect, e.names, e.title, e.uid, e.header, e.summary, e.problems];
}

function readEntries(parsed: unknown, folder: string): readonly PageEntry[] | undefined {
  if (typeof parsed !== 'object' || parsed === null || !('entries' in parsed) || !('folder' in parsed))
    return undefined;
  if (parsed.folder !== folder || !Array.isArray(parsed.entries)) return undefined;
  const entries: PageEntry[] = [];
  for (const row of parsed.entries) {
    if (!isRow(row)) return undefined;
    const [path, size, modifiedMs, kind, dialect, names, title, uid, header, summary, problems] = row;
    // Kind and dialect are words of ours: the checksum says that we wrote them.
    const words = { kind: kind as PageEntry['kind'], dialect: dialect as PageEntry['dialect'] };
    entries.push({ folder, path, size, modifiedMs, ...words, names, title, uid, header, summary, problems });
  }
  return entries;
}

function isRow(row: unknown): row is Row {
  return (
    Array.isArray(row) &&
    row.length === 11 &&
    typeof row[0] === 'string' &&
    typeof row[1] === 'number' &&
    Array.isArray(row[5])
  );
}
