/**
 * When what comes from outside happens.
 *
 * It happens where the kernel is at rest and nothing else is due up to that time: a moment that does not depend on the
 * slices in which the run is advanced. So the time and the event are all that a trace must hold, and a run that repeats
 * a record comes to the same rest, at the same statement, before it lets the next event happen.
 *
 * While somebody is outside, virtual time keeps to real time: it goes no further than its owner has allowed (`pass`).
 */

import type { Kernel } from '../kernel/kernel-types.ts';
import { isBridgeOpen, outsideHappened } from '../net/bridge.ts';
import type { OutsideOrder } from '../net/bridge-types.ts';
import { wskState } from '../wsk/state.ts';
import { onWire } from '../wsk/wire.ts';
import { phaseLimitNs, type RunContext } from './context.ts';
import { type OutsideState, outsideDetail, type RunEvent, recordOf } from './outside-state.ts';
import type { Advance, OutsidePort } from './types.ts';

/** The outside end of a run's bridge; undefined where nobody is outside. */
export function outsidePort(context: RunContext): OutsidePort | undefined {
  const { outside, kernel } = context;
  if (outside === undefined) return undefined;
  return {
    get limitNs() {
      return outside.limitNs;
    },
    takeOrders: () => takeOrders(kernel, outside),
    pass: (untilNs, events) => {
      outside.limitNs = Math.max(outside.limitNs, untilNs);
      outside.pending.push(...events);
    },
    takeBack: () => outside.pending.splice(0),
    record: () => [...recordOf(kernel.trace.slice(0)), ...outside.recorded.slice(outside.next)],
    repeat: (recorded) => {
      outside.recorded = recorded;
      outside.pending.length = 0;
    },
  };
}

/** Virtual time past which the kernel must not jump now. */
export function timeLimitNs(context: RunContext): number {
  const { outside, kernel } = context;
  const phaseNs = phaseLimitNs(context);
  if (outside === undefined) return phaseNs;
  const recorded = outside.recorded[outside.next];
  if (recorded !== undefined) return Math.min(phaseNs, recorded.timeNs);
  if (!outside.isLive || outside.isClosed) return phaseNs;
  // What has happened outside comes before everything that is not due yet.
  if (outside.pending.length > 0) return Math.min(phaseNs, kernel.timeNs);
  return isAwaited(context) ? Math.min(phaseNs, outside.limitNs) : phaseNs;
}

/**
 * The kernel is at rest until `nextDueNs`. Lets the next thing from outside happen ('happened'), or says that it has to
 * be waited for. Undefined: nobody outside is concerned.
 */
export function outsideStep(context: RunContext, nextDueNs: number | undefined): Advance | 'happened' | undefined {
  const { outside, kernel } = context;
  if (outside === undefined) return undefined;
  const phaseNs = phaseLimitNs(context);
  const recorded = outside.recorded[outside.next];
  if (recorded !== undefined) {
    if (phaseNs <= recorded.timeNs) return undefined;
    outside.next++;
    if (recorded.timeNs < kernel.timeNs || recorded.statements !== kernel.machine.statements) {
      reportMismatch(kernel, outside.next, recorded.statements);
      outside.next = outside.recorded.length;
      return 'happened';
    }
    happen(context, outside, recorded.event, recorded.timeNs);
    return 'happened';
  }
  if (!outside.isLive || outside.isClosed) return undefined;
  const now = kernel.timeNs;
  const isWaiting = nextDueNs === undefined || nextDueNs > outside.limitNs;
  const atNs = isWaiting ? Math.max(now, outside.limitNs) : now;
  const [event] = outside.pending;
  if (event !== undefined) {
    if (phaseNs <= atNs) return undefined;
    outside.pending.shift();
    outside.next++;
    happen(context, outside, event, atNs);
    return 'happened';
  }
  if (!isAwaited(context) || phaseNs <= outside.limitNs) return undefined;
  return {
    kind: 'waiting',
    nowNs: now,
    untilNs: Math.min(nextDueNs ?? Number.POSITIVE_INFINITY, phaseNs),
    isUnloading: context.phase.kind !== 'entry' && context.phase.kind !== 'adding' && context.phase.kind !== 'loaded',
  };
}

/** At the end: what the record still has did not fit. */
export function checkRecord({ outside, kernel }: RunContext): void {
  const recorded = outside?.recorded[outside.next];
  if (outside !== undefined && recorded !== undefined) reportMismatch(kernel, outside.next + 1, recorded.statements);
}

function takeOrders(kernel: Kernel, outside: OutsideState): ReturnType<OutsidePort['takeOrders']> {
  const { network } = wskState(kernel);
  const orders: readonly OutsideOrder[] = network.bridge?.orders ?? [];
  const first = outside.ordersTaken;
  outside.ordersTaken += orders.length;
  if (network.bridge !== undefined) network.bridge.orders = [];
  return { first, orders };
}

/** Something from outside can still change what happens: a port is open, a connection lives, or the end is awaited. */
function isAwaited({ kernel, phase }: RunContext): boolean {
  if (phase.kind === 'loaded' && phase.untilNs === Number.POSITIVE_INFINITY) return true;
  return isBridgeOpen(wskState(kernel).network);
}

function happen(context: RunContext, outside: OutsideState, event: RunEvent, atNs: number): void {
  const { kernel } = context;
  kernel.timeNs = atNs as Kernel['timeNs'];
  kernel.emit(outsideDetail(event));
  switch (event.kind) {
    case 'unload':
      outside.wantsUnload = true;
      if (context.phase.kind === 'loaded') context.phase = { kind: 'loaded', untilNs: atNs };
      return;
    case 'close': {
      outside.isClosed = true;
      const { bridge } = wskState(kernel).network;
      if (bridge !== undefined) bridge.isClosed = true;
      return;
    }
    default:
      onWire(kernel, (network) => outsideHappened(network, event));
  }
}

function reportMismatch(kernel: Kernel, at: number, statements: number): void {
  kernel.report({
    rule: 'replay-mismatch',
    severity: 'error',
    message:
      `The record does not fit this run: number ${at} of what came from outside came after ${statements} statements, ` +
      `but the run is at rest after ${kernel.machine.statements}. Replay with the source, scenario, seed and version it was recorded with.`,
  });
}
