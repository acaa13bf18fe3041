/**
 * Allocation: from a request to a region with red zones around it.
 *
 * Space is taken from the end of memory as long as memory may grow, so that freed space stays recognisable as long as
 * possible; only then is the oldest half of the freed regions given out again, first fit by address. All of it depends
 * on the order of calls alone, so a run repeats its addresses exactly.
 */
import type { Region } from '../machine-types.ts';
import { RegionRecord } from './region-record.ts';
import { FREED, PAGED, RED_ZONE, UNINITIALISED, UNMAPPED, USER } from './shadow.ts';
import { growTo, type MemoryStore } from './store.ts';

export interface AllocationRequest {
  readonly size: number;
  readonly alignment?: number;
  readonly kind: Region['kind'];
  readonly label: string;
  readonly isUninitialised?: boolean;
  readonly isPaged?: boolean;
  readonly info?: unknown;
}

/** A region of zeroes, or of bytes that count as never written; undefined when memory is used up. */
export function allocateRegion(store: MemoryStore, request: AllocationRequest): RegionRecord | undefined {
  const { size } = request;
  if (!Number.isInteger(size) || size < 0 || size > store.limit) return undefined;
  const alignment = Math.max(16, request.alignment ?? 16);
  const redAfter = roundUp(size, 16) - size + Math.min(2048, Math.max(16, roundUp(size >> 2, 16)));
  const found = takeSpace(store, size + redAfter, alignment);
  if (found === undefined) return undefined;
  const { offset, start } = found;
  const region = new RegionRecord(store, {
    offset,
    size,
    kind: request.kind,
    label: request.label,
    info: request.info,
    redBefore: offset - start,
    redAfter,
    serial: store.serial++,
  });
  const state = (request.isUninitialised === true ? UNINITIALISED : 0) | (request.kind === 'user' ? USER : 0);
  store.shadow8.fill(RED_ZONE, start, offset);
  store.shadow8.fill(state, offset, offset + size);
  store.shadow8.fill(RED_ZONE, offset + size, offset + size + redAfter);
  store.u8.fill(0, offset, offset + size);
  insertRegion(store, region);
  if (request.isPaged === true) region.isPaged = true;
  return region;
}

/** Marks a region freed and puts its space behind all that was freed before. */
export function freeRegion(store: MemoryStore, region: RegionRecord): void {
  if (region.isFreed) return;
  region.isFreed = true;
  store.shadow8.fill(FREED, region.offset, region.offset + region.size);
  store.quarantine.push(region);
}

/** The region that holds the offset, or in whose red zone it lies. */
export function regionAtOffset(store: MemoryStore, offset: number): RegionRecord | undefined {
  const after = indexAfter(store, offset);
  const before = store.regions[after - 1];
  // A byte between two regions belongs to the nearer one: an overrun to the left one, an underrun to the right one.
  const next = store.regions[after];
  if (next !== undefined && offset >= next.offset - next.redBefore) {
    const past = before === undefined ? Infinity : offset - (before.offset + before.size);
    if (past >= (before?.redAfter ?? 0) || next.offset - offset <= past) return next;
  }
  if (before === undefined || offset >= before.offset + before.size + before.redAfter) return undefined;
  return before;
}

/** Index of the first region that starts after the offset. */
function indexAfter(store: MemoryStore, offset: number): number {
  const { regions } = store;
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((regions[middle] as RegionRecord).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertRegion(store: MemoryStore, region: RegionRecord): void {
  const last = store.regions.at(-1);
  if (last === undefined || last.offset < region.offset) store.regions.push(region);
  else store.regions.splice(indexAfter(store, region.offset), 0, region);
}

function takeSpace(
  store: MemoryStore,
  size: number,
  alignment: number,
): { readonly offset: number; readonly start: number } | undefined {
  // At least 16 bytes lie before a region, so that an underrun is caught whatever its neighbour is.
  const offset = roundUp(store.top + 16, alignment);
  if (growTo(store, offset + size)) {
    const start = store.top;
    store.top = offset + size;
    return { offset, start };
  }
  for (let isLastTry = false; ; isLastTry = true) {
    const fit = takeHole(store, size, alignment);
    if (fit !== undefined || isLastTry) return fit;
    recycle(store);
  }
}

function takeHole(
  store: MemoryStore,
  size: number,
  alignment: number,
): { readonly offset: number; readonly start: number } | undefined {
  for (const [index, hole] of store.holes.entries()) {
    const offset = roundUp(hole.offset + 16, alignment);
    const rest = hole.offset + hole.size - (offset + size);
    if (rest < 0) continue;
    const start = hole.offset;
    if (rest < 64) store.holes.splice(index, 1);
    else store.holes[index] = { offset: offset + size, size: rest };
    return { offset, start };
  }
  return undefined;
}

/** Turns the older half of the freed regions into holes and joins neighbours. */
function recycle(store: MemoryStore): void {
  const count = Math.ceil(store.quarantine.length / 2);
  const old = new Set(store.quarantine.splice(0, count));
  if (old.size === 0) return;
  store.regions = store.regions.filter((region) => !old.has(region));
  const freed = [...old].map((r) => ({ offset: r.offset - r.redBefore, size: r.redBefore + r.size + r.redAfter }));
  const sorted = [...store.holes, ...freed].sort((a, b) => a.offset - b.offset);
  store.holes = [];
  for (const hole of sorted) {
    store.shadow8.fill(UNMAPPED, hole.offset, hole.offset + hole.size);
    const previous = store.holes.at(-1);
    if (previous !== undefined && previous.offset + previous.size >= hole.offset) {
      previous.size = Math.max(previous.size, hole.offset + hole.size - previous.offset);
    } else store.holes.push({ ...hole });
  }
}

export function roundUp(value: number, alignment: number): number {
  const rest = value % alignment;
  return rest === 0 ? value : value + alignment - rest;
}

/** Whether a shadow byte's owner is pageable; used when bytes are copied with their state. */
export const KEPT_BITS = PAGED | USER;
