/** After IoFreeIrp and after IoCompleteRequest the IRP is no longer there for this driver. */
import { type IrpUse, irpUses, isIrpUse } from '../../flow/facts/events.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { done, storyOf } from '../../ways/wording.ts';

export const irpUsedAfterFree: Rule = {
  id: 'irp-used-after-free',
  severity: 'error',
  docRules: ['R21'],
  also: ['C6001', 'CWE-416', 'CWE-415'],
  summary: 'An IRP is left alone after IoFreeIrp and after IoCompleteRequest.',
  events: irpUses,
  event: (event, context) => {
    if (isIrpUse(event)) check(event, context);
  },
};

function check(event: IrpUse, { state, report }: CheckContext): void {
  const fact = state.facts.get(event.irp.key);
  if (fact?.life.kind !== 'freed' && fact?.life.kind !== 'completed') return;
  const { life } = fact;
  // Two completions have a rule of their own, and so has the completion of an own IRP.
  if (life.kind === 'completed' && (event.kind === 'complete' || fact.origin === 'own' || fact.origin === 'built'))
    return;
  const mark = `irp-used-after-free@${siteKey(life.where)}`;
  if (state.marks.has(mark)) return;
  state.marks.add(mark);
  const what = event.kind === 'free' && life.kind === 'freed' ? 'freed a second time' : done(event);
  report({
    where: event.where,
    message:
      life.kind === 'freed'
        ? `The IRP is ${what} after IoFreeIrp: its memory may belong to somebody else by now.`
        : `The IRP is ${what} after IoCompleteRequest: the I/O manager may have freed it already, so what is read is garbage and what is written hits somebody else's memory.`,
    path: [...storyOf(fact), ...pathTo(event.where, `It is ${what} here`)],
  });
}
