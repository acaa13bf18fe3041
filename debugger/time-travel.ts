/**
 * Back in time: a new run of the same plan, which is the same run, goes on to an earlier statement. What the user has
 * changed by hand is changed again at the same statements.
 *
 * Places in time are counted in statements executed: a run that stands before a statement has executed all those
 * before it. The functions are generators: they yield so that the client's requests get through, and are thrown away
 * when the user gives up. The run that the user looks at is not touched until the new one has arrived.
 */
import { assert } from '../base/assert.ts';
import type { Run } from '../emulator/index.ts';
import { depthOf } from './step.ts';

export interface Edit {
  readonly statements: number;
  readonly expression: string;
  readonly value: string;
  readonly frameId: number | undefined;
}

export interface Past {
  /** A new run with all breakpoints in it, none of them hit yet. */
  readonly begin: () => Run;
  /** The run stands before a statement: counts the hits of its breakpoints; true where one of them stops. */
  readonly reach: (run: Run, threadId: number) => boolean;
  /** In the order of statements. */
  readonly edits: readonly Edit[];
}

/** Where the user stands: before statement number `statements`, in a thread with so many frames. */
export interface Present {
  readonly statements: number;
  /** Undefined where the thread has ended: any thread's statement is the one before. */
  readonly thread: { readonly id: number; readonly depth: number } | undefined;
}

export interface Arrival {
  readonly run: Run;
  readonly threadId: number;
  readonly why: 'step' | 'breakpoint' | 'entry';
}

const pieceStatements = 50_000;
/** So many statements before the present are looked at one by one; ten times more where that was not enough. */
const firstWindow = 2_000;

/**
 * To the statement that the thread executed before, over the calls in between; to what any thread executed where this
 * one had not begun. Undefined at the beginning of the run.
 */
export function* stepBack(past: Past, present: Present): Generator<undefined, Arrival | undefined> {
  for (let window = firstWindow; ; window *= 10) {
    const from = Math.max(0, present.statements - window);
    const target = yield* lastPoint(past, present, from);
    if (target?.isSure) return yield* arrive(past, target.statements, 'step');
    if (from === 0) return undefined;
  }
}

/** To the last breakpoint that would have stopped the run before the present; else to its first statement. */
export function* reverseContinue(past: Past, present: Present): Generator<undefined, Arrival | undefined> {
  let last: number | undefined;
  const run = past.begin();
  yield* walk(past, run, present.statements, (at) => {
    last = at;
  });
  if (last === undefined && present.statements === 0) return undefined;
  return yield* arrive(past, last ?? 0, last === undefined ? 'entry' : 'breakpoint');
}

function* arrive(past: Past, statements: number, why: Arrival['why']): Generator<undefined, Arrival | undefined> {
  const run = past.begin();
  yield* walk(past, run, statements);
  const threadId = yield* stand(past, run);
  assert(threadId !== undefined && run.statements === statements, 'a run that is run again is the same run');
  // Somebody who stood here before may have changed something then.
  applyEdits(past, run);
  return { run, threadId, why };
}

/** Lets a run go on until so many statements are executed; `reached` hears of the breakpoints that would stop it. */
function* walk(
  past: Past,
  run: Run,
  target: number,
  reached: (statements: number) => void = () => {},
): Generator<undefined, void> {
  const stops = past.edits.map(({ statements }) => statements).filter((at) => at < target);
  for (const goal of [...new Set(stops), target]) {
    while (run.statements < goal) {
      const advance = run.advance(Math.min(pieceStatements, goal - run.statements));
      // Where it waits for somebody outside, no statement follows either.
      if (advance.kind === 'ended' || advance.kind === 'waiting') return;
      if (advance.kind === 'paused' && past.reach(run, advance.threadId)) reached(run.statements);
      yield;
    }
    if (goal === target) return;
    yield* stand(past, run, reached);
    applyEdits(past, run);
  }
}

/** Goes on to the next statement and stands before it; undefined where the run ends instead. */
function* stand(
  past: Past,
  run: Run,
  reached: (statements: number) => void = () => {},
): Generator<undefined, number | undefined> {
  run.requestPause();
  for (;;) {
    const advance = run.advance(pieceStatements);
    if (advance.kind === 'ended' || advance.kind === 'waiting') return undefined;
    if (advance.kind === 'paused') {
      if (past.reach(run, advance.threadId)) reached(run.statements);
      return advance.threadId;
    }
    yield;
  }
}

interface Point {
  readonly statements: number;
  /** A look further back would find nothing better. */
  readonly isSure: boolean;
}

/** The last statement before the present, from `from` on, that is no call's inside; else the last one at all. */
function* lastPoint(past: Past, present: Present, from: number): Generator<undefined, Point | undefined> {
  const { thread } = present;
  const run = past.begin();
  yield* walk(past, run, from);
  const isWhole = from === 0 || (thread !== undefined && !run.threads().some(({ id }) => id === thread.id));
  let own: Point | undefined;
  let any: Point | undefined;
  for (;;) {
    const threadId = yield* stand(past, run);
    if (threadId === undefined || run.statements >= present.statements) return own ?? any;
    const { statements } = run;
    any = { statements, isSure: isWhole };
    const isOwn = thread === undefined || (threadId === thread.id && depthOf(run, threadId) <= thread.depth);
    if (isOwn) own = { statements, isSure: true };
    applyEdits(past, run);
    yield;
  }
}

function applyEdits(past: Past, run: Run): void {
  for (const { statements, expression, value, frameId } of past.edits) {
    if (statements === run.statements) run.assign(expression, value, frameId);
  }
}
