/** The memory that natives and debuggers see: reads and writes by address over the store, with checks. */
import { GuestFault } from '../faults.ts';
import type { Fault, GuestMemory, Region } from '../machine-types.ts';
import type { GuestAddress } from '../native.ts';
import { checkedAddress, ordinaryOffset, uncheckedOffset } from './access.ts';
import { liveRecords } from './region-index.ts';
import { RegionRecord } from './region-record.ts';
import { allocateRegion, freeRegion, KEPT_BITS, regionAtOffset } from './regions.ts';
import { INACCESSIBLE, UNINITIALISED, UNMAPPED } from './shadow.ts';
import type { MemoryStore } from './store.ts';

export function createGuestMemory(store: MemoryStore): GuestMemory {
  const at = (address: bigint, size: number, further?: number): number => readableOffset(store, address, size, further);
  const into = (address: bigint, size: number, further?: number): number =>
    checkedAddress(store, address, size, 'write', further);
  return {
    allocate: (request) => allocateRegion(store, request),
    free: (region) => {
      if (region instanceof RegionRecord) freeRegion(store, region);
    },
    regionAt: (address) => {
      const offset = uncheckedOffset(store, address, 0);
      return offset === undefined ? undefined : regionAtOffset(store, offset);
    },
    liveRegions: (kind) => liveRegions(store, kind),

    readU8: (address, further) => store.view.getUint8(at(address, 1, further)),
    readU16: (address, further) => store.view.getUint16(at(address, 2, further), true),
    readU32: (address, further) => store.view.getUint32(at(address, 4, further), true),
    readI32: (address, further) => store.view.getInt32(at(address, 4, further), true),
    readU64: (address, further) => store.view.getBigUint64(at(address, 8, further), true),
    readPointer: (address) => store.view.getBigUint64(at(address, 8), true) as GuestAddress,
    readBytes: (address, length) => {
      const offset = at(address, length);
      return store.u8.slice(offset, offset + length);
    },
    writeU8: (address, value, further) => store.view.setUint8(into(address, 1, further), value),
    writeU16: (address, value, further) => store.view.setUint16(into(address, 2, further), value, true),
    writeU32: (address, value, further) => store.view.setUint32(into(address, 4, further), value, true),
    writeU64: (address, value, further) => store.view.setBigUint64(into(address, 8, further), value, true),
    writePointer: (address, value) => store.view.setBigUint64(into(address, 8), value, true),
    writeBytes: (address, bytes) => store.u8.set(bytes, into(address, bytes.length)),
    fill: (address, length, value) => {
      const offset = into(address, length);
      store.u8.fill(value, offset, offset + length);
    },
    copy: (to, from, length) => copyBytes(store, to, from, length),
    poison: (address, length) => {
      const offset = checkedAddress(store, address, length, 'raw');
      markUninitialised(store, offset, length);
    },
    peek: (address, length) => {
      const offset = uncheckedOffset(store, address, length);
      if (offset === undefined || length < 0 || isUnmapped(store, offset, length)) return undefined;
      return store.u8.slice(offset, offset + length);
    },
    poke: (address, bytes) => {
      const offset = uncheckedOffset(store, address, bytes.length);
      if (offset === undefined || isUnmapped(store, offset, bytes.length)) return false;
      store.u8.set(bytes, offset);
      for (let i = offset; i < offset + bytes.length; i++) {
        store.shadow8[i] = (store.shadow8[i] as number) & ~UNINITIALISED;
      }
      return true;
    },
    isPoisoned: (address) => {
      const offset = uncheckedOffset(store, address, 1);
      if (offset === undefined) return false;
      const state = store.shadow8[offset] as number;
      return (state & INACCESSIBLE) === 0 && (state & UNINITIALISED) !== 0;
    },
  };
}

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

export function markUninitialised(store: MemoryStore, offset: number, length: number): void {
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
