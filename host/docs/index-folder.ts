/**
 * Brings the index of one folder up to date.
 *
 * In: a disk, a folder and the entries that are known of it. Out: all entries of what is there now, and what went wrong.
 * A generator: each step lists a folder or reads one page, so that the caller can pause, show how far it is, and stop;
 * `entriesSoFar` is what is known then. A file is read only where its size or time is not the known one. A page that
 * can't be read, or that vanishes meanwhile, costs itself only.
 */
import { join } from 'node:path';
import { readPageHead } from '../../catalog/docs/head.ts';
import { type DocsDisk, diskError } from './disk.ts';
import { type PageEntry, pageEntry } from './entry.ts';
import { type WalkStep, walkPages } from './walk.ts';

export interface IndexProgress {
  /** Pages looked at, of those that are to be read; both 0 while folders are listed. */
  readonly done: number;
  readonly total: number;
}

export interface UnreadablePage {
  readonly path: string;
  readonly message: string;
}

export interface FolderIndex {
  readonly entries: readonly PageEntry[];
  readonly unreadable: readonly UnreadablePage[];
  /** Pages that were read now; 0 where the known entries were up to date. */
  readonly read: number;
  /** Whether the entries differ from the known ones. */
  readonly hasChanged: boolean;
}

export interface IndexTask {
  /** One step of work; the result when it is the last. */
  step(): IndexProgress | FolderIndex;
  /** What a stopped task has found: known entries stand for pages that it has not come to. */
  entriesSoFar(): readonly PageEntry[];
}

export function isDone(step: IndexProgress | FolderIndex): step is FolderIndex {
  return 'entries' in step;
}

export function indexFolder(disk: DocsDisk, folder: string, known: readonly PageEntry[]): IndexTask {
  const byPath = new Map(known.map((entry) => [entry.path, entry]));
  const entries = new Map<string, PageEntry>();
  const unreadable: UnreadablePage[] = [];
  const changed: Extract<WalkStep, { readonly kind: 'page' }>[] = [];
  const walk = walkPages(disk, folder);
  let isWalking = true;
  let done = 0;

  const walkOn = (): void => {
    const { value, done: ended } = walk.next();
    if (ended === true || value === undefined) isWalking = false;
    else if (value.kind === 'problem') unreadable.push({ path: value.path, message: value.message });
    else if (value.kind === 'page') {
      const old = byPath.get(value.path);
      if (old !== undefined && old.size === value.size && old.modifiedMs === value.modifiedMs)
        entries.set(old.path, old);
      else changed.push(value);
    }
  };
  const readOn = (): void => {
    const file = changed[done++];
    if (file === undefined) return;
    try {
      const path = join(folder, file.path);
      entries.set(file.path, pageEntry(folder, file, readPageHead(path, disk.read(path))));
    } catch (error) {
      unreadable.push({ path: file.path, message: diskError(error) });
    }
  };
  const sorted = (): readonly PageEntry[] => [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    step() {
      if (isWalking) {
        walkOn();
        return { done: 0, total: 0 };
      }
      if (done < changed.length) {
        readOn();
        return { done, total: changed.length };
      }
      const hasChanged = changed.length > 0 || entries.size !== byPath.size;
      return { entries: sorted(), unreadable, read: changed.length, hasChanged };
    },
    entriesSoFar() {
      const there = new Set(changed.map(({ path }) => path));
      const left = known.filter(({ path }) => !entries.has(path) && (isWalking || there.has(path)));
      return [...sorted(), ...left];
    },
  };
}
