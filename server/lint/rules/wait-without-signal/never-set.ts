/**
 * Events in structures of the driver's own, and in variables that last, for which a whole driver waits without limit while
 * none of its calls that set events names them. In: the driver. Out: those waits.
 *
 * Nothing is said where some call sets an event that has no name there, where one of these begins signalled, or where its
 * address goes to anybody but the driver's own functions and completion routines: the system may set it then.
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { LOCAL, objectAt } from '../../driver/object-names.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';

const setters = ['KeSetEvent', 'KePulseEvent', 'KeSetEventBoostPriority'];
const leavesAlone =
  /^(?:KeInitializeEvent|KeClearEvent|KeResetEvent|KeReadStateEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?)$/;

export function waitsForNeverSet(session: Session): readonly CallExpression[] {
  const set = setters.flatMap((name) => callsOf(session, name).map((call) => objectAt(session, call.arguments[0])));
  if (set.includes(undefined)) return [];
  const made = callsOf(session, 'KeInitializeEvent').map(({ arguments: [object, , isSet] }) => ({
    event: objectAt(session, object),
    isClear: isSet !== undefined && constantValue(isSet) === 0n,
  }));
  if (made.some(({ event, isClear }) => event === undefined && !isClear)) return [];
  const waits = callsOf(session, 'KeWaitForSingleObject').flatMap((call) => {
    const [object, , , alertable, limit] = call.arguments;
    const event = objectAt(session, object);
    if (event === undefined || event === LOCAL || set.includes(event) || !made.some((one) => one.event === event))
      return [];
    if (made.some((one) => one.event === event && !one.isClear)) return [];
    return [alertable, limit].every((e) => e !== undefined && constantValue(e) === 0n) ? [{ call, event }] : [];
  });
  if (waits.length === 0) return [];
  const known = knownToOthers(session);
  return waits.flatMap(({ call, event }) => (known.has(event) ? [] : [call]));
}

/** Events whose address goes where it cannot be followed. */
function knownToOthers(session: Session): ReadonlySet<string> {
  const known = new Set<string>();
  for (const { definition, isUsers } of session.functions) {
    if (!isUsers) continue;
    const followed = new Set<Expression>();
    for (const call of nodesIn(definition, 'call'))
      if (leavesAlone.test(calledName(call) ?? '') || calledFunction(session, call)?.isUsers === true)
        for (const argument of call.arguments) followed.add(stripConversions(argument, { casts: true }));
    for (const address of nodesIn(definition, 'address-of')) {
      const event = followed.has(address) ? undefined : objectAt(session, address);
      if (event !== undefined) known.add(event);
    }
  }
  return known;
}
