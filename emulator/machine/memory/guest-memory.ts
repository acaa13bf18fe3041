/** The memory that natives and debuggers see: reads and writes by address over the store, with checks. */
import { GuestFault } from '../faults.ts';
import type { Fault, GuestMemory, Region } from '../machine-types.ts';
import type { GuestAddress } from '../native.ts';
import { checkedAddress, firstWatched, ordinaryOffset, setWatching, uncheckedOffset } from './access.ts';
import { fromWords, highWord, lowWord } from './layout.ts';
import { liveRecords } from './region-index.ts';
import { RegionRecord } from './region-record.ts';
import { allocateRegion, freeRegion, KEPT_BITS, regionAtOffset } from './regions.ts';
import { INACCESSIBLE, UNINITIALISED, UNMAPPED } from './shadow.ts';
import type { MemoryStore } from './store.ts';

export function createGuestMemory(store: MemoryStore): GuestMemory {
  return new CheckedMemory(store);
}

/**
 * A class, because natives come here a hundred times for each IRP: its methods are the same for every run of a process,
 * where closures would be new ones with each, and what V8 has compiled for the old ones would be thrown away.
 */
class CheckedMemory implements GuestMemory {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  allocate(request: Parameters<GuestMemory['allocate']>[0]): Region | undefined {
    return allocateRegion(this.#store, request);
  }
  free(region: Region): void {
    if (region instanceof RegionRecord) freeRegion(this.#store, region);
  }
  regionAt(address: GuestAddress): Region | undefined {
    const offset = uncheckedOffset(this.#store, address, 0);
    return offset === undefined ? undefined : regionAtOffset(this.#store, offset);
  }
  liveRegions(kind: Region['kind']): readonly Region[] {
    return liveRegions(this.#store, kind);
  }

  readU8(address: GuestAddress, further?: number): number {
    const at = readableOffset(this.#store, address, 1, further);
    return this.#store.view.getUint8(at);
  }
  readU16(address: GuestAddress, further?: number): number {
    const at = readableOffset(this.#store, address, 2, further);
    return this.#store.view.getUint16(at, true);
  }
  readU32(address: GuestAddress, further?: number): number {
    const at = readableOffset(this.#store, address, 4, further);
    return this.#store.view.getUint32(at, true);
  }
  readI32(address: GuestAddress, further?: number): number {
    const at = readableOffset(this.#store, address, 4, further);
    return this.#store.view.getInt32(at, true);
  }
  readU64(address: GuestAddress, further?: number): bigint {
    const at = readableOffset(this.#store, address, 8, further);
    const { view } = this.#store;
    // V8 calls its own function for a bigint in a view, and compiles the halves in place.
    return fromWords(view.getInt32(at, true), view.getInt32(at + 4, true));
  }
  readSize(address: GuestAddress, further?: number): number {
    const at = readableOffset(this.#store, address, 8, further);
    const { view } = this.#store;
    return view.getUint32(at + 4, true) * WORD + view.getUint32(at, true);
  }
  readPointer(address: GuestAddress): GuestAddress {
    return this.readU64(address) as GuestAddress;
  }
  readBytes(address: GuestAddress, length: number): Uint8Array {
    const at = readableOffset(this.#store, address, length);
    return this.#store.u8.slice(at, at + length);
  }
  writeU8(address: GuestAddress, value: number, further?: number): void {
    const at = checkedAddress(this.#store, address, 1, 'write', further);
    this.#store.view.setUint8(at, value);
  }
  writeU16(address: GuestAddress, value: number, further?: number): void {
    const at = checkedAddress(this.#store, address, 2, 'write', further);
    this.#store.view.setUint16(at, value, true);
  }
  writeU32(address: GuestAddress, value: number, further?: number): void {
    const at = checkedAddress(this.#store, address, 4, 'write', further);
    this.#store.view.setUint32(at, value, true);
  }
  writeU64(address: GuestAddress, value: bigint | number, further?: number): void {
    const at = checkedAddress(this.#store, address, 8, 'write', further);
    const { view } = this.#store;
    if (typeof value === 'bigint') {
      view.setInt32(at, lowWord(value), true);
      view.setInt32(at + 4, highWord(value), true);
    } else {
      view.setUint32(at, value, true);
      view.setUint32(at + 4, value / WORD, true);
    }
  }
  writePointer(address: GuestAddress, value: bigint): void {
    this.writeU64(address, value);
  }
  writeBytes(address: GuestAddress, bytes: Uint8Array): void {
    const at = checkedAddress(this.#store, address, bytes.length, 'write');
    const { u8 } = this.#store;
    // For a message of usual size the built-in copy takes longer to begin than to do.
    if (bytes.length > SHORT_COPY) u8.set(bytes, at);
    else for (let i = 0; i < bytes.length; i++) u8[at + i] = bytes[i] as number;
  }
  fill(address: GuestAddress, length: number, value: number): void {
    const at = checkedAddress(this.#store, address, length, 'write');
    this.#store.u8.fill(value, at, at + length);
  }
  copy(to: GuestAddress, from: GuestAddress, length: number): void {
    copyBytes(this.#store, to, from, length);
  }
  poison(address: GuestAddress, length: number): void {
    const at = checkedAddress(this.#store, address, length, 'raw');
    markUninitialised(this.#store, at, length);
  }
  watch(address: GuestAddress, length: number): void {
    const at = uncheckedOffset(this.#store, address, length);
    if (at !== undefined) setWatching(this.#store, at, length, 'watch');
  }
  unwatch(address: GuestAddress, length: number): void {
    const at = uncheckedOffset(this.#store, address, length);
    if (at !== undefined) setWatching(this.#store, at, length, 'unwatch');
  }
  firstWatched(address: GuestAddress, length: number): GuestAddress | undefined {
    const at = uncheckedOffset(this.#store, address, length);
    const found = at === undefined ? -1 : firstWatched(this.#store, at, length);
    return at === undefined || found < 0 ? undefined : ((address + BigInt(found - at)) as GuestAddress);
  }
  peek(address: GuestAddress, length: number): Uint8Array | undefined {
    const at = uncheckedOffset(this.#store, address, length);
    if (at === undefined || length < 0 || isUnmapped(this.#store, at, length)) return undefined;
    return this.#store.u8.slice(at, at + length);
  }
  peekPointer(address: GuestAddress): GuestAddress | undefined {
    const at = uncheckedOffset(this.#store, address, 8);
    if (at === undefined || isUnmapped(this.#store, at, 8)) return undefined;
    return this.#store.view.getBigUint64(at, true) as GuestAddress;
  }
  firstDifference(address: GuestAddress, length: number, bytes: Uint8Array, from: number): number {
    const at = uncheckedOffset(this.#store, address, length);
    if (at === undefined || isUnmapped(this.#store, at, length)) return length;
    const { u8 } = this.#store;
    for (let i = 0; i < length; i++) if (u8[at + i] !== bytes[from + i]) return i;
    return length;
  }
  holds(address: GuestAddress, bytes: Uint8Array): boolean {
    const at = uncheckedOffset(this.#store, address, bytes.length);
    if (at === undefined) return false;
    const { u8, shadow8 } = this.#store;
    for (let i = 0; i < bytes.length; i++) {
      if (u8[at + i] !== bytes[i] || ((shadow8[at + i] as number) & UNMAPPED) !== 0) return false;
    }
    return true;
  }
  poke(address: GuestAddress, bytes: Uint8Array): boolean {
    const at = uncheckedOffset(this.#store, address, bytes.length);
    if (at === undefined || isUnmapped(this.#store, at, bytes.length)) return false;
    const { u8, shadow8 } = this.#store;
    u8.set(bytes, at);
    for (let i = at; i < at + bytes.length; i++) shadow8[i] = (shadow8[i] as number) & ~UNINITIALISED;
    return true;
  }
  isPoisoned(address: GuestAddress): boolean {
    const at = uncheckedOffset(this.#store, address, 1);
    if (at === undefined) return false;
    const state = this.#store.shadow8[at] as number;
    return (state & INACCESSIBLE) === 0 && (state & UNINITIALISED) !== 0;
  }
}

const SHORT_COPY = 64;
const WORD = 2 ** 32;

/** As `checkedAddress`; bytes that were never written may be forgiven one by one. */
function readableOffset(store: MemoryStore, address: bigint, size: number, further?: number): number {
  const ordinary = ordinaryOffset(store, address, size, further);
  if (ordinary >= 0) return ordinary;
  for (;;) {
    try {
      return checkedAddress(store, address, size, 'read', further);
    } catch (error) {
      if (!(error instanceof GuestFault) || !forgive(store, error.fault)) throw error;
    }
  }
}

/** True when the fault was a read of what was never written, and that is to be overlooked: the byte is written now. */
function forgive(store: MemoryStore, fault: Fault): boolean {
  if (fault.kind !== 'uninitialised-read' || store.forgives?.(fault) !== true) return false;
  overlookByte(store, fault.address);
  return true;
}

/** From now on the byte counts as written. */
export function overlookByte(store: MemoryStore, address: bigint): void {
  const offset = uncheckedOffset(store, address, 1);
  if (offset !== undefined) store.shadow8[offset] = (store.shadow8[offset] as number) & ~UNINITIALISED;
}

/** Copies bytes with their "never written" state; overlapping ranges are copied as if through a third place. */
export function copyBytes(store: MemoryStore, to: bigint, from: bigint, length: number): void {
  if (length === 0) return;
  const source = checkedAddress(store, from, length, 'raw');
  // Checked as a write last: it changes the target's state, which the copied state then overrides.
  const states = store.shadow8.slice(source, source + length);
  const target = checkedAddress(store, to, length, 'write');
  store.u8.copyWithin(target, source, source + length);
  for (let i = 0; i < length; i++) {
    const own = store.shadow8[target + i] as number;
    store.shadow8[target + i] = (own & KEPT_BITS) | ((states[i] as number) & UNINITIALISED);
  }
}

function markUninitialised(store: MemoryStore, offset: number, length: number): void {
  for (let i = offset; i < offset + length; i++) {
    store.shadow8[i] = (store.shadow8[i] as number) | UNINITIALISED;
  }
}

function liveRegions(store: MemoryStore, kind: Region['kind']): readonly Region[] {
  const live = liveRecords(store.regions).filter((region) => region.kind === kind);
  return live.sort((a, b) => a.serial - b.serial);
}

function isUnmapped(store: MemoryStore, offset: number, length: number): boolean {
  for (let i = offset; i < offset + length; i++) {
    if (((store.shadow8[i] as number) & UNMAPPED) !== 0) return true;
  }
  return false;
}
