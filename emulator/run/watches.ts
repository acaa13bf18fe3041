/**
 * Memory that a debugger watches. In: places. Out: before which statement one of them is no longer what it was.
 *
 * The machine asks before every statement while there are any, so that whatever the driver, the kernel or a completion
 * has written since the last statement is seen, by whom ever. What the memory was is part of the run's state: a run that
 * is put back to an earlier moment sees the same changes again.
 */
import type { GuestMemory } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { RunContext, Stepping } from './context.ts';
import type { Watch } from './types.ts';

export interface Watched {
  readonly watch: Watch;
  /** Undefined while there is no such memory. */
  last: Uint8Array | undefined;
}

/** Those that were watched before go on from what they were last. */
export function setWatches({ kernel, stepping }: RunContext, watches: readonly Watch[]): void {
  const before = stepping.watches;
  stepping.watches = watches.map((watch) => {
    const same = before.find((one) => isSame(one.watch, watch));
    return same ?? { watch, last: current(kernel.memory, watch) };
  });
  stepping.changed = [];
  kernel.machine.pauseAlways = isAsked(stepping);
}

/** Whether the machine is to ask before every statement. */
function isAsked({ watches, step, call, isPauseRequested }: Stepping): boolean {
  return watches.length > 0 || step !== undefined || call !== undefined || isPauseRequested;
}

/** Whether one has changed since it was asked last; `takeChanged` says which. */
export function hasChanged({ kernel, stepping }: RunContext): boolean {
  let isChanged = false;
  const { watches } = stepping;
  // Asked before every statement: nothing is made for it.
  for (let index = 0; index < watches.length; index++) {
    const one = watches[index] as Watched;
    if (one.last !== undefined && kernel.memory.holds(one.watch.address as GuestAddress, one.last)) continue;
    const next = current(kernel.memory, one.watch);
    if (next === undefined && one.last === undefined) continue;
    const isNeighbour = bitsOf(one.watch, next) === bitsOf(one.watch, one.last) && one.watch.bits !== undefined;
    one.last = next;
    if (isNeighbour) continue;
    stepping.changed.push(index);
    isChanged = true;
  }
  return isChanged;
}

/** Indices of what has changed since this was called last. */
export function takeChanged({ stepping }: RunContext): readonly number[] {
  const { changed } = stepping;
  stepping.changed = [];
  return [...new Set(changed)];
}

function isSame(a: Watch, b: Watch): boolean {
  const areBits = a.bits?.offset === b.bits?.offset && a.bits?.width === b.bits?.width;
  return a.address === b.address && a.bytes === b.bytes && areBits;
}

/** A bit-field's value in the bytes that hold it; undefined of everything else. */
function bitsOf({ bits }: Watch, bytes: Uint8Array | undefined): bigint | undefined {
  if (bits === undefined || bytes === undefined) return undefined;
  const all = bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return BigInt.asUintN(bits.width, all >> BigInt(bits.offset));
}

function current(memory: GuestMemory, { address, bytes }: Watch): Uint8Array | undefined {
  return memory.peek(address as GuestAddress, bytes);
}

/** A page at a time, and byte by byte in the one that is not whole. Ends because what is asked for does. */
export function readMemory({ kernel: { memory } }: RunContext, address: bigint, bytes: number): Uint8Array {
  const read: number[] = [];
  while (read.length < bytes) {
    const at = (address + BigInt(read.length)) as GuestAddress;
    const found = memory.peek(at, Math.min(4096, bytes - read.length)) ?? memory.peek(at, 1);
    if (found === undefined) break;
    for (const byte of found) read.push(byte);
  }
  return Uint8Array.from(read);
}
