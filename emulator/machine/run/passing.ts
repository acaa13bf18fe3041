/**
 * Small records by value: they travel in a register, which has no room for the state of their bytes.
 *
 * In: a record in memory that becomes an argument, and later the callee's frame that takes it. Which bytes were never
 * written is noted beside the register on the way; a member that the caller left out is found where the callee reads it.
 */
import { checkedOffset } from '../memory/access.ts';
import { UNINITIALISED } from '../memory/shadow.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { ThreadState } from './thread.ts';

/** Positions of registers are in words; a record has 1, 2, 4 or 8 bytes. */
export function passRecord(
  store: MemoryStore,
  thread: ThreadState,
  o: { readonly register: number; readonly address: number; readonly size: number },
): void {
  const { words } = thread;
  const at = checkedOffset(store, words[o.address] ?? 0, words[o.address + 1] ?? 0, o.size, 'raw');
  let bits = 0n;
  const unwritten: number[] = [];
  for (let i = 0; i < o.size; i++) {
    bits |= BigInt(store.u8[at + i] ?? 0) << BigInt(8 * i);
    if (((store.shadow8[at + i] ?? 0) & UNINITIALISED) !== 0) unwritten.push(i);
  }
  thread.longs[o.register >> 1] = bits;
  if (unwritten.length > 0) thread.unwritten.set(o.register, unwritten);
  else thread.unwritten.delete(o.register);
}

/** `offset` is that of the parameter in the callee's frame, which is its own to write. */
export function receiveRecord(
  store: MemoryStore,
  thread: ThreadState,
  o: { readonly register: number; readonly offset: number; readonly size: number },
): void {
  const bits = thread.longs[o.register >> 1] ?? 0n;
  for (let i = 0; i < o.size; i++) store.u8[o.offset + i] = Number((bits >> BigInt(8 * i)) & 0xffn);
  store.shadow8.fill(0, o.offset, o.offset + o.size);
  for (const i of thread.unwritten.get(o.register) ?? []) store.shadow8[o.offset + i] = UNINITIALISED;
  thread.unwritten.delete(o.register);
}
