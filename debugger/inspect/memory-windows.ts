/**
 * Ranges of memory that the client has looked at, as a window of bytes does. In: each range with the bytes that it was
 * given. Out: a `memory` event for each of them whose bytes are others now, so that a window is never stale. Clients read
 * them anew; of many ranges those that were read last are kept.
 */
import { addressOf } from '../breakpoints/data-breakpoints.ts';
import { type SessionState, standingProgram } from '../state.ts';

export interface MemoryWindow {
  readonly memoryReference: string;
  readonly offset: number;
  readonly count: number;
  /** As the client was given them. */
  readonly data: string;
}

const windowsMax = 64;

export function noteWindow({ windows, client }: SessionState, window: MemoryWindow): void {
  if (!client.understandsMemory) return;
  const key = keyOf(window);
  windows.delete(key);
  windows.set(key, window);
  for (const old of windows.keys()) if (windows.size > windowsMax) windows.delete(old);
}

/** The driver stands somewhere else, or the client has changed something. */
export function tellOfChangedMemory(state: SessionState): void {
  for (const window of state.windows.values()) {
    const { memoryReference, offset, count } = window;
    const data = bytesAt(state, window);
    if (data === window.data) continue;
    state.windows.set(keyOf(window), { ...window, data });
    state.host.send('memory', { memoryReference, offset, count });
  }
}

function bytesAt(state: SessionState, { memoryReference, offset, count }: MemoryWindow): string {
  const { run } = standingProgram(state).debuggee;
  const address = BigInt.asUintN(64, (addressOf(memoryReference) ?? 0n) + BigInt(offset));
  return Buffer.from(run.readMemory(address, count)).toString('base64');
}

function keyOf({ memoryReference, offset, count }: MemoryWindow): string {
  return `${memoryReference} ${offset} ${count}`;
}
