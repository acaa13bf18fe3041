/**
 * Decides what runs next, and runs it for a while.
 *
 * Interrupt contexts that are due run before any thread below DISPATCH_LEVEL; a thread at or above it goes on until it
 * lowers its IRQL. Otherwise a thread goes on until it blocks or its quantum is used up, and the ready thread of the
 * highest priority that has waited longest comes next, unless `choices` says otherwise. When nothing is ready, virtual
 * time jumps to what is due next. So a run is a function of the program and the choices alone.
 */
import { assert, unreachable } from '../../../base/assert.ts';
import { GuestFault } from '../../machine/faults.ts';
import type { Fault, GuestThread, RunStop } from '../../machine/machine-types.ts';
import { advanceTo, statementsUntil } from '../../sim/clock.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { addFinding } from '../report.ts';
import { checkEnd } from '../verifier/end-checks.ts';
import { unblock } from './blocking.ts';
import { endKernelThread, keepContext, startContext } from './kernel-threads.ts';
import { pushPending, takePending } from './pending-contexts.ts';
import type { KernelThread, TimedEvent } from './scheduler-state.ts';
import { firstTimed, isAnyDue, takeDue } from './timed-events.ts';
import { expireTimer } from './timers.ts';

/** Statements that a thread may execute while others are ready. */
const quantumStatements = 20_000;
const dispatchLevel = 2;

export type Step =
  /** Something ran; call again. */
  | { readonly kind: 'ran' }
  /** A thread stands before a statement at which the debugger wants to stop. */
  | { readonly kind: 'paused'; readonly thread: GuestThread; readonly atInstruction?: true }
  /** Findings were added; `finding` is the first of them. After an error `kernel.parts.stop` is set. */
  | { readonly kind: 'finding'; readonly thread: GuestThread | undefined; readonly finding: RunFinding }
  /** A thread, which is no context, ended with the value that its entry returned. */
  | { readonly kind: 'thread-ended'; readonly thread: GuestThread; readonly result: bigint }
  /** Nothing can run before `nextDueNs`, or ever where that is undefined. */
  | { readonly kind: 'idle'; readonly nextDueNs: number | undefined }
  /** The run is over: `kernel.parts.stop` says why. */
  | { readonly kind: 'stopped' };

export interface StepOptions {
  /** Statements. */
  readonly budget: number;
  /** Virtual time does not jump past this; undefined lets it jump as far as something is due. */
  readonly untilNs?: number;
}

const RAN: Step = { kind: 'ran' };
const NOBODY: readonly KernelThread[] = [];

/**
 * Lets threads and contexts run one after the other until there is more to say than that they ran, until `untilNs` or
 * for `budget` statements; `stepsMax` bounds what costs no statement.
 */
export function runSteps(
  kernel: Kernel,
  { budget, untilNs, stepsMax }: StepOptions & { readonly untilNs: number; readonly stepsMax: number },
): Step {
  const end = kernel.machine.statements + budget;
  const options = { budget, untilNs };
  for (let steps = 1; ; steps++) {
    const step = runNext(kernel, options);
    if (step !== RAN || steps >= stepsMax || kernel.timeNs >= untilNs) return step;
    options.budget = end - kernel.machine.statements;
    if (options.budget <= 0) return step;
  }
}

/** Lets one thread or context run, for at most `budget` statements. */
export function runNext(kernel: Kernel, options: StepOptions): Step {
  if (kernel.parts.stop !== undefined) return { kind: 'stopped' };
  const { untold } = kernel.parts.scheduler;
  if (untold !== undefined) {
    kernel.parts.scheduler.untold = undefined;
    return { kind: 'thread-ended', ...untold };
  }
  leave(kernel);
  const found = kernel.findings.length;
  const fault = isAnyDue(kernel) ? guarded(kernel, fireDue) : undefined;
  if (fault !== undefined) addFinding(kernel, kernel.faultFinding(fault));
  else reportMismatch(kernel);
  if (kernel.findings.length > found) return findingStep(kernel, found);

  const thread = pickThread(kernel);
  if (thread === undefined) return jumpAhead(kernel, options.untilNs);
  const result = runThread(kernel, thread, options.budget);
  if (kernel.findings.length > found && result.kind !== 'paused') {
    // The end of a thread is told by the next call.
    if (result.kind === 'thread-ended') kernel.parts.scheduler.untold = result;
    return findingStep(kernel, found);
  }
  if (kernel.parts.stop !== undefined) return { kind: 'stopped' };
  return result;
}

