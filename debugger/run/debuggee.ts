/**
 * The runtime: one run of a driver under a debugger's hand. Knows nothing of the protocol; says through `listen` what
 * happens. It runs or it stands; while it stands, `stop` says why, and its state may be looked at and changed.
 */
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { Advance, Run, StepKind } from '../../emulator/index.ts';
import { createCheckpoints } from '../time-travel/checkpoints.ts';
import { type Goal, setOut, travel } from '../time-travel/journey.ts';
import type { Edit, Paused } from '../time-travel/time-travel.ts';
import { createPump } from './pump.ts';
import { type DebuggeeOptions, reachAt, type Standing, type Stop, stand, whyOf } from './standing.ts';
import { beginStep, resumeStep, type StepGoal } from './step.ts';

/** Statements between two looks at the client's requests: about two milliseconds. */
const pieceStatements = 50_000;

export interface Debuggee {
  /** Another one after a journey back in time. */
  readonly run: Run;
  /** Undefined while it runs, and when it has ended. */
  readonly stop: Stop | undefined;
  readonly hasEnded: boolean;
  /** How often the user has changed a value or sent a thread elsewhere, up to where the run stands. */
  readonly changes: number;
  /** Begins to run; with `stopsOnEntry` as far as the first statement. */
  begin(options: { readonly stopsOnEntry: boolean }): void;
  goOn(): void;
  /**
   * While the driver runs, only 'next-completion' has a meaning: the run goes on, and stops there; its goal may name an
   * IRP.
   */
  step(kind: StepKind, threadId: number, goal?: StepGoal): void;
  /** Back in time; to a moment, forward too. */
  goBack(goal: Goal, threadId: number): void;
  /** Lets a thread go on at another statement, and remembers that; why not, where it can't. */
  jump(threadId: number, to: Span): string | undefined;
  /** Gives a variable or memory a new value, and remembers that for journeys back in time. */
  assign(expression: string, value: string, frameId: number | undefined): ReturnType<Run['assign']>;
  /** Stops before the next statement. */
  pause(): void;
  /** Never runs again. */
  end(): void;
}

export function createDebuggee(options: DebuggeeOptions): Debuggee {
  const { listen, later, outside } = options;
  const now: Standing = {
    options,
    run: options.run,
    stop: undefined,
    step: undefined,
    pausing: undefined,
    hasEnded: false,
    edits: [],
    recorded: [],
    checkpoints: createCheckpoints(options.run),
    journey: undefined,
  };
  /** Milliseconds for which nothing happens but from outside; undefined where it goes on at once. */
  let waitMs: number | undefined;
  const pump = createPump({
    piece: () => {
      waitMs = undefined;
      const done = piece(now);
      if (typeof done === 'string') return done;
      waitMs = done.waitMs;
      return 'wait';
    },
    later,
    wait: (task) => (outside === undefined ? later(task) : outside.wait(waitMs ?? 0, task)),
    failed: (error) => {
      now.hasEnded = true;
      listen({ kind: 'failed', error });
    },
  });
  const go = (): void => {
    now.stop = undefined;
    outside?.stood();
    if (!now.hasEnded) pump.start();
  };
  return {
    get run() {
      return now.run;
    },
    get stop() {
      return now.stop;
    },
    get hasEnded() {
      return now.hasEnded;
    },
    get changes() {
      return now.edits.length;
    },
    begin({ stopsOnEntry }) {
      if (stopsOnEntry) {
        now.pausing = 'entry';
        now.run.requestPause();
      }
      go();
    },
    goOn() {
      now.run.continue();
      go();
    },
    step(kind, threadId, goal) {
      if (now.journey !== undefined) return;
      now.step = beginStep(now.run, kind, threadId, goal);
      go();
    },
    goBack(goal, threadId) {
      if (now.stop === undefined) return;
      setOut(now, now.stop, goal, threadId);
      go();
    },
    assign: (expression, value, frameId) => assign(now, expression, value, frameId),
    jump: (threadId, to) => jump(now, threadId, to),
    pause() {
      if (now.stop !== undefined || now.hasEnded) return;
      now.pausing ??= 'pause';
      if (now.journey === undefined) now.run.requestPause();
      if (waitMs === undefined) return;
      pump.stop();
      pump.start();
    },
    end() {
      now.hasEnded = true;
      now.stop = undefined;
      pump.stop();
    },
  };
}

type Piece = 'more' | 'stop' | { readonly waitMs: number };

function piece(now: Standing): Piece {
  const { run, options, journey } = now;
  if (journey !== undefined) return travel(now, journey);
  const begun = performance.now();
  const advance: Advance = run.advance(pieceStatements);
  // What was changed at a statement is changed again there: a checkpoint there is one of before.
  const isChanged = now.edits.at(-1)?.statements === run.statements;
  const goesOn = advance.kind === 'running' || advance.kind === 'waiting';
  if (goesOn && !isChanged) now.checkpoints.passed(performance.now() - begun);
  const waitMs = options.outside?.after(run, advance);
  options.listen({ kind: 'progress' });
  switch (advance.kind) {
    case 'waiting':
      return rest(now, waitMs);
    case 'running':
      return 'more';
    case 'paused':
      if (advance.atInstruction === true && now.pausing === undefined) {
        return stand(now, { threadId: advance.threadId, why: { kind: 'breakpoint', ids: [] } });
      }
      return paused(now, advance);
    case 'finding': {
      const { finding, threadId } = advance;
      options.listen({ kind: 'finding', finding });
      return options.stopsAt(finding) ? stand(now, { threadId, why: { kind: 'finding', finding } }) : 'more';
    }
    case 'ended':
      now.hasEnded = true;
      options.listen({ kind: 'ended', result: advance.result });
      return 'stop';
    default:
      return unreachable(advance);
  }
}

function paused(now: Standing, at: Paused): 'more' | 'stop' {
  const { run, step, pausing, options } = now;
  const { threadId } = at;
  const { stops, messages } = reachAt(now, run, at);
  for (const message of messages) options.listen({ kind: 'message', ...message });
  if (stops.length > 0) return stand(now, { threadId, why: whyOf(run, stops) });
  if (pausing !== undefined) return stand(now, { threadId, why: { kind: pausing } });
  if (step === undefined || resumeStep(run, step, threadId) === 'goes-on') return 'more';
  return stand(now, { threadId, why: { kind: step.kind === 'next-completion' ? 'completion' : 'step' } });
}

/** Nothing happens but by the clock or by somebody outside. */
function rest(now: Standing, waitMs: number | undefined): Piece {
  const { run, pausing } = now;
  // There is no statement before which it could be paused.
  if (pausing !== undefined) return stand(now, { threadId: run.threads()[0]?.id ?? 0, why: { kind: pausing } });
  return waitMs === undefined ? 'more' : { waitMs };
}

function assign(now: Standing, ...[expression, value, frameId]: Parameters<Run['assign']>): ReturnType<Run['assign']> {
  const { run } = now;
  const result = run.assign(expression, value, frameId);
  if ('value' in result) {
    remember(now, { kind: 'assign', statements: run.statements, expression, value, frameId });
  }
  return result;
}

function jump(now: Standing, threadId: number, to: Span): string | undefined {
  const refused = now.run.jump(threadId, to);
  if (refused !== undefined) return refused;
  remember(now, { kind: 'jump', statements: now.run.statements, threadId, to });
  now.stop = { threadId, why: { kind: 'goto' } };
  return undefined;
}

/** What comes after it is no longer known. */
function remember(now: Standing, edit: Edit): void {
  now.edits = [...now.edits, edit];
  now.checkpoints.forgetFrom(edit.statements);
}
