/** IoReuseIrp is for IRPs that the driver has allocated. */
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const irpReusedNotOwned: Rule = {
  id: 'irp-reused-not-owned',
  severity: 'error',
  docRules: ['R23'],
  also: ['SDV IoReuseIrp2', 'Driver Verifier C9/0x311'],
  summary: 'IoReuseIrp gets an IRP of IoAllocateIrp, not one of an IoBuild function and not one from above.',
  events: ['reuse'],
  event: (event, { state, report }) => {
    if (event.kind !== 'reuse') return;
    const fact = state.facts.get(event.irp.key);
    if (fact === undefined || (fact.origin !== 'built' && fact.origin !== 'received')) return;
    const whose =
      fact.origin === 'received'
        ? 'it is the request of whoever called the driver, and all that was asked for is wiped out'
        : `${fact.built?.api ?? 'an IoBuild function'} has noted in it what the I/O manager needs to finish it, and that is wiped out`;
    report({
      where: event.where,
      message: `IoReuseIrp gets an IRP that the driver did not allocate: ${whose}.`,
      path: [...storyOf(fact), ...pathTo(event.where, 'It is reused here')],
    });
  },
};
