/** An IRP carries one request at a time. It is set up anew when it is back, not while it is under way. */
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { done, storyOf } from '../../ways/wording.ts';

export const irpReusedWhilePending: Rule = {
  id: 'irp-reused-while-pending',
  severity: 'error',
  docRules: ['R22'],
  also: ['SDV IoReuseIrp', 'Driver Verifier C9/0x310'],
  summary: 'An IRP is reused or sent again only after its completion routine has run.',
  events: ['reuse', 'send'],
  event: (event, { state, report }) => {
    if (event.kind !== 'reuse' && !(event.kind === 'send' && event.isWsk)) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.life.kind !== 'sent') return;
    const { life } = fact;
    const mark = `irp-touched-after-send@${siteKey(life.where)}`;
    if (life.frees.kind !== 'never' || !mayBePending(state, life) || state.marks.has(mark)) return;
    if (event.kind === 'send' && (fact.origin !== 'own' || life.frees.reuses || event.isIrpOptional)) return;
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The IRP is ${done(event)} while ${life.api} may still be working with it: nothing on this path waits for its completion, and two requests then write into one IRP.`,
      path: [...storyOf(fact), ...pathTo(event.where, `It is ${done(event)} here`)],
    });
  },
};
