/**
 * Rundown protection that was taken is given back: whoever takes the object down waits for that.
 *
 * A function may well keep it, for its callers or for a routine that runs later. It is forgotten where another way of the
 * function gives it back and nobody else in the driver does, or where this way has failed or answered its request without
 * starting anything that could do it.
 */
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { isLocalVariable, nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { runsByItself } from '../../driver/reach.ts';
import type { Held } from '../../flow/facts/kernel.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { givesFailure, resultKind } from '../../flow/state/outcome.ts';
import { resolve } from '../../flow/state/state.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { isReleasedAlike, isTakenForCallers, lockName } from '../../ways/lock-pairs.ts';

export const rundownHeld: Rule = {
  id: 'rundown-held',
  severity: 'error',
  docRules: [],
  also: ['CWE-772'],
  summary: 'Rundown protection is given back on every way, and before its owner waits for that.',
  calls: ['ExWaitForRundownProtectionRelease', 'ExWaitForRundownProtectionReleaseCacheAware'],
  call: ({ api, arguments: [reference], where }, { state, report }) => {
    const held = state.kernel.held.get(resolve(state, reference ?? ANYTHING).key);
    if (held?.kind !== 'rundown' || state.kernel.isVague) return;
    report({
      where,
      message: `${api} waits until all have given the protection back, and this way has it itself: it waits for ever.`,
      path: pathTo(held.where, `${held.api} takes it here`),
    });
  },
  exit: (exit, { state, fn, session, report }) => {
    if (exit.isVague) return;
    const isUnsent = !state.isVague && !state.events.some(({ kind }) => kind === 'send');
    const isAnswered = [...state.facts.values()].some(
      ({ origin, life, isMarked }) => origin === 'received' && life.kind === 'completed' && !isMarked,
    );
    for (const held of exit.held) {
      if (held.kind !== 'rundown') continue;
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} returns here with the rundown protection of ${held.api}: whoever takes the object down waits for it in ExWaitForRundownProtectionRelease, for ever.`,
        path: [
          ...pathTo(held.where, `${held.api} takes it here`),
          ...pathTo(exit.where, 'The function returns here without giving it back'),
        ],
        once: siteKey(exit.where),
        when: () => {
          if (
            isKeptInMemory(fn, held) ||
            isReleasedAlike(fn, held, exit) ||
            !isGivenBackElsewhere(session, fn, exit, held)
          )
            return false;
          if (isUnsent && givesNothing(fn, exit)) return true;
          if (isUnsent && isAnswered && !runsByItself(session, fn, releases)) return true;
          return !isTakenForCallers(session, fn, held) && !isReleasedByOthers(session, fn, held);
        },
      });
    }
  },
};

const releases = ['ExReleaseRundownProtection', 'ExReleaseRundownProtectionCacheAware', 'ExReleaseRundownProtectionEx'];

/** Another way of the function, which does not have it at its end, had it. */
function isGivenBackElsewhere(session: Session, fn: FunctionInfo, exit: Exit, { lock: { key } }: Held): boolean {
  const exits = analysisOf(session, fn)?.exits ?? [];
  return exits.some(
    (other) =>
      other.ended.has(key) &&
      !other.held.some(({ lock }) => lock.key === key) &&
      (givesNothing(fn, exit) || resultKind(other) === resultKind(exit)),
  );
}

/** A failure, or no object. */
function givesNothing({ definition }: FunctionInfo, exit: Exit): boolean {
  const isZero = exit.value?.kind === 'integer' && exit.value.value === 0n;
  return givesFailure(exit) || (isZero && definition.symbol.type.result.kind === 'pointer');
}

/** Some other function of the driver gives back what has this name, or none, and does not take it itself. */
function isReleasedByOthers(session: Session, fn: FunctionInfo, held: Held): boolean {
  const name = lockName(innermost(held.where).arguments[0]);
  const calls = (other: FunctionInfo, pattern: RegExp): boolean =>
    nodesIn(other.definition, 'call').some((call) => {
      if (!pattern.test(calledName(call) ?? '')) return false;
      const own = lockName(call.arguments[0]);
      return own === undefined || name === undefined || own === name;
    });
  return session.functions.some(
    (other) =>
      other !== fn &&
      other.isUsers &&
      calls(other, /^ExReleaseRundown/) &&
      !calls(other, /^ExAcquireRundown/) &&
      !isHelperOf(session, fn, other),
  );
}

/** What the call gives goes to memory that others may change: who asks it later can not be followed. */
function isKeptInMemory({ analysed }: FunctionInfo, { where }: Held): boolean {
  return nodesIn(analysed, 'assign').some(
    ({ target, value }) => stripConversions(value, { casts: true }) === where.node && !isLocalVariable(target),
  );
}

/** Nobody else calls it. */
function isHelperOf(session: Session, fn: FunctionInfo, helper: FunctionInfo): boolean {
  const { symbol } = helper.definition;
  const mentions = session.functions.flatMap(({ definition }) =>
    nodesIn(definition, 'name').filter(({ symbol: named }) => named === symbol),
  );
  const calls = nodesIn(fn.definition, 'call').filter((call) => calledFunction(session, call) === helper);
  return symbol.linkage === 'internal' && calls.length > 0 && calls.length === mentions.length;
}
