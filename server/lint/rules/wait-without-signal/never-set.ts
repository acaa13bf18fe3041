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
import { isInUnion, memberRecord, recordKey } from '../../body/record-type.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';

const setters = ['KeSetEvent', 'KePulseEvent', 'KeSetEventBoostPriority'];
const leavesAlone =
  /^(?:KeInitializeEvent|KeClearEvent|KeResetEvent|KeReadStateEvent|KeWaitForSingleObject|IoSetCompletionRoutine(?:Ex)?)$/;

export function waitsForNeverSet(session: Session): readonly CallExpression[] {
  const set = setters.flatMap((name) => callsOf(session, name).map((call) => eventAt(session, call.arguments[0])));
  if (set.includes(undefined)) return [];
  const made = callsOf(session, 'KeInitializeEvent').map(({ arguments: [object, , isSet] }) => ({
    event: eventAt(session, object),
    isClear: isSet !== undefined && constantValue(isSet) === 0n,
  }));
  if (made.some(({ event, isClear }) => event === undefined && !isClear)) return [];
  const waits = callsOf(session, 'KeWaitForSingleObject').flatMap((call) => {
    const [object, , , alertable, limit] = call.arguments;
    const event = eventAt(session, object);
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
      const event = followed.has(address) ? undefined : eventAt(session, address);
      if (event !== undefined) known.add(event);
    }
  }
  return known;
}

/** The event whose address an expression is: one member of all structures of its type, or a variable that lasts. */
function eventAt({ names }: Session, argument: Expression | undefined): string | undefined {
  const address = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const e = address?.kind === 'address-of' ? stripConversions(address.operand) : undefined;
  if (e?.kind === 'name' && e.symbol.kind === 'variable')
    return e.symbol.duration === 'static' ? names.variable(e.symbol) : LOCAL;
  if (e?.kind !== 'member' || isInUnion(e)) return undefined;
  const record = memberRecord(e);
  return record.kind === 'record' ? `${recordKey(record.definition)}.${e.name}` : undefined;
}

/** One function's own: what becomes of it, its ways tell. */
const LOCAL = 'local';
