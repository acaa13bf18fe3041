/** R14: IoAllocateIrp's result is checked for NULL before it is used. */
import { isNull, mayBeNull } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const irpNullCheck: Rule = {
  id: 'irp-null-check',
  severity: 'error',
  docRules: ['R14'],
  also: ['C6011', 'C28193'],
  summary: 'The result of IoAllocateIrp is checked for NULL before it is used.',
  event: (event, { state, report }) => {
    if (event.kind === 'wait' || event.kind === 'lose' || event.kind === 'lose-routine') return;
    if (event.kind === 'allocate' || event.kind === 'build') return;
    if (event.kind === 'send' && event.isIrpOptional) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'own' || fact.originWhere === undefined) return;
    if (!mayBeNull(state, event.irp) || isNull(state, event.irp)) return;
    // An IRP that is not ours from the start, but was given to IoReuseIrp, is there.
    if (event.irp.kind !== 'symbol' || event.irp.source.kind === 'parameter' || event.irp.source.kind === 'initial')
      return;
    const use = event.kind === 'send' ? event.api : event.kind === 'use' ? (event.by ?? 'an access') : 'a call';
    report({
      where: event.where,
      message: `The IRP may be NULL here: IoAllocateIrp gives NULL when memory is short, and ${use === 'an access' ? 'this access' : use === 'a call' ? 'this call' : use} then stops the machine.`,
      path: [
        ...pathTo(fact.originWhere, 'The IRP is allocated here'),
        ...pathTo(event.where, 'It is used here without a check'),
      ],
      once: siteKey(fact.originWhere),
    });
  },
};