/** Runs kernel code that touches guest memory outside of the machine; what it trips over comes back. */
function guarded(kernel: Kernel, action: (kernel: Kernel) => void): Fault | undefined {
  try {
    action(kernel);
    return undefined;
  } catch (error) {
    if (error instanceof GuestFault) return error.fault;
    throw error;
  }
}

function fireDue(kernel: Kernel): void {
  for (let event = takeDue(kernel); event !== undefined; event = takeDue(kernel)) fire(kernel, event);
}

function fire(kernel: Kernel, event: TimedEvent): void {
  switch (event.kind) {
    case 'wait-timeout': {
      const thread = kernel.parts.scheduler.threads.get(event.threadId);
      assert(thread?.wait !== undefined, 'a time-out is cancelled when its wait ends');
      const isDelay = thread.wait.kind === 'delay';
      const { scheduler } = kernel.parts;
      if (scheduler.timed.length === 0) scheduler.lonelyWakes++;
      else scheduler.lonelyWakes = 0;
      unblock(kernel, thread, isDelay ? 0n : BigInt(kernel.types.constant('STATUS_TIMEOUT')));
      return;
    }
    case 'timer':
      expireTimer(kernel, event.timer);
      return;
    case 'alarm': {
      for (const subsystem of kernel.parts.tables.subsystems)
        if (subsystem.name === event.subsystem) subsystem.alarm?.(kernel);
      return;
    }
    case 'context': {
      pushPending(kernel.parts.scheduler.pending, event);
      return;
    }
    default:
      unreachable(event);
  }
}

/** The thread or context that has the processor now. */
function pickThread(kernel: Kernel): KernelThread | undefined {
  const { scheduler } = kernel.parts;
  const last = scheduler.runningId === undefined ? undefined : scheduler.threads.get(scheduler.runningId);
  const running = last?.guest.state === 'ready' ? last : undefined;
  if (running !== undefined && running.irql >= dispatchLevel) return switchTo(kernel, running);
  if (isAnyRaised(kernel)) {
    const raised = readyThreads(kernel).find((thread) => thread.irql >= dispatchLevel);
    if (raised !== undefined) return switchTo(kernel, raised);
  }
  const pending = takePending(scheduler.pending, kernel.choices);
  if (pending !== undefined) return switchTo(kernel, startContext(kernel, pending));
  if (running !== undefined && scheduler.quantumLeft > 0) return running;
  const ready = readyThreads(kernel);
  const at = ready.length < 2 ? 0 : kernel.choices.choose({ name: 'scheduler.next', options: ready.length });
  const next = ready[at];
  return next === undefined ? undefined : switchTo(kernel, next);
}

function isAnyRaised(kernel: Kernel): boolean {
  for (const thread of kernel.parts.scheduler.threads.values())
    if (thread.irql >= dispatchLevel && thread.guest.state === 'ready') return true;
  return false;
}

/** Highest priority first, then the one that has been ready longest. */
function readyThreads(kernel: Kernel): readonly KernelThread[] {
  let ready: KernelThread[] | undefined;
  for (const thread of kernel.parts.scheduler.threads.values())
    if (thread.guest.state === 'ready') (ready ??= []).push(thread);
  // Nobody, most of the time.
  if (ready === undefined) return NOBODY;
  return ready.length < 2 ? ready : ready.sort((a, b) => b.priority - a.priority || a.readySequence - b.readySequence);
}

