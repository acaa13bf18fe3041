/**
 * Regions by address: which one begins at an offset or before it, and which one comes next.
 *
 * They are kept by the page of memory that they begin in, so that a run with a hundred thousand regions puts one in, or
 * takes one out, by moving a few neighbours only. A region has a row of numbers, and pages hold numbers of rows: a driver
 * leaves thousands of freed regions behind, which the garbage collector would look at again and again as objects. One that
 * is freed is made into an object again when somebody asks for it.
 */
import type { Region } from '../machine-types.ts';
import { RegionRecord } from './region-record.ts';

/** Bytes of one page: large enough that a region of usual size has its neighbours in it. */
const PAGE_BITS = 14;
const FIRST_ROWS = 256;

export interface RegionIndex {
  /** Rows of the regions that begin in each page, by address; undefined where there was never one. */
  readonly pages: (number[] | undefined)[];
  /** By row. */
  columns: RegionColumns;
  /** Rows that were given out. */
  count: number;
  /** The row that was found last: the same region is often asked for twice. */
  last: number;
  /** Rows that nobody uses. */
  readonly unused: number[];
  /** Regions that live, and freed ones that somebody has asked for. */
  readonly records: (RegionRecord | undefined)[];
  /** What of the others is no number. */
  readonly labels: (string | undefined)[];
  readonly infos: unknown[];
}

interface RegionColumns {
  readonly offset: Uint32Array;
  readonly size: Uint32Array;
  readonly redBefore: Uint32Array;
  readonly redAfter: Uint32Array;
  readonly serial: Float64Array;
  /** That stands behind the label; 0 for none. */
  readonly number: Uint32Array;
  readonly kind: Uint8Array;
  /** Shadow bits of read-only and pageable memory. */
  readonly bits: Uint8Array;
  /** 1: its space is about to be used again. */
  readonly leaving: Uint8Array;
}

const KINDS: readonly Region['kind'][] = ['pool', 'object', 'global', 'stack', 'string', 'image', 'user'];

export function createRegionIndex(): RegionIndex {
  return {
    pages: [],
    columns: createColumns(FIRST_ROWS),
    count: 0,
    last: 0,
    unused: [],
    records: [],
    labels: [],
    infos: [],
  };
}

export function insertRegion(index: RegionIndex, region: RegionRecord): void {
  const row = rowFor(index, region);
  const { pages } = index;
  const { offset } = index.columns;
  const number = region.offset >>> PAGE_BITS;
  while (pages.length <= number) pages.push(undefined);
  const page = pages[number];
  if (page === undefined) pages[number] = [row];
  else if (page.length === 0 || (offset[page[page.length - 1] as number] as number) < region.offset) page.push(row);
  else page.splice(rankAfter(page, offset, region.offset), 0, row);
}

/** From now on the region is numbers; the caller has marked it freed. */
export function noteFreed({ columns, records, labels, infos }: RegionIndex, region: RegionRecord): void {
  const { row } = region;
  columns.bits[row] = region.bits;
  records[row] = undefined;
  labels[row] = region.text;
  infos[row] = region.info;
}

/** The region of a row. */
export function regionOf(index: RegionIndex, row: number): RegionRecord {
  const known = index.records[row];
  if (known !== undefined) return known;
  const { columns } = index;
  const purpose = {
    kind: KINDS[columns.kind[row] as number] as Region['kind'],
    label: index.labels[row] ?? '',
    number: columns.number[row] as number,
    info: index.infos[row],
  };
  const region = new RegionRecord(undefined, purpose, {
    offset: columns.offset[row] as number,
    size: columns.size[row] as number,
    redBefore: columns.redBefore[row] as number,
    redAfter: columns.redAfter[row] as number,
    serial: columns.serial[row] as number,
  });
  region.row = row;
  region.isFreed = true;
  region.bits = columns.bits[row] as number;
  index.records[row] = region;
  return region;
}

