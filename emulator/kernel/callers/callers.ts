/**
 * Runs the programs of a scenario: each in a thread of its own, in a process of its own, one step after the other. A step
 * is a system service; the driver's dispatch routine runs in the program's thread, as on Windows.
 *
 * When a program ends, whether at its last step or because the run ends it, Windows cancels its requests, waits for them,
 * and closes its handles; a request that nobody completes keeps the process, which `reportUnfinished` tells.
 */

import { defined } from '../../../base/assert.ts';
import { type Continuation, type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { closeFileHandle } from '../files/open-files.ts';
import { explainMaster } from '../io/associated-irps.ts';
import { closeDeviceHandle } from '../io/device-files.ts';
import { type RequestRecord, waitForRequest } from '../io/file-requests.ts';
import { cancelRequest } from '../io/irp-cancel.ts';
import { keptStep } from '../io/irps.ts';
import { wakeKey } from '../ke/blocking.ts';
import { setSignal } from '../ke/dispatcher.ts';
import { continueWith, createKernelThread } from '../ke/kernel-threads.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import { endUserModeWait } from '../ke/waits.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, IrpRecord, Kernel } from '../kernel-types.ts';
import { endMappingsOfProcess } from '../mm/user-mappings.ts';
import { isOfProcess } from '../mm/user-memory.ts';
import type { HandleRecord } from '../ob/handle-types.ts';
import { closeHandle, handlesOfProcess } from '../ob/handles.ts';
import { createProcess, systemProcess } from '../ob/process-context.ts';
import { announceProgram, isProgramNews, tellProgramEnds } from '../ob/process-news.ts';
import { addFinding } from '../report.ts';
import { describeHang } from '../verifier/hang.ts';
import { checkOutcome, reportCaller, stepText } from './caller-results.ts';
import { type CallerRecord, callerAt, pause } from './caller-state.ts';
import { doStep } from './caller-steps.ts';
import type { CallerPlan, CallerStep } from './caller-types.ts';

/** Starts the programs: the driver is loaded. */
export function startCallers(kernel: Kernel, plans: readonly CallerPlan[]): void {
  const entry = defined(kernel.machine.functionAddress('IopRunCaller'), 'the entry of a program');
  for (const plan of plans) {
    const { callers } = kernel.parts.callers;
    // A thread of another driver is one of the system's.
    const process = plan.mode === 'user' ? createProcess(kernel, plan.name) : systemProcess(kernel);
    const thread = createKernelThread(kernel, {
      name: plan.name,
      entry,
      arguments: [BigInt(callers.length)],
      kind: 'caller',
      ...(plan.mode === 'user' ? { process } : {}),
      isUserMode: plan.mode === 'user',
    });
    callers.push({
      plan,
      process,
      threadId: thread.id,
      at: 0,
      handles: new Map(),
      operations: new Map(),
      mustEnd: false,
      state: 'runs',
      hasBegun: false,
      hasToldEnd: false,
    });
  }
}

/** The run ends all programs: those that wait wake up and go. True while there is one that has not gone. */
export function endCallers(kernel: Kernel): boolean {
  const { callers } = kernel.parts.callers;
  for (const caller of callers) if (caller.state === 'runs' && !caller.mustEnd) reportUnreached(kernel, caller);
  for (const { process } of callers) endCaller(kernel, process);
  return areCallersLeft(kernel);
}

/** A program that the run ends early has not seen all that the scenario expects it to see: the first such step is told. */
function reportUnreached(kernel: Kernel, caller: CallerRecord): void {
  // A thread that stands in the driver, in a wait that nobody ends, is found as that.
  const wait = kernel.parts.scheduler.threads.get(caller.threadId)?.wait;
  if (wait?.kind === 'objects' && !wait.isUserMode) return;
  const { steps } = caller.plan;
  const current = caller.at - 1;
  const at = steps.findIndex((step, index) => index >= current && expectsMore(caller, step, index === current));
  const step = steps[at];
  if (step === undefined) return;
  const waits = steps[current];
  const why =
    at === current || waits === undefined
      ? 'its request was still pending'
      : `its step ${current + 1} (${stepText(waits)}) was not over`;
  reportCaller(kernel, caller, step, at + 1, 'an answer', `none: ${why} when the run ended the program`);
}

/** Whether the scenario says what must come of a step. What is waited for has its outcome checked where it says a status. */
function expectsMore(caller: CallerRecord, step: CallerStep, isCurrent: boolean): boolean {
  const expect = step.kind === 'wait-for' ? (step.expect ?? operationExpectation(caller, step)) : expectOf(step);
  if (expect === undefined) return false;
  const hasBytes = expect.information !== undefined || expect.output !== undefined;
  if (isCurrent) return hasBytes && expect.status === undefined;
  return hasBytes || (expect.status !== undefined && expect.status !== 'any');
}

