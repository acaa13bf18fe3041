/**
 * Source files from the disk, read once: the same path gives the same `SourceFile` object until its content changes,
 * because the front end shares work on headers by that identity, and `#pragma once` counts by it. On Windows all spellings
 * of a path are one; its file has that under which it was first read, or the editor's. A file that can't be read is a
 * coded result.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import nodePath from 'node:path';
import { type SourceFile, sourceFile } from '../base/source.ts';
import { fileKey } from './config/paths.ts';
import { decodeText } from './decode.ts';

export type FileReading =
  | { readonly kind: 'file'; readonly file: SourceFile }
  | { readonly kind: 'missing' | 'unreadable'; readonly path: string; readonly message: string };

/** Larger files are refused: no C source is that large, and a log opened by mistake would stall the editor. */
const bytesMax = 16 * 1024 * 1024;

interface CachedFile {
  readonly modifiedMs: number;
  readonly size: number;
  readonly file: SourceFile;
}

export interface FileStore {
  /** Reads a file of the disk; again only when its time or size has changed. */
  read(path: string): FileReading;
  /** What the editor holds for a path instead of the disk's content; undefined gives the disk back. */
  overlay(path: string, file: SourceFile | undefined): void;
  /** Whether something was read from a path that has been deleted, or from below it; what was is forgotten. */
  forgetDeleted(path: string): boolean;
}

/** `flavour` is for tests of the other kind of paths. */
export function createFileStore(flavour: nodePath.PlatformPath = nodePath): FileStore {
  const cached = new Map<string, CachedFile>();
  const overlays = new Map<string, SourceFile>();
  const keyOf = flavour.sep === '\\' ? (path: string) => fileKey(path, flavour) : (path: string) => path;
  return {
    overlay(path, file) {
      if (file === undefined) overlays.delete(keyOf(path));
      else overlays.set(keyOf(path), file);
    },
    forgetDeleted(path) {
      const gone = path.toLowerCase();
      const below = gone.replace(/[\\/]*$/, flavour.sep);
      const lost = [...cached.keys()].filter((file) => {
        const name = file.toLowerCase();
        return name === gone || name.startsWith(below);
      });
      for (const file of lost) cached.delete(file);
      return lost.length > 0;
    },
    read(path) {
      const key = keyOf(path);
      const open = overlays.get(key);
      return open === undefined ? readFromDisk(cached, key, path) : { kind: 'file', file: open };
    },
  };
}

function readFromDisk(cached: Map<string, CachedFile>, key: string, path: string): FileReading {
  try {
    // Most questions are about headers that are in another folder: a missing file is no exception.
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return { kind: 'missing', path, message: `${path} does not exist.` };
    if (!status.isFile()) return { kind: 'unreadable', path, message: `${path} is ${whatIs(status)}; name a file.` };
    if (status.size > bytesMax) {
      return {
        kind: 'unreadable',
        path,
        message: `${path} has ${status.size} bytes; files up to ${bytesMax} are read.`,
      };
    }
    const known = cached.get(key);
    if (known !== undefined && known.modifiedMs === status.mtimeMs && known.size === status.size) {
      return { kind: 'file', file: known.file };
    }
    const { text, encoding } = decodeText(readFileSync(path));
    if (isBinary(text))
      return { kind: 'unreadable', path, message: `${path} is no text: what it holds is not C source.` };
    const file = sourceFile(known?.file.path ?? path, text, encoding === 'windows-1252' ? encoding : undefined);
    cached.set(key, { modifiedMs: status.mtimeMs, size: status.size, file });
    return { kind: 'file', file };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return { kind: 'missing', path, message: `${path} does not exist.` };
    }
    return { kind: 'unreadable', path, message: `${path} can't be read (${code ?? String(error)}).` };
  }
}

/** One character in twenty, at the beginning, is one that no text has. */
function isBinary(text: string): boolean {
  const beginning = text.slice(0, 4096).replace(/\s/g, '');
  const strange = beginning.match(/\p{Cc}/gu)?.length ?? 0;
  return strange * 20 > beginning.length;
}

/** Reading a device or a pipe could wait for ever. */
function whatIs(status: Stats): string {
  if (status.isDirectory()) return 'a folder';
  if (status.isCharacterDevice() || status.isBlockDevice()) return 'a device';
  if (status.isFIFO()) return 'a pipe';
  return status.isSocket() ? 'a socket' : 'no ordinary file';
}
