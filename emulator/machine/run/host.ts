/** What the interpreter calls when something is not ordinary: checked memory access, calls, faults. */
import { assert } from '../../../base/assert.ts';
import { signaturesAgree } from '../compile/call.ts';
import { GuestFault, operationFault } from '../faults.ts';
import { checkedOffset } from '../memory/access.ts';
import { copyBytes, markUninitialised } from '../memory/guest-memory.ts';
import { fromWords } from '../memory/layout.ts';
import { RED_ZONE, UNINITIALISED } from '../memory/shadow.ts';
import type { GuestAddress } from '../native.ts';
import type { VmHost } from '../vm/host.ts';
import { callNative, functionIndex } from './natives.ts';
import type { MachineState } from './state.ts';

export function createHost(m: MachineState): VmHost {
  let everyStatement: Uint8Array | undefined;
  return {
    left: 0,
    get memory() {
      return m.store;
    },
    get marks() {
      if (!m.pauseAlways) return m.pauseMarks;
      everyStatement ??= new Uint8Array(m.pauseMarks.length).fill(1);
      return everyStatement;
    },
    read: (low, high, size) => checkedOffset(m.store, low, high, size, 'read'),
    write: (low, high, size) => checkedOffset(m.store, low, high, size, 'write'),
    raw: (low, high, size) => checkedOffset(m.store, low, high, size, 'raw'),
    copy: (toLow, toHigh, fromLow, fromHigh, size) =>
      copyBytes(m.store, fromWords(toLow, toHigh), fromWords(fromLow, fromHigh), size),
    poison: (offset, size) => markUninitialised(m.store, offset, size),
    reserve: (top, low, high) => {
      const thread = m.current;
      assert(thread !== undefined, 'the stack of the thread that runs');
      const size = high === 0 ? low >>> 0 : Number.POSITIVE_INFINITY;
      if (thread.fp * 4 + thread.used + size > thread.stackSize || top - size - 8192 < thread.stackStart) {
        throw operationFault('stack-overflow', '_alloca');
      }
      const start = (top - size - 32) & ~15;
      m.store.shadow8.fill(RED_ZONE, start - 16, top);
      m.store.shadow8.fill(UNINITIALISED, start, start + size);
      return start - 16;
    },
    target: (low, high, site) => {
      const address = fromWords(low, high) as GuestAddress;
      const index = functionIndex(m, address);
      const routine = m.code.at(index)?.routine;
      const shape = m.program.calls[site];
      if (routine !== undefined && shape !== undefined && !signaturesAgree(shape.signature, routine.signature)) {
        throw operationFault('call-mismatch', routine.name, address);
      }
      return index;
    },
    isGuest: (index) => m.code.at(index)?.routine !== undefined,
    native: (index, window, _count, site) => {
      assert(m.current !== undefined, 'a native is called by the thread that runs');
      return callNative(m, m.current, index, window, site);
    },
    fail: (kind, operand) => {
      throw operationFault(kind, kind === 'stack-overflow' ? (m.code.at(operand)?.name ?? '') : '');
    },
    trap: (index) => {
      const trap = m.program.traps[index];
      throw operationFault(
        trap?.kind === 'breakpoint' ? 'breakpoint-instruction' : 'unreachable-code',
        trap?.detail ?? '',
      );
    },
    uninitialised: (name) => {
      throw new GuestFault({
        kind: 'uninitialised-read',
        access: 'read',
        address: 0n as GuestAddress,
        size: 0,
        detail: m.program.checkedNames[name] ?? '',
        region: undefined,
      });
    },
  };
}
