/**
 * Regions by address: which one begins at an offset or before it, and which one comes next.
 *
 * They are kept by the page of memory that they begin in, so that a run with a hundred thousand regions puts one in, or
 * takes one out, by moving a few neighbours only.
 */
import type { RegionRecord } from './region-record.ts';

/** Bytes of one page: large enough that a region of usual size has its neighbours in it. */
const PAGE_BITS = 14;

export interface RegionIndex {
  /** Regions that begin in each page, by address; undefined where there was never one. */
  readonly pages: (RegionRecord[] | undefined)[];
}

export function createRegionIndex(): RegionIndex {
  return { pages: [] };
}

export function insertRegion({ pages }: RegionIndex, region: RegionRecord): void {
  const number = region.offset >>> PAGE_BITS;
  while (pages.length <= number) pages.push(undefined);
  const page = pages[number];
  if (page === undefined) pages[number] = [region];
  else if ((page[page.length - 1]?.offset ?? -1) < region.offset) page.push(region);
  else page.splice(indexAfter(page, region.offset), 0, region);
}

/** Takes the regions out that are leaving, thousands at once; they come back by address. */
export function removeLeaving({ pages }: RegionIndex): RegionRecord[] {
  const removed: RegionRecord[] = [];
  for (const [number, page] of pages.entries()) {
    if (page === undefined || page.length === 0) continue;
    const before = removed.length;
    const left: RegionRecord[] = [];
    for (const region of page) (region.isLeaving ? removed : left).push(region);
    if (removed.length > before) pages[number] = left;
  }
  return removed;
}

/** The last region that begins at the offset or before it. */
export function regionBefore({ pages }: RegionIndex, offset: number): RegionRecord | undefined {
  const own = Math.min(offset >>> PAGE_BITS, pages.length - 1);
  const page = pages[own];
  const at = page === undefined ? 0 : indexAfter(page, offset);
  if (at > 0) return page?.[at - 1];
  for (let number = own - 1; number >= 0; number--) {
    const last = pages[number]?.at(-1);
    if (last !== undefined) return last;
  }
  return undefined;
}

/** The first region that begins behind the offset. */
export function regionAfter({ pages }: RegionIndex, offset: number): RegionRecord | undefined {
  const own = offset >>> PAGE_BITS;
  const page = pages[own];
  const next = page?.[indexAfter(page, offset)];
  if (next !== undefined) return next;
  for (let number = own + 1; number < pages.length; number++) {
    const first = pages[number]?.[0];
    if (first !== undefined) return first;
  }
  return undefined;
}

/** All of them, by address. */
export function allRegions({ pages }: RegionIndex): readonly RegionRecord[] {
  return pages.flatMap((page) => page ?? []);
}

/** Index of the first region of a page that begins behind the offset. */
function indexAfter(page: readonly RegionRecord[], offset: number): number {
  let low = 0;
  let high = page.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((page[middle] as RegionRecord).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
