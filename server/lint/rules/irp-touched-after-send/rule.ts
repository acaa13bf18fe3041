/**
 * R21: after an IRP has gone to a WSK function, the caller leaves it alone as long as somebody else may free it, or it
 * may still be in flight.
 */
import type { FlowEvent } from '../../flow/facts/events.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';

export const irpTouchedAfterSend: Rule = {
  id: 'irp-touched-after-send',
  severity: 'error',
  docRules: ['R21'],
  also: ['Driver Verifier C9/0x20A', 'Driver Verifier C9/0x20B', 'CWE-416'],
  summary: 'An IRP is left alone after a call that has taken it, until it is surely back.',
  event: (event, context) => {
    if (event.kind === 'wait' || event.kind === 'lose' || event.kind === 'lose-routine') return;
    if (event.kind !== 'allocate' && event.kind !== 'build') check(event, context);
  },
};

function check(event: Exclude<FlowEvent, { kind: 'wait' }>, { state, report }: CheckContext): void {
  const fact = state.facts.get(event.irp.key);
  if (fact?.life.kind !== 'sent') return;
  const { life } = fact;
  const mark = `${irpTouchedAfterSend.id}@${siteKey(life.where)}`;
  if (state.marks.has(mark)) return;
  const before = [
    ...(fact.originWhere === undefined ? [] : pathTo(fact.originWhere, 'The IRP is allocated or reused here')),
    ...(fact.routine.kind === 'set' ? pathTo(fact.routine.where, 'It gets its completion routine here') : []),
    ...pathTo(life.where, `${life.api} takes it here`),
  ];
  if (life.frees.kind === 'always') {
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The IRP is ${done(event)} after ${life.api} took it, but its completion routine ${life.frees.routine} frees it, perhaps before ${life.api} returns: by now it may be another's memory.`,
      path: [
        ...before,
        ...pathTo(life.frees.where, `${life.frees.routine} frees it here`),
        ...pathTo(event.where, `It is ${done(event)} here`),
      ],
    });
  } else if (
    (event.kind === 'free' || event.kind === 'reuse') &&
    life.frees.kind === 'never' &&
    mayBePending(state, life)
  ) {
    state.marks.add(mark);
    report({
      where: event.where,
      message: `The IRP is ${done(event)} while ${life.api} may still be working with it: nothing on this path waits for its completion.`,
      path: [...before, ...pathTo(event.where, `It is ${done(event)} here`)],
    });
  }
}

function done(event: FlowEvent): string {
  switch (event.kind) {
    case 'free':
      return 'freed';
    case 'reuse':
      return 'reused';
    case 'send':
      return `given to ${event.api}`;
    case 'complete':
      return 'completed';
    case 'set-routine':
      return 'given another completion routine';
    default:
      return 'used';
  }
}
