/**
 * The pages of all folders, found by name, by UID and by words.
 *
 * In: the entries of each folder, in the order of the setting. Out: entries and, for one that somebody wants to see, the
 * page, read from its file at that moment: the index stays small, and the text is never older than the file. Where two
 * folders or two ages of the docs describe one name, today's text wins, then the folder that stands first.
 */
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Dialect, DocPage, PageKind } from '../../catalog/docs/page.ts';
import { readDocPage } from '../../catalog/docs/read.ts';
import { type Found, searchPages } from '../../catalog/docs/search.ts';
import { type DocsDisk, diskError } from './disk.ts';
import type { PageEntry } from './entry.ts';

export type PageReading =
  | { readonly kind: 'page'; readonly page: DocPage }
  /** The file is gone or can't be read: the index is older than the folder. */
  | { readonly kind: 'gone'; readonly message: string };

export interface Library {
  /** Puts the entries of a folder in the place of those known of it. */
  put(folder: string, entries: readonly PageEntry[]): void;
  /** Keeps these folders only, in this order of preference. */
  keep(folders: readonly string[]): void;
  size(): number;
  /** Pages about an identifier, best first; guides and lists of pages are none. A UID finds its own page first. */
  about(name: string, uid: string | undefined): readonly PageEntry[];
  search(query: string, limit: number): readonly Found<PageEntry>[];
  /** The entry of a file; undefined for any file that is not in the index. */
  at(path: string): PageEntry | undefined;
  read(entry: PageEntry): PageReading;
}

export function createLibrary(disk: DocsDisk): Library {
  let order: readonly string[] = [];
  const folders = new Map<string, readonly PageEntry[]>();
  let shelved: readonly PageEntry[] = [];
  let byName = new Map<string, PageEntry[]>();
  let isOld = false;

  const refresh = (): void => {
    if (!isOld) return;
    isOld = false;
    byName = new Map();
    shelved = order.flatMap((folder) => folders.get(folder) ?? []);
    for (const entry of shelved) {
      if (!isAboutName(entry.kind)) continue;
      for (const name of entry.names) {
        const same = byName.get(name);
        if (same === undefined) byName.set(name, [entry]);
        else same.push(entry);
      }
    }
  };
  return {
    put(folder, entries) {
      if (!order.includes(folder)) order = [...order, folder];
      folders.set(folder, entries);
      isOld = true;
    },
    keep(wanted) {
      order = wanted;
      for (const folder of folders.keys()) if (!wanted.includes(folder)) folders.delete(folder);
      isOld = true;
    },
    size: () => order.reduce((sum, folder) => sum + (folders.get(folder)?.length ?? 0), 0),
    about(name, uid) {
      refresh();
      const wanted = uid === undefined ? undefined : comparable(uid);
      const rank = (entry: PageEntry): number => {
        const isIt = wanted !== undefined && comparable(entry.uid) === wanted;
        return (isIt ? 0 : 1_000) + (entry.names[0] === name ? 0 : 100) + ages[entry.dialect];
      };
      return [...(byName.get(name) ?? [])].sort((a, b) => rank(a) - rank(b));
    },
    search(query, limit) {
      refresh();
      return searchPages(shelved, query, limit);
    },
    at(path) {
      refresh();
      for (const folder of order) {
        const inside = relative(folder, path);
        if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) continue;
        const label = inside.split(sep).join('/');
        const entry = shelved.find((one) => one.folder === folder && one.path === label);
        if (entry !== undefined) return entry;
      }
      return undefined;
    },
    read(entry) {
      const path = join(entry.folder, entry.path);
      try {
        return { kind: 'page', page: readDocPage(path, disk.read(path)) };
      } catch (error) {
        return { kind: 'gone', message: `${path}: ${diskError(error)}` };
      }
    },
  };
}

/** The pages of 2017 write a dot where today's have a colon. */
function comparable(uid: string): string {
  return uid.replace(/^([A-Z]{2})\./, '$1:').toLowerCase();
}

/** Today's text before older text. */
const ages: Readonly<Record<Dialect, number>> = {
  C: 0,
  F: 1,
  E: 2,
  B: 3,
  A: 4,
  D: 5,
  G: 6,
  'header-index': 8,
  'technology-index': 8,
  unknown: 9,
};

function isAboutName(kind: PageKind): boolean {
  return kind !== 'guide' && kind !== 'index' && kind !== 'other';
}
