/** Timers: set, cancelled, expired in virtual time; an expired one is signalled and queues its DPC. */

import type { Span } from '../../../base/source.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan, functionName } from '../places.ts';
import { checkNewObject } from '../verifier/lock-checks.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';
import { createDispatcher, setSignal, signalState } from './dispatcher.ts';
import { queueDpc } from './dpcs.ts';
import { checkInitialised } from './events.ts';
import { cancelTimed, scheduleAt } from './timed-events.ts';
import { deadlineOf } from './waits.ts';

export interface TimerRecord {
  readonly address: GuestAddress;
  /** Due, as an event of the scheduler; undefined while it is not set. */
  eventId: number | undefined;
  periodNs: number;
  dpc: GuestAddress;
  setAt: Span | undefined;
}

const timerKinds = ['notification timer', 'synchronization timer'] as const;

export const timerApis = {
  KeInitializeTimer: (kernel, { name, arguments: args }) => initialiseTimer(kernel, name, args.pointer(0), 0),
  KeInitializeTimerEx: (kernel, { name, arguments: args }) =>
    initialiseTimer(kernel, name, args.pointer(0), args.int(1)),
  KeSetTimer: (kernel, { name, arguments: args }) =>
    setTimer(kernel, name, args.pointer(0), args.int64(1), 0, args.pointer(2)),
  KeSetTimerEx: (kernel, { name, arguments: args }) =>
    setTimer(kernel, name, args.pointer(0), args.int64(1), args.int(2), args.pointer(3)),
  KeSetCoalescableTimer: (kernel, { name, arguments: args }) =>
    setTimer(kernel, name, args.pointer(0), args.int64(1), args.int(2), args.pointer(4)),
  KeCancelTimer: (kernel, { arguments: args }) =>
    checkInitialised(kernel, 'KeCancelTimer', args.pointer(0), timerKinds) ??
    returns(cancelTimer(kernel, args.pointer(0)) ? 1 : 0),
  KeReadStateTimer: (kernel, { arguments: args }) =>
    checkInitialised(kernel, 'KeReadStateTimer', args.pointer(0), timerKinds) ??
    returns(signalState(kernel, args.pointer(0)) > 0 ? 1 : 0),
} satisfies KernelApis;

/** The scheduler found a timer due. */
export function expireTimer(kernel: Kernel, address: GuestAddress): void {
  const timer = kernel.parts.timers.get(address);
  if (timer === undefined) return;
  timer.eventId =
    timer.periodNs > 0
      ? scheduleAt(kernel, kernel.timeNs + timer.periodNs, { kind: 'timer', timer: address })
      : undefined;
  setSignal(kernel, address, 1);
  if (timer.dpc !== 0n) queueDpc(kernel, timer.dpc, 0n, 0n);
  const callback = kernel.parts.exTimers.get(address)?.callback ?? NULL_ADDRESS;
  if (callback !== 0n) {
    const step = { name: 'ex.timer-expired', state: { timer: address } };
    kernel.schedule({ afterNs: 0, irql: 2, label: `timer ${functionName(kernel, callback)}`, step });
  }
}

/** True when it was set. */
export function cancelTimer(kernel: Kernel, address: GuestAddress): boolean {
  const timer = kernel.parts.timers.get(address);
  if (timer?.eventId === undefined) return false;
  cancelTimed(kernel, timer.eventId);
  timer.eventId = undefined;
  return true;
}

function initialiseTimer(kernel: Kernel, call: string, timer: GuestAddress, type: number): NativeResult {
  const bad = checkPageable(kernel, call, timer) ?? checkNewObject(kernel, call, timer);
  if (bad !== undefined) return bad;
  kernel.memory.fill(timer, kernel.types.sizeOf('KTIMER'), 0);
  createDispatcher(kernel, timer, type === 0 ? 'notification timer' : 'synchronization timer', 0);
  kernel.parts.timers.set(timer, {
    address: timer,
    eventId: undefined,
    periodNs: 0,
    dpc: 0n as GuestAddress,
    setAt: undefined,
  });
  return returnsVoid;
}

/** Sets a timer anew; returns whether it was set before. */
export function setTimer(
  kernel: Kernel,
  call: string,
  address: GuestAddress,
  dueTime: bigint,
  periodMs: number,
  dpc: GuestAddress,
): NativeResult {
  const bad = checkInitialised(kernel, call, address, timerKinds);
  if (bad !== undefined) return bad;
  const timer = kernel.parts.timers.get(address);
  if (timer === undefined) return returns(0);
  const wasSet = cancelTimer(kernel, address);
  kernel.view('DISPATCHER_HEADER', address).set('SignalState', 0);
  const due = deadlineOf(kernel, dueTime);
  const dueNs = typeof due === 'object' ? due.dueNs : kernel.timeNs;
  timer.periodNs = Math.max(0, periodMs) * 1e6;
  timer.dpc = dpc;
  timer.setAt = currentSpan(kernel);
  timer.eventId = scheduleAt(kernel, dueNs, { kind: 'timer', timer: address });
  const view = kernel.view('KTIMER', address);
  view.set('Dpc', dpc);
  view.set('Period', Math.max(0, periodMs));
  return returns(wasSet ? 1 : 0);
}
