/** An IRP goes back with IoFreeIrp: it does not come from the pool alone. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const irpFreedAsPool: Rule = {
  id: 'irp-freed-as-pool',
  severity: 'error',
  docRules: ['R20'],
  also: ['Driver Verifier C4/0x105'],
  summary: 'An IRP is given back with IoFreeIrp, not with ExFreePool.',
  act: (action, { state, report }) => {
    if (action.kind !== 'free' || action.block !== 'pool' || action.value.kind !== 'symbol') return;
    const fact = state.facts.get(action.value.key);
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
