/**
 * Members that calls give to the kernel (an ERESOURCE, a timer that starts again and again), whose structure is freed in
 * another function than the one that gave them, while nothing in these files ever takes them back. In: what gives and what
 * takes back. Out: the member, the call that gives it, and the call that frees the structure.
 *
 * Where some call takes back what has no name, where other code may know the structure, or where only the function that
 * gives the member frees it, perhaps before it does, nothing is said.
 */
import type { CallExpression, Expression } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { RecordDefinition } from '../../../cfront/types/types.ts';
import { nodesIn } from '../body/nodes.ts';
import { memberRecord, recordKey } from '../body/record-type.ts';
import { mayWait } from '../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../flow/run/session.ts';
import { calledName, isUnknownCall } from './callee.ts';
import { around, isCalledAround, isWholeDriver, runsOnItsOwn } from './reach.ts';
import { callsOf } from './roles.ts';

export interface NeverEnded {
  /** "Lock", as it is written behind the structure. */
  readonly member: string;
  readonly made: CallExpression;
  readonly freed: CallExpression;
  /** Nobody who frees it has waited for anything, or looked at what the structure says: it was not seen to end by itself. */
  readonly isUnseen: boolean;
}

export function neverEnded(
  session: Session,
  makers: readonly CallExpression[],
  enders: readonly string[],
): readonly NeverEnded[] {
  const made = makers.flatMap((call) => {
    const member = memberAt(call.arguments[0]);
    return member === undefined ? [] : [{ call, member }];
  });
  if (made.length === 0) return [];
  const ended = enders.flatMap((name) => callsOf(session, name).map((call) => keyAt(call.arguments[0])));
  if (ended.includes(undefined)) return [];
  const freed = frees.flatMap((name) => callsOf(session, name));
  return made.flatMap(({ call, member }) => {
    if (ended.includes(member.key) || !isPrivate(session, member.record)) return [];
    const free = freed.find(
      (one) =>
        recordBehind(one.arguments[0]) === member.record &&
        isElsewhere(
          session,
          one,
          made.map((m) => m.call),
        ),
    );
    if (free === undefined) return [];
    return [{ member: member.path, made: call, freed: free, isUnseen: isUnseen(session, call, free, member.record) }];
  });
}

const frees = ['ExFreePool', 'ExFreePoolWithTag', 'ExFreePool2'];

interface Member {
  readonly record: RecordDefinition;
  readonly path: string;
  readonly key: string;
}

/** `&object->Inner.Lock`: the structure behind the arrow, and the way from there. */
function memberAt(argument: Expression | undefined): Member | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  let path = '';
  for (let at = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined; at?.kind === 'member'; ) {
    path = path === '' ? at.name : `${at.name}.${path}`;
    if (at.isArrow) {
      const { type } = at.object;
      const record = type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
      return record === undefined ? undefined : { record, path, key: `${recordKey(record)}.${path}` };
    }
    at = stripConversions(at.object);
  }
  return undefined;
}

/** A member, or a variable by itself; undefined for what has no name. */
export function keyAt(argument: Expression | undefined): string | undefined {
  const member = memberAt(argument);
  if (member !== undefined) return member.key;
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const named = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  return named?.kind === 'name' ? named.symbol.name : undefined;
}

function recordBehind(argument: Expression | undefined): RecordDefinition | undefined {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  return type?.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
}

/** All code that knows the structure is here. */
export function isPrivate(session: Session, { span }: RecordDefinition): boolean {
  if (isWholeDriver(session)) return true;
  return !/\.h$/i.test(span.file.path) && !session.functions.some((fn) => fn.isUsers && givesAway(session, fn));
}

/** It calls code that is not here with a pointer: what that does with it nobody knows. */
function givesAway(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some(
    (call) =>
      isUnknownCall(session, call) &&
      stripConversions(call.callee, { casts: true }).kind === 'name' &&
      call.arguments.some((e) => stripConversions(e, { casts: true }).type.kind === 'pointer'),
  );
}

/**
 * Neither code that runs by itself frees it, nor code around which somebody waits, counts, or asks the structure for a
 * number; nor does one function lead to both, whose ways tell more; and who gives the member does not wait for it.
 */
function isUnseen(session: Session, made: CallExpression, free: CallExpression, record: RecordDefinition): boolean {
  const by = holderOf(session, free);
  const maker = holderOf(session, made);
  if (by === undefined || maker === undefined || runsOnItsOwn(session, by)) return false;
  const isWait = (name: string): boolean => mayWait(name) || /Interlocked|Cancel/.test(name);
  if (isCalledAround(session, by, isWait) || nodesIn(maker.definition, 'call').some((c) => isWait(calledName(c) ?? '')))
    return false;
  const makers = callersOf(session, maker);
  if ([...callersOf(session, by)].some((fn) => makers.has(fn))) return false;
  return !around(session, by).some(({ definition }) =>
    nodesIn(definition, 'member').some((member) => {
      const of = memberRecord(member);
      return of.kind === 'record' && of.definition === record && member.type.kind === 'integer';
    }),
  );
}

function holderOf({ functions }: Session, call: CallExpression): FunctionInfo | undefined {
  return functions.find((fn) => fn.isUsers && nodesIn(fn.definition, 'call').includes(call));
}

/** The function, and all that call it or lead to a call of it. */
function callersOf(session: Session, fn: FunctionInfo): ReadonlySet<FunctionInfo> {
  const callers = new Set([fn]);
  for (const one of callers)
    for (const call of callsOf(session, one.definition.symbol.name)) {
      const holder = holderOf(session, call);
      if (holder !== undefined) callers.add(holder);
    }
  return callers;
}

/** The call stands in a function that gives no such member, and is not called by those alone that do. */
function isElsewhere(session: Session, call: CallExpression, made: readonly CallExpression[]): boolean {
  const holds = ({ definition }: FunctionInfo, one: CallExpression): boolean =>
    nodesIn(definition, 'call').includes(one);
  const isMaker = (fn: FunctionInfo): boolean => made.some((one) => holds(fn, one));
  const by = holderOf(session, call);
  if (by === undefined || isMaker(by)) return false;
  const callers = callsOf(session, by.definition.symbol.name);
  return (
    callers.length === 0 ||
    callers.some((one) => session.functions.some((fn) => fn.isUsers && !isMaker(fn) && holds(fn, one)))
  );
}
