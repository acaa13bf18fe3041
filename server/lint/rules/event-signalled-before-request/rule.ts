/**
 * The event that a request's end sets is not signalled while the request is under way. Sure of an event that was made
 * signalled, or that stays signalled since an earlier request, where the way waits for it and nobody cleared it.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { isSignalled } from '../../flow/calls/event-states.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import { mayBePending } from '../../flow/facts/transition.ts';
import type { Session } from '../../flow/run/session.ts';
import { isNull, resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { ANYTHING, isSameRoot, type Place, placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { pointerIntoContext } from '../../ways/context-places.ts';
import { staysSignalled } from './signalled-since.ts';

export const eventSignalledBeforeRequest: Rule = {
  id: 'event-signalled-before-request',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C9/0x307'],
  summary: 'The event that tells of the end of a request is not signalled before that.',
  seesThroughHelpers: true,
  calls: ['KeWaitForSingleObject'],
  call: (call, { state, fn, session, report }) => {
    if (state.facts.size === 0) return;
    const life = awaited(call, state, session);
    const [event = ANYTHING] = call.arguments;
    if (life === undefined) return;
    const place = placeAt(resolve(state, event));
    const since = place?.root.kind === 'global' && place.steps.length === 0 ? place.root.variable : undefined;
    const isNow = isSignalled(state, event);
    if (!isNow && since?.linkage !== 'internal') return;
    report({
      where: call.where,
      message: `The event is signalled before ${life.api} is done${isNow || since === undefined ? '' : ` from the second request on`}, since nobody has cleared it: the wait ends at once, and the function goes on while the request is still under way.`,
      path: [
        ...pathTo(life.where, `${life.api} may return STATUS_PENDING here`),
        ...pathTo(call.where, 'This waits for an event that is signalled already'),
      ],
      once: siteKey(call.where),
      when: () => isNow || (since !== undefined && staysSignalled(session, fn, since)),
    });
  },
};

type Sent = Extract<IrpFact['life'], { kind: 'sent' }>;

/** The call whose end sets the event, where the wait is for as long as that takes. */
function awaited(
  { arguments: [event = ANYTHING, , , , limit] }: ApiCall,
  state: State,
  session: Session,
): Sent | undefined {
  const place = placeAt(resolve(state, event));
  if (place === undefined || limit === undefined || !isNull(state, limit)) return undefined;
  for (const fact of state.facts.values()) {
    const { life } = fact;
    if (life.kind === 'sent' && mayBePending(state, life) && tells(session, fact, place)) return life;
  }
  return undefined;
}

/** The end of the request sets this very event: beside it may lie others, gates and locks that have nothing to do with it. */
function tells(session: Session, { routine, built }: IrpFact, event: Place): boolean {
  if (built?.lasting.some((value) => placeAt(value)?.key === event.key) === true) return true;
  if (routine.kind !== 'set' || routine.value.kind !== 'function') return false;
  const context = placeAt(routine.context);
  const definition = session.functionOf(routine.value.symbol)?.definition;
  if (context === undefined || definition === undefined || !isSameRoot(context.root, event.root)) return false;
  const sets = nodesIn(definition, 'call').filter((call) => calledName(call) === 'KeSetEvent');
  const isIt = ({ arguments: [object] }: CallExpression): boolean =>
    object !== undefined && pointerIntoContext(definition, object) === event.offset - context.offset;
  return sets.length > 0 && sets.every(isIt);
}
