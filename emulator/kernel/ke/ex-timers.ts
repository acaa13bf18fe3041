/** Timers of the executive: allocated by the system, they call back at DISPATCH_LEVEL. */
import type { Span } from '../../../base/source.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import { currentSpan, describeAddress } from '../places.ts';
import { createDispatcher } from './dispatcher.ts';
import { cancelTimer, setTimer } from './timers.ts';

/** What ExAllocateTimer made: a timer object whose expiry calls the driver. */
export interface ExTimerRecord {
  readonly address: GuestAddress;
  readonly callback: GuestAddress;
  readonly context: bigint;
  readonly allocatedAt: Span | undefined;
}

const notificationTimer = 0x80000000;

export const exTimerApis = {
  ExAllocateTimer: (kernel, { arguments: args }) => {
    const timer = createObject(kernel, 'timer', 'EX_TIMER', kernel.types.sizeOf('KTIMER'));
    const isNotification = (args.uint(2) & notificationTimer) !== 0;
    createDispatcher(kernel, timer, isNotification ? 'notification timer' : 'synchronization timer', 0);
    const record = { address: timer, callback: args.pointer(0), context: args.uint64(1) };
    kernel.parts.exTimers.set(timer, { ...record, allocatedAt: currentSpan(kernel) });
    const idle = { eventId: undefined, periodNs: 0, dpc: NULL_ADDRESS, setAt: undefined };
    kernel.parts.timers.set(timer, { address: timer, ...idle });
    return returns(timer);
  },
  ExSetTimer: (kernel, { name, arguments: args }) => {
    const bad = checkTimer(kernel, name, args.pointer(0));
    if (bad !== undefined) return bad;
    // The period is in units of 100 ns, that of KeSetTimerEx in milliseconds.
    const periodMs = Number(args.int64(2)) / 10_000;
    return setTimer(kernel, name, args.pointer(0), args.int64(1), periodMs, NULL_ADDRESS);
  },
  ExCancelTimer: (kernel, { name, arguments: args }) =>
    checkTimer(kernel, name, args.pointer(0)) ?? returns(cancelTimer(kernel, args.pointer(0)) ? 1 : 0),
  ExDeleteTimer: (kernel, { name, arguments: args }) => {
    const timer = args.pointer(0);
    const bad = checkTimer(kernel, name, timer);
    if (bad !== undefined) return bad;
    const wasSet = cancelTimer(kernel, timer);
    kernel.parts.exTimers.delete(timer);
    kernel.parts.timers.delete(timer);
    dereferenceObject(kernel, timer);
    const parameters = args.pointer(3);
    if (parameters !== 0n) {
      const view = kernel.view('EXT_DELETE_PARAMETERS', parameters);
      const state = { callback: view.getPointer('DeleteCallback'), context: view.get('DeleteContext') };
      const step = { name: 'ex.timer-deleted', state };
      if (state.callback !== 0n) kernel.schedule({ afterNs: 0, irql: 2, label: 'ExDeleteTimer callback', step });
    }
    return returns(wasSet ? 1 : 0);
  },
} satisfies KernelApis;

export const exTimerContinuations = {
  'ex.timer-expired': (kernel, _thread, state) => {
    const record = kernel.parts.exTimers.get(state.timer as GuestAddress);
    if (record === undefined) return returnsVoid;
    const then: Continuation = { name: 'kernel.done', state: {} };
    const values = [record.address, record.context];
    return { kind: 'call', target: record.callback, arguments: values, frameLabel: 'ExpTimerDpc', then };
  },
  'ex.timer-deleted': (_kernel, _thread, state) => {
    const then: Continuation = { name: 'kernel.done', state: {} };
    const target = state.callback as GuestAddress;
    return { kind: 'call', target, arguments: [state.context as bigint], frameLabel: 'ExDeleteTimer', then };
  },
} satisfies ContinuationTable;

function checkTimer(kernel: Kernel, call: string, timer: GuestAddress): NativeResult | undefined {
  kernel.memory.readU8(timer);
  if (kernel.parts.exTimers.has(timer)) return undefined;
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, timer)}, which ExAllocateTimer has not returned.`,
    bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 0, timer, 0, 0),
  });
}
