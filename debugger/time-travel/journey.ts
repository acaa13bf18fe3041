/**
 * A journey back in time, piece by piece: a way through earlier moments (time-travel.ts), at whose end the debuggee
 * stands somewhere else, or where it stood when nothing was found or the user gave up.
 */

import { defined } from '../../base/assert.ts';
import type { Checkpoint, FrameCall, Run } from '../../emulator/index.ts';
import type { Breakpoint } from '../breakpoints/breakpoints.ts';
import { reachAt, type Standing, type Stop, stand, whyOf } from '../run/standing.ts';
import { depthOf } from '../run/step.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import {
  type Arrival,
  editText,
  goToMoment,
  isJumpAt,
  type Moment,
  type Past,
  type Present,
  restartCall,
  reverseContinue,
  stepBack,
} from './time-travel.ts';

export interface Journey {
  readonly way: Generator<undefined, Arrival | undefined>;
  /** Where it began. */
  readonly from: Stop;
  /** So far could virtual time go there, while somebody outside was awaited. */
  readonly limitNs: number;
  /** Of the run that it leads through. */
  checkpoints: Checkpoints;
  /** How the run stood, once the journey has put it back to an earlier moment. */
  left: Checkpoint | undefined;
  /** Where it last met breakpoints that stop. */
  reached: { readonly statements: number; readonly stops: readonly Breakpoint[] } | undefined;
}

/** The statement before, the breakpoint before, the beginning of a call, or a moment. */
export type Goal = 'step' | 'continue' | FrameCall | Moment;

/** From where the debuggee stands. Its next pieces are those of the journey. */
export function setOut(standing: Standing, from: Stop, goal: Goal, threadId: number): void {
  const { run, options, checkpoints } = standing;
  const depth = depthOf(run, threadId);
  // Nobody outside is asked twice: what was handed in and has not happened waits until the run is live again.
  options.outside?.giveBack(run.outside?.takeBack() ?? []);
  standing.recorded = run.outside?.record() ?? [];
  const thread = depth === 0 ? undefined : { id: threadId, depth };
  const present: Present = { statements: run.statements, thread };
  const way = wayTo(goal, pastOf(standing), present);
  const limitNs = run.outside?.limitNs ?? 0;
  standing.journey = { way, from, limitNs, checkpoints, left: undefined, reached: undefined };
}

function wayTo(goal: Goal, past: Past, present: Present): Journey['way'] {
  if (goal === 'step') return stepBack(past, present);
  if (goal === 'continue') return reverseContinue(past, present);
  return 'statements' in goal ? goToMoment(past, goal) : restartCall(past, present, goal);
}

/** One piece of the journey. */
export function travel(standing: Standing, journey: Journey): 'more' | 'stop' {
  const { options } = standing;
  if (standing.pausing !== undefined) return turnBack(standing, journey, 'pause');
  const { done, value: arrival } = journey.way.next();
  if (!done) return 'more';
  if (arrival === undefined) return turnBack(standing, journey, 'entry');
  standing.journey = undefined;
  const { run, threadId, why } = arrival;
  standing.run = run;
  standing.checkpoints = journey.checkpoints;
  // What comes later comes again, and may come otherwise.
  standing.checkpoints.forgetFrom(run.statements + 1);
  // They may have changed while the journey was under way.
  options.place(run);
  tellOfLost(standing, run.statements);
  standing.edits = standing.edits.filter(
    (edit) => edit.statements <= run.statements && !(why === 'restart' && isJumpAt(edit, run.statements)),
  );
  const stops = journey.reached?.statements === run.statements ? journey.reached.stops : [];
  return stand(standing, { threadId, why: why === 'breakpoint' ? whyOf(run, stops) : { kind: why } });
}

/** What was changed by hand later than here is not changed any more: the way from here may be another one. */
function tellOfLost({ edits, options }: Standing, statements: number): void {
  // The last value of each.
  const lost = new Map<string, string>();
  for (const edit of edits) {
    const text = editText(edit);
    if (edit.statements > statements) lost.set(edit.kind === 'assign' ? edit.expression : text, text);
  }
  if (lost.size === 0) return;
  const text = `Changed by hand later than here, and no longer: ${[...lost.values()].join('; ')}. Change it again when the run is there.`;
  options.listen({ kind: 'message', text, span: undefined, isError: false });
}

/** Whoever gives up, or finds nothing, stands where he stood. */
function turnBack(standing: Standing, { from, left }: Journey, kind: 'pause' | 'entry'): 'stop' {
  standing.journey = undefined;
  if (left !== undefined) {
    standing.run.putBack(left);
    standing.options.place(standing.run);
  }
  return stand(standing, { threadId: from.threadId, why: { kind } });
}

function pastOf(standing: Standing): Past {
  const { options } = standing;
  return {
    begin: (before) => {
      const next = beginAgain(standing, before);
      options.place(next);
      options.breakpoints.forgetHits();
      return next;
    },
    keep: () => journeyOf(standing).checkpoints.keep(),
    reach: (run, paused) => {
      const { stops } = reachAt(standing, run, paused);
      if (stops.length > 0) journeyOf(standing).reached = { statements: run.statements, stops };
      return stops.length > 0;
    },
    edits: standing.edits,
  };
}

/** Its way is only gone while it is under way. */
function journeyOf({ journey }: Standing): Journey {
  return defined(journey, 'the journey that is under way');
}

function beginAgain(standing: Standing, before: number): Run {
  const { options, recorded } = standing;
  const journey = journeyOf(standing);
  const { run } = journey.checkpoints;
  // Hits are counted from the first statement on.
  const latest = options.breakpoints.countsHits() ? 0 : before;
  if (run === standing.run) journey.left ??= journey.checkpoints.present();
  if (journey.checkpoints.putBack(latest)) {
    run.continue();
    run.outside?.repeat(recorded);
    run.outside?.pass(journey.limitNs, []);
    return run;
  }
  const next = options.again(recorded);
  next.outside?.pass(journey.limitNs, []);
  journey.checkpoints = createCheckpoints(next);
  journey.checkpoints.keep();
  return next;
}
