/** An IRP goes back with IoFreeIrp: it does not come from the pool alone. */
import { isFromOwnField } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const irpFreedAsPool: Rule = {
  id: 'irp-freed-as-pool',
  severity: 'error',
  docRules: ['R20'],
  also: ['Driver Verifier C4/0x105'],
  summary: 'An IRP is given back with IoFreeIrp, not with ExFreePool.',
  acts: ['free'],
  act: (action, { state, fn, session, report }) => {
    if (action.kind !== 'free' || action.block !== 'pool' || action.value.kind !== 'symbol') return;
    const { value } = action;
    const fact = state.facts.get(value.key);
    if (fact?.originWhere === undefined && value.source.kind === 'initial' && fn.told.readFrom.has(value.key))
      report({
        where: action.where,
        message: `${action.api} gets what holds the IRPs of this driver: the I/O manager takes IRPs from lists of its own, so the pool is damaged. IoFreeIrp gives one back.`,
        path: [],
        once: siteKey(action.where),
        when: () => isFromOwnField(session, fn, value),
      });
    if (fact?.originWhere === undefined || action.value.source.kind !== 'new') return;
    report({
      where: action.where,
      message: `${action.api} gets an IRP: the I/O manager takes IRPs from lists of its own, so the pool is damaged. IoFreeIrp gives it back.`,
      path: [
        ...pathTo(fact.originWhere, 'The IRP is made here'),
        ...pathTo(action.where, `${action.api} gets it here`),
      ],
    });
  },
};