function switchTo(kernel: Kernel, thread: KernelThread): KernelThread {
  const { scheduler } = kernel.parts;
  if (scheduler.runningId !== thread.id) scheduler.lonelyWakes = 0;
  if (scheduler.runningId !== thread.id || scheduler.quantumLeft <= 0) scheduler.quantumLeft = quantumStatements;
  scheduler.runningId = thread.id;
  return thread;
}

function runThread(kernel: Kernel, thread: KernelThread, budget: number): Step {
  const { scheduler, clock } = kernel.parts;
  const due = firstTimed(scheduler)?.dueNs;
  const untilDue = due === undefined ? budget : statementsUntil(clock, due, kernel.machine.statements);
  const slice = Math.max(1, Math.min(budget, untilDue, scheduler.quantumLeft));
  kernel.current = thread.guest;
  kernel.machine.irql = thread.irql;
  scheduler.mustReschedule = false;
  scheduler.hasScheduled = false;
  scheduler.sliceEndNs = due ?? Number.POSITIVE_INFINITY;
  const before = kernel.machine.statements;
  const stop = kernel.machine.run(thread.guest, slice);
  scheduler.quantumLeft -= kernel.machine.statements - before;
  thread.irql = kernel.machine.irql;
  // A preempted thread goes behind the others of its priority.
  if (scheduler.quantumLeft <= 0) thread.readySequence = scheduler.nextSequence++;
  const step = afterRun(kernel, thread, stop);
  if (step.kind !== 'paused' && step.kind !== 'finding') leave(kernel);
  return step;
}

/** Between runs the kernel belongs to no thread. */
function leave(kernel: Kernel): void {
  if (kernel.parts.stop !== undefined) return;
  kernel.current = undefined;
  kernel.machine.irql = 0;
}

function afterRun(kernel: Kernel, thread: KernelThread, stop: RunStop): Step {
  if (stop.kind !== 'ended') keepContext(kernel);
  switch (stop.kind) {
    case 'budget':
    case 'blocked':
    case 'yielded':
    case 'stopped':
      return RAN;
    case 'paused':
      return { ...stop, thread: thread.guest };
    case 'fault':
      addFinding(kernel, kernel.faultFinding(stop.fault));
      return RAN;
    case 'ended': {
      checkEnd(kernel, thread);
      if (kernel.parts.stop !== undefined) return RAN;
      // A context has nothing in guest memory that says how it ended, and nobody waits for its end.
      if (thread.kind === 'context') {
        endKernelThread(kernel, thread);
        return RAN;
      }
      return endThread(kernel, thread);
    }
    default:
      return unreachable(stop);
  }
}

/** In a function of its own: V8 makes what a closure holds whenever its function is called, and few runs end a thread. */
function endThread(kernel: Kernel, thread: KernelThread): Step {
  const { guest } = thread;
  const fault = guarded(kernel, () => endKernelThread(kernel, thread));
  if (fault !== undefined) addFinding(kernel, kernel.faultFinding(fault));
  return { kind: 'thread-ended', thread: guest, result: guest.result };
}

function jumpAhead(kernel: Kernel, untilNs: number | undefined): Step {
  const { scheduler, clock } = kernel.parts;
  const due = firstTimed(scheduler)?.dueNs;
  if (due === undefined || (untilNs !== undefined && due > untilNs)) return { kind: 'idle', nextDueNs: due };
  advanceTo(clock, due, kernel.machine.statements);
  return RAN;
}

function findingStep(kernel: Kernel, from: number): Step {
  const finding = kernel.findings[from];
  assert(finding !== undefined, 'a finding was added');
  return { kind: 'finding', thread: kernel.current, finding };
}

function reportMismatch(kernel: Kernel): void {
  const { mismatch } = kernel.choices;
  if (mismatch !== undefined) kernel.report({ rule: mismatch.code, severity: 'error', message: mismatch.message });
}
