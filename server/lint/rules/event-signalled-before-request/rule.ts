/**
 * Row 24: the event that a request's end sets is not signalled while the request is under way. Sure of an event that was
 * made signalled, or that stays signalled since an earlier request, where the way waits for it and nobody cleared it.
 */
import { isSignalled } from '../../flow/calls/event-states.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import { isNull, resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING, isSameRoot, placeAt, type Root } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const eventSignalledBeforeRequest: Rule = {
  id: 'event-signalled-before-request',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C9/0x307'],
  summary: 'The event that tells of the end of a request is not signalled before that.',
  seesThroughHelpers: true,
  call: (call, { state, report }) => {
    if (call.api !== 'KeWaitForSingleObject' || state.facts.size === 0) return;
    const life = awaited(call, state);
    const [event = ANYTHING] = call.arguments;
    if (life === undefined || !isSignalled(state, event)) return;
    report({
      where: call.where,
      message: `The event is signalled before ${life.api} is done, since nobody has cleared it: the wait ends at once, and the function goes on while the request is still under way.`,
      path: [
        ...pathTo(life.where, `${life.api} may return STATUS_PENDING here`),
        ...pathTo(call.where, 'This waits for an event that is signalled already'),
      ],
      once: siteKey(call.where),
    });
  },
};

type Sent = Extract<IrpFact['life'], { kind: 'sent' }>;

/** The call whose end sets the event, where the wait is for as long as that takes. */
function awaited({ arguments: [event = ANYTHING, , , , limit] }: ApiCall, state: State): Sent | undefined {
  const root = placeAt(resolve(state, event))?.root;
  if (root === undefined || limit === undefined || !isNull(state, limit)) return undefined;
  for (const fact of state.facts.values()) {
    const { life } = fact;
    if (life.kind === 'sent' && mayBePending(state, life) && tells(fact, root)) return life;
  }
  return undefined;
}

/** The end of the request is told by what lies there. */
function tells({ routine, built }: IrpFact, root: Root): boolean {
  const given = [...(routine.kind === 'set' ? [routine.context] : []), ...(built?.lasting ?? [])];
  return given.some((value) => {
    const place = placeAt(value);
    return place !== undefined && isSameRoot(place.root, root);
  });
}
