/** R24: a WSK call in a completion routine may complete at once and call the next routine on the same stack. */
import { pathTo } from '../../flow/state/where.ts';
import { roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const wskCallInCompletionRoutine: Rule = {
  id: 'wsk-call-in-completion-routine',
  severity: 'warning',
  docRules: ['R24'],
  also: [],
  summary: 'A completion routine leaves the next WSK call to a work item.',
  event: (event, { fn, session, report }) => {
    if (event.kind !== 'send' || !event.isWsk || roleOf(session, fn) !== 'IO_COMPLETION_ROUTINE') return;
    report({
      where: event.where,
      message: `${event.api} is called in ${fn.definition.symbol.name}, a completion routine: the new call may complete at once and run the next routine on the same stack, again and again, until the stack overflows.`,
      path: event.where.inside === undefined ? [] : pathTo(event.where, `${event.api} is called here`),
    });
  },
};
