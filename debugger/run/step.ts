/**
 * Steps that were interrupted by a breakpoint that does not stop (its condition is false, or it only logs). The run
 * forgets a step when it pauses: here it is taken up again, with the depth at which the user began it.
 */
import { unreachable } from '../../base/assert.ts';
import type { Run, StepKind } from '../../emulator/index.ts';

export interface Step {
  readonly kind: StepKind;
  readonly threadId: number;
  /** Of 'next-completion': the IRP whose routine is meant; any one's where none is named. */
  readonly irp: number | undefined;
  /** Of 'in': the function that is meant, where the statement calls several. */
  readonly into: string | undefined;
  /** Frames of the thread when the step began. */
  readonly depth: number;
  /** Number of the first trace event after that. */
  readonly traceFrom: number;
}

/** What a step is about besides its kind. */
export interface StepGoal {
  readonly irp?: number | undefined;
  readonly into?: string | undefined;
}

export function beginStep(run: Run, kind: StepKind, threadId: number, { irp, into }: StepGoal = {}): Step {
  const step: Step = { kind, threadId, irp, into, depth: depthOf(run, threadId), traceFrom: run.traceLength };
  run.step(kind, threadId);
  return step;
}

/** The run paused before a statement of `pausedId`: either the step ends here, or it goes on. */
export function resumeStep(run: Run, step: Step, pausedId: number): 'ended' | 'goes-on' {
  if (step.kind === 'next-completion') {
    if (beganCompletion(run, step, pausedId)) return 'ended';
    run.step('next-completion', step.threadId);
    return 'goes-on';
  }
  // The thread has ended: the next statement of any other is the end of the step.
  if (!run.threads().some((thread) => thread.id === step.threadId)) return 'ended';
  const depth = depthOf(run, step.threadId);
  const isHere = pausedId === step.threadId;
  switch (step.kind) {
    case 'in':
      if (isHere && (depth <= step.depth || step.into === undefined || beganFunction(run, step))) return 'ended';
      // Over the statements of another function: the next that is called begins as deep as it.
      run.step(isHere ? 'over' : 'in', step.threadId);
      return 'goes-on';
    case 'over':
      if (isHere && depth <= step.depth) return 'ended';
      run.step(depth > step.depth ? 'out' : 'over', step.threadId);
      return 'goes-on';
    case 'out':
      if (isHere && depth < step.depth) return 'ended';
      run.step('out', step.threadId);
      return 'goes-on';
    default:
      return unreachable(step.kind);
  }
}

/** The thread stands at the first statement of the function that the step is to end in. */
function beganFunction(run: Run, { into, threadId }: Step): boolean {
  const begin = into === undefined ? undefined : run.functionPlace(into);
  const at = run.frames(threadId)[0]?.span;
  return begin !== undefined && at?.file.path === begin.file.path && at.start === begin.start;
}

/** Frames that really are on the thread's stack; below a label come those of the past. */
export function depthOf(run: Run, threadId: number): number {
  const frames = run.frames(threadId);
  const label = frames.findIndex((frame) => frame.presentation === 'label');
  return label < 0 ? frames.length : label;
}

/** A completion routine (of the step's IRP) was called on this thread since the step began, and has not returned. */
function beganCompletion(run: Run, step: Step, threadId: number): boolean {
  let open = 0;
  for (const event of run.trace(step.traceFrom)) {
    if (event.thread.id !== threadId) continue;
    if (event.kind !== 'completion-routine' && event.kind !== 'completion-returned') continue;
    if (step.irp !== undefined && event.irp !== step.irp) continue;
    if (event.kind === 'completion-routine') open++;
    else if (open > 0) open--;
  }
  return open > 0;
}
