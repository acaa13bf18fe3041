/**
 * The careful way to memory: an address and a size come in, an offset into the buffer comes out, or a `GuestFault`.
 *
 * The VM comes here only when its one-compare test says that something about the bytes is special; natives always do.
 * A write that passes makes its bytes initialised. Nothing is changed when any byte is refused.
 */
import { type GuestFault, memoryFault } from '../faults.ts';
import type { Fault } from '../machine-types.ts';
import type { GuestAddress } from '../native.ts';
import { bothWords, fromWords, highWord, isMappedHigh, KERNEL_HIGH, lowWord, NULL_LIMIT, USER_HIGH } from './layout.ts';
import { regionAtOffset } from './regions.ts';
import { faultKind, INACCESSIBLE, inEachByte, isWatchedState, UNINITIALISED, USER, WATCHED } from './shadow.ts';
import type { MemoryStore } from './store.ts';

/** `raw` reads bytes that were never written without complaint: copies and read-modify-write of bit-fields. */
export type AccessKind = 'read' | 'write' | 'raw';

/**
 * Offset of `size` bytes at the address whose halves are `low` and `high`. A negative size is one of 64 bits that wrapped;
 * of that and of others that pass the end of memory, the first byte that is not to be touched is told.
 */
export function checkedOffset(
  store: MemoryStore,
  low: number,
  high: number,
  size: number,
  kind: AccessKind,
  access: 'read' | 'write' = kind === 'write' ? 'write' : 'read',
): number {
  // Nothing is nowhere: a copy of no bytes may come from NULL.
  if (size === 0) return 0;
  const offset = low >>> 0;
  if ((high !== KERNEL_HIGH && high !== USER_HIGH) || offset >= store.size) {
    if (isMappedHigh(high) && offset < store.size) return mappedOffset(store, low, high, size, kind, access);
    throw unmappedFault(fromWords(low, high) as GuestAddress, size, access);
  }
  const { shadow8 } = store;
  const wantedUser = high === USER_HIGH ? USER : 0;
  // The last bytes of memory are nobody's: who goes past them is stopped there.
  const end = size < 0 ? store.size : Math.min(offset + size, store.size);
  if (wantedUser === 0 && isOrdinary(store, offset, end)) return offset;
  for (let i = offset; i < end; i++) {
    const state = shadow8[i] as number;
    if (state === wantedUser || (state === WATCHED && wantedUser === 0)) continue;
    // Bits that do not matter to this access are taken away before the byte is judged.
    const unwatched = isWatchedState(state) ? state & UNINITIALISED : state;
    const judged = kind === 'raw' ? unwatched & ~UNINITIALISED : unwatched;
    const isOtherRange = (judged & INACCESSIBLE) === 0 && (judged & USER) !== wantedUser;
    const problem = isOtherRange ? 'wild-address' : faultKind(judged, access, store.irql);
    if (problem !== undefined) {
      const address = fromWords(low + (i - offset), high) as GuestAddress;
      const start = fromWords(low, high) as GuestAddress;
      throw memoryFault(problem, access, address, size, regionAtOffset(store, i), start);
    }
  }
  if (wantedUser !== 0) judgeUser(store, fromWords(low, high) as GuestAddress, size, access);
  if (kind === 'write') clearUninitialised(store, offset, size);
  return offset;
}

/** Bytes of the kernel by an address of user mode: if it stands for them now, they are judged as by their own address. */
function mappedOffset(
  store: MemoryStore,
  low: number,
  high: number,
  size: number,
  kind: AccessKind,
  access: 'read' | 'write',
): number {
  judgeUser(store, fromWords(low, high) as GuestAddress, size, access);
  return checkedOffset(store, low, KERNEL_HIGH, size, kind, access);
}

/** As `checkedOffset`, for an access of guest code itself: of bytes that are watched the kernel wants to know. */
export function guestOffset(store: MemoryStore, low: number, high: number, size: number, kind: AccessKind): number {
  // Who must not touch the bytes at all is told that, and not that nobody has written them.
  const access = kind === 'write' ? 'write' : 'read';
  const at = checkedOffset(store, low, high, size, 'raw', access);
  for (let i = at; i < at + size; i++) {
    if (!isWatchedState(store.shadow8[i] as number)) continue;
    const address = fromWords(low + (i - at), high) as GuestAddress;
    throw memoryFault('watched-memory', access, address, size, regionAtOffset(store, i));
  }
  return kind === 'raw' ? at : checkedOffset(store, low, high, size, kind);
}

/**
 * Bytes of which nothing is special, written or not, are watched from now on, or as they were; others stay what they
 * are.
 */