/** The program of a process goes; one that has gone, or goes already, stays as it is. */
export function endCaller(kernel: Kernel, process: GuestAddress): void {
  for (const [index, caller] of kernel.parts.callers.callers.entries()) {
    if (caller.process !== process || caller.state !== 'runs' || caller.mustEnd) continue;
    caller.mustEnd = true;
    wakeKey(kernel, `caller ${index}`, 0n);
    endUserModeWait(kernel, kernel.parts.scheduler.threads.get(caller.threadId));
    // Its requests are cancelled from outside, as the end of a process does it.
    for (const record of kernel.parts.io.requests.values())
      if (record.threadId === caller.threadId && record.state !== 'done') cancelRequest(kernel, record);
  }
}

export function areCallersLeft(kernel: Kernel): boolean {
  return kernel.parts.callers.callers.some(({ state }) => state !== 'ended');
}

/** Nothing goes on any more, and programs are still there: each request that keeps one is a finding. */
export function reportUnfinished(kernel: Kernel): void {
  for (const record of kernel.parts.io.requests.values()) {
    if (record.state === 'done') continue;
    const irp = kernel.irps.get(record.irp);
    const thread = kernel.parts.scheduler.threads.get(record.threadId);
    // The program's thread stands in the driver, which waits there for what nobody does; or a work item does, which
    // should have come back.
    const stuck = thread?.wait?.kind === 'objects' ? thread : stuckWorker(kernel);
    if (stuck !== undefined) {
      addFinding(kernel, describeHang(kernel, stuck));
      return;
    }
    if (irp?.lateCancelRoutineAt !== undefined) {
      reportLateRoutine(kernel, irp, record.what);
      return;
    }
    const master = irp === undefined ? undefined : explainMaster(kernel, irp);
    const kept = irp === undefined ? undefined : keptStep(irp);
    const remedy =
      kept === undefined
        ? 'The driver needs a cancel routine, or must complete its requests at IRP_MJ_CLEANUP.'
        : 'Its completion routine kept it by STATUS_MORE_PROCESSING_REQUIRED: whoever does that calls IoCompleteRequest once more, or returns STATUS_CONTINUE_COMPLETION.';
    const what = master ?? remedy;
    kernel.report({
      rule: 'request-never-completed',
      severity: 'error',
      message: `IRP #${record.irpId} (${record.what}) is never completed: its process has been ended and the IRP cancelled, but nobody completes it, so the process stays for ever. ${what}`,
      span: kept?.span ?? irp?.history.findLast(({ span }) => span !== undefined)?.span,
      also: ['0xCB'],
      history: irp === undefined ? [] : irp.history,
    });
    return;
  }
}

/** A worker whose work item waits for ever: it is the system's, and the driver has no right to keep it. */
function stuckWorker(kernel: Kernel): KernelThread | undefined {
  return [...kernel.parts.scheduler.threads.values()].find(
    ({ kind, wait }) => kind === 'worker' && wait?.kind === 'objects' && wait.timeout === undefined,
  );
}

/** The cancel came before the cancel routine: the driver had to look at Irp->Cancel. */
function reportLateRoutine(kernel: Kernel, irp: IrpRecord, what: string): void {
  kernel.report({
    rule: 'cancel-not-checked',
    severity: 'error',
    message: `IRP #${irp.id} (${what}) is never completed: it had been cancelled already when its cancel routine was set here, so nobody calls the routine. Look at Irp->Cancel after IoSetCancelRoutine, and complete the IRP if IoSetCancelRoutine(Irp, NULL) gives the routine back.`,
    span: irp.lateCancelRoutineAt,
    also: ['IrpCancelField', '0xCB'],
    history: irp.history,
  });
}

export const callerApis = {
  IopRunCaller: (kernel, { arguments: args }) => {
    const index = args.int(0);
    const caller = callerAt(kernel, index);
    return caller.plan.afterNs > 0
      ? pause(kernel, index, caller.plan.afterNs, 'starts later')
      : nextStep(kernel, index);
  },
} satisfies KernelApis;

