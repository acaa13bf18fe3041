/**
 * The bytes of guest memory and their shadow, in buffers that double when they are used up.
 *
 * The views are replaced when memory grows, so whoever keeps them in local variables reloads them after anything that
 * may allocate. The size is always a power of two: alignment, range and address space of an access are then one test
 * against `~(size - 1)`. The last bytes are never given to anybody.
 */
import type { Fault, UserAccess } from '../machine-types.ts';
import { createRegionIndex, type RegionIndex } from './region-index.ts';
import type { RegionPlace } from './region-record.ts';
import { UNMAPPED } from './shadow.ts';

export interface MemoryStore {
  /** Bytes; a power of two. */
  size: number;
  /** Bytes beyond which memory does not grow. */
  readonly limit: number;
  u8: Uint8Array;
  i16: Int16Array;
  i32: Int32Array;
  view: DataView;
  shadow8: Uint8Array;
  shadow16: Int16Array;
  shadow32: Int32Array;
  /** Current IRQL, for the check of pageable memory. */
  irql: number;
  /** Asked when a native reads a byte that was never written: true makes it count as written. */
  forgives: ((fault: Fault) => boolean) | undefined;
  /** Asked about each access to user-mode memory that is there; a fault's kind refuses it. */
  judgesUser: ((access: UserAccess) => Fault['kind'] | undefined) | undefined;
  /** End of what has ever been given out. */
  top: number;
  /** Live and freed regions, by address. */
  readonly regions: RegionIndex;
  /** Rows of freed regions, oldest first: their space waits here as long as possible. */
  readonly quarantine: number[];
  /** Bytes of these. */
  quarantined: number;
  /** Space that may be used again, by address. */
  holes: { offset: number; size: number }[];
  /** Index of the hole at which the next search begins. */
  nextHole: number;
  /** The place that was found last for a region: one record for all, since a run allocates by the million. */
  readonly space: { -readonly [Part in keyof RegionPlace]: RegionPlace[Part] };
  /** Number of the next region. */
  serial: number;
}

export function createStore(size: number, limit: number): MemoryStore {
  const data = new ArrayBuffer(size);
  const shadow = new ArrayBuffer(size);
  const store: MemoryStore = {
    size,
    limit,
    ...viewsOf(data, shadow),
    irql: 0,
    forgives: undefined,
    judgesUser: undefined,
    top: 0,
    regions: createRegionIndex(),
    quarantine: [],
    quarantined: 0,
    holes: [],
    nextHole: 0,
    space: { offset: 0, size: 0, redBefore: 0, redAfter: 0, serial: 0 },
    serial: 1,
  };
  store.shadow8.fill(UNMAPPED);
  return store;
}

/** Makes at least `end` bytes exist; false when that passes the limit. */
export function growTo(store: MemoryStore, end: number): boolean {
  let size = store.size;
  while (size < end + GUARD) size *= 2;
  if (size === store.size) return true;
  if (size > store.limit) return false;
  const data = new ArrayBuffer(size);
  const shadow = new ArrayBuffer(size);
  const views = viewsOf(data, shadow);
  views.u8.set(store.u8);
  views.shadow8.set(store.shadow8);
  views.shadow8.fill(UNMAPPED, store.size);
  Object.assign(store, views, { size });
  return true;
}

/** Bytes at the end that stay unmapped, so that a word that straddles the end is caught by its first half. */
const GUARD = 64;

function viewsOf(data: ArrayBuffer, shadow: ArrayBuffer) {
  return {
    u8: new Uint8Array(data),
    i16: new Int16Array(data),
    i32: new Int32Array(data),
    view: new DataView(data),
    shadow8: new Uint8Array(shadow),
    shadow16: new Int16Array(shadow),
    shadow32: new Int32Array(shadow),
  };
}
