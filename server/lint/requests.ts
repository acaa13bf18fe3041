/** What four rules about dispatch routines share: each request that came from above, as it is when the routine returns. */
import type { IrpFact } from './flow/facts/irp.ts';
import type { Exit } from './flow/run/session.ts';
import type { State } from './flow/state/state.ts';
import { pathTo } from './flow/state/where.ts';
import type { Value } from './flow/values/values.ts';
import { roleOf } from './roles.ts';
import type { CheckContext } from './rule.ts';
import { storyOf } from './wording.ts';

/** Reports what `wrong` says of a request and of the status that the dispatch routine returns. */
export function checkRequests(
  exit: Exit,
  { state, fn, session, report }: CheckContext,
  wrong: (fact: IrpFact, returned: Value | undefined, state: State, exit: Exit) => string | undefined,
): void {
  if (roleOf(session, fn) !== 'DRIVER_DISPATCH') return;
  for (const fact of state.facts.values()) {
    const message = fact.origin === 'received' ? wrong(fact, exit.value, state, exit) : undefined;
    if (message === undefined) continue;
    report({
      where: exit.where,
      message,
      path: [...storyOf(fact), ...pathTo(exit.where, 'The dispatch routine returns here')],
    });
  }
}
