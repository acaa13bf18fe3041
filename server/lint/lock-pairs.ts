/**
 * Two shapes in which a lock that is held at a return is no mistake, though other ways release it.
 *
 * A function may take a lock for its callers on some ways only, and they know from what it gives them whether it did:
 * a caller that releases the lock and never takes it itself shows that. And a lock may be taken and released under the
 * same condition: what it asks may lie in memory that a call in between could change, so the two sides are not known to
 * go together, but they are written to. Locks are told apart here by the name of the member or variable that they are.
 */
import type { CallExpression, Expression, IfStatement } from '../../cfront/parse/ast.ts';
import { children, stripConversions, type TreeNode, walk } from '../../cfront/parse/walk.ts';
import { kernelEffect } from './flow/calls/kernel-apis.ts';
import type { Held } from './flow/facts/kernel.ts';
import { analysisOf } from './flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from './flow/run/session.ts';
import { innermost } from './flow/state/where.ts';

/** Some caller of the function releases the lock, and has it from nobody else. */
export function isTakenForCallers(session: Session, fn: FunctionInfo, held: Held): boolean {
  const lock = lockName(innermost(held.where).arguments[0]);
  if (lock === undefined) return false;
  return session.functions.some((caller) => {
    let calls = false;
    let releases = false;
    let takes = false;
    walk(caller.definition.body, (node) => {
      if (node.kind !== 'call') return;
      const does = effectOf(session, node, lock);
      if (does.fn === fn.key) calls = true;
      else takes ||= does.takes;
      releases ||= does.releases;
    });
    return calls && releases && !takes;
  });
}

/** What a call does to the lock of that name, as far as it leaves a trace with its caller. */
function effectOf(
  session: Session,
  call: CallExpression,
  lock: string,
): { readonly fn: string | undefined; readonly takes: boolean; readonly releases: boolean } {
  const callee = stripConversions(call.callee);
  const symbol = callee.kind === 'name' && callee.symbol.kind === 'function' ? callee.symbol : undefined;
  const fn = symbol === undefined ? undefined : session.functionOf(symbol);
  if (fn !== undefined) {
    const exits = analysisOf(session, fn)?.exits ?? [];
    const isIt = ({ where }: Pick<Held, 'where'>): boolean => lockName(innermost(where).arguments[0]) === lock;
    return {
      fn: fn.key,
      takes: exits.some(({ held }) => held.some(isIt)),
      releases: exits.some(({ released }) => released.some(isIt)),
    };
  }
  const effect = symbol === undefined ? undefined : kernelEffect(symbol.name);
  const isIt = lockName(call.arguments[0]) === lock;
  return { fn: undefined, takes: isIt && effect?.kind === 'acquire', releases: isIt && effect?.kind === 'release' };
}

/** The member or the variable that is the lock. */
function lockName(argument: Expression | undefined): string | undefined {
  if (argument === undefined) return undefined;
  const inner = stripConversions(argument, { casts: true });
  if (inner.kind === 'address-of') return lockName(inner.operand);
  if (inner.kind === 'index') return lockName(inner.base);
  if (inner.kind === 'member') return inner.name;
  return inner.kind === 'name' && inner.symbol.kind === 'variable' ? inner.symbol.name : undefined;
}

/** One side of an `if`, around a node. */
interface Side {
  readonly statement: IfStatement;
  readonly then: boolean;
}

/** The lock is taken under a condition, and released under the same one before the way out. */
export function isReleasedAlike(fn: FunctionInfo, held: Held, exit: Exit): boolean {
  const { body } = fn.definition;
  const around = sidesOf(body);
  const order = [...around.keys()];
  const taken = order.indexOf(held.where.node as TreeNode);
  const lock = lockName(held.where.arguments[0]);
  if (taken < 0 || lock === undefined) return false;
  const left = around.has(exit.where.node as TreeNode) ? order.indexOf(exit.where.node as TreeNode) : order.length;
  const outside = around.get(exit.where.node as TreeNode) ?? [];
  const own = around.get(held.where.node as TreeNode) ?? [];
  return order.some((node, at) => {
    if (node.kind !== 'call' || at <= taken || at >= left || !releases(node, lock)) return false;
    const sides = around.get(node) ?? [];
    const same = sides.findIndex((side) => own.some((o) => isSameSide(o, side)));
    return same >= 0 && sides.every((side, i) => i === same || outside.some((o) => isIdentical(o, side)));
  });
}

function releases(call: CallExpression, lock: string): boolean {
  const callee = stripConversions(call.callee);
  if (callee.kind !== 'name' || kernelEffect(callee.symbol.name)?.kind !== 'release') return false;
  return call.arguments.length === 0 || lockName(call.arguments[0]) === lock;
}

/** Every node in source order, with the sides of the `if`s around it. */
function sidesOf(root: TreeNode): ReadonlyMap<TreeNode, readonly Side[]> {
  const all = new Map<TreeNode, readonly Side[]>();
  const pending: { readonly node: TreeNode; readonly sides: readonly Side[] }[] = [{ node: root, sides: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, sides } = next;
    all.set(node, sides);
    for (const child of [...children(node)].reverse()) {
      const isSide = node.kind === 'if' && child !== node.condition;
      const inner = isSide ? [...sides, { statement: node, then: child === node.then }] : sides;
      pending.push({ node: child, sides: inner });
    }
  }
  return all;
}

function isIdentical(a: Side, b: Side): boolean {
  return a.statement === b.statement && a.then === b.then;
}

function isSameSide(a: Side, b: Side): boolean {
  return (
    a.statement !== b.statement && a.then === b.then && isWrittenAlike(a.statement.condition, b.statement.condition)
  );
}

function isWrittenAlike(a: TreeNode, b: TreeNode): boolean {
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
