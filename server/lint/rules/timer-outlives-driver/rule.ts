/**
 * A periodic timer with a DPC is cancelled before the driver is unloaded, and the callback of one that is deleted has
 * ended. Sure where the whole driver is there, and nothing in it cancels any timer, or waits for any callback.
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { valuesGiven } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName, isUnknownCall, namedFunction } from '../../driver/callee.ts';
import { neverUndone } from '../../driver/never-undone.ts';
import { isWholeDriver, mayCall, ownLedTo } from '../../driver/reach.ts';
import { callsOf, unloadRoutine } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

/** Positions of the period and of the DPC. */
const setters: Readonly<Record<string, readonly [number, number]>> = {
  KeSetTimerEx: [2, 3],
  KeSetCoalescableTimer: [2, 4],
};

export const timerOutlivesDriver: Rule = {
  id: 'timer-outlives-driver',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xCE', 'bug check 0xC7', 'CWE-416'],
  summary: 'A periodic timer is cancelled before the driver is unloaded.',
  finish: ({ session, report }) => {
    for (const call of neverUndone(session, Object.keys(setters), ['KeCancelTimer'])) {
      if (!isPeriodic(session, call)) continue;
      report({
        where: whereOf(call),
        span: nodePlace(call),
        message:
          'The timer goes off again and again, and nothing in the driver calls KeCancelTimer: after unloading, the next time runs a DPC that is no longer there, and the machine stops.',
        path: [],
      });
    }
    for (const call of deletedWithoutWait(session))
      report({
        where: whereOf(call),
        message:
          'With Wait FALSE, ExDeleteTimer returns while the callback of the timer may still run: when DriverUnload has returned, its code is gone, and the machine stops.',
        path: [],
      });
  },
};

/** Unloading deletes timers so, and none of their callbacks does anything by which others could see that it has ended. */
function deletedWithoutWait(session: Session): readonly CallExpression[] {
  const unload = unloadRoutine(session);
  const all = callsOf(session, 'ExDeleteTimer');
  const isQuick = ({ arguments: [, , wait, parameters] }: CallExpression): boolean =>
    [wait, parameters].every((e) => e !== undefined && constantValue(stripConversions(e, { casts: true })) === 0n);
  if (unload === undefined || all.length === 0 || !isWholeDriver(session)) return [];
  const unloading = ownLedTo(session, unload).flatMap(({ definition }) => nodesIn(definition, 'call'));
  const deleted = all.filter((call) => unloading.includes(call));
  if (!deleted.every(isQuick)) return [];
  const callbacks = callsOf(session, 'ExAllocateTimer').map(({ arguments: [routine] }) =>
    routine === undefined ? undefined : namedFunction(session, routine),
  );
  const isSeen = callbacks.some((routine) => routine === undefined || tellsOthers(session, routine));
  if (isSeen || mayCall(session, unload, ['KeDelayExecutionThread'])) return [];
  return deleted;
}

/** It, or a helper that it calls, lets others hear of its end, or calls code that nobody knows. */
function tellsOthers(session: Session, routine: FunctionInfo): boolean {
  const run = new Set([routine]);
  for (const { definition } of run)
    for (const call of nodesIn(definition, 'call')) {
      if (ends.includes(calledName(call) ?? '') || isUnknownCall(session, call)) return true;
      const helper = calledFunction(session, call);
      if (helper !== undefined) run.add(helper);
    }
  return false;
}

/** By these others hear of the end of what calls them. */
const ends = [
  ...['KeSetEvent', 'KeReleaseSemaphore', 'KeReleaseMutex', 'IoReleaseRemoveLock', 'InterlockedDecrement'],
  ...['ExReleaseRundownProtection', 'ExReleaseRundownProtectionEx', 'ExReleaseRundownProtectionCacheAware'],
];

/** With a period that is not 0, and a DPC. */
function isPeriodic(session: Session, call: CallExpression): boolean {
  const [period, dpc] = (setters[calledName(call) ?? ''] ?? []).map((at) => call.arguments[at]);
  if (period === undefined || dpc === undefined || constantValue(dpc) === 0n) return false;
  return [period, ...givenByCallers(session, period)].some((value) => {
    const every = constantValue(value);
    return every !== undefined && every !== 0n;
  });
}

/** What callers give where an argument is a parameter of the function that makes the call. */
function givenByCallers(session: Session, argument: Expression): readonly Expression[] {
  const e = stripConversions(argument, { casts: true });
  if (e.kind !== 'name' || e.symbol.kind !== 'variable' || !e.symbol.isParameter) return [];
  const { symbol } = e;
  const by = session.functions.find(({ definition }) => definition.parameters.includes(symbol));
  if (by === undefined || valuesGiven(by.definition, symbol).length > 0) return [];
  const index = by.definition.parameters.indexOf(symbol);
  return callsOf(session, by.definition.symbol.name).flatMap((one) => one.arguments[index] ?? []);
}
