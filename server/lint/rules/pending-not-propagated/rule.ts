/** A completion routine that lets a request go on passes the pending mark on. */
import { nodesIn } from '../../body/nodes.ts';
import { mayCall } from '../../driver/reach.ts';
import { roleOf } from '../../driver/roles.ts';
import type { PendingMark } from '../../flow/facts/pending-mark.ts';
import { STATUS_MORE_PROCESSING_REQUIRED } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
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
      if (
        first === undefined ||
        !routine.isUsers ||
        own.some((r) => r.isOwn || !isFromDispatch(session, r.by, routine))
      )
        continue;
      const marks = mayCall(session, routine, ['IoMarkIrpPending']);
      const looks = looksAtPending(routine);
      for (const exit of analysisOf(session, routine)?.exits ?? []) {
        if (exit.value?.kind !== 'integer' || exit.value.value === STATUS_MORE_PROCESSING_REQUIRED) continue;
        if (!isLost(exit.pendingMark, { marks, looks })) continue;
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

/** Who looks at PendingReturned and marks somewhere else only on a further condition has a reason of its own. */
function isLost(
  mark: PendingMark | undefined,
  { marks, looks }: { readonly marks: boolean; readonly looks: boolean },
): boolean {
  switch (mark) {
    case 'marked':
    case 'not pending':
      return false;
    case 'pending':
      return !marks;
    case 'unasked':
      return true;
    case 'unknown':
    case undefined:
      return !marks && !looks;
  }
}

/** The request came to a dispatch routine, which has not marked it itself, and passes its pending status on. */
function isFromDispatch(session: Session, fn: FunctionInfo, routine: FunctionInfo): boolean {
  return (
    roleOf(session, fn) === 'DRIVER_DISPATCH' &&
    !mayCall(session, fn, ['IoMarkIrpPending', 'IoAllocateIrp', 'KeWaitForSingleObject'], routine) &&
    mayCall(session, fn, senders)
  );
}

const senders = [
  'IoCallDriver',
  'IofCallDriver',
  'PoCallDriver',
  'WskAccept',
  'WskConnect',
  'WskConnectEx',
  'WskDisconnect',
  'WskReceive',
  'WskReceiveFrom',
  'WskSend',
  'WskSendMessages',
  'WskSendTo',
];

function looksAtPending({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'member').some(({ name }) => name === 'PendingReturned');
}
