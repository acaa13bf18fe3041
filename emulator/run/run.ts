/**
 * A run of a driver, as `Run` promises it: advances the kernel in slices, stops where a debugger wants it to, and
 * answers questions about the state that it stands in.
 */
import { unreachable } from '../../base/assert.ts';
import { assign, evaluate } from '../inspect/evaluate.ts';
import { callOf, frames, scopes, threads } from '../inspect/frames.ts';
import { irps } from '../inspect/irps.ts';
import { runSteps, type Step, statusName } from '../kernel/index.ts';
import { putBack } from './checkpoint.ts';
import { nextFinding, type RunContext } from './context.ts';
import { outsidePort, outsideStep, timeLimitNs } from './outside.ts';
import { begin, end, endPolling, limitReached, phaseStep } from './phases.ts';
import { makeResult } from './result.ts';
import { saveRun } from './saved-run.ts';
import {
  forgetStep,
  functionPlace,
  installPause,
  jump,
  setBreakpoints,
  startStep,
  statementsOn,
  stepToCall,
} from './stepping.ts';
import type { Advance, Run } from './types.ts';
import { readMemory, setWatches, takeChanged } from './watches.ts';

/** Statements that the kernel executes, and steps that it makes, before the phase is looked at again. */
const SLICE = 50_000;
const STEPS = 500;

export function createRun(context: RunContext): Run {
  const { kernel } = context;
  begin(context);
  installPause(context);
  return {
    advance: (budget) => advance(context, budget),
    step: (kind, threadId) => startStep(context, kind, threadId),
    callOf: (frameId) => callOf(context, frameId),
    stepToCall: (call) => stepToCall(context, call),
    statementsOn: (file, line) => statementsOn(context, file, line),
    jump: (threadId, to) => jump(context, threadId, to),
    continue: () => forgetStep(context),
    requestPause: () => {
      context.stepping.isPauseRequested = true;
      kernel.machine.pauseAlways = true;
    },
    outside: outsidePort(context),
    checkpoint: (before) => saveRun(context, before),
    putBack,
    setBreakpoints: (file, lines) => setBreakpoints(context, file, lines),
    setWatches: (watches) => setWatches(context, watches),
    readMemory: (address, bytes) => readMemory(context, address, bytes),
    functionPlace: (name) => functionPlace(context, name),
    get statements() {
      return kernel.machine.statements;
    },
    get traceLength() {
      return kernel.trace.length;
    },
    threads: () => threads(context),
    frames: (threadId) => frames(context, threadId),
    scopes: (frameId) => scopes(context, frameId),
    evaluate: (expression, frameId) => evaluate(context, expression, frameId),
    assign: (expression, value, frameId) => assign(context, expression, value, frameId),
    irps: () => irps(context),
    trace: (from) => kernel.trace.slice(from),
    output: (from) => kernel.output.slice(from),
    statusName: (status) => statusName(kernel.parts.tables.headers(), status),
    result: () => (context.phase.kind === 'ended' ? context.phase.result : makeResult(context)),
  };
}

/** Executes at most `budget` statements, and says why it stopped. */
function advance(context: RunContext, budget: number): Advance {
  const { machine } = context.kernel;
  const until = machine.statements + Math.max(1, budget);
  // Steps without a statement (interrupts, jumps in time) count too, so that every call comes to an end.
  for (let steps = 0; steps < budget + 1000; steps++) {
    const told = tell(context);
    if (told !== undefined) return told;
    if (context.phase.kind === 'ended') return { kind: 'ended', result: context.phase.result };
    if (context.stoppedBy !== undefined) {
      end(context);
      continue;
    }
    if (machine.statements >= context.plan.statementsMax) {
      limitReached(context);
      continue;
    }
    const left = until - machine.statements;
    if (left <= 0) return { kind: 'running' };
    const step = runSteps(context.kernel, {
      budget: Math.min(left, SLICE, context.plan.statementsMax - machine.statements),
      untilNs: timeLimitNs(context),
      stepsMax: isWatchful(context) ? 1 : STEPS,
    });
    const paused = pauseOf(context, step);
    if (paused !== undefined) return paused;
    const outside = step.kind === 'idle' ? outsideStep(context, step.nextDueNs) : undefined;
    if (outside === 'happened') continue;
    if (outside !== undefined) return outside;
    phaseStep(context, step);
    endPolling(context);
  }
  return { kind: 'running' };
}

/** Any step of the kernel may be the one after which the run goes on differently. */
function isWatchful({ outside, phase }: RunContext): boolean {
  return outside !== undefined || phase.kind === 'closing';
}

/** A finding that has not been told of, with the state in which it was made. */
function tell(context: RunContext): Advance | undefined {
  const finding = nextFinding(context);
  if (finding === undefined) return undefined;
  return { kind: 'finding', threadId: context.kernel.current?.id ?? 0, finding };
}

function pauseOf(context: RunContext, step: Step): Advance | undefined {
  switch (step.kind) {
    case 'paused': {
      const begins = context.stepping.call?.begins === true;
      forgetStep(context);
      const changed = takeChanged(context);
      return {
        kind: 'paused',
        threadId: step.thread.id,
        ...(step.atInstruction === true ? { atInstruction: true } : {}),
        ...(begins ? { begins } : {}),
        ...(changed.length === 0 ? {} : { changed }),
      };
    }
    case 'ran':
    case 'finding':
    case 'thread-ended':
    case 'idle':
    case 'stopped':
      return undefined;
    default:
      return unreachable(step);
  }
}
