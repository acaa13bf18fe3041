/**
 * Allocation: from a request to a region with red zones around it.
 *
 * Freed space stays recognisable for long: until QUARANTINE_MAX regions or QUARANTINE_BYTES are freed, or memory is used
 * up, space is taken from the end of memory. Then the older half of the freed regions is given out again. Without that bound
 * a run would keep all that it ever allocated. All of it depends on the order of calls alone, so a run repeats its addresses
 * exactly.
 */
import type { AllocationRequest } from '../machine-types.ts';
import { insertRegion, noteFreed, regionOf, removeLeaving, rowAfter, rowBefore } from './region-index.ts';
import { RegionRecord } from './region-record.ts';
import { FREED, inEachByte, PAGED, RED_ZONE, UNINITIALISED, UNMAPPED, USER } from './shadow.ts';
import { growTo, type MemoryStore } from './store.ts';

/** Freed regions that are kept from use, and their bytes, red zones included. */
const QUARANTINE_MAX = 16_384;
const QUARANTINE_BYTES = 16 * 1024 * 1024;
/** What is left of a hole that was used is one of its own from this size on. */
const SMALLEST_HOLE = 256;

/** A region of zeroes, or of bytes that count as never written; undefined when memory is used up. */
export function allocateRegion(store: MemoryStore, request: AllocationRequest): RegionRecord | undefined {
  const { size } = request;
  if (!Number.isInteger(size) || size < 0 || size > store.limit) return undefined;
  const alignment = Math.max(16, request.alignment ?? 16);
  const redWanted = roundUp(size, 16) - size + Math.min(2048, Math.max(16, roundUp(size >> 2, 16)));
  const { space } = store;
  if (!takeSpace(store, size + redWanted, alignment)) return undefined;
  space.size = size;
  // Beside what was left over there.
  space.redAfter += redWanted;
  space.serial = store.serial++;
  const { offset, redBefore, redAfter } = space;
  const region = new RegionRecord(store, request, space);
  const state = (request.isUninitialised === true ? UNINITIALISED : 0) | (request.kind === 'user' ? USER : 0);
  const { shadow8, shadow32 } = store;
  fillBytes(shadow8, shadow32, RED_ZONE, offset - redBefore, offset);
  fillBytes(shadow8, shadow32, state, offset, offset + size);
  fillBytes(shadow8, shadow32, RED_ZONE, offset + size, offset + size + redAfter);
  fillBytes(store.u8, store.i32, 0, offset, offset + size);
  insertRegion(store.regions, region);
  if (request.isPaged === true) region.isPaged = true;
  return region;
}

/** Marks a region freed and puts its space behind all that was freed before. */
export function freeRegion(store: MemoryStore, region: RegionRecord): void {
  if (region.isFreed) return;
  region.isFreed = true;
  fillBytes(store.shadow8, store.shadow32, FREED, region.offset, region.offset + region.size);
  noteFreed(store.regions, region);
  store.quarantine.push(region.row);
  store.quarantined += region.redBefore + region.size + region.redAfter;
  if (store.quarantine.length > QUARANTINE_MAX || store.quarantined > QUARANTINE_BYTES) recycle(store);
}

/** The region that holds the offset, or in whose red zone it lies. */
export function regionAtOffset({ regions }: MemoryStore, offset: number): RegionRecord | undefined {
  const { columns, last } = regions;
  const lastOffset = columns.offset[last] as number;
  if (offset >= lastOffset && offset < lastOffset + (columns.size[last] as number)) return regionOf(regions, last);
  const before = rowBefore(regions, offset);
  const end = before < 0 ? 0 : (columns.offset[before] as number) + (columns.size[before] as number);
  if (before >= 0 && offset < end) {
    regions.last = before;
    return regionOf(regions, before);
  }
  const redAfter = before < 0 ? 0 : (columns.redAfter[before] as number);
  // A byte between two regions belongs to the nearer one: an overrun to the left one, an underrun to the right one.
  const next = rowAfter(regions, offset);
  const start = next < 0 ? Infinity : (columns.offset[next] as number);
  if (next >= 0 && offset >= start - (columns.redBefore[next] as number)) {
    const past = before < 0 ? Infinity : offset - end;
    if (past >= redAfter || start - offset <= past) return regionOf(regions, next);
  }
  return before < 0 || offset >= end + redAfter ? undefined : regionOf(regions, before);
}

