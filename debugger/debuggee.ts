/**
 * The runtime: one run of a driver under a debugger's hand. Knows nothing of the protocol; says through `listen` what
 * happens. It runs or it stands; while it stands, `stop` says why, and its state may be looked at and changed.
 */
import { unreachable } from '../base/assert.ts';
import type { Span } from '../base/source.ts';
import {
  type Advance,
  type Checkpoint,
  type RecordedEvent,
  type Run,
  type RunFinding,
  type RunResult,
  recordOf,
  type StepKind,
} from '../emulator/index.ts';
import type { Breakpoint, BreakpointTable, Reached } from './breakpoints.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import type { Outside } from './outside.ts';
import { createPump, type PumpOptions } from './pump.ts';
import { beginStep, depthOf, resumeStep, type Step } from './step.ts';
import {
  type Arrival,
  type Edit,
  type Past,
  type Paused,
  type Present,
  reverseContinue,
  stepBack,
} from './time-travel.ts';

/** Statements between two looks at the client's requests: about two milliseconds. */
const pieceStatements = 50_000;

export interface Stop {
  readonly threadId: number;
  readonly why:
    | { readonly kind: 'entry' | 'pause' | 'step' | 'completion' }
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

/** A journey back in time under way. */
interface Journey {
  readonly way: Generator<undefined, Arrival | undefined>;
  /** Where it began. */
  readonly from: Stop;
  /** Of the run that it leads through. */
  checkpoints: Checkpoints | undefined;
  /** How the run stood, once the journey has put it back to an earlier moment. */
  left: Checkpoint | undefined;
}

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

export interface Debuggee {
  /** Another one after a journey back in time. */
  readonly run: Run;
  /** Undefined while it runs, and when it has ended. */
  readonly stop: Stop | undefined;
  readonly hasEnded: boolean;
  /** Begins to run; with `stopsOnEntry` as far as the first statement. */
  begin(options: { readonly stopsOnEntry: boolean }): void;
  goOn(): void;
  /** While the driver runs, only 'next-completion' has a meaning: the run goes on, and stops there; `irp` names one. */
  step(kind: StepKind, threadId: number, irp?: number): void;
  /** Back to the statement before, or to the breakpoint before. */
  goBack(kind: 'step' | 'continue', threadId: number): void;
  /** Gives a variable or memory a new value, and remembers that for journeys back in time. */
  assign(expression: string, value: string, frameId: number | undefined): ReturnType<Run['assign']>;
  /** Stops before the next statement. */
  pause(): void;
  /** Never runs again. */
  end(): void;
}

/** A change of data says more than the line that happens to be next. */
function whyOf(run: Run, stops: readonly Breakpoint[]): Stop['why'] {
  const ids = stops.map(({ id }) => id);
  const texts = stops.flatMap(({ wanted: { at } }) => {
    if (!('data' in at)) return [];
    const now = run.evaluate(at.data.shows, undefined);
    return [`${at.data.name} is now ${'error' in now ? 'gone' : now.value.text || 'another'}`];
  });
  return texts.length === 0 ? { kind: 'breakpoint', ids } : { kind: 'data', ids, text: texts.join('; ') };
}

export function createDebuggee(options: DebuggeeOptions): Debuggee {
  const { breakpoints, listen, later, outside } = options;
  let { run } = options;
  let stop: Stop | undefined;
  let step: Step | undefined;
  let pausing: 'entry' | 'pause' | undefined;
  let hasEnded = false;
  let edits: readonly Edit[] = [];
  /** What came from outside, as far as any of the runs has got. */
  let recorded: readonly RecordedEvent[] = [];
  let waitMs = 0;
  let isWaiting = false;
  /** Of the run. What comes from outside comes to a new run only, so that a run that has somebody there has none. */
  let checkpoints = outside === undefined ? createCheckpoints(run) : undefined;
  let journey: Journey | undefined;
  /** Where a journey last met breakpoints that stop. */
  let lastReached: { readonly statements: number; readonly stops: readonly Breakpoint[] } | undefined;

  const stand = (reason: Stop): 'stop' => {
    run.continue();
    stop = reason;
    step = undefined;
    pausing = undefined;
    listen({ kind: 'stopped', stop: reason });
    return 'stop';
  };

  const reachAt = (at: Run, { threadId, changed = [] }: Paused): Reached => {
    const top = at.frames(threadId)[0];
    return top === undefined ? { stops: [], messages: [] } : breakpoints.reach(top.span, at, top.id, changed);
  };

  const beginAgain = (before: number): Run => {
    const known = journey?.checkpoints;
    // Hits are counted from the first statement on.
    const latest = breakpoints.countsHits() ? 0 : before;
    if (journey !== undefined && known?.run === run) journey.left ??= known.present();
    if (known?.putBack(latest) === true) {
      known.run.continue();
      return known.run;
    }
    const next = options.again(recorded);
    next.outside?.pass(run.outside?.limitNs ?? 0, []);
    if (journey !== undefined && outside === undefined) journey.checkpoints = createCheckpoints(next);
    journey?.checkpoints?.keep();
    return next;
  };

  const past = (): Past => ({
    begin: (before) => {
      const next = beginAgain(before);
      options.place(next);
      breakpoints.forgetHits();
      return next;
    },
    keep: () => journey?.checkpoints?.keep(),
    reach: (at, paused) => {
      const { stops } = reachAt(at, paused);
      if (stops.length > 0) lastReached = { statements: at.statements, stops };
      return stops.length > 0;
    },
    edits,
  });

  /** Whoever gives up, or finds nothing, stands where he stood. */
  const turnBack = ({ from, left }: Journey, kind: 'pause' | 'entry'): 'stop' => {
    journey = undefined;
    if (left !== undefined) {
      run.putBack(left);
      options.place(run);
    }
    return stand({ threadId: from.threadId, why: { kind } });
  };

  const travel = (own: Journey): 'more' | 'stop' => {
    if (pausing !== undefined) return turnBack(own, 'pause');
    const { done, value: arrival } = own.way.next();
    if (!done) return 'more';
    if (arrival === undefined) return turnBack(own, 'entry');
    journey = undefined;
    outside?.giveBack(run.outside?.takeBack() ?? []);
    run = arrival.run;
    checkpoints = own.checkpoints;
    // What comes later comes again, and may come otherwise.
    checkpoints?.forgetFrom(run.statements + 1);
    // They may have changed while the journey was under way.
    options.place(run);
    edits = edits.filter(({ statements }) => statements <= run.statements);
    const { threadId, why } = arrival;
    const known = lastReached?.statements === run.statements ? lastReached.stops : [];
    return stand({ threadId, why: why === 'breakpoint' ? whyOf(run, known) : { kind: why } });
  };

  const paused = (advance: Paused): 'more' | 'stop' => {
    const { threadId } = advance;
    const reached = reachAt(run, advance);
    for (const message of reached.messages) listen({ kind: 'message', ...message });
    if (reached.stops.length > 0) return stand({ threadId, why: whyOf(run, reached.stops) });
    if (pausing !== undefined) return stand({ threadId, why: { kind: pausing } });
    if (step === undefined || resumeStep(run, step, threadId) === 'goes-on') return 'more';
    return stand({ threadId, why: { kind: step.kind === 'next-completion' ? 'completion' : 'step' } });
  };

  /** Nothing happens but by the clock or by somebody outside. */
  const rest = (forMs: number | undefined): 'more' | 'wait' | 'stop' => {
    // There is no statement before which it could be paused.
    if (pausing !== undefined) return stand({ threadId: run.threads()[0]?.id ?? 0, why: { kind: pausing } });
    if (forMs === undefined) return 'more';
    waitMs = forMs;
    isWaiting = true;
    return 'wait';
  };

  const piece = (): 'more' | 'wait' | 'stop' => {
    isWaiting = false;
    if (journey !== undefined) return travel(journey);
    const begun = performance.now();
    const advance: Advance = run.advance(pieceStatements);
    // What was changed at a statement is changed again there: a checkpoint there is one of before.
    const isChanged = edits.at(-1)?.statements === run.statements;
    if (advance.kind === 'running' && !isChanged) checkpoints?.passed(performance.now() - begun);
    const forMs = outside?.after(run, advance);
    listen({ kind: 'progress' });
    switch (advance.kind) {
      case 'waiting':
        return rest(forMs);
      case 'running':
        return 'more';
      case 'paused':
        if (advance.atInstruction === true && pausing === undefined) {
          return stand({ threadId: advance.threadId, why: { kind: 'breakpoint', ids: [] } });
        }
        return paused(advance);
      case 'finding': {
        const { finding, threadId } = advance;
        listen({ kind: 'finding', finding });
        return options.stopsAt(finding) ? stand({ threadId, why: { kind: 'finding', finding } }) : 'more';
      }
      case 'ended':
        hasEnded = true;
        listen({ kind: 'ended', result: advance.result });
        return 'stop';
      default:
        return unreachable(advance);
    }
  };

  const pump = createPump({
    piece,
    later,
    wait: (task) => (outside === undefined ? later(task) : outside.wait(waitMs, task)),
    failed: (error) => {
      hasEnded = true;
      listen({ kind: 'failed', error });
    },
  });

  const go = (): void => {
    stop = undefined;
    outside?.stood();
    if (!hasEnded) pump.start();
  };

  return {
    get run() {
      return run;
    },
    get stop() {
      return stop;
    },
    get hasEnded() {
      return hasEnded;
    },
    begin({ stopsOnEntry }) {
      if (stopsOnEntry) {
        pausing = 'entry';
        run.requestPause();
      }
      go();
    },
    goOn() {
      run.continue();
      go();
    },
    step(kind, threadId, irp) {
      if (journey !== undefined) return;
      step = beginStep(run, kind, threadId, irp);
      go();
    },
    goBack(kind, threadId) {
      if (stop === undefined) return;
      const depth = depthOf(run, threadId);
      const fresh = outside === undefined ? [] : recordOf(run.trace(0));
      // A run that repeats an earlier one need not have come to the end of its record.
      if (fresh.length > recorded.length) recorded = fresh;
      const thread = depth === 0 ? undefined : { id: threadId, depth };
      const present: Present = { statements: run.statements, thread };
      const way = (kind === 'step' ? stepBack : reverseContinue)(past(), present);
      journey = { way, from: stop, checkpoints, left: undefined };
      go();
    },
    assign(expression, value, frameId) {
      const result = run.assign(expression, value, frameId);
      if ('value' in result) {
        edits = [...edits, { statements: run.statements, expression, value, frameId }];
        checkpoints?.forgetFrom(run.statements);
      }
      return result;
    },
    pause() {
      if (stop !== undefined || hasEnded) return;
      pausing ??= 'pause';
      if (journey === undefined) run.requestPause();
      if (!isWaiting) return;
      pump.stop();
      pump.start();
    },
    end() {
      hasEnded = true;
      stop = undefined;
      pump.stop();
    },
  };
}
