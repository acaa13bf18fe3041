/**
 * Look-up of pages by name.
 *
 * In: pages. Out: an index that answers with all pages of a name: as written first, then whatever the case. A name can
 * have several pages: one for each dialect, and two APIs that are called alike (WskRelease). A page that defines a
 * general name for its own header only (CTL_CODE in d4drvif.h) does not answer for the name in general.
 */
import type { DocPage, PageKind } from './page.ts';

export interface DocIndex {
  readonly pages: readonly DocPage[];
  /** Pages by each of their names, in the order given. */
  readonly byName: ReadonlyMap<string, readonly DocPage[]>;
  /** The same with names in lower case. */
  readonly byLowerName: ReadonlyMap<string, readonly DocPage[]>;
}

export interface LookupOptions {
  /** Only pages of this header, such as 'd4drvif.h': also those that answer for it alone. */
  readonly header?: string;
}

/** Names that a header defines for itself, though they belong to another. */
const privateNames: readonly { readonly name: string; readonly header: string }[] = [
  { name: 'CTL_CODE', header: 'd4drvif.h' },
];

/** Builds the index. */
export function buildDocIndex(pages: readonly DocPage[]): DocIndex {
  const byName = new Map<string, DocPage[]>();
  const byLowerName = new Map<string, DocPage[]>();
  for (const page of pages) {
    for (const name of page.names) {
      add(byName, name, page);
      add(byLowerName, name.toLowerCase(), page);
    }
  }
  return { pages, byName, byLowerName };
}

/** All pages that answer to `name`; none when there are none. */
export function lookupPages(index: DocIndex, name: string, options: LookupOptions = {}): readonly DocPage[] {
  const found = index.byName.get(name) ?? index.byLowerName.get(name.toLowerCase()) ?? [];
  const { header } = options;
  if (header !== undefined) return found.filter((page) => page.header?.toLowerCase() === header.toLowerCase());
  return found.filter((page) => !isPrivate(page));
}

/** Does the page answer only to those who ask for its header. */
export function isPrivate(page: DocPage): boolean {
  return privateNames.some(({ name, header }) => page.names[0] === name && page.header?.toLowerCase() === header);
}

/** How many pages there are of each kind. */
export function kindCounts(pages: readonly DocPage[]): Partial<Record<PageKind, number>> {
  const counts: Partial<Record<PageKind, number>> = {};
  for (const { kind } of pages) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Up to `count` names that resemble `name`: for 'did you mean'. */
export function similarNames(index: DocIndex, name: string, count: number): readonly string[] {
  const wanted = letters(name);
  if (wanted.length < 3) return [];
  const near: { name: string; distance: number }[] = [];
  for (const other of index.byName.keys()) {
    const text = letters(other);
    if (text.includes(wanted)) near.push({ name: other, distance: text.length - wanted.length });
    else if (Math.abs(text.length - wanted.length) <= 2 && differences(text, wanted) <= 2)
      near.push({ name: other, distance: 1 });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, count).map((n) => n.name);
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Edit distance of two short texts. */
function differences(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function add(map: Map<string, DocPage[]>, name: string, page: DocPage): void {
  const list = map.get(name);
  if (!list) map.set(name, [page]);
  else if (list.at(-1) !== page) list.push(page);
}
