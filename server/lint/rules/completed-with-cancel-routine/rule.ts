/**
 * A request that is completed has no cancel routine any more. On one way through a function that is seen directly; over
 * the whole driver it is sure where routines are set and nothing ever takes one away.
 */

import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import { functionNamed, roleOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const completedWithCancelRoutine: Rule = {
  id: 'completed-with-cancel-routine',
  severity: 'error',
  docRules: [],
  also: ['SDV CancelRoutine', 'Driver Verifier C9/0x07', 'Driver Verifier C9/0x23C'],
  summary: 'IoSetCancelRoutine with NULL comes before IoCompleteRequest wherever a cancel routine was set.',
  events: ['complete'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'complete') return;
    const cancel = state.facts.get(event.irp.key)?.cancel;
    if (cancel?.kind === 'set') {
      const { routine } = cancel;
      report({
        where: event.where,
        message: `The request is completed while ${routine} is still its cancel routine: cancelled a moment later, that works with a request whose memory is another's.`,
        path: [
          ...pathTo(cancel.where, `${routine} becomes its cancel routine here`),
          ...pathTo(event.where, 'It is completed here'),
        ],
        once: siteKey(event.where),
      });
    } else if (cancel?.kind !== 'dropped' && isFromList(event.irp)) {
      report({
        where: event.where,
        message:
          "The request comes from a list and still has the cancel routine with which it was put there: cancelled now, that works with a request whose memory is another's.",
        path: pathTo(event.where, 'It is completed here, and nobody has called IoSetCancelRoutine with NULL for it'),
        once: siteKey(event.where),
        when: () => nobodyClears(session, fn),
      });
    }
  },
};

/** CONTAINING_RECORD of what a list's entry points to. */
function isFromList(irp: Value): boolean {
  if (irp.kind !== 'address' || irp.place.root.kind !== 'pointee') return false;
  const [step, more] = irp.place.steps;
  return more === undefined && step?.kind === 'offset' && step.bytes < 0;
}

/**
 * Routines are set for requests that are queued there and then, and taken away nowhere but there; and this is not what
 * the cancel routine itself does.
 */
function nobodyClears(session: Session, fn: FunctionInfo): boolean {
  let isSet = false;
  for (const other of session.functions) {
    if (!other.isUsers) continue;
    const { sets, clears, queues } = deedsOf(other);
    if (sets && queues) isSet = true;
    if (clears && (!sets || other === fn)) return false;
    if (roleOf(session, other) === 'DRIVER_CANCEL' && (other === fn || mayCall(session, other, [nameOf(fn)])))
      return false;
  }
  return isSet && !mayCall(session, fn, ['IoSetCancelRoutine']);
}

function nameOf({ definition }: FunctionInfo): string {
  return definition.symbol.name;
}

interface Deeds {
  readonly sets: boolean;
  readonly clears: boolean;
  readonly queues: boolean;
}

function deedsOf({ definition }: FunctionInfo): Deeds {
  const calls = nodesIn(definition, 'call');
  const routines = calls.flatMap((call) =>
    calledName(call) === 'IoSetCancelRoutine' ? call.arguments.slice(1, 2) : [],
  );
  return {
    sets: routines.some((routine) => functionNamed(routine) !== undefined),
    clears:
      routines.some((routine) => functionNamed(routine) === undefined) ||
      // By hand, or by an exchange.
      nodesIn(definition, 'member').some(({ name }) => name === 'CancelRoutine'),
    queues: calls.some((call) => /^(?:ExInterlocked)?Insert(?:Tail|Head)List$/.test(calledName(call) ?? '')),
  };
}
