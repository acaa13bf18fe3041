/** IoAllocateIrp has initialised its IRP; IoInitializeIrp is for IRPs in memory of the driver's own. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const irpInitialisedTwice: Rule = {
  id: 'irp-initialised-twice',
  severity: 'error',
  docRules: ['R22'],
  also: ['Driver Verifier C9/0x20D', 'Driver Verifier C9/0x238'],
  summary: 'IoInitializeIrp is not called for an IRP of IoAllocateIrp.',
  events: ['use'],
  event: (event, { state, report }) => {
    if (event.kind !== 'use' || event.by !== 'IoInitializeIrp') return;
    const fact = state.facts.get(event.irp.key);
    if (fact === undefined || (fact.origin !== 'own' && fact.origin !== 'built') || fact.originWhere === undefined)
      return;
    // Of an IRP that came as a parameter only its reuse is known: it may lie in memory of the driver's own.
    if (event.irp.kind !== 'symbol' || event.irp.source.kind !== 'new') return;
    report({
      where: event.where,
      message:
        'IoInitializeIrp wipes out what IoAllocateIrp noted in the IRP: IoFreeIrp then gives the memory back to the wrong place. IoReuseIrp makes such an IRP new.',
      path: [...storyOf(fact), ...pathTo(event.where, 'It is initialised again here')],
    });
  },
};