export function setWatching(store: MemoryStore, offset: number, size: number, how: 'watch' | 'unwatch'): void {
  const { shadow8, shadow32 } = store;
  const from = how === 'watch' ? 0 : WATCHED;
  const change = WATCHED;
  const [word, unwritten, both] = [inEachByte(from), inEachByte(from | UNINITIALISED), inEachByte(change)];
  const end = offset + size;
  for (let i = offset; i < end; ) {
    if ((i & 3) === 0) {
      const same = shadow32[i >> 2] === unwritten ? unwritten : word;
      i = changeWords(shadow32, i, end, same, both);
      if (i >= end) return;
    }
    const isWhole = (i & 3) === 0 && i + 4 <= end;
    const now = isWhole ? (shadow32[i >> 2] as number) | 0 : -1;
    if (isWhole && (now === word || now === unwritten)) {
      shadow32[i >> 2] = now ^ both;
      i += 4;
      continue;
    }
    const state = shadow8[i] as number;
    if ((state & ~UNINITIALISED) === from) shadow8[i] = state ^ change;
    i++;
  }
}

/** Changes words that are all the same, four at a time: whole buffers are nearly always so. The offset behind them. */
function changeWords(words: Int32Array, offset: number, end: number, same: number, change: number): number {
  const last = (end >> 2) - 4;
  let at = offset >> 2;
  for (; at <= last; at += 4) {
    const differences =
      ((words[at] as number) ^ same) |
      ((words[at + 1] as number) ^ same) |
      ((words[at + 2] as number) ^ same) |
      ((words[at + 3] as number) ^ same);
    if (differences !== 0) break;
    const now = same ^ change;
    words[at] = now;
    words[at + 1] = now;
    words[at + 2] = now;
    words[at + 3] = now;
  }
  return at << 2;
}

/** Offset of the first of the bytes that is watched, or -1. */
export function firstWatched(store: MemoryStore, offset: number, size: number): number {
  if (isOrdinary(store, offset, offset + size)) return -1;
  for (let i = offset; i < offset + size; i++) if (isWatchedState(store.shadow8[i] as number)) return i;
  return -1;
}

/** Nothing is special about any of the bytes; the shadow is looked at by words where it can be. */
function isOrdinary(store: MemoryStore, start: number, end: number): boolean {
  const { shadow8, shadow32 } = store;
  let at = start;
  while (at < end) {
    if ((at & 3) === 0 && at + 4 <= end) {
      if (shadow32[at >> 2] !== 0) return false;
      at += 4;
    } else {
      if (shadow8[at] !== 0) return false;
      at++;
    }
  }
  return true;
}

/** User-mode memory is there for its own process, and the kernel may have more to say. */
function judgeUser(store: MemoryStore, address: GuestAddress, size: number, access: 'read' | 'write'): void {
  const region = regionAtOffset(store, lowWord(address) >>> 0);
  const problem = store.judgesUser?.({ address, size, access, region });
  if (problem !== undefined) throw memoryFault(problem, access, address, size, region);
}

/** As `checkedOffset`, for a whole address and what is `further` bytes behind it. */
export function checkedAddress(
  store: MemoryStore,
  address: bigint,
  size: number,
  kind: AccessKind,
  further = 0,
): number {
  const ordinary = ordinaryOffset(store, address, size, further);
  if (ordinary >= 0) return ordinary;
  const low = (lowWord(address) >>> 0) + further;
  const carry = Math.floor(low / TWO_32);
  return checkedOffset(store, low | 0, (highWord(address) + carry) | 0, size, kind);
}

/** Offset of kernel memory about which nothing is special, or -1: the way that nearly every access of a native takes. */
export function ordinaryOffset(store: MemoryStore, address: bigint, size: number, further = 0): number {
  const words = bothWords(address);
  if (size <= 0 || words[1] !== KERNEL_HIGH) return -1;
  const offset = ((words[0] as number) >>> 0) + further;
  const end = offset + size;
  return end <= store.size && isOrdinary(store, offset, end) ? offset : -1;
}

const TWO_32 = 2 ** 32;

/** Offset of an address whatever the state of its bytes; undefined outside the buffer. */
export function uncheckedOffset(store: MemoryStore, address: bigint, size: number): number | undefined {
  const words = bothWords(address);
  const high = words[1];
  const offset = (words[0] as number) >>> 0;
  const isData = high === KERNEL_HIGH || high === USER_HIGH || isMappedHigh(high as number);
  const isInside = isData && offset + size <= store.size;
  return isInside ? offset : undefined;
}

function clearUninitialised(store: MemoryStore, offset: number, size: number): void {
  const { shadow8 } = store;
  for (let i = offset; i < offset + size; i++) {
    const state = shadow8[i] as number;
    if ((state & UNINITIALISED) !== 0) shadow8[i] = state & ~UNINITIALISED;
  }
}

function unmappedFault(address: GuestAddress, size: number, access: 'read' | 'write'): GuestFault {
  const problem: Fault['kind'] = address < NULL_LIMIT ? 'null-dereference' : 'wild-address';
  return memoryFault(problem, access, address, size, undefined);
}
