/** IoCompleteRequest is for requests that came from above; an own IRP is freed or reused. */
import { callsOf } from '../../driver/roles.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const ownIrpCompleted: Rule = {
  id: 'own-irp-completed',
  severity: 'error',
  docRules: ['R17'],
  also: ['SDV IoAllocateComplete', 'Driver Verifier C9/0x239'],
  summary: 'IoCompleteRequest is not called for an IRP of the driver itself.',
  events: ['complete'],
  event: (event, { state, session, report }) => {
    if (event.kind !== 'complete') return;
    // With a location of its own, by IoSetNextIrpStackLocation, the driver is its own driver below.
    if (callsOf(session, 'IoSetNextIrpStackLocation').length > 0) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'own' || fact.isQueued) return;
    const { life } = fact;
    // One that was sent may be on its way through this driver; its completion routine has brought it back, and kept it.
    const isBack = life.kind === 'sent' && life.isWaited && life.frees.kind === 'never' && !life.frees.keeps;
    if (life.kind !== 'idle' && !isBack) return;
    report({
      where: event.where,
      message: `IoCompleteRequest gets an IRP that this driver allocated${isBack ? ' and has back' : ''}, and that no driver holds: there is no stack location to complete, and the machine stops.`,
      path: [...storyOf(fact), ...pathTo(event.where, 'It is completed here')],
    });
  },
};
