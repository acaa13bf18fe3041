/**
 * The pages of all folders, found by name, by UID and by words.
 *
 * In: the entries of each folder, in the order of the setting. Out: entries and, for one that somebody wants to see, the
 * page, read from its file at that moment: the index stays small, and the text is never older than the file. Where two
 * folders or two ages of the docs describe one name, today's text wins, then the folder that stands first.
 */
import { isAbsolute, join, relative, sep } from 'node:path';
import { displayName } from '../../catalog/docs/names.ts';
import type { Dialect, DocPage, PageKind } from '../../catalog/docs/page.ts';
import { readDocPage } from '../../catalog/docs/read.ts';
import { searchPages } from '../../catalog/docs/search/search.ts';
import { type DocsDisk, diskError } from './disk.ts';
import type { PageEntry } from './entry.ts';
import type { IndexedPages } from './index-folder.ts';
import { entryAt, findName, findPath, nameText } from './shelf.ts';

export type PageReading =
  | { readonly kind: 'page'; readonly page: DocPage }
  /** The file is gone or can't be read: the index is older than the folder. */
  | { readonly kind: 'gone'; readonly message: string };

export interface FoundPage {
  readonly entry: PageEntry;
  /** The name by which it was found; the one that people know it by where it was found by words. */
  readonly name: string;
  readonly isByWords: boolean;
}

export interface Library {
  /** Puts the pages of a folder in the place of those known of it. */
  put(pages: IndexedPages): void;
  /** Keeps these folders only, in this order of preference. */
  keep(folders: readonly string[]): void;
  size(): number;
  /** Pages about an identifier, best first; guides and lists of pages are none. A UID finds its own page first. */
  about(name: string, uid: string | undefined): readonly PageEntry[];
  /** Best first. Folders whose words are lost are searched by names only, and told to `isLost`. */
  search(query: string, limit: number, isLost: (folder: string) => void): readonly FoundPage[];
  /** The entry of a file; undefined for any file that is not in the index. */
  at(path: string): PageEntry | undefined;
  read(entry: PageEntry): PageReading;
}

export function createLibrary(disk: DocsDisk): Library {
  let order: readonly string[] = [];
  const folders = new Map<string, IndexedPages>();
  const inOrder = (): readonly IndexedPages[] =>
    order.flatMap((folder) => {
      const pages = folders.get(folder);
      return pages === undefined ? [] : [pages];
    });

  return {
    put(pages) {
      const { folder } = pages.shelf;
      if (!order.includes(folder)) order = [...order, folder];
      folders.set(folder, pages);
    },
    keep(wanted) {
      order = wanted;
      for (const folder of folders.keys()) if (!wanted.includes(folder)) folders.delete(folder);
    },
    size: () => inOrder().reduce((sum, { shelf }) => sum + shelf.count, 0),
    about(name, uid) {
      const wanted = uid === undefined ? undefined : comparable(uid);
      const rank = (entry: PageEntry): number => {
        const isIt = wanted !== undefined && comparable(entry.uid) === wanted;
        // A guide may be titled by a structure that it draws, while the structure's own page is named by its tag first.
        const isOwn = entry.uid !== '';
        return (isIt ? 0 : 1_000) + (isOwn ? 0 : 500) + (entry.names[0] === name ? 0 : 100) + ages[entry.dialect];
      };
      return inOrder()
        .flatMap(({ shelf }) => findName(shelf, name).map((page) => entryAt(shelf, page)))
        .filter(({ kind }) => isAboutName(kind))
        .sort((a, b) => rank(a) - rank(b));
    },
    search(query, limit, isLost) {
      if (query.trim() === '') return [];
      const shelves = inOrder();
      const found = searchPages(
        shelves.map(({ shelf, words }) => ({ names: shelf.names, words: words() })),
        query,
        limit,
      );
      for (const { shelf, words } of shelves) if (words() === undefined) isLost(shelf.folder);
      return found.flatMap(({ folder, page, name }) => {
        const shelf = shelves[folder]?.shelf;
        if (shelf === undefined) return [];
        const entry = entryAt(shelf, page);
        const shown =
          name === undefined ? displayName(entry.names) || entry.title : nameText(shelf, name.start, name.end);
        return [{ entry, name: shown, isByWords: name === undefined }];
      });
    },
    at(path) {
      for (const { shelf } of inOrder()) {
        const inside = relative(shelf.folder, path);
        if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) continue;
        const page = findPath(shelf, inside.split(sep).join('/'));
        if (page >= 0) return entryAt(shelf, page);
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
