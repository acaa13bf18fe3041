/** R27: what a WSK call returns is not the result while it says STATUS_PENDING; IoStatus is set when the IRP completes. */
import { mayBePending } from '../../flow/facts/transition.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../wording.ts';

export const resultBeforeCompletion: Rule = {
  id: 'result-before-completion',
  severity: 'error',
  docRules: ['R27'],
  also: ['SDV IoBuildSynchronousWait'],
  summary: 'Irp->IoStatus is read after the IRP has completed.',
  events: ['use'],
  event: (event, { state, report }) => {
    if (event.kind !== 'use' || event.by !== undefined) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'own' || fact.life.kind !== 'sent') return;
    const { life } = fact;
    if (life.frees.kind !== 'never' || !mayBePending(state, life)) return;
    const { node } = innermost(event.where);
    const name = 'name' in node ? node.name : undefined;
    if (name !== 'IoStatus') return;
    const mark = `result-before-completion@${siteKey(life.where)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    report({
      where: event.where,
      message: `IoStatus is read while ${life.api} may still be working: STATUS_PENDING is a success for NT_SUCCESS, and until the IRP completes IoStatus holds what was there before.`,
      path: [...storyOf(fact), ...pathTo(event.where, 'Its result is read here, and nothing on this path has waited')],
    });
  },
};