/** Finds a place, whose bytes `store.space` says then; false when memory is used up. */
function takeSpace(store: MemoryStore, size: number, alignment: number): boolean {
  if (takeHole(store, size, alignment) || takeEnd(store, size, alignment)) return true;
  recycle(store);
  return takeHole(store, size, alignment);
}

/** Space behind all that was ever given out, as long as memory may grow. */
function takeEnd(store: MemoryStore, size: number, alignment: number): boolean {
  // At least 16 bytes lie before a region, so that an underrun is caught whatever its neighbour is.
  const offset = roundUp(store.top + 16, alignment);
  if (!growTo(store, offset + size)) return false;
  take(store, offset, store.top, 0);
  store.top = offset + size;
  return true;
}

/** The next hole that is large enough; the search goes on where the last one ended, round and round. */
function takeHole(store: MemoryStore, size: number, alignment: number): boolean {
  const { holes } = store;
  for (let tried = 0; tried < holes.length; tried++) {
    const index = (store.nextHole + tried) % holes.length;
    const hole = holes[index] as MemoryStore['holes'][number];
    const offset = roundUp(hole.offset + 16, alignment);
    const rest = hole.offset + hole.size - (offset + size);
    if (rest < 0) continue;
    store.nextHole = index;
    if (rest < SMALLEST_HOLE) {
      take(store, offset, hole.offset, rest);
      holes.splice(index, 1);
      return true;
    }
    take(store, offset, hole.offset, 0);
    hole.offset = offset + size;
    hole.size = rest;
    return true;
  }
  return false;
}

/** `start` is where the red zone before it begins; behind it are `spare` bytes that are too few for anybody else. */
function take({ space }: MemoryStore, offset: number, start: number, spare: number): void {
  space.offset = offset;
  space.redBefore = offset - start;
  space.redAfter = spare;
}

/** Turns the older half of the freed regions into holes and joins neighbours. */
function recycle(store: MemoryStore): void {
  const freed = store.quarantine.splice(0, Math.ceil(store.quarantine.length / 2));
  if (freed.length === 0) return;
  const { columns } = store.regions;
  for (const row of freed) columns.leaving[row] = 1;
  const old = store.holes;
  store.holes = [];
  store.nextHole = 0;
  let at = 0;
  // Both lists are in the order of addresses, so that one pass merges them.
  removeLeaving(store.regions, (row) => {
    // A region with its red zones.
    const redBefore = columns.redBefore[row] as number;
    const offset = (columns.offset[row] as number) - redBefore;
    const size = redBefore + (columns.size[row] as number) + (columns.redAfter[row] as number);
    store.quarantined -= size;
    fillBytes(store.shadow8, store.shadow32, UNMAPPED, offset, offset + size);
    for (; at < old.length && (old[at] as Hole).offset < offset; at++) {
      const hole = old[at] as Hole;
      addHole(store.holes, hole.offset, hole.size);
    }
    addHole(store.holes, offset, size);
  });
  for (; at < old.length; at++) {
    const hole = old[at] as Hole;
    addHole(store.holes, hole.offset, hole.size);
  }
}

type Hole = MemoryStore['holes'][number];

/** Adds a hole behind all others; one that begins where the last one ends goes on with it. */
function addHole(holes: Hole[], offset: number, size: number): void {
  const previous = holes[holes.length - 1];
  if (previous !== undefined && previous.offset + previous.size >= offset) {
    previous.size = Math.max(previous.size, offset + size - previous.offset);
  } else holes.push({ offset, size });
}

/** From here on the built-in fill is quicker than a loop. */
const LONG_FILL = 128;

/** `bytes` and `words` are views of one buffer. */
function fillBytes(bytes: Uint8Array, words: Int32Array, value: number, start: number, end: number): void {
  if (end - start >= LONG_FILL) {
    bytes.fill(value, start, end);
    return;
  }
  let at = start;
  if ((start & 3) === 0) {
    const word = inEachByte(value);
    for (; at + 4 <= end; at += 4) words[at >> 2] = word;
  }
  for (; at < end; at++) bytes[at] = value;
}

export function roundUp(value: number, alignment: number): number {
  const rest = value % alignment;
  return rest === 0 ? value : value + alignment - rest;
}

/** Whether a shadow byte's owner is pageable; used when bytes are copied with their state. */
export const KEPT_BITS = PAGED | USER;
