/** An own IRP has a completion routine before each call that takes it. Passed-down IRPs need none. */
import { nodesIn } from '../../body/nodes.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import type { Session } from '../../flow/run/session.ts';
import { isNull } from '../../flow/state/state.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { sentWithoutRoutine } from './never-set.ts';

export const completionRoutineMissing: Rule = {
  id: 'completion-routine-missing',
  severity: 'error',
  docRules: ['R15', 'R22'],
  also: ['SDV IoAllocateForward', 'SDV IoBuildFsdForward'],
  summary: 'An IRP of the driver itself gets a completion routine before it is sent.',
  events: ['send'],
  event: (event, { state, session, report }) => {
    if (event.kind !== 'send' || isNull(state, event.irp)) return;
    const fact = state.facts.get(event.irp.key);
    if (fact === undefined || !isDrivers(fact) || fact.routine.kind !== 'none' || fact.life.kind !== 'idle') return;
    const { reused } = fact.routine;
    const since = reused ?? fact.originWhere;
    report({
      where: event.where,
      message: `${event.api} gets an IRP without a completion routine; when the request is done, the I/O manager goes on to complete an IRP that no other driver owns and the machine stops.`,
      path: [
        ...(since === undefined
          ? []
          : pathTo(
              since,
              `The IRP is ${reused === undefined ? 'allocated' : 'reused'} here, without a completion routine`,
            )),
        ...pathTo(event.where, `It is given to ${event.api} here`),
      ],
      docRules: reused !== undefined ? ['R15', 'R22'] : ['R15'],
      when: () => event.isWsk || !setsByHand(session),
    });
  },
  finish: ({ session, report }) => {
    for (const call of sentWithoutRoutine(session))
      report({
        where: whereOf(call, call.arguments),
        message:
          'Nothing in the driver gives this IRP a completion routine; when the request is done, the I/O manager goes on to complete an IRP that no other driver owns and the machine stops.',
        path: [],
        docRules: ['R15'],
        when: () => !setsByHand(session),
      });
  },
};

/** Nobody frees it but the driver: the I/O manager does so for the threaded ones that the other IoBuild functions make. */
function isDrivers({ origin, built }: IrpFact): boolean {
  return origin === 'own' || built?.api === 'IoBuildAsynchronousFsdRequest';
}

/** A function of the driver may write a completion routine into a stack location that it is given. */
function setsByHand(session: Session): boolean {
  return session.functions.some(
    (fn) => fn.isUsers && nodesIn(fn.definition, 'member').some(({ name }) => name === 'CompletionRoutine'),
  );
}
