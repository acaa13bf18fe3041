/** A request is completed once: the second IoCompleteRequest takes memory that the first has given back. */
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../wording.ts';

export const doubleCompletion: Rule = {
  id: 'double-completion',
  severity: 'error',
  docRules: ['R17'],
  also: ['SDV DoubleCompletion', 'bug check 0x44'],
  summary: 'A request is completed once.',
  event: (event, { state, report }) => {
    if (event.kind !== 'complete') return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.life.kind !== 'completed') return;
    const mark = `double-completion@${siteKey(fact.life.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    report({
      where: event.where,
      message:
        'The request is completed a second time: the machine stops with MULTIPLE_IRP_COMPLETE_REQUESTS, or completes whatever lies in that memory by now.',
      path: [...storyOf(fact), ...pathTo(event.where, 'It is completed again here')],
    });
  },
};
