/** A dispatch routine that has marked its request pending returns STATUS_PENDING, and nothing else. */
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import { roleOf } from '../../driver/roles.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_MORE_PROCESSING_REQUIRED, STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import type { State } from '../../flow/state/state.ts';
import { rangeOf } from '../../flow/state/state.ts';
import { pathTo, siteKey, type Where, whereOf } from '../../flow/state/where.ts';
import { contains, single } from '../../flow/values/ranges.ts';
import type { Value } from '../../flow/values/values.ts';
import { sameValue } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { checkRequests } from '../../ways/requests.ts';

export const pendingNotReturned: Rule = {
  id: 'pending-not-returned',
  severity: 'error',
  docRules: ['R102'],
  also: ['SDV MarkIrpPending', 'C28143', 'Driver Verifier C9/0x23E'],
  summary: 'A dispatch routine that marked its request pending returns STATUS_PENDING.',
  exit: (exit, context) => checkRequests(exit, context, wrong),
  finish: ({ session, registrations, report }) => {
    for (const { routine, by, where } of registrations) {
      const mark = marksForNobody(session, routine, by);
      const last = analysisOf(session, by)?.exits.at(-1);
      if (mark === undefined || last === undefined) continue;
      report({
        where: last.where,
        message: `${by.definition.symbol.name} waits for the request and completes it itself, but ${routine.definition.symbol.name} has marked it pending by then: the I/O manager finishes the request when it is completed and once more because another status is returned.`,
        path: [
          ...pathTo(where, 'The request gets its completion routine here'),
          ...pathTo(mark, 'That marks it pending here'),
          ...pathTo(last.where, 'The dispatch routine returns its final status here'),
        ],
        once: siteKey(last.where),
      });
    }
  },
};

/**
 * Where a completion routine that keeps the request marks it pending, while its dispatch routine waits for it,
 * completes it and never returns STATUS_PENDING.
 */
function marksForNobody(session: Session, routine: FunctionInfo, by: FunctionInfo): Where | undefined {
  if (!by.isUsers || roleOf(session, by) !== 'DRIVER_DISPATCH' || !mayCall(session, routine, ['IoMarkIrpPending']))
    return undefined;
  if (!waits.every((names) => mayCall(session, by, names))) return undefined;
  const keeps = analysisOf(session, routine)?.exits ?? [];
  const isKept = ({ value }: Exit): boolean =>
    value?.kind === 'integer' && value.value === STATUS_MORE_PROCESSING_REQUIRED;
  const returns = analysisOf(session, by)?.exits ?? [];
  // What the driver below returned is STATUS_PENDING where the completion routine marks the request, and only there.
  const isPending = ({ value, isPassedOn }: Exit): boolean =>
    isPassedOn || (value?.kind === 'integer' && value.value === STATUS_PENDING);
  if (keeps.length === 0 || !keeps.every(isKept) || returns.length === 0 || returns.some(isPending)) return undefined;
  const mark = nodesIn(routine.definition, 'call').find((call) => calledName(call) === 'IoMarkIrpPending');
  return mark === undefined ? undefined : whereOf(mark);
}

/** The call that said what is returned, where it was given another IRP than the request. */
function sentWithAnother(state: State, { irp }: IrpFact, value: Value): string | undefined {
  const call = state.events.find((event) => event.kind === 'send' && sameValue(event.result, value));
  return call?.kind !== 'send' || call.irp.kind === 'anything' || sameValue(call.irp, irp) ? undefined : call.api;
}

const waits = [['KeWaitForSingleObject'], ['IoCompleteRequest', 'IofCompleteRequest']];

function wrong(fact: IrpFact, value: Value | undefined, state: State): string | undefined {
  if (value === undefined) return undefined;
  if (!fact.isMarked) {
    if (value.kind !== 'integer' || value.value === STATUS_PENDING) return undefined;
    return fact.life.kind === 'sent' && mayBePending(state, fact.life)
      ? `${fact.life.api} may have returned STATUS_PENDING, but the dispatch routine returns another status: the I/O manager then finishes the request here and once more when the driver below completes it.`
      : undefined;
  }
  if (value.kind === 'integer')
    return value.value === STATUS_PENDING
      ? undefined
      : 'The request is marked pending, but the dispatch routine returns another status: the I/O manager then finishes the request here and once more when it completes.';
  if (!contains(rangeOf(state, value), STATUS_PENDING))
    return `The request is marked pending${fact.life.kind === 'completed' ? ' and completed here' : ''}, but the dispatch routine returns another status than STATUS_PENDING: the I/O manager then finishes the request twice.`;
  const another = sentWithAnother(state, fact, value);
  if (another !== undefined)
    return `The request is marked pending, but what ${another} returns is about another IRP, and may be another status: the I/O manager then finishes the request here and once more when it completes.`;
  // The status of the driver below may be a final one.
  if (fact.life.kind !== 'sent' || !sameValue(value, fact.life.result)) return undefined;
  return single(rangeOf(state, value)) === STATUS_PENDING
    ? undefined
    : `The request is marked pending, but what ${fact.life.api} returns may be another status: the I/O manager then finishes the request here and once more when it completes.`;
}
