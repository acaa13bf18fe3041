/** A request is completed with its final status; STATUS_PENDING says that there is none yet. */
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const completedWithPendingStatus: Rule = {
  id: 'completed-with-pending-status',
  severity: 'error',
  docRules: ['R102'],
  also: ['Driver Verifier C9/0x06'],
  summary: 'A request is not completed with STATUS_PENDING.',
  events: ['complete'],
  event: (event, { report }) => {
    if (event.kind !== 'complete' || event.status.kind !== 'integer' || event.status.value !== STATUS_PENDING) return;
    report({
      where: event.where,
      message:
        'The request is completed while its status is STATUS_PENDING: whoever waits for it takes the request as still running, or its result as one.',
      path: pathTo(event.where, 'The request is completed here'),
    });
  },
};
