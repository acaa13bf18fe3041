/** A request that was passed down is the lower driver's until that one has completed it. */
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const irpCompletedWhilePendingBelow: Rule = {
  id: 'irp-completed-while-pending-below',
  severity: 'error',
  docRules: ['R18'],
  also: ['SDV DoubleCompletion', 'Driver Verifier C9/0x209', 'Driver Verifier C9/0x205'],
  summary: 'A request that was passed down is completed or sent again only after it has come back.',
  events: ['send', 'complete'],
  event: (event, { state, report }) => {
    const isAgain = event.kind === 'send' && !event.isWsk;
    if (event.kind !== 'complete' && !isAgain) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'received' || fact.life.kind !== 'sent' || fact.isMarked) return;
    const { life } = fact;
    if (!mayBePending(state, life)) return;
    const mark = `irp-completed-while-pending-below@${siteKey(life.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    const what = isAgain ? 'sent again' : 'completed';
    report({
      where: event.where,
      message: `The request is ${what} while the driver below may still have it: ${life.api} can have returned STATUS_PENDING, and two drivers then finish one request.`,
      path: [...storyOf(fact), ...pathTo(event.where, `It is ${what} here`)],
    });
  },
};