export const callerContinuations = {
  'caller.next': (kernel, _thread, state) => nextStep(kernel, state.caller as number),
  'caller.leave': (kernel, _thread, state) => leave(kernel, state.caller as number),
  /** A synchronous request is over, or its time is. */
  'caller.finished': (kernel, _thread, given) => {
    const { caller: index, request: id, step, number } = given as unknown as FinishedState;
    const caller = callerAt(kernel, index);
    const record = kernel.parts.io.requests.get(id);
    if (record?.hasTimedOut === true && record.state !== 'done') {
      record.hasTimedOut = false;
      reportCaller(kernel, caller, step, number, 'a completion in time', `none: IRP #${record.irpId} is still pending`);
      cancelRequest(kernel, record);
      return waitForRequest(kernel, record, undefined, { name: 'caller.next', state: { caller: index } });
    }
    const expect = step.kind === 'wait-for' ? (step.expect ?? operationExpectation(caller, step)) : expectOf(step);
    // What the end of the program cancels is no answer of the driver's, unless the scenario waits for just that.
    if (record !== undefined && !(caller.mustEnd && expect?.status === undefined))
      checkOutcome(kernel, caller, step, number, outcomeOf(record, given.returned as number | undefined), expect);
    return nextStep(kernel, index);
  },
} satisfies ContinuationTable;

export interface FinishedState {
  readonly caller: number;
  readonly request: number;
  readonly step: CallerStep;
  readonly number: number;
}

/** Result of a request as its program sees it. */
function outcomeOf(record: RequestRecord, returned: number | undefined) {
  return { status: returned ?? record.status, information: record.information, output: record.output };
}

function expectOf(step: CallerStep) {
  return 'expect' in step ? step.expect : undefined;
}

function operationExpectation(caller: CallerRecord, { operation }: { readonly operation: string }) {
  const found = caller.operations.get(operation);
  return found === undefined ? undefined : expectOf(found.step);
}

function nextStep(kernel: Kernel, index: number): NativeResult {
  const caller = callerAt(kernel, index);
  if (!caller.hasBegun && !caller.mustEnd) {
    caller.hasBegun = true;
    if (isProcess(caller) && isProgramNews(kernel))
      return announceProgram(kernel, index, { name: 'caller.next', state: { caller: index } });
  }
  for (;;) {
    const step = caller.mustEnd ? undefined : caller.plan.steps[caller.at];
    if (step === undefined || step.kind === 'exit') {
      caller.state = 'ends';
      return leave(kernel, index);
    }
    caller.at++;
    const result = doStep(kernel, index, step, caller.at);
    if (result !== undefined) return result;
  }
}

/** A driver's thread that calls Zw functions is in no process of its own. */
function isProcess({ plan }: CallerRecord): boolean {
  return plan.mode === 'user';
}

/** What a driver opened for the program, or forgot there, goes with its process. */
function closeLeft(kernel: Kernel, { value, object }: HandleRecord, again: Continuation): NativeResult {
  if (kernel.parts.io.files.has(object)) return closeDeviceHandle(kernel, value, again);
  if (closeFileHandle(kernel, value) === undefined) closeHandle(kernel, value);
  return continueWith(kernel, again, 0n);
}

/** One piece of the end after the other: cancel, wait, close. */
function leave(kernel: Kernel, index: number): NativeResult {
  const caller = callerAt(kernel, index);
  const again: Continuation = { name: 'caller.leave', state: { caller: index } };
  if (caller.hasBegun && !caller.hasToldEnd && isProcess(caller)) {
    caller.hasToldEnd = true;
    if (isProgramNews(kernel)) return tellProgramEnds(kernel, caller.process, again);
  }
  for (const record of kernel.parts.io.requests.values()) {
    if (record.threadId !== caller.threadId || record.state === 'done') continue;
    if (!caller.mustEnd) cancelRequest(kernel, record);
    return waitForRequest(kernel, record, undefined, again);
  }
  for (const operation of caller.operations.values()) {
    const record = kernel.parts.io.requests.get(operation.request);
    const expect = expectOf(operation.step);
    if (operation.isObserved || record === undefined || expect?.status === undefined) continue;
    operation.isObserved = true;
    checkOutcome(kernel, caller, operation.step, operation.stepNumber, outcomeOf(record, undefined), expect);
  }
  for (const [name, handle] of caller.handles) {
    caller.handles.delete(name);
    return closeDeviceHandle(kernel, handle, again);
  }
  if (isProcess(caller)) {
    const left = handlesOfProcess(kernel, caller.process)[0];
    if (left !== undefined) return closeLeft(kernel, left, again);
    endProcess(kernel, caller.process);
  }
  caller.state = 'ended';
  return returnsVoid;
}

/** Its memory goes, and who waits for it hears of it. */
function endProcess(kernel: Kernel, process: GuestAddress): void {
  for (const region of kernel.memory.liveRegions('user')) if (isOfProcess(region, process)) kernel.memory.free(region);
  endMappingsOfProcess(kernel, process);
  setSignal(kernel, process, 1);
}
