/** What IoAllocateIrp and the IoBuild functions give is checked for NULL before it is used. */
import { placeText } from '../../../../base/source.ts';
import { someNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { functionsNamed } from '../../driver/named.ts';
import { type IrpUse, irpUses, isIrpUse } from '../../flow/facts/events.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { Session } from '../../flow/run/session.ts';
import { isNull, mayBeNull, type State } from '../../flow/state/state.ts';
import { pathTo, type Where, whereSpan } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const irpNullCheck: Rule = {
  id: 'irp-null-check',
  severity: 'error',
  docRules: ['R14'],
  also: ['C6011', 'C28193'],
  summary: 'The result of IoAllocateIrp, or of what builds an IRP, is checked for NULL before it is used.',
  events: irpUses,
  event: (event, { state, fn, session, report }) => {
    if (!isIrpUse(event) || 'ifThere' in event || (event.kind === 'send' && event.isIrpOptional)) return;
    const fact = state.facts.get(event.irp.key);
    if (fact === undefined && isFailed(state, event.irp)) {
      report({
        where: event.where,
        message: `The IRP is NULL here: what allocates it gives none when memory is short, nobody has looked, and ${then(event)}.`,
        path: pathTo(event.where, 'It is used here without a check'),
        once: `${event.irp.key} ${fn.key}`,
        when: () => !isConditional(session, event.where),
      });
      return;
    }
    const made = fact === undefined ? undefined : makerOf(fact);
    if (made === undefined || !mayBeNull(state, event.irp)) return;
    // An IRP that is not ours from the start, but was given to IoReuseIrp, is there.
    if (event.irp.kind !== 'symbol' || event.irp.source.kind === 'parameter' || event.irp.source.kind === 'initial')
      return;
    const is = isNull(state, event.irp) ? 'is' : 'may be';
    report({
      where: event.where,
      message: `The IRP ${is} NULL here: ${made.api} gives NULL when memory is short, and ${then(event)}.`,
      path: [
        ...pathTo(made.where, made.api === 'IoAllocateIrp' ? 'The IRP is allocated here' : 'The IRP is built here'),
        ...pathTo(event.where, 'It is used here without a check'),
      ],
      once: placeText(whereSpan(made.where)),
    });
  },
};

function makerOf({ origin, originWhere, built }: IrpFact): { readonly api: string; readonly where: Where } | undefined {
  if (built !== undefined) return built;
  return origin === 'own' && originWhere !== undefined ? { api: 'IoAllocateIrp', where: originWhere } : undefined;
}

/** A helper has allocated it, and this is the way on which it could not. */
function isFailed(state: State, irp: Value): boolean {
  return irp.kind === 'symbol' && irp.source.kind === 'new' && isNull(state, irp);
}

/** A helper uses it under a condition, which may be that what comes after the IRP was made too. */
function isConditional(session: Session, where: Where): boolean {
  for (let at = where.inside; at !== undefined; at = at.where.inside) {
    const { helper, where: inner } = at;
    const isIn = functionsNamed(session, helper).some(({ analysed }) =>
      nodesIn(analysed, 'if').some((one) => someNode(one, (node) => node === inner.node)),
    );
    if (isIn) return true;
  }
  return false;
}

/** What comes of it: WSK looks at its IRP, everybody else does not. */
function then(event: IrpUse): string {
  return event.kind === 'send' && event.isWsk
    ? `${event.api} then fails with STATUS_INVALID_PARAMETER and does nothing`
    : `${user(event)} then stops the machine`;
}

/** What uses the IRP. */
function user(event: IrpUse): string {
  switch (event.kind) {
    case 'send':
      return event.api;
    case 'set-routine':
      return 'IoSetCompletionRoutine';
    case 'reuse':
      return 'IoReuseIrp';
    case 'free':
      return 'IoFreeIrp';
    case 'use':
      return event.by ?? 'this access';
    case 'complete':
      return 'IoCompleteRequest';
  }
}
