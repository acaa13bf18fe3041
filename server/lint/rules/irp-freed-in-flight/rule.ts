/** R21: an IRP is freed when it is back, not while a call may still be working with it. IoCancelIrp does not wait. */
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../wording.ts';

export const irpFreedInFlight: Rule = {
  id: 'irp-freed-in-flight',
  severity: 'error',
  docRules: ['R21'],
  also: ['Driver Verifier C9/0x20A', 'Driver Verifier C9/0x20B', 'CWE-416'],
  summary: 'An IRP is freed only after its completion routine has run.',
  event: (event, { state, report }) => {
    if (event.kind !== 'free') return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.life.kind !== 'sent') return;
    const { life } = fact;
    const mark = `irp-touched-after-send@${siteKey(life.where)}`;
    if (life.frees.kind !== 'never' || !mayBePending(state, life) || state.marks.has(mark)) return;
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The IRP is freed while ${life.api} may still be working with it: nothing on this path waits for its completion, which then writes into memory that belongs to somebody else.`,
      path: [...storyOf(fact), ...pathTo(event.where, 'It is freed here')],
    });
  },
};
