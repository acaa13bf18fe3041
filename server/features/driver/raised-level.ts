/**
 * What has raised the IRQL at a place of a function: the calls that took a spin lock or a fast mutex, or raised the level,
 * and were not undone on any way there.
 *
 * In: a function's body and an offset in it. Out: what is held, innermost last, or that ways differ. It goes through the
 * statements once, as they run; a loop that changes what is held, and a jump back, make the rest unknown. Ends because
 * it goes down the tree.
 */
import { memo } from '../../../base/memo.ts';
import type { CallExpression, CompoundStatement, Expression, Statement } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';

export interface Raise {
  /** The function that was called. */
  readonly name: string;
  readonly level: string;
}

/** `dead`: nothing gets there. */
type Level = 'dead' | 'unknown' | readonly Raise[];

interface Walk {
  readonly offset: number;
  /** The level at the offset, once it was passed. */
  found: Level | undefined;
  /** Levels at the jumps out of the innermost loop or switch, and of the innermost __try. */
  breaks: Level[];
  leaves: Level[];
  /** The level at the head of the innermost switch. */
  selected: Level;
  /** Levels at the gotos of each label that have been passed. */
  readonly jumps: Map<string, Level[]>;
  /** Labels that a goto behind them leads back to. */
  readonly repeated: ReadonlySet<string>;
}

const NOTHING: readonly Raise[] = [];

/** Undefined where it is not known, as behind a change on one of two ways. */
export function raisesAt(body: CompoundStatement, offset: number): readonly Raise[] | undefined {
  if (isSteady(body)) return NOTHING;
  const w: Walk = {
    offset,
    found: undefined,
    breaks: [],
    leaves: [],
    selected: 'dead',
    jumps: new Map(),
    repeated: labelsJumpedBackTo(body),
  };
  statement(w, body, []);
  return typeof w.found === 'string' ? undefined : w.found;
}

/** No call in it changes the level, as in most: found once, for hovers ask at each word. */
const isSteady = memo((body: CompoundStatement): boolean => {
  let found = true;
  walk(body, (node) => {
    if (node.kind === 'call' && after(node, NOTHING) !== NOTHING) found = false;
    return found;
  });
  return found;
});

function statement(w: Walk, s: Statement, level: Level): Level {
  switch (s.kind) {
    case 'compound':
      return s.items.reduce((now, item) => statement(w, item, now), level);
    case 'expression':
    case 'declaration':
      return calls(w, s, level);
    case 'return':
      calls(w, s, level);
      return 'dead';
    case 'if': {
      const tested = calls(w, s.condition, level);
      const then = statement(w, s.then, tested);
      return join(then, s.otherwise === undefined ? tested : statement(w, s.otherwise, tested));
    }
    case 'while':
      return loop(w, level, (from) => statement(w, s.body, calls(w, s.condition, from)));
    case 'do':
      return loop(w, level, (from) => calls(w, s.condition, statement(w, s.body, from)));
    case 'for': {
      const from = s.initial === undefined ? level : statement(w, s.initial, level);
      return loop(w, from, (start) => {
        const tested = s.condition === undefined ? start : calls(w, s.condition, start);
        const after = statement(w, s.body, tested);
        return s.step === undefined ? after : calls(w, s.step, after);
      });
    }
    case 'switch': {
      const outer = { breaks: w.breaks, selected: w.selected };
      w.breaks = [];
      w.selected = calls(w, s.condition, level);
      const end = statement(w, s.body, 'dead');
      const hasDefault = s.cases.some(({ value }) => value === undefined);
      const after = [end, ...w.breaks, ...(hasDefault ? [] : [w.selected])].reduce(join, 'dead');
      Object.assign(w, outer);
      return after;
    }
    case 'case':
      return statement(w, s.body, join(level, w.selected));
    case 'label': {
      const all = [level, ...(w.jumps.get(s.name) ?? [])].reduce(join, 'dead');
      return statement(w, s.body, w.repeated.has(s.name) ? 'unknown' : all);
    }
    case 'goto':
      w.jumps.set(s.label, [...(w.jumps.get(s.label) ?? []), level]);
      return 'dead';
    case 'break':
      w.breaks.push(level);
      return 'dead';
    case 'leave':
      w.leaves.push(level);
      return 'dead';
    case 'continue':
      return 'dead';
    case 'try-finally':
      return statement(w, s.handler, guarded(w, s.body, level));
    case 'try-except': {
      const after = guarded(w, s.body, level);
      return join(after, statement(w, s.handler, join(level, after)));
    }
    case 'empty':
    case 'error':
      return level;
  }
}

