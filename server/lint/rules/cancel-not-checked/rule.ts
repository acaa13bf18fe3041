/** After a cancel routine was set, Irp->Cancel is looked at: the request may have been cancelled just before. */
import { nodePlace, someNode, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { isIrp } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isWhole } from '../../body/whole.ts';
import { callsOf } from '../../driver/roles.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isNull } from '../../flow/state/state.ts';
import { siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const cancelNotChecked: Rule = {
  id: 'cancel-not-checked',
  severity: 'warning',
  docRules: [],
  also: ['SDV IrpCancelField'],
  summary: 'After IoSetCancelRoutine with a routine, Irp->Cancel is looked at.',
  calls: ['IoSetCancelRoutine'],
  call: (call, { state, fn, session, report }) => {
    const [, routine] = call.arguments;
    if (routine?.kind !== 'function' || isNull(state, routine)) return;
    if (!isWhole(fn)) return;
    report({
      where: call.where,
      message:
        'A request that was cancelled just before gets the cancel routine too late: nobody calls it any more, and without a look at Irp->Cancel the request stays in the queue for ever.',
      path: [],
      // Anywhere in the files: the look may stand in a caller or in a helper.
      when: () =>
        !session.functions.some(
          (other) => other.isUsers && looksAtCancel(other) && !(other === fn && looksBefore(session, fn, call)),
        ),
      once: siteKey(call.where),
    });
  },
};

function looksAtCancel({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'member').some(({ name, object: { type }, isArrow }) => {
    return name === 'Cancel' && isIrp(isArrow && type.kind === 'pointer' ? type.target : type);
  });
}

/** Only before the routine is set, and without the lock under which requests are cancelled: it may be too late by then. */
function looksBefore(session: Session, { analysed }: FunctionInfo, { expression, where }: ApiCall): boolean {
  if (where.inside !== undefined || callsOf(session, 'IoAcquireCancelSpinLock').length > 0) return false;
  const { start } = nodePlace(expression);
  const isLoop = ({ kind }: TreeNode): boolean => /^(?:while|do|for|goto)$/.test(kind);
  return (
    !someNode(analysed.body, isLoop) &&
    nodesIn(analysed, 'member').every((node) => node.name !== 'Cancel' || nodePlace(node).end <= start)
  );
}
