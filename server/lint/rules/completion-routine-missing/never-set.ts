/**
 * Calls of WSK that get an IRP which the driver keeps in a member, and for which nothing in the whole driver ever sets a
 * completion routine. In: the driver. Out: those calls.
 *
 * All that IoSetCompletionRoutine may be given is followed (holders.ts). What that cannot name may be any IRP, but for the
 * parameter of a routine that somebody else calls: a request of the system's, or an IRP that has had a routine.
 */
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { localVariable, nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { type Holder, holdersOf, UNKNOWN } from '../../driver/holders.ts';
import { isWholeDriver, liveFunctions } from '../../driver/reach.ts';
import { callsOf, isHandedOn } from '../../driver/roles.ts';
import { apiEffect } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

interface Given {
  readonly call: CallExpression;
  readonly irp: Expression;
}

export function sentWithoutRoutine(session: Session): readonly CallExpression[] {
  const sent = takers.flatMap((name) => givenTo(session, name)).filter(({ irp }) => irp.kind === 'member');
  if (sent.length === 0 || !isWholeDriver(session)) return [];
  const set = ['IoSetCompletionRoutine', 'IoSetCompletionRoutineEx'].flatMap((name) => givenTo(session, name));
  const named = new Set(set.flatMap(({ irp }) => (irp.kind === 'member' ? irp.name : [])));
  const open = sent.filter(({ irp }) => irp.kind === 'member' && !named.has(irp.name));
  if (open.length === 0) return [];
  const { origins } = holdersOf(session);
  const live = liveFunctions(session);
  const holderOf = ({ call }: Given): FunctionInfo | undefined =>
    live.find(({ definition }) => nodesIn(definition, 'call').includes(call));
  const withRoutine = new Set<Holder>();
  for (const one of set) {
    const fn = holderOf(one);
    if (fn === undefined || isOfOthers(session, fn, one.irp)) continue;
    for (const origin of origins(fn, one.irp)) withRoutine.add(origin);
  }
  if (withRoutine.has(UNKNOWN)) return [];
  return open.flatMap((one) => {
    const fn = holderOf(one);
    const from = fn === undefined ? [] : [...origins(fn, one.irp)];
    const isOwn = from.some((origin) => typeof origin === 'object' && origin.kind === 'call' && isMade(origin));
    return isOwn && !from.some((origin) => origin === UNKNOWN || withRoutine.has(origin)) ? [one.call] : [];
  });
}

/** WSK's functions that never do without the IRP. */
const takers = [
  ...['WskSocket', 'WskSocketConnect', 'WskCloseSocket', 'WskBind', 'WskConnect', 'WskAccept', 'WskSend', 'WskReceive'],
  ...['WskDisconnect', 'WskSendTo', 'WskReceiveFrom', 'WskSendMessages', 'WskGetLocalAddress', 'WskGetRemoteAddress'],
];

/** The calls by that name, with the IRP that each gets. */
function givenTo(session: Session, name: string): readonly Given[] {
  return callsOf(session, name).flatMap((call) => {
    const at = name.startsWith('Io') ? call.arguments.slice(0, 2) : call.arguments.slice(-1);
    const irp = at.find(({ type }) => isIrpPointer(type));
    return irp === undefined ? [] : [{ call, irp: stripConversions(irp, { casts: true }) }];
  });
}

/** The parameter of a routine that somebody else calls. */
function isOfOthers(session: Session, fn: FunctionInfo, irp: Expression): boolean {
  return localVariable(irp)?.isParameter === true && isHandedOn(session, fn);
}

function isMade(call: CallExpression): boolean {
  return apiEffect(calledName(call) ?? '')?.kind === 'allocate-irp';
}
