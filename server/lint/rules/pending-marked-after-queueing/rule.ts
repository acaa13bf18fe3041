/** A request is marked pending before others can find it in a queue, or under the lock that keeps them away. */
import { isCalled, mayBeLocked } from '../../driver/reach.ts';
import { mayExclude } from '../../flow/facts/kernel.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const pendingMarkedAfterQueueing: Rule = {
  id: 'pending-marked-after-queueing',
  severity: 'error',
  docRules: [],
  also: ['SDV MarkingQueuedIrps'],
  summary: 'IoMarkIrpPending comes before the request is queued, or while the lock of the queue is held.',
  events: ['use'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'use' || event.by !== 'IoMarkIrpPending') return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.isQueued !== true || fact.life.kind === 'completed') return;
    if (mayExclude(state.kernel)) return;
    report({
      where: event.where,
      message:
        'The request lies in a queue already and no lock keeps others from it: who takes it out and completes it just now frees what IoMarkIrpPending is about to write to.',
      path: [...storyOf(fact), ...pathTo(event.where, 'It is marked pending here, when it has been queued')],
      once: siteKey(event.where),
      // A helper may run under a lock of its callers, who see what it does.
      when: () => !isCalled(session, fn) && !mayBeLocked(session, fn, event.where),
    });
  },
};
