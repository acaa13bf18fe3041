/**
 * A routine that the system calls returns at the level at which it was called; a cancel routine, which is called with
 * the cancel spin lock held, gives that back.
 */
import { constantValue } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isWhole } from '../../body/whole.ts';
import { calledName, isUnknownCall } from '../../driver/callee.ts';
import { isCalled } from '../../driver/reach.ts';
import { functionNamed, roleOf } from '../../driver/roles.ts';
import { currentLevel, ENTRY_LEVEL } from '../../flow/calls/demands.ts';
import { levelsOf } from '../../flow/calls/levels.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { CANCEL_LOCK, LEVEL_PLACE } from '../../flow/facts/kernel.ts';
import { summaryOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { rangeOf, resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import { single } from '../../flow/values/ranges.ts';
import { mentions, type Value } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { dpcRoleOf, levelName, raisedIn } from '../../ways/levels.ts';

export const irqlNotRestored: Rule = {
  id: 'irql-not-restored',
  severity: 'error',
  docRules: [],
  also: ['SDV IrqlReturn', 'C28156', 'C28166', 'C28167', 'C28144'],
  summary: 'A function that raises the IRQL lowers it again on every way out.',
  calls: ['IoReleaseCancelSpinLock'],
  call: restoresCancelLevel,
  exit: (exit, context) => {
    const { state, fn, session, report } = context;
    keepsCancelLock(exit, context);
    if (levelsOf(fn.definition.symbol).changes) return;
    if ([...state.kernel.held.values()].some((held) => held.saved !== undefined)) return;
    const level = currentLevel(state);
    if (level.kind !== 'integer' || state.kernel.isVague) return;
    // A condition on the way may have told that this is the level of the caller.
    if (single(rangeOf(state, ENTRY_LEVEL)) === level.value) return;
    const { name } = fn.definition.symbol;
    const role = dpcRoleOf(session, fn);
    if (role !== undefined && level.value < 2n) {
      report({
        where: exit.where,
        message: `${name} is a ${role}, which is called at DISPATCH_LEVEL, and returns at ${levelName(Number(level.value))}: the system goes on in the midst of its DPCs at a level that lets another thread run, and the machine stops.`,
        path: pathTo(exit.where, 'The function returns here at a lower level than it was called at'),
        once: fn.key,
      });
      return;
    }
    // Whoever gives a lock back to DISPATCH_LEVEL by number in a DPC is where it was.
    if (level.value === 0n || (role !== undefined && level.value === 2n)) return;
    const isForOthers = handsOn(exit, state) || lowersToNumber(fn);
    report({
      where: exit.where,
      message: `${name} returns here at ${levelName(Number(level.value))}, to which it raised the level itself: the thread goes on there, cannot wait or take page faults any more, and the machine stops.`,
      path: [...raisedIn(fn), ...pathTo(exit.where, 'The function returns here without KeLowerIrql')],
      once: fn.key,
      // A helper may raise the level for its callers; what the system calls may not.
      when: () => roleOf(session, fn) !== undefined || (!isCalled(session, fn) && !isForOthers),
    });
  },
};

/** The level before goes to the callers, so that they can go back to it. */
function handsOn(exit: Exit, state: State): boolean {
  const isEntry = (value: Value | undefined): boolean => value !== undefined && mentions(value.key, ENTRY_LEVEL.key);
  return (
    isEntry(exit.value) ||
    [...state.cells.values()].some(
      ({ place, value }) => place.root.kind !== 'local' && place.key !== LEVEL_PLACE.key && isEntry(value),
    )
  );
}

/** It goes down to a level of its own choice on another way: one function that raises and lowers for others. */
function lowersToNumber({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const [level] = call.arguments;
    return /^K[ef]LowerIrql$/.test(calledName(call) ?? '') && level !== undefined && constantValue(level) !== undefined;
  });
}

/** The level to go back to is the one that was saved when the lock was taken: in a cancel routine, Irp->CancelIrql. */
function restoresCancelLevel(
  { arguments: [given], where }: ApiCall,
  { state, fn, session, report }: CheckContext,
): void {
  const level = given === undefined ? undefined : resolve(state, given);
  const taken = state.kernel.held.get(CANCEL_LOCK.key);
  const isCancel = taken === undefined && roleOf(session, fn) === 'DRIVER_CANCEL';
  // Taken twice, it is another rule's.
  if (level === undefined || state.kernel.isVague || state.kernel.held.has(`${CANCEL_LOCK.key}+`)) return;
  // Whoever stays at DISPATCH_LEVEL goes down later, or the way out tells.
  const isNumber = level.kind === 'integer' && level.value !== 2n && taken?.saved?.kind !== 'integer';
  if (asksForCancelLevel(fn)) return;
  const isOwn = isCancel && level.key === ENTRY_LEVEL.key;
  if (!(isCancel || taken?.saved !== undefined) || !(isNumber || isOwn)) return;
  const right = isCancel ? 'Irp->CancelIrql' : 'what IoAcquireCancelSpinLock has saved';
  report({
    where,
    message: `IoReleaseCancelSpinLock goes to ${isOwn || level.kind !== 'integer' ? 'the level at which the cancel routine was called' : levelName(Number(level.value))}, and not to ${right}: the thread that took the lock goes on at a level that is not its own, and the machine stops.`,
    path: [],
    once: fn.key,
  });
}

function asksForCancelLevel({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'member').some(({ name }) => name === 'CancelIrql');
}

function keepsCancelLock(exit: Exit, { state, fn, session, report }: CheckContext): void {
  if (roleOf(session, fn) !== 'DRIVER_CANCEL' || state.kernel.isVague || !isWhole(fn)) return;
  const { released, ended } = state.kernel;
  const level = currentLevel(state);
  // Its caller is at the level that Irp->CancelIrql says.
  if (released.has(CANCEL_LOCK.key) && level.kind === 'integer' && level.value === 2n && !asksForCancelLevel(fn))
    report({
      where: exit.where,
      message: `${fn.definition.symbol.name} returns at DISPATCH_LEVEL, and not at Irp->CancelIrql: the thread that cancels the request goes on at a level at which it cannot wait or take page faults, and the machine stops.`,
      path: pathTo(exit.where, 'The cancel routine returns here'),
      once: fn.key,
    });
  if (released.has(CANCEL_LOCK.key) || ended.has(CANCEL_LOCK.key) || callsOthers(session, fn)) return;
  const { name } = fn.definition.symbol;
  report({
    where: exit.where,
    message: `${name} is called with the cancel spin lock held and returns without giving it back: the processor stays at DISPATCH_LEVEL, and the next request that is cancelled anywhere waits for ever.`,
    path: pathTo(exit.where, 'The cancel routine returns here without IoReleaseCancelSpinLock'),
    once: fn.key,
  });
}

/** It calls code that we cannot see, which may give the lock back. */
function callsOthers(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const callee = functionNamed(call.callee);
    const info = callee === undefined ? undefined : session.functionOf(callee);
    return isUnknownCall(session, call) || (info !== undefined && summaryOf(session, info).kind === 'unknown');
  });
}
