/**
 * What a call returns is not the result while it says STATUS_PENDING; IoStatus, or the IO_STATUS_BLOCK that an IRP was
 * built with, is set when the IRP completes.
 */
import type { Life } from '../../flow/facts/irp.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import type { State } from '../../flow/state/state.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOf } from '../../ways/wording.ts';

export const resultBeforeCompletion: Rule = {
  id: 'result-before-completion',
  severity: 'error',
  docRules: ['R27'],
  also: ['SDV IoBuildSynchronousWait'],
  summary: 'Irp->IoStatus, and the status block of a request, are read after the IRP has completed.',
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
    if (!isFirst(state, life)) return;
    report({
      where: event.where,
      message: `IoStatus is read while ${life.api} may still be working: STATUS_PENDING is a success for NT_SUCCESS, and until the IRP completes IoStatus holds what was there before.`,
      path: [...storyOf(fact), ...pathTo(event.where, 'Its result is read here, and nothing on this path has waited')],
    });
  },
  acts: ['early-read'],
  act: (action, { state, report }) => {
    if (action.kind !== 'early-read') return;
    const fact = state.facts.get(action.irp.key);
    if (fact?.life.kind !== 'sent' || !isFirst(state, fact.life)) return;
    report({
      where: action.where,
      message: `The status block is read while ${fact.life.api} may still be working: until the IRP completes it holds what lay on the stack before.`,
      path: [...storyOf(fact), ...pathTo(action.where, 'Its result is read here, and nothing on this path has waited')],
      docRules: [],
    });
  },
};

/** Of one call once on a way. */
function isFirst(state: State, { where }: Sent): boolean {
  const mark = `result-before-completion@${siteKey(where)}`;
  if (state.marks.has(mark)) return false;
  state.marks.add(mark);
  return true;
}

type Sent = Extract<Life, { kind: 'sent' }>;
