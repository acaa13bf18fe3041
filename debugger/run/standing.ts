/**
 * A debuggee as it is at the moment: the run, why it stands if it does, and what is to be done with it when it goes on.
 * The functions that move it on (debuggee.ts, journey.ts) are given this record.
 */
import type { Span } from '../../base/source.ts';
import type { RecordedEvent, Run, RunFinding, RunResult } from '../../emulator/index.ts';
import type { Breakpoint, BreakpointTable, Reached } from '../breakpoints/breakpoints.ts';
import type { Checkpoints } from '../time-travel/checkpoints.ts';
import type { Journey } from '../time-travel/journey.ts';
import type { Edit, Paused } from '../time-travel/time-travel.ts';
import type { Outside } from './outside.ts';
import type { PumpOptions } from './pump.ts';
import type { Step } from './step.ts';

export interface Stop {
  readonly threadId: number;
  readonly why:
    | { readonly kind: 'entry' | 'pause' | 'step' | 'completion' | 'restart' | 'goto' }
    | { readonly kind: 'breakpoint'; readonly ids: readonly number[] }
    /** Memory has changed; `text` says what it is now. */
    | { readonly kind: 'data'; readonly ids: readonly number[]; readonly text: string }
    | { readonly kind: 'finding'; readonly finding: RunFinding };
}

export type DebuggeeEvent =
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** Something may have been printed. */
  | { readonly kind: 'progress' }
  | { readonly kind: 'finding'; readonly finding: RunFinding }
  | { readonly kind: 'message'; readonly text: string; readonly span: Span | undefined; readonly isError: boolean }
  | { readonly kind: 'ended'; readonly result: RunResult }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface DebuggeeOptions {
  readonly run: Run;
  /** The same run again, before its first statement; what came from outside in this one comes again. */
  readonly again: (recorded: readonly RecordedEvent[]) => Run;
  /** Real programs that take part. */
  readonly outside?: Outside | undefined;
  /** Puts all breakpoints into a run. */
  readonly place: (run: Run) => void;
  readonly breakpoints: BreakpointTable;
  /** Asked at each finding. */
  readonly stopsAt: (finding: RunFinding) => boolean;
  readonly listen: (event: DebuggeeEvent) => void;
  readonly later: PumpOptions['later'];
}

export interface Standing {
  readonly options: DebuggeeOptions;
  run: Run;
  /** Undefined while the run goes on. */
  stop: Stop | undefined;
  step: Step | undefined;
  /** Somebody wants it to stand before its next statement. */
  pausing: 'entry' | 'pause' | undefined;
  hasEnded: boolean;
  edits: readonly Edit[];
  /** What came from outside, as far as any of the runs has got. */
  recorded: readonly RecordedEvent[];
  /** Of the run. */
  checkpoints: Checkpoints;
  journey: Journey | undefined;
}

/** The run stands, and the client is told why. */
export function stand(standing: Standing, stop: Stop): 'stop' {
  standing.run.continue();
  standing.stop = stop;
  standing.step = undefined;
  standing.pausing = undefined;
  standing.options.listen({ kind: 'stopped', stop });
  return 'stop';
}

/** Counts the hits of the breakpoints before which a run has paused. */
export function reachAt({ options }: Standing, run: Run, { threadId, changed = [] }: Paused): Reached {
  const top = run.frames(threadId)[0];
  return top === undefined ? { stops: [], messages: [] } : options.breakpoints.reach(top.span, run, top.id, changed);
}

/** A change of data says more than the line that happens to be next. */
export function whyOf(run: Run, stops: readonly Breakpoint[]): Stop['why'] {
  const ids = stops.map(({ id }) => id);
  const texts = stops.flatMap(({ wanted: { at } }) => {
    if (!('data' in at)) return [];
    const now = run.evaluate(at.data.shows, undefined);
    return [`${at.data.name} is now ${'error' in now ? 'gone' : now.value.text || 'another'}`];
  });
  return texts.length === 0 ? { kind: 'breakpoint', ids } : { kind: 'data', ids, text: texts.join('; ') };
}
