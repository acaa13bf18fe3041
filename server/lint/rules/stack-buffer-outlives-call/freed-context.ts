/**
 * The context of a completion routine is given back while the routine, which looks behind it, may still have to run. In: a
 * call that frees memory. Out: a report for each such request. Where the way asks what the memory says, or the function
 * exchanges numbers with others, it may know that the routine has run.
 */

import { asksFor } from '../../driver/lasting.ts';
import { mayCall } from '../../driver/reach.ts';
import type { Action } from '../../flow/facts/kernel.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import type { State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { isSameRoot, placeAt, type Root } from '../../flow/values/values.ts';
import type { CheckContext } from '../../rule.ts';
import { COMPLETION, exchanges, looksBehind } from '../../ways/routine-context.ts';

export function checkContext(
  { api, value, where }: Extract<Action, { kind: 'free' }>,
  { state, fn, session, report }: CheckContext,
): void {
  for (const { life, routine } of state.facts.values()) {
    if (life.kind !== 'sent' || routine.kind !== 'set' || routine.value.kind !== 'function') continue;
    const root = placeAt(routine.context)?.root;
    if (root?.kind !== 'pointee' || root.pointer.key !== value.key || !mayBePending(state, life)) continue;
    if (life.memory.includes(value.key) || isAskedAbout(state, root)) continue;
    const info = session.functionOf(routine.value.symbol);
    if (info === undefined || !looksBehind(info.definition, COMPLETION.context)) continue;
    const { name } = info.definition.symbol;
    report({
      where,
      message: `${api} takes back the context of ${name}, and nobody has waited for ${life.api}: when that is done, ${name} reads or writes what is another's by then.`,
      path: [
        ...pathTo(routine.where, `${name} is given it as its context here`),
        ...pathTo(life.where, `${life.api} may return STATUS_PENDING here`),
        ...pathTo(where, 'It is given back here'),
      ],
      docRules: ['R29'],
      once: siteKey(where),
      when: () => !mayCall(session, fn, exchanges),
    });
  }
}

/** Whether the routine has run may lie in what it is given. */
function isAskedAbout(state: State, root: Root): boolean {
  return [...state.ranges.values()].some(({ value }) => asksFor(value, (place) => isSameRoot(place.root, root)));
}
