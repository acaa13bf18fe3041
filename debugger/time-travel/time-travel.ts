/**
 * Back in time: the run goes on once more from an earlier moment, which is the same run, to an earlier statement. What
 * the user has changed by hand is changed again at the same statements.
 *
 * Places in time are counted in statements executed: a run that stands before a statement has executed all those
 * before it. The functions are generators: they yield so that the client's requests get through, and are thrown away
 * when the user gives up.
 */
import { assert, unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { Advance, Call, FrameCall, Run } from '../../emulator/index.ts';
import { shortPlace } from '../place-text.ts';
import { depthOf } from '../run/step.ts';

/** What the user has changed while the run stood there: a value, or where a thread goes on. */
export type Edit = { readonly statements: number } & (
  | {
      readonly kind: 'assign';
      readonly expression: string;
      readonly value: string;
      readonly frameId: number | undefined;
    }
  | { readonly kind: 'jump'; readonly threadId: number; readonly to: Span }
);

export type Paused = Extract<Advance, { readonly kind: 'paused' }>;

export interface Past {
  /**
   * A run that has executed at most so many statements, with all breakpoints in it: the same one put back, or another
   * one at its beginning. What the user has changed before that moment is in it.
   */
  readonly begin: (before: number) => Run;
  /** The run as it stands is worth to begin at again. */
  readonly keep: () => void;
  /** The run stands before a statement: counts the hits of its breakpoints; true where one of them stops. */
  readonly reach: (run: Run, paused: Paused) => boolean;
  /** In the order of statements. */
  readonly edits: readonly Edit[];
}

/** Where the user stands: before statement number `statements`, in a thread with so many frames. */
export interface Present {
  readonly statements: number;
  /** Undefined where the thread has ended: any thread's statement is the one before. */
  readonly thread: { readonly id: number; readonly depth: number } | undefined;
}

/** What somebody wants to see again: how many statements were executed then, and which one came next. */
export interface Moment {
  readonly statements: number;
  readonly isWanted: (statement: Span) => boolean;
}

export interface Arrival {
  readonly run: Run;
  readonly threadId: number;
  readonly why: 'step' | 'breakpoint' | 'entry' | 'restart' | 'goto';
}

const pieceStatements = 50_000;
/** So many statements before the present are looked at one by one; ten times more where that was not enough. */
const firstWindow = 400;

/**
 * To the statement that the thread executed before, over the calls in between; to what any thread executed where this
 * one had not begun. Undefined at the beginning of the run.
 */
export function* stepBack(past: Past, present: Present): Generator<undefined, Arrival | undefined> {
  let latest = present.statements - 1;
  for (let window = firstWindow; latest >= 0; window *= 10) {
    const from = Math.max(0, present.statements - window);
    const { began, target } = yield* lastPoint(past, present, latest, from);
    if (target?.isSure) return yield* arrive(past, target.statements, 'step');
    latest = Math.min(from, began - 1);
  }
  return undefined;
}

/**
 * To the last breakpoint that would have stopped the run before the present; else to its first statement. Of the pieces
 * from one moment that is known to the next, the last is looked at first.
 */
export function* reverseContinue(past: Past, present: Present): Generator<undefined, Arrival | undefined> {
  if (present.statements === 0) return undefined;
  for (let end = present.statements; end > 0; ) {
    let last: number | undefined;
    const run = past.begin(end - 1);
    const from = run.statements;
    const note = (at: number): void => {
      last = at;
    };
    yield* walk(past, run, end, note);
    // What the last statement of the piece has written is seen before the next one.
    if (end < present.statements) yield* stand(past, run, note);
    if (last !== undefined) return yield* arrive(past, last, 'breakpoint');
    end = from;
  }
  return yield* arrive(past, 0, 'entry');
}

/**
 * To the first statement of the last such call that has begun: where the user stands in it, or in what it has called, that
 * is its own. Undefined where the run does not know of one.
 */
export function* restartCall(past: Past, present: Present, call: FrameCall): Generator<undefined, Arrival | undefined> {
  for (let end = present.statements; end >= 0; ) {
    let last: number | undefined;
    const run = past.begin(Math.max(0, end - 1));
    const from = run.statements;
    const note = (at: number, { begins }: Paused): void => {
      if (begins === true) last = at;
    };
    run.stepToCall(call);
    yield* walk(past, run, end, note, call);
    // Who has jumped from the first statement stands elsewhere, and no statement later.
    const isHere = call.mayBeginNow || past.edits.some((edit) => isJumpAt(edit, present.statements));
    if (end < present.statements || isHere) yield* stand(past, run, note);
    if (last !== undefined) return yield* arrive(past, last, 'restart');
    if (from === 0) return undefined;
    end = from;
  }
  return undefined;
}

/**
 * To before the last statement that is wanted, of those that are not later than a moment; where none of the latest is,
 * to the moment itself. Undefined where the run does not come so far.
 */
export function* goToMoment(past: Past, { statements, isWanted }: Moment): Generator<undefined, Arrival | undefined> {
  const from = Math.max(0, statements - firstWindow);
  const run = past.begin(from);
  yield* walk(past, run, from);
  let last: number | undefined;
  let wanted: number | undefined;
  for (;;) {
    const threadId = yield* stand(past, run);
    if (threadId === undefined || run.statements > statements) break;
    last = run.statements;
    const top = run.frames(threadId)[0]?.span;
    if (top !== undefined && isWanted(top)) wanted = last;
    applyEdits(past, run);
    yield;
  }
  return last === undefined ? undefined : yield* arrive(past, wanted ?? last, 'goto');
}

function* arrive(past: Past, statements: number, why: Arrival['why']): Generator<undefined, Arrival | undefined> {
  const run = past.begin(statements);
  yield* walk(past, run, statements);
  const threadId = yield* stand(past, run);
  assert(threadId !== undefined && run.statements === statements, 'a run that is run again is the same run');
  // Somebody who stood here before may have changed something then; who begins a call again has not jumped out of it.
  applyEdits(why === 'restart' ? { edits: past.edits.filter((edit) => !isJumpAt(edit, statements)) } : past, run);
  return { run, threadId, why };
}

/** Such an edit is over when the call is begun again. */
export function isJumpAt(edit: Edit, statements: number): boolean {
  return edit.kind === 'jump' && edit.statements === statements;
}

/** As the user knows it: `Count = 5`, or where a thread was sent. */
export function editText(edit: Edit): string {
  return edit.kind === 'assign' ? `${edit.expression} = ${edit.value}` : `jump to ${shortPlace(edit.to)}`;
}

/** Told where a run has paused: at breakpoints that would stop it, or where a call that is looked for begins. */
type Reached = (statements: number, paused: Paused) => void;

/** Lets a run go on until so many statements are executed. */
function* walk(
  past: Past,
  run: Run,
  target: number,
  reached: Reached = () => {},
  call?: Call,
): Generator<undefined, void> {
  const from = run.statements;
  const stops = past.edits.map(({ statements }) => statements).filter((at) => at >= from && at < target);
  for (const goal of [...new Set(stops), target]) {
    while (run.statements < goal) {
      const advance = run.advance(Math.min(pieceStatements, goal - run.statements));
      // Where it waits for somebody outside, no statement follows either.
      if (advance.kind === 'ended' || advance.kind === 'waiting') return;
      if (advance.kind === 'paused') {
        tell(past, run, advance, reached);
        if (call !== undefined) run.stepToCall(call);
      }
      yield;
    }
    if (goal === target) return;
    yield* stand(past, run, reached);
    applyEdits(past, run);
    if (call !== undefined) run.stepToCall(call);
  }
}

/** Goes on to the next statement and stands before it; undefined where the run ends instead. */
function* stand(past: Past, run: Run, reached: Reached = () => {}): Generator<undefined, number | undefined> {
  run.requestPause();
  for (;;) {
    const advance = run.advance(pieceStatements);
    if (advance.kind === 'ended' || advance.kind === 'waiting') return undefined;
    if (advance.kind === 'paused') {
      tell(past, run, advance, reached);
      return advance.threadId;
    }
    yield;
  }
}

function tell(past: Past, run: Run, paused: Paused, reached: Reached): void {
  if (past.reach(run, paused) || paused.begins === true) reached(run.statements, paused);
}

interface Point {
  readonly statements: number;
  /** A look further back would find nothing better. */
  readonly isSure: boolean;
}

interface Search {
  /** Statements before the first one that was looked at. */
  readonly began: number;
  readonly target: Point | undefined;
}

/**
 * The last statement before the present that is no call's inside; else the last one at all. Looked at are those from
 * `from` on, or from a later moment, not after `latest`, at which the run can begin again.
 */
function* lastPoint(past: Past, present: Present, latest: number, from: number): Generator<undefined, Search> {
  const { thread } = present;
  const run = past.begin(latest);
  if (run.statements < from) {
    yield* walk(past, run, from);
    past.keep();
  }
  const began = run.statements;
  const isWhole = began === 0 || (thread !== undefined && !run.threads().some(({ id }) => id === thread.id));
  let own: Point | undefined;
  let any: Point | undefined;
  for (;;) {
    const threadId = yield* stand(past, run);
    if (threadId === undefined || run.statements >= present.statements) return { began, target: own ?? any };
    const { statements } = run;
    any = { statements, isSure: isWhole };
    const isOwn = thread === undefined || (threadId === thread.id && depthOf(run, threadId) <= thread.depth);
    if (isOwn) own = { statements, isSure: true };
    applyEdits(past, run);
    yield;
  }
}

function applyEdits({ edits }: Pick<Past, 'edits'>, run: Run): void {
  for (const edit of edits) if (edit.statements === run.statements) applyEdit(run, edit);
}

function applyEdit(run: Run, edit: Edit): void {
  switch (edit.kind) {
    case 'assign':
      run.assign(edit.expression, edit.value, edit.frameId);
      return;
    case 'jump':
      run.jump(edit.threadId, edit.to);
      return;
    default:
      unreachable(edit);
  }
}
