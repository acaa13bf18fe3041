/** R19: a completion routine that lets a request go on passes the pending mark on. */
import { STATUS_MORE_PROCESSING_REQUIRED } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { mayCall } from '../../reach.ts';
import { roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const pendingNotPropagated: Rule = {
  id: 'pending-not-propagated',
  severity: 'error',
  docRules: ['R19'],
  also: ['SDV PendedCompletedRequest', 'Driver Verifier C9/0x228'],
  summary: 'The completion routine of a request from above calls IoMarkIrpPending where PendingReturned is set.',
  finish: ({ session, registrations, report }) => {
    for (const routine of new Set(registrations.map((r) => r.routine))) {
      const own = registrations.filter((r) => r.routine === routine);
      const [first] = own;
      if (first === undefined || !routine.isUsers || own.some((r) => r.isOwn || !isFromDispatch(session, r.by)))
        continue;
      if (mayCall(session, routine, ['IoMarkIrpPending']) || looksAtPending(routine)) continue;
      for (const exit of analysisOf(session, routine)?.exits ?? []) {
        if (exit.value?.kind !== 'integer' || exit.value.value === STATUS_MORE_PROCESSING_REQUIRED) continue;
        report({
          where: exit.where,
          message: `${routine.definition.symbol.name} lets the request go on without IoMarkIrpPending: where the driver below had it pending, the I/O manager is not told, and whoever asked for it waits for ever.`,
          path: [
            ...pathTo(first.where, 'The request gets the completion routine here'),
            ...pathTo(exit.where, 'It goes on here'),
          ],
          once: siteKey(exit.where),
        });
      }
    }
  },
};

/** The request came to a dispatch routine, which has not marked it itself, and passes its pending status on. */
function isFromDispatch(session: Session, fn: FunctionInfo): boolean {
  return (
    roleOf(session, fn) === 'DRIVER_DISPATCH' &&
    !mayCall(session, fn, ['IoMarkIrpPending', 'IoAllocateIrp', 'KeWaitForSingleObject']) &&
    mayCall(session, fn, ['IoCallDriver', 'IofCallDriver', 'PoCallDriver'])
  );
}

function looksAtPending({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'member').some(({ name }) => name === 'PendingReturned');
}
