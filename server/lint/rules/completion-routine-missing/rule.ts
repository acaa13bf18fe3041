/** R15: an own IRP has a completion routine before each WSK call. Passed-down IRPs need none. */

import { isNull } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const completionRoutineMissing: Rule = {
  id: 'completion-routine-missing',
  severity: 'error',
  docRules: ['R15'],
  also: ['SDV IoAllocateForward', 'SDV IoBuildFsdForward'],
  summary: 'An IRP of the driver itself gets a completion routine before it goes to a WSK function.',
  event: (event, { state, report }) => {
    if (event.kind !== 'send' || !event.isWsk || isNull(state, event.irp)) return;
    const fact = state.facts.get(event.irp.key);
    if (fact?.origin !== 'own' || fact.routine.kind !== 'none' || fact.life.kind !== 'idle') return;
    report({
      where: event.where,
      message: `${event.api} gets an IRP without a completion routine; when the request is done, the I/O manager goes on to complete an IRP that no other driver owns and the machine stops.`,
      path: [
        ...(fact.originWhere === undefined
          ? []
          : pathTo(fact.originWhere, 'The IRP is allocated or reused here, without a completion routine')),
        ...pathTo(event.where, `It is given to ${event.api} here`),
      ],
    });
  },
};