/** Takes the regions out that are leaving, thousands at once; `leaves` hears of their rows by address. */
export function removeLeaving(index: RegionIndex, leaves: (row: number) => void): void {
  const { pages, columns, records, labels, infos, unused } = index;
  for (const page of pages) {
    if (page === undefined) continue;
    // Those that stay move up within the page.
    let left = 0;
    for (const row of page) {
      if (columns.leaving[row] === 0) {
        page[left++] = row;
        continue;
      }
      leaves(row);
      // No offset lies in it, should somebody look there first.
      columns.size[row] = 0;
      records[row] = undefined;
      labels[row] = undefined;
      infos[row] = undefined;
      unused.push(row);
    }
    page.length = left;
  }
}

/** Row of the last region that begins at the offset or before it; -1 where there is none. */
export function rowBefore({ pages, columns }: RegionIndex, offset: number): number {
  const own = Math.min(offset >>> PAGE_BITS, pages.length - 1);
  const page = pages[own];
  const at = page === undefined ? 0 : rankAfter(page, columns.offset, offset);
  if (at > 0) return (page as number[])[at - 1] as number;
  for (let number = own - 1; number >= 0; number--) {
    const last = pages[number]?.at(-1);
    if (last !== undefined) return last;
  }
  return -1;
}

/** Row of the first region that begins behind the offset; -1 where there is none. */
export function rowAfter({ pages, columns }: RegionIndex, offset: number): number {
  const own = offset >>> PAGE_BITS;
  const page = pages[own];
  const next = page?.[rankAfter(page, columns.offset, offset)];
  if (next !== undefined) return next;
  for (let number = own + 1; number < pages.length; number++) {
    const first = pages[number]?.[0];
    if (first !== undefined) return first;
  }
  return -1;
}

/** All of them, by address. */
export function allRegions(index: RegionIndex): readonly RegionRecord[] {
  return index.pages.flatMap((page) => (page ?? []).map((row) => regionOf(index, row)));
}

/** Those that are not freed, by address. */
export function liveRecords(index: RegionIndex): readonly RegionRecord[] {
  return index.records.filter((region): region is RegionRecord => region?.isFreed === false);
}

function rowFor(index: RegionIndex, region: RegionRecord): number {
  const row = index.unused.pop() ?? index.count++;
  if (row >= index.columns.offset.length) index.columns = grown(index.columns);
  const { columns } = index;
  columns.offset[row] = region.offset;
  columns.size[row] = region.size;
  columns.redBefore[row] = region.redBefore;
  columns.redAfter[row] = region.redAfter;
  columns.serial[row] = region.serial;
  columns.number[row] = region.number;
  columns.leaving[row] = 0;
  index.records[row] = region;
  columns.kind[row] = KINDS.indexOf(region.kind);
  if (row === index.labels.length) {
    index.labels.push(undefined);
    index.infos.push(undefined);
  }
  region.row = row;
  return row;
}

function createColumns(rows: number): RegionColumns {
  return {
    offset: new Uint32Array(rows),
    size: new Uint32Array(rows),
    redBefore: new Uint32Array(rows),
    redAfter: new Uint32Array(rows),
    serial: new Float64Array(rows),
    number: new Uint32Array(rows),
    kind: new Uint8Array(rows),
    bits: new Uint8Array(rows),
    leaving: new Uint8Array(rows),
  };
}

function grown(columns: RegionColumns): RegionColumns {
  const larger = createColumns(columns.offset.length * 2);
  larger.offset.set(columns.offset);
  larger.size.set(columns.size);
  larger.redBefore.set(columns.redBefore);
  larger.redAfter.set(columns.redAfter);
  larger.serial.set(columns.serial);
  larger.number.set(columns.number);
  larger.kind.set(columns.kind);
  larger.bits.set(columns.bits);
  larger.leaving.set(columns.leaving);
  return larger;
}

/** Rank in a page of the first region that begins behind the offset. */
function rankAfter(page: readonly number[], offsets: Uint32Array, offset: number): number {
  let low = 0;
  let high = page.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[page[middle] as number] as number) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
