/**
 * A journey back in time, piece by piece: a way through earlier moments (time-travel.ts), at whose end the debuggee
 * stands somewhere else, or where it stood when nothing was found or the user gave up.
 */
import { type Checkpoint, type Run, recordOf } from '../emulator/index.ts';
import type { Breakpoint } from './breakpoints.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import { reachAt, type Standing, type Stop, stand, whyOf } from './standing.ts';
import { depthOf } from './step.ts';
import { type Arrival, type Past, type Present, reverseContinue, stepBack } from './time-travel.ts';

export interface Journey {
  readonly way: Generator<undefined, Arrival | undefined>;
  /** Where it began. */
  readonly from: Stop;
  /** Of the run that it leads through. */
  checkpoints: Checkpoints | undefined;
  /** How the run stood, once the journey has put it back to an earlier moment. */
  left: Checkpoint | undefined;
  /** Where it last met breakpoints that stop. */
  reached: { readonly statements: number; readonly stops: readonly Breakpoint[] } | undefined;
}

/** From where the debuggee stands. Its next pieces are those of the journey. */
export function setOut(standing: Standing, from: Stop, kind: 'step' | 'continue', threadId: number): void {
  const { run, options, checkpoints } = standing;
  const depth = depthOf(run, threadId);
  const fresh = options.outside === undefined ? [] : recordOf(run.trace(0));
  // A run that repeats an earlier one need not have come to the end of its record.
  if (fresh.length > standing.recorded.length) standing.recorded = fresh;
  const thread = depth === 0 ? undefined : { id: threadId, depth };
  const present: Present = { statements: run.statements, thread };
  const way = (kind === 'step' ? stepBack : reverseContinue)(pastOf(standing), present);
  standing.journey = { way, from, checkpoints, left: undefined, reached: undefined };
}

/** One piece of the journey. */
export function travel(standing: Standing, journey: Journey): 'more' | 'stop' {
  const { options } = standing;
  if (standing.pausing !== undefined) return turnBack(standing, journey, 'pause');
  const { done, value: arrival } = journey.way.next();
  if (!done) return 'more';
  if (arrival === undefined) return turnBack(standing, journey, 'entry');
  standing.journey = undefined;
  options.outside?.giveBack(standing.run.outside?.takeBack() ?? []);
  const { run, threadId, why } = arrival;
  standing.run = run;
  standing.checkpoints = journey.checkpoints;
  // What comes later comes again, and may come otherwise.
  standing.checkpoints?.forgetFrom(run.statements + 1);
  // They may have changed while the journey was under way.
  options.place(run);
  standing.edits = standing.edits.filter(({ statements }) => statements <= run.statements);
  const stops = journey.reached?.statements === run.statements ? journey.reached.stops : [];
  return stand(standing, { threadId, why: why === 'breakpoint' ? whyOf(run, stops) : { kind: why } });
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
    keep: () => standing.journey?.checkpoints?.keep(),
    reach: (run, paused) => {
      const { stops } = reachAt(standing, run, paused);
      if (stops.length > 0 && standing.journey !== undefined)
        standing.journey.reached = { statements: run.statements, stops };
      return stops.length > 0;
    },
    edits: standing.edits,
  };
}

function beginAgain({ run, options, journey, recorded }: Standing, before: number): Run {
  const known = journey?.checkpoints;
  // Hits are counted from the first statement on.
  const latest = options.breakpoints.countsHits() ? 0 : before;
  if (journey !== undefined && known?.run === run) journey.left ??= known.present();
  if (known?.putBack(latest) === true) {
    known.run.continue();
    return known.run;
  }
  const next = options.again(recorded);
  next.outside?.pass(run.outside?.limitNs ?? 0, []);
  if (journey !== undefined && options.outside === undefined) journey.checkpoints = createCheckpoints(next);
  journey?.checkpoints?.keep();
  return next;
}
