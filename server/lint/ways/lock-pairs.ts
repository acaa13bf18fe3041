/**
 * Two shapes in which a lock that is held at a return is no mistake, though other ways release it.
 *
 * A function may take a lock for its callers on some ways only, and they know from what it gives them whether it did:
 * a caller that releases the lock and never takes it itself shows that. And a lock may be taken and released under the
 * same condition: what it asks may lie in memory that a call in between could change, so the two sides are not known to
 * go together, but they are written to. Locks are told apart here by the name of the member or variable that they are.
 */
import { memo } from '../../../base/memo.ts';
import type { CallExpression, Expression, IfStatement } from '../../../cfront/parse/ast.ts';
import { children, someNode, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { nodesIn } from '../body/nodes.ts';
import { calledFunction, calledName } from '../driver/callee.ts';
import { kernelEffect } from '../flow/calls/kernel-apis.ts';
import type { Held } from '../flow/facts/kernel.ts';
import { analysisOf } from '../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../flow/run/session.ts';
import { innermost } from '../flow/state/where.ts';

/** Some caller of the function releases the lock, and has it from nobody else. */
export function isTakenForCallers(session: Session, fn: FunctionInfo, held: Held): boolean {
  const lock = lockName(innermost(held.where).arguments[0]);
  if (lock === undefined) return false;
  return session.functions.some(({ definition }) => {
    const calls = nodesIn(definition, 'call').map((call) => ({ call, callee: calledFunction(session, call) }));
    if (!calls.some(({ callee }) => callee === fn)) return false;
    const deeds = calls.map(({ call, callee }) => ({ callee, ...effectOf(session, call, callee, lock) }));
    return deeds.some(({ releases }) => releases) && !deeds.some(({ callee, takes }) => takes && callee !== fn);
  });
}

/** What a call does to the lock of that name, as far as it leaves a trace with its caller. */
function effectOf(
  session: Session,
  call: CallExpression,
  callee: FunctionInfo | undefined,
  lock: string,
): { readonly takes: boolean; readonly releases: boolean } {
  if (callee !== undefined) {
    const exits = analysisOf(session, callee)?.exits ?? [];
    const isIt = ({ where }: Pick<Held, 'where'>): boolean => lockName(innermost(where).arguments[0]) === lock;
    return {
      takes: exits.some(({ held }) => held.some(isIt)),
      releases: exits.some(({ released }) => released.some(isIt)),
    };
  }
  const effect = kernelEffect(calledName(call) ?? '');
  const isIt = lockName(call.arguments[0]) === lock;
  return { takes: isIt && effect?.kind === 'acquire', releases: isIt && effect?.kind === 'release' };
}

/** The member or the variable that is the lock. */
export function lockName(argument: Expression | undefined): string | undefined {
  if (argument === undefined) return undefined;
  const inner = stripConversions(argument, { casts: true });
  if (inner.kind === 'address-of') return lockName(inner.operand);
  if (inner.kind === 'index') return lockName(inner.base);
  if (inner.kind === 'member') return inner.name;
  return inner.kind === 'name' && inner.symbol.kind === 'variable' ? inner.symbol.name : undefined;
}

/** A node's number in source order, and the sides of the `if`s around it, outermost first. */
interface Position {
  readonly number: number;
  readonly sides: readonly Side[];
}

/** One side of an `if`. */
interface Side {
  readonly statement: IfStatement;
  readonly then: boolean;
}

/** The lock is taken under a condition, and released under the same one before the way out. */
export function isReleasedAlike(fn: FunctionInfo, held: Held, exit: Exit): boolean {
  const lock = lockName(held.where.arguments[0]);
  if (lock === undefined) return false;
  const positions = positionsIn(fn.analysed.body);
  const taken = positions.get(held.where.node);
  const left = positions.get(exit.where.node);
  if (taken === undefined) return false;
  return nodesIn(fn.analysed, 'call').some((call) => {
    const { number, sides } = positions.get(call) as Position; /* it is a node of the same body */
    if (number <= taken.number || (left !== undefined && number >= left.number) || !releases(call, lock)) return false;
    const same = sides.findIndex((side) => taken.sides.some((own) => isSameSide(own, side)));
    return same >= 0 && sides.every((side, i) => i === same || left?.sides.some((o) => isIdentical(o, side)) === true);
  });
}

/** On the way to the exit a condition decides whether the lock is released, and goes on to it in any case. */
export function isReleasedOnAsking(fn: FunctionInfo, held: Held, exit: Exit): boolean {
  const lock = lockName(held.where.arguments[0]);
  const positions = positionsIn(fn.analysed.body);
  const left = positions.get(exit.where.node);
  if (lock === undefined || left === undefined) return false;
  return nodesIn(fn.analysed, 'call').some((call) => {
    const { number, sides } = positions.get(call) as Position; /* it is a node of the same body */
    if (number >= left.number || !releases(call, lock)) return false;
    const own = sides.filter((side) => !left.sides.some((other) => isIdentical(side, other)));
    return own.length > 0 && own.length === sides.length - left.sides.length && !own.some(jumps);
  });
}

function jumps({ statement, then }: Side): boolean {
  const branch = then ? statement.then : statement.otherwise;
  return branch !== undefined && someNode(branch, ({ kind }) => /^(?:goto|return|break|continue|leave)$/.test(kind));
}

function releases(call: CallExpression, lock: string): boolean {
  if (kernelEffect(calledName(call) ?? '')?.kind !== 'release') return false;
  return call.arguments.length === 0 || lockName(call.arguments[0]) === lock;
}

/** By body: a function is asked about for each of its exits. */
const positionsIn = memo((root: TreeNode): ReadonlyMap<unknown, Position> => {
  const all = new Map<unknown, Position>();
  const pending: { readonly node: TreeNode; readonly sides: readonly Side[] }[] = [{ node: root, sides: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, sides } = next;
    all.set(node, { number: all.size, sides });
    for (const child of [...children(node)].reverse()) {
      const isSide = node.kind === 'if' && child !== node.condition;
      const inner = isSide ? [...sides, { statement: node, then: child === node.then }] : sides;
      pending.push({ node: child, sides: inner });
    }
  }
  return all;
});

function isIdentical(a: Side, b: Side): boolean {
  return a.statement === b.statement && a.then === b.then;
}

function isSameSide(a: Side, b: Side): boolean {
  return (
    a.statement !== b.statement && a.then === b.then && isWrittenAlike(a.statement.condition, b.statement.condition)
  );
}

export function isWrittenAlike(a: TreeNode, b: TreeNode): boolean {
  if (label(a) !== label(b) || a.kind === 'call') return false;
  const below = children(b);
  return children(a).every((child, i) => below[i] !== undefined && isWrittenAlike(child, below[i]));
}

/** What a node says itself, apart from what is below it. */
function label(node: TreeNode): string {
  switch (node.kind) {
    case 'name':
    case 'member':
      return `${node.kind} ${node.kind === 'name' ? node.symbol.name : node.name}`;
    case 'integer':
      return `integer ${node.value}`;
    case 'enum-constant':
      return `enum-constant ${node.symbol.name}`;
    case 'binary':
    case 'unary':
      return `${node.kind} ${node.operator}`;
    default:
      return node.kind;
  }
}

/** Conditions around a release may be those under which the lock was taken. */
export function isConditional({ analysed }: FunctionInfo, release: unknown): boolean {
  return someNode(analysed.body, (one) => branching.test(one.kind) && someNode(one, (node) => node === release));
}

const branching = /^(?:if|switch|while|do|for|conditional|logical|try)/;
