/**
 * What the docs index needs of a disk, and the real one. A test gives a disk of its own, which is slow, forbidden or
 * changes while it is read. All of it is synchronous: it runs in a thread that has nothing else to do, where one call
 * costs a fifth of its asynchronous sister.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';

export interface DiskEntry {
  readonly name: string;
  /** Links are neither: a checkout has none, and following them could go round in circles. */
  readonly kind: 'file' | 'folder' | 'other';
}

export interface FileStatus {
  readonly kind: DiskEntry['kind'];
  readonly size: number;
  readonly modifiedMs: number;
}

/** `list` and `read` throw as node:fs does, with a `code`. */
export interface DocsDisk {
  list(folder: string): readonly DiskEntry[];
  /** Undefined for what is not there. */
  status(path: string): FileStatus | undefined;
  read(path: string): Uint8Array;
}

export const realDisk: DocsDisk = {
  list: (folder) =>
    readdirSync(folder, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
    })),
  status(path) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
    return { kind, size: found.size, modifiedMs: found.mtimeMs };
  },
  read: (path) => readFileSync(path),
};

/** Why a disk refused, in words: "EACCES" says less to most people than "it may not be read". `what` was to be done. */
export function diskError(error: unknown, what: 'read' | 'written' = 'read'): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'it does not exist';
    case 'EACCES':
    case 'EPERM':
      return `it may not be ${what} (no permission)`;
    case 'ELOOP':
      return 'its links go round in a circle';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open on this machine';
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return `the disk does not answer (${code})`;
    case undefined:
      return String(error);
    default:
      return `it can't be ${what} (${code})`;
  }
}
