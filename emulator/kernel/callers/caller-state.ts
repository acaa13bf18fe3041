/** What the kernel knows of the programs of a scenario while they run. */
import { assert, defined } from '../../../base/assert.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { blockOnKey, currentThread } from '../ke/blocking.ts';
import { scheduleAt } from '../ke/timed-events.ts';
import type { Kernel } from '../kernel-types.ts';
import type { CallerPlan, CallerStep } from './caller-types.ts';

/** An asynchronous request by the name that the program gave it. */
export interface Operation {
  readonly name: string;
  readonly request: number;
  readonly step: CallerStep;
  readonly stepNumber: number;
  isObserved: boolean;
}

export interface CallerRecord {
  readonly plan: CallerPlan;
  readonly process: GuestAddress;
  threadId: number;
  /** Index of the next step. */
  at: number;
  /** Open handles by name; the latest comes last. */
  readonly handles: Map<string, bigint>;
  readonly operations: Map<string, Operation>;
  /** The run ends the program at its next chance. */
  mustEnd: boolean;
  state: 'runs' | 'ends' | 'ended';
  /** Its process has begun; and the driver has heard of its end. */
  hasBegun: boolean;
  hasToldEnd: boolean;
}

export interface CallerState {
  readonly callers: CallerRecord[];
}

export function createCallerState(): CallerState {
  return { callers: [] };
}

export function callerAt(kernel: Kernel, index: number): CallerRecord {
  return defined(kernel.parts.callers.callers[index], 'a program of the scenario');
}

/** Does nothing for a while; the end of the program ends that too. */
export function pause(kernel: Kernel, index: number, ns: number, reason: string): NativeResult {
  const thread = currentThread(kernel);
  const timeout = scheduleAt(kernel, kernel.timeNs + ns, { kind: 'wait-timeout', threadId: thread.id });
  const result = blockOnKey(kernel, `caller ${index}`, reason, { name: 'caller.next', state: { caller: index } });
  assert(thread.wait?.kind === 'key', 'the thread waits');
  thread.wait = { ...thread.wait, timeout };
  return result;
}
