/** What the interpreter calls when something is not ordinary: checked memory access, calls, faults. */
import { assert, defined } from '../../../base/assert.ts';
import { functionText, typeText } from '../../../cfront/types/text.ts';
import { fitsParameter, signaturesAgree } from '../compile/call.ts';
import { GuestFault, operationFault } from '../faults.ts';
import { guestOffset } from '../memory/access.ts';
import { copyBytes } from '../memory/guest-memory.ts';
import { fromWords, highWord, kernelAddress, lowWord, returnAddress } from '../memory/layout.ts';
import { RED_ZONE, UNINITIALISED } from '../memory/shadow.ts';
import type { GuestAddress } from '../native.ts';
import { WORDS } from '../opcodes.ts';
import type { CallShape, Routine } from '../program.ts';
import type { VmHost } from '../vm/host.ts';
import { computeBuiltin } from './builtins.ts';
import { callNative, functionIndexOf } from './natives.ts';
import { passRecord, receiveRecord } from './passing.ts';
import { stackNeed } from './stack-use.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';
import { checkVariadic } from './variadic.ts';

const TRAP_KINDS = {
  breakpoint: 'breakpoint-instruction',
  unreachable: 'unreachable-code',
  unsupported: 'not-supported',
  'fast-fail': 'fast-fail',
} as const;

export function createHost(m: MachineState): VmHost {
  let everyStatement: Uint8Array | undefined;
  const running = (): ThreadState => defined(m.current, 'the thread that runs');
  return {
    left: 0,
    returnedAt: -1,
    memory: m.store,
    isWatched: () => m.pauseAlways || m.hasMarks,
    marks: () => {
      if (!m.pauseAlways) return m.pauseMarks;
      everyStatement ??= new Uint8Array(m.pauseMarks.length).fill(1);
      return everyStatement;
    },
    read: (low, high, size) => guestOffset(m.store, low, high, size, 'read'),
    write: (low, high, size) => guestOffset(m.store, low, high, size, 'write'),
    raw: (low, high, size) => guestOffset(m.store, low, high, size, 'raw'),
    copy: (toLow, toHigh, fromLow, fromHigh, size) =>
      copyBytes(m.store, fromWords(toLow, toHigh), fromWords(fromLow, fromHigh), size),
    shift: (pc, count, bits) => {
      if (!m.overlooked.has(pc)) throw operationFault('shift-out-of-range', String(count), undefined, bits / 8);
    },
    bound: (low, high, length) => {
      const index = BigInt.asIntN(64, fromWords(low, high));
      throw operationFault('index-out-of-bounds', `index ${index} of an array of ${length}`);
    },
    caller: (register, controlTop, what) => {
      const thread = running();
      const back = thread.control[controlTop - 5] ?? -1;
      const top = thread.control[controlTop - 2] ?? 0;
      const address = what === 0 ? returnAddress(back < 0 ? undefined : back / WORDS) : kernelAddress(top - 8);
      thread.words[register] = lowWord(address);
      thread.words[register + 1] = highWord(address);
    },
    variadic: (low, high, wanted) => checkVariadic(m, running(), low, high, wanted),
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
      const index = functionIndexOf(m, low, high);
      const routine = m.code.at(index)?.routine;
      const shape = m.program.calls[site];
      if (routine !== undefined && shape !== undefined && !signaturesAgree(shape.signature, routine.signature)) {
        throw operationFault('call-mismatch', mismatchText(shape, routine), fromWords(low, high) as GuestAddress);
      }
      return index;
    },
    isGuest: (index) => m.code.at(index)?.routine !== undefined,
    pass: (register, address, size) => passRecord(m.store, running(), { register, address, size }),
    receive: (offset, register, size) => receiveRecord(m.store, running(), { register, offset, size }),
    native: (index, window, _count, site) => {
      assert(m.current !== undefined, 'a native is called by the thread that runs');
      return callNative(m, m.current, index, window, site);
    },
    fail: (kind, operand) => {
      throw operationFault(kind, kind === 'stack-overflow' ? calleeNeed(m, operand) : '');
    },
    builtin: (register, which) => computeBuiltin(m.store, running().longs.subarray(register >> 1), which),
    trap: (index) => {
      const trap = defined(m.program.traps[index], 'a trap of the program');
      throw operationFault(TRAP_KINDS[trap.kind], trap.detail);
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

/**
 * Both prototypes and where they part: "called as `int ()`, defined as `int g(int a)`: it is given 3 arguments and
 * takes 1".
 */
function mismatchText({ calleeType, signature }: CallShape, { symbol, name, signature: defined }: Routine): string {
  const both = `called as \`${typeText(calleeType)}\`, defined as \`${functionText(symbol.type, name)}\``;
  const given = signature.parameters.length;
  const taken = defined.parameters.length;
  const isWrongCount = defined.isVariadic ? given < taken : given !== taken;
  if (isWrongCount) {
    const wanted = `${defined.isVariadic ? 'at least ' : ''}${taken === 0 ? 'none' : taken}`;
    return `${both}; it is given ${given === 0 ? 'no arguments' : given === 1 ? '1 argument' : `${given} arguments`} and takes ${wanted}`;
  }
  const at = defined.parameters.findIndex((parameter, i) => !fitsParameter(signature.parameters[i] ?? '', parameter));
  return at < 0 ? `${both}; the results differ` : `${both}; argument ${at + 1} is of another kind`;
}

function calleeNeed(m: MachineState, index: number): string {
  const routine = m.code.at(index)?.routine;
  return routine === undefined ? '' : stackNeed(routine);
}