function guarded(w: Walk, body: CompoundStatement, level: Level): Level {
  const outer = w.leaves;
  w.leaves = [];
  const after = [statement(w, body, level), ...w.leaves].reduce(join, 'dead');
  w.leaves = outer;
  return after;
}

/** A round that changes what is held makes it unknown, in the loop too. */
function loop(w: Walk, level: Level, round: (from: Level) => Level): Level {
  const outer = w.breaks;
  const before = w.found;
  w.breaks = [];
  const after = round(level);
  const isAsBefore = join(level, after) !== 'unknown' || level === 'unknown';
  if (!isAsBefore && before === undefined && w.found !== undefined) w.found = 'unknown';
  const end = isAsBefore ? [level, ...w.breaks].reduce(join, 'dead') : 'unknown';
  w.breaks = outer;
  return end;
}

/** The calls of a node, in the order of their ends, as they are made. */
function calls(w: Walk, node: TreeNode | Expression, level: Level): Level {
  const made: CallExpression[] = [];
  walk(node, (one) => {
    if (one.kind === 'call') made.push(one);
    return true;
  });
  made.sort((a, b) => nodePlace(a).end - nodePlace(b).end);
  const { start, end } = nodePlace(node);
  const isHere = start <= w.offset && w.offset <= end && w.found === undefined;
  let now = level;
  let reached = level;
  for (const call of made) {
    now = after(call, now);
    if (nodePlace(call).end <= w.offset) reached = now;
  }
  if (isHere) w.found = reached;
  return now;
}

const dispatch =
  /^(?:Ke|Ex|Io)Acquire(?:InStackQueued|Cancel)?SpinLock(?!ForDpc)\w*$|^KeRaiseIrqlToDpcLevel$|^KeAcquireSpinLock\w*$/;
const apc = /^ExAcquireFastMutex$/;
const undoing = /^(?:Ke|Ex|Io)Release\w*SpinLock\w*$|^K[ef]LowerIrql$|^ExReleaseFastMutex$/;
/** Whether they took it, only their result tells. */
const trying = /^(?:KeTryToAcquire\w*SpinLock\w*|ExTry\w*SpinLock\w*|ExTryToAcquireFastMutex)$/;

function after(call: CallExpression, level: Level): Level {
  if (typeof level === 'string') return level;
  const callee = stripConversions(call.callee, { casts: true });
  const name = callee.kind === 'name' ? callee.symbol.name : '';
  if (trying.test(name)) return 'unknown';
  if (undoing.test(name)) return level.length === 0 ? 'unknown' : level.slice(0, -1);
  if (dispatch.test(name)) return [...level, { name, level: 'DISPATCH_LEVEL' }];
  if (apc.test(name)) return [...level, { name, level: 'APC_LEVEL' }];
  if (!/^K[ef]RaiseIrql$/.test(name)) return level;
  const [wanted] = call.arguments;
  const span = wanted === undefined ? undefined : nodePlace(wanted);
  const text = span?.file.text.slice(span.start, span.end).trim() ?? '';
  return /^[A-Z]+_LEVEL$/.test(text) ? [...level, { name, level: text }] : 'unknown';
}

function join(a: Level, b: Level): Level {
  if (a === 'dead') return b;
  if (b === 'dead') return a;
  if (a === 'unknown' || b === 'unknown' || a.length !== b.length) return 'unknown';
  return a.every(({ name }, i) => name === b[i]?.name) ? a : 'unknown';
}

const labelsJumpedBackTo = memo((body: CompoundStatement): ReadonlySet<string> => {
  const found = new Set<string>();
  const jumps: { readonly label: string; readonly at: number }[] = [];
  const labels = new Map<string, number>();
  walk(body, (node) => {
    if (node.kind === 'label') labels.set(node.name, nodePlace(node).start);
    else if (node.kind === 'goto') jumps.push({ label: node.label, at: nodePlace(node).start });
    return true;
  });
  for (const { label, at } of jumps) if ((labels.get(label) ?? Number.POSITIVE_INFINITY) < at) found.add(label);
  return found;
});
