/**
 * Locks that a function forgets to release on one of its ways out.
 *
 * A function may well return with a lock held: a wrapper that takes it, a look-up that gives a locked entry. It is a
 * mistake where the function's role leaves nobody to release it, or where another way with the same kind of result has
 * released it, or where it returns a failure with it while a way that succeeds has released it; or where nobody else has
 * the level that a spin lock is released to.
 */
import type { PathStep } from '../../../base/finding.ts';
import type { Expression, FunctionDefinition, IfStatement, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { constantValue, someNode, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { givenIn } from '../body/given-values.ts';
import { nodesIn } from '../body/nodes.ts';
import { isRecord } from '../body/record-type.ts';
import { calledName } from '../driver/callee.ts';
import { functionsNamed } from '../driver/named.ts';
import { isCalledAround, isWholeDriver } from '../driver/reach.ts';
import { isHandedOn, roleOf } from '../driver/roles.ts';
import { kernelEffect } from '../flow/calls/kernel-apis.ts';
import { levelsOf } from '../flow/calls/levels.ts';
import { type Held, isSpinLock } from '../flow/facts/kernel.ts';
import { analysisOf } from '../flow/run/run.ts';
import { type Exit, type FunctionInfo, ofRun, type Session } from '../flow/run/session.ts';
import { resultKind } from '../flow/state/outcome.ts';
import { innermost, pathTo, type Where } from '../flow/state/where.ts';
import { isReleasedAlike, isTakenForCallers, lockName } from './lock-pairs.ts';

export interface ForgottenLock {
  readonly fn: FunctionInfo;
  readonly exit: Exit;
  readonly held: Held;
  readonly path: readonly PathStep[];
}

export const forgottenLocks = ofRun((session: Session): readonly ForgottenLock[] =>
  session.functions.flatMap((fn) => {
    const exits = fn.isUsers ? (analysisOf(session, fn)?.exits ?? []) : [];
    if (exits.every(({ held }) => held.length === 0) || levelsOf(fn.definition.symbol).changes) return [];
    return exits.flatMap((exit) =>
      exit.isVague
        ? []
        : exit.held.flatMap((held) =>
            !isOwners(session, fn, held.where) && isForgotten(session, fn, exit, held, exits)
              ? [forgotten(fn, exit, held)]
              : [],
          ),
    );
  }),
);

/** The lock is taken, here or in a helper, where its owner may take it again. */
function isOwners(session: Session, fn: FunctionInfo, where: Where): boolean {
  if (ownerChecks(fn).some((check) => guards(check, where))) return true;
  const { inside } = where;
  const helper = inside === undefined ? undefined : functionsNamed(session, inside.helper)[0];
  return inside !== undefined && helper !== undefined && isOwners(session, helper, inside.where);
}

/**
 * The `if`s that compare an owner with the current thread. A lock that its owner may take again is taken on one side of
 * one only, or beyond one that leaves; it is released by a count, which lies in memory that others change.
 */
function ownerChecks({ analysed: definition }: FunctionInfo): readonly IfStatement[] {
  // Most functions never ask for the current thread.
  if (!nodesIn(definition, 'name').some(({ symbol }) => currentThread.test(symbol.name))) return [];
  const holders = threadHolders(definition);
  return nodesIn(definition, 'if').filter(({ condition }) =>
    someNode(condition, (e) => {
      if (e.kind !== 'binary' || (e.operator !== '==' && e.operator !== '!=')) return false;
      return namesThread(e.left, holders) || namesThread(e.right, holders);
    }),
  );
}

const currentThread = /^(?:Ps|Ke)GetCurrentThread(?:Id)?$/;

/** Names of the variables that are given the current thread. */
function threadHolders({ body }: FunctionDefinition): ReadonlySet<string> {
  const holders = new Set<string>();
  walk(body, (node) => {
    if (node.kind === 'variable-declaration' && node.initializer?.kind === 'expression') {
      if (namesThread(node.initializer.value, holders)) holders.add(node.symbol.name);
    } else if (node.kind === 'assign' && node.operator === undefined && node.target.kind === 'name') {
      if (namesThread(node.value, holders)) holders.add(node.target.symbol.name);
    }
  });
  return holders;
}

/** The current thread, or a variable that holds it. */
function namesThread(e: Expression, holders: ReadonlySet<string>): boolean {
  return someNode(e, (node) => {
    return node.kind === 'name' && (holders.has(node.symbol.name) || currentThread.test(node.symbol.name));
  });
}

function guards(check: IfStatement, where: Where): boolean {
  return someNode(check, (node) => node === where.node || node.kind === 'return' || node.kind === 'goto');
}

function forgotten(fn: FunctionInfo, exit: Exit, held: Held): ForgottenLock {
  return {
    fn,
    exit,
    held,
    path: [
      ...pathTo(held.where, `${held.api} takes it here`),
      ...pathTo(exit.where, 'The function returns here without releasing it'),
    ],
  };
}

function isForgotten(session: Session, fn: FunctionInfo, exit: Exit, held: Held, exits: readonly Exit[]): boolean {
  if (isReleasedAlike(fn, held, exit)) return false;
  // Of a helper's that nobody ever releases the helper itself is told.
  if (isNeverReleased(session, held)) return held.where.inside === undefined;
  if (hasCallerOfItsOwn(roleOf(session, fn), held)) return true;
  if (isNeverLeft(session, fn, held) || hasLevelToItself(fn, held)) return true;
  const isLeft = exits.some(
    (other) =>
      other.ended.has(held.lock.key) &&
      !other.held.some((h) => h.lock.key === held.lock.key) &&
      (resultKind(other) === resultKind(exit) || resultKind(exit) === 'failure'),
  );
  return isLeft && (resultKind(exit) === 'failure' || !isTakenForCallers(session, fn, held));
}

/** The level from before the spin lock, or its handle, lies in a local that only locks and unlocks: no caller can release it. */
export function hasLevelToItself(
  { analysed: definition }: FunctionInfo,
  { kind, where }: Pick<Held, 'kind' | 'where'>,
): boolean {
  if ((kind !== 'spin' && kind !== 'cancel') || where.inside !== undefined) return false;
  const variable = levelVariable(definition, where);
  if (variable === undefined) return false;
  const locking = nodesIn(definition, 'call').filter((call) => {
    const effect = kernelEffect(calledName(call) ?? '')?.kind;
    return effect === 'acquire' || effect === 'release' || effect === 'lower';
  });
  const isIt = (node: TreeNode): boolean => node.kind === 'name' && node.symbol === variable;
  const inCalls = locking.reduce(
    (count, call) => count + call.arguments.filter((one) => someNode(one, isIt)).length,
    0,
  );
  const given = givenIn(definition).filter((one) => one.variable === variable);
  // A number that it begins with is no caller's level either.
  const isFromLocks = given.every(
    ({ value }) =>
      constantValue(value) !== undefined || locking.some((call) => call === stripConversions(value, { casts: true })),
  );
  const targets = given.filter(({ node }) => node.kind === 'assign').length;
  return isFromLocks && nodesIn(definition, 'name').filter(isIt).length === inCalls + targets;
}

function levelVariable(definition: FunctionDefinition, { node, arguments: given }: Where): VariableSymbol | undefined {
  const last = given.at(-1);
  const address = last === undefined ? undefined : stripConversions(last, { casts: true });
  const named = address?.kind === 'address-of' ? stripConversions(address.operand) : undefined;
  const symbol =
    named?.kind === 'name'
      ? named.symbol
      : (givenIn(definition).find(({ value }) => stripConversions(value, { casts: true }) === node)?.variable ??
        // A release gets it by value.
        (address?.kind === 'name' ? address.symbol : undefined));
  if (symbol?.kind !== 'variable' || symbol.duration !== 'automatic' || symbol.isParameter) return undefined;
  return symbol.type.kind === 'integer' || isRecord(symbol.type, '_KLOCK_QUEUE_HANDLE') ? symbol : undefined;
}

/**
 * A region that the function enters and nobody around it leaves: it is no wrapper for its callers, because they are all
 * here, or because it takes a lock inside the region and gives that back.
 */
function isNeverLeft(session: Session, fn: FunctionInfo, { kind }: Held): boolean {
  if (kind !== 'critical-region' && kind !== 'guarded-region') return false;
  const leaves = (name: string): boolean => {
    const effect = kernelEffect(name);
    return (effect?.kind === 'release' && effect.lock === kind) || /Leave|ExitFileSystem/.test(name);
  };
  if (isCalledAround(session, fn, leaves)) return false;
  const { symbol } = fn.definition;
  return (symbol.linkage === 'internal' && fn.heardBy > 0 && !isHandedOn(session, fn)) || givesBackInside(fn);
}

/** The whole driver is here, and what it releases are other locks. */
function isNeverReleased(session: Session, { kind, where }: Held): boolean {
  if (!isMutex(kind) || !isWholeDriver(session)) return false;
  const [given] = innermost(where).arguments;
  const lock = given === undefined ? undefined : stripConversions(given, { casts: true });
  const name = lock?.kind === 'address-of' ? lockName(lock) : undefined;
  return name !== undefined && releasedMutexes(session).every((other) => other !== undefined && other !== name);
}

function isMutex(kind: Held['kind']): boolean {
  return kind === 'mutex' || kind === 'fast-mutex';
}

/** The names of mutexes that the driver releases; undefined for one that may be any. */
const releasedMutexes = ofRun((session: Session): readonly (string | undefined)[] =>
  session.functions.flatMap(({ definition }) =>
    nodesIn(definition, 'call').flatMap((call) => {
      const effect = kernelEffect(calledName(call) ?? '');
      if (effect?.kind !== 'release' || !isMutex(effect.lock)) return [];
      const mutex = effect.at === undefined ? undefined : call.arguments[effect.at];
      const stripped = mutex === undefined ? undefined : stripConversions(mutex, { casts: true });
      return [stripped?.kind === 'address-of' ? lockName(stripped) : undefined];
    }),
  ),
);

function givesBackInside({ definition }: FunctionInfo): boolean {
  const calls = (pattern: RegExp): boolean =>
    nodesIn(definition, 'call').some((call) => pattern.test(calledName(call) ?? ''));
  return calls(/^(?:Ex|Ke|Flt)Acquire|^KeWaitFor/) && calls(/^(?:Ex|Ke|Flt)Release/);
}

/**
 * The system calls it, and knows nothing of the driver's locks. What one callback of KMDF's takes another may release, but
 * for spin locks.
 */
function hasCallerOfItsOwn(role: string | undefined, held: Held): boolean {
  if (role?.startsWith('EVT_WDF_') === true) return isSpinLock(held);
  return (
    role !== undefined &&
    /^(?:DRIVER_(?!CONTROL)\w+|K(?:DEFERRED|START)_ROUTINE|IO_(?:COMPLETION|WORKITEM|DPC)_ROUTINE(?:_EX)?|WSK_\w+_EVENT)$/.test(
      role,
    )
  );
}
