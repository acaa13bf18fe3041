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
  /** ExDeleteTimer has been called for it: what is told when it is gone, which is after its last expiry. */
  deletion?: { readonly callback: GuestAddress; readonly context: bigint };
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
    if (isDeleted(kernel, args.pointer(0))) return returns(0);
    // The period is in units of 100 ns, that of KeSetTimerEx in milliseconds.
    const periodMs = Number(args.int64(2)) / 10_000;
    return setTimer(kernel, name, args.pointer(0), args.int64(1), periodMs, NULL_ADDRESS);
  },
  ExCancelTimer: (kernel, { name, arguments: args }) =>
    checkTimer(kernel, name, args.pointer(0)) ??
    returns(!isDeleted(kernel, args.pointer(0)) && cancelTimer(kernel, args.pointer(0)) ? 1 : 0),
  ExDeleteTimer: (kernel, { name, arguments: args }) => {
    const timer = args.pointer(0);
    const [isCancel, isWait] = [args.bool(1), args.bool(2)];
    const bad = checkTimer(kernel, name, timer);
    if (bad !== undefined) return bad;
    if (isWait && !isCancel) return reportWait(kernel, name, timer);
    const record = kernel.parts.exTimers.get(timer);
    if (record === undefined || record.deletion !== undefined) return returns(0);
    record.deletion = deletionOf(kernel, args.pointer(3));
    const isSet = kernel.parts.timers.get(timer)?.eventId !== undefined;
    if (!isCancel && isSet && record.callback !== NULL_ADDRESS) return returns(0);
    const wasSet = cancelTimer(kernel, timer);
    endTimer(kernel, record);
    return returns(isCancel && wasSet ? 1 : 0);
  },
} satisfies KernelApis;

export const exTimerContinuations = {
  'ex.timer-expired': (kernel, _thread, state) => {
    const record = kernel.parts.exTimers.get(state.timer as GuestAddress);
    if (record === undefined) return returnsVoid;
    const then: Continuation = { name: 'ex.timer-ran', state: { timer: record.address } };
    const values = [record.address, record.context];
    return { kind: 'call', target: record.callback, arguments: values, frameLabel: 'ExpTimerDpc', then };
  },
  'ex.timer-ran': (kernel, _thread, state) => {
    const record = kernel.parts.exTimers.get(state.timer as GuestAddress);
    if (record?.deletion !== undefined) endTimer(kernel, record);
    return returnsVoid;
  },
  'ex.timer-deleted': (_kernel, _thread, state) => {
    const then: Continuation = { name: 'kernel.done', state: {} };
    const target = state.callback as GuestAddress;
    return { kind: 'call', target, arguments: [state.context as bigint], frameLabel: 'ExDeleteTimer', then };
  },
} satisfies ContinuationTable;

/** From ExDeleteTimer on it can be neither set nor cancelled, although it may still expire. */
function isDeleted(kernel: Kernel, timer: GuestAddress): boolean {
  return kernel.parts.exTimers.get(timer)?.deletion !== undefined;
}

function deletionOf(kernel: Kernel, parameters: GuestAddress): NonNullable<ExTimerRecord['deletion']> {
  if (parameters === NULL_ADDRESS) return { callback: NULL_ADDRESS, context: 0n };
  const view = kernel.view('EXT_DELETE_PARAMETERS', parameters);
  return { callback: view.getPointer('DeleteCallback'), context: view.get('DeleteContext') };
}

function endTimer(kernel: Kernel, { address, deletion }: ExTimerRecord): void {
  cancelTimer(kernel, address);
  kernel.parts.exTimers.delete(address);
  kernel.parts.timers.delete(address);
  dereferenceObject(kernel, address);
  if (deletion === undefined || deletion.callback === NULL_ADDRESS) return;
  const step = { name: 'ex.timer-deleted', state: { ...deletion } };
  kernel.schedule({ afterNs: 0, irql: 2, label: 'ExDeleteTimer callback', step });
}

function reportWait(kernel: Kernel, call: string, timer: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'timer-delete-waits',
    severity: 'error',
    message: `${call} is called with Wait TRUE and Cancel FALSE: Windows stops there. Let it cancel the timer too.`,
    bugCheck: bugCheck('TIMER_OR_DPC_INVALID', 0, timer, 0, 0),
  });
}

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
