/**
 * A dispatch routine that has completed its request, or passed it on for good, gives the remove lock back that it took for
 * it; and not before that, where a completion routine of its own still needs the device, or the request is yet to be passed
 * on.
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isUnknownCall } from '../../driver/callee.ts';
import { isWholeDriver } from '../../driver/reach.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { Held } from '../../flow/facts/kernel.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { hasFailed } from '../../flow/state/outcome.ts';
import { innermost, pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { CheckContext, FinishContext, Rule } from '../../rule.ts';
import { isReleasedOnAsking } from '../../ways/lock-pairs.ts';
import { checkSend, noteRelease } from './released-before-send.ts';
import { checkRelease } from './released-early.ts';
import { checkUses } from './used-after-release.ts';

export const removeLockHeld: Rule = {
  id: 'remove-lock-held',
  severity: 'error',
  docRules: [],
  also: ['SDV RemoveLock', 'SDV RemoveLockReleaseCompletion', 'Driver Verifier C4/0xD5'],
  summary: 'Every IoAcquireRemoveLock has its IoReleaseRemoveLock on every way.',
  events: ['send'],
  event: (event, context) => {
    if (event.kind === 'send' && /CallDriver/.test(event.api)) checkSend(event, context);
  },
  acts: ['release'],
  act: (action, context) => {
    if (action.kind !== 'release' || action.released.kind !== 'remove-lock') return;
    checkRelease(action.released, context);
    noteRelease(action.released, context);
  },
  exit: (exit, context) => {
    const { state, fn, session, report } = context;
    if (state.kernel.isVague) return;
    if (roleOf(session, fn) !== 'DRIVER_DISPATCH') {
      checkFailure(exit, context);
      return;
    }
    const requests = [...state.facts.values()].filter(({ origin }) => origin === 'received');
    const isCompleted = requests.some(({ life, isMarked }) => life.kind === 'completed' && !isMarked);
    if (!isCompleted && !requests.some(isPassedOn)) return;
    // What was sent before, a completion routine may have released.
    const isUnsent = isCompleted && !state.isVague && !state.events.some(({ kind }) => kind === 'send');
    for (const [key, held] of state.kernel.held) {
      if (held.kind !== 'remove-lock' || isTaggedByOther(held)) continue;
      const what = isCompleted ? 'is completed' : 'is passed on, and no completion routine brings it back';
      report({
        where: exit.where,
        message: `The request ${what}, but the remove lock that was taken for it is still held: IoReleaseRemoveLockAndWait waits for it, and the device can never be removed.`,
        path: [
          ...pathTo(held.where, `${held.api} takes it here`),
          ...pathTo(exit.where, 'The dispatch routine returns here without releasing it'),
        ],
        once: siteKey(exit.where),
        // A lock that is held from one request to another is released by no way of this routine; one that has the request
        // for its tag is held for that alone, of which nobody hears any more.
        when: () => {
          if (!isCompleted && isTaggedByRequest(held)) return !isGivenAway(session, fn);
          if (isUnsent && isTaggedByRequest(held) && !isGivenAway(session, fn)) return true;
          return analysisOf(session, fn)?.exits.some((other) => other.ended.has(key)) === true;
        },
      });
    }
  },
  finish: (context) => {
    checkUses(context);
    checkWait(context);
  },
};

/** In the whole driver nobody waits until the lock is free, which is what it is for. */
function checkWait({ session, report }: FinishContext): void {
  const [made] = callsOf(session, 'IoInitializeRemoveLock');
  const [deleted] = callsOf(session, 'IoDeleteDevice');
  if (made === undefined || deleted === undefined || !isWholeDriver(session)) return;
  if (callsOf(session, 'IoAcquireRemoveLock').length === 0 || callsOf(session, 'IoDetachDevice').length === 0) return;
  if (callsOf(session, 'IoReleaseRemoveLockAndWait').length > 0) return;
  report({
    where: whereOf(made),
    message:
      'Nothing in the driver waits for this remove lock with IoReleaseRemoveLockAndWait: a device that is removed is deleted under the requests that still hold the lock.',
    path: pathTo(whereOf(deleted), 'The device is deleted here'),
  });
}

/** What the function took and gives back on its other ways, it keeps where it fails: callers have nothing to give back then. */
function checkFailure(exit: Exit, { state, fn, session, report }: CheckContext): void {
  if (state.isVague || !hasFailed(exit, state)) return;
  // The completion routine of what was sent may release it.
  if (state.events.some(({ kind }) => kind === 'send')) return;
  for (const [key, held] of state.kernel.held) {
    if (held.kind !== 'remove-lock') continue;
    report({
      where: exit.where,
      message: `The function fails and keeps what ${held.api} took: IoReleaseRemoveLockAndWait waits for it for ever.`,
      path: [
        ...pathTo(held.where, `${held.api} takes it here`),
        ...pathTo(exit.where, 'The function returns an error here without releasing it'),
      ],
      once: siteKey(exit.where),
      when: () =>
        analysisOf(session, fn)?.exits.some((other) => other.ended.has(key)) === true &&
        !isReleasedOnAsking(fn, held, exit),
    });
  }
}

function isPassedOn({ life, routine }: IrpFact): boolean {
  return life.kind === 'sent' && /CallDriver/.test(life.api) && routine.kind !== 'set';
}

function isTaggedByRequest(held: Held): boolean {
  const type = tagType(held);
  return type !== undefined && isIrpPointer(type);
}

/** Taken for something else than the request, which may last longer than that. */
function isTaggedByOther(held: Held): boolean {
  const type = tagType(held);
  return type?.kind === 'pointer' && type.target.kind === 'record' && !isIrpPointer(type);
}

function tagType({ where }: Held): Expression['type'] | undefined {
  const tag = innermost(where).arguments[1];
  return tag === undefined ? undefined : stripConversions(tag, { casts: true }).type;
}

/** Code that is not here has the request, and may set a routine for it or release its lock. */
function isGivenAway(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const isGiven = call.arguments.some((e) => isIrpPointer(stripConversions(e, { casts: true }).type));
    return isGiven && isUnknownCall(session, call);
  });
}
