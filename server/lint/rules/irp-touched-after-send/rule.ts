/**
 * After an IRP has gone to a call whose completion routine frees it, the caller leaves it alone, whatever the call
 * returned; and so does a dispatch routine that has passed its request on with no completion routine to bring it back.
 */
import { type IrpUse, irpUses, isIrpUse } from '../../flow/facts/events.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { done, storyOf } from '../../ways/wording.ts';

export const irpTouchedAfterSend: Rule = {
  id: 'irp-touched-after-send',
  severity: 'error',
  docRules: ['R21'],
  also: ['Driver Verifier C9/0x20A', 'Driver Verifier C9/0x20B', 'CWE-416'],
  summary:
    'An IRP that its completion routine frees, or that nothing brings back, is left alone after the call that took it.',
  events: irpUses,
  event: (event, context) => {
    // Made ready to be sent once more: what is wrong with that is told where it is sent.
    if (event.kind === 'use' && /^Io(?:SkipCurrent|CopyCurrent|GetNext)/.test(event.by ?? '')) return;
    if (isIrpUse(event)) check(event, context);
  },
};

function check(event: IrpUse, { state, report }: CheckContext): void {
  const fact = state.facts.get(event.irp.key);
  if (fact?.life.kind !== 'sent') return;
  const { life } = fact;
  const mark = `${irpTouchedAfterSend.id}@${siteKey(life.where)}`;
  if (state.marks.has(mark)) return;
  if (life.frees.kind === 'always') {
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The IRP is ${done(event)} after ${life.api} took it, but its completion routine ${life.frees.routine} frees it, perhaps before ${life.api} returns: by now it may be another's memory.`,
      path: [
        ...storyOf(fact),
        ...pathTo(life.frees.where, `${life.frees.routine} frees it here`),
        ...pathTo(event.where, `It is ${done(event)} here`),
      ],
    });
  } else if (life.isGivenAway && !((event.kind === 'complete' || event.kind === 'send') && mayBePending(state, life))) {
    // Completed or sent while it may be pending has a rule of its own.
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The request is ${done(event)} after ${life.api} took it, and no completion routine brings it back: the driver below has completed it or will, and its memory is another's then.`,
      path: [...storyOf(fact), ...pathTo(event.where, `It is ${done(event)} here`)],
    });
  }
}
