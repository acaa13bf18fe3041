/**
 * Events, mutexes, semaphores and timers that lie in a structure, or are static, and that the driver uses without
 * anything in its files that could initialise them. Out: the first use of each.
 *
 * Any mention that is no use may be what initialises the object, and so may an assignment of the whole structure and code
 * that is not here: then nothing is said.
 */
import type { CallExpression, Expression, MemberExpression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../../cfront/types/types.ts';
import { isWhole } from '../../blocks.ts';
import { isUnknownCall } from '../../callee.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { nodesIn } from '../../nodes.ts';

export interface NeverInitialised {
  readonly name: string;
  readonly use: Expression;
}

/** `isUse` tells calls that work with an object that is there; `isObject` the structures of the kernel meant. */
export function neverInitialised(
  session: Session,
  isUse: (call: CallExpression) => boolean,
  isObject: (tag: string | undefined) => boolean,
): readonly NeverInitialised[] {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  if (!users.every(isWhole)) return [];
  const inStructures = inMembers(session, users, isUse, isObject);
  return isDriver(users) ? [...inStructures, ...inStatics(users, isUse, isObject)] : inStructures;
}

interface Uses {
  first: Expression | undefined;
  isOther: boolean;
}

function inMembers(
  session: Session,
  users: readonly FunctionInfo[],
  isUse: (call: CallExpression) => boolean,
  isObject: (tag: string | undefined) => boolean,
): readonly NeverInitialised[] {
  const found = new Map<string, Uses & { readonly name: string; readonly record: RecordDefinition }>();
  const assigned = new Set<string>();
  for (const { definition } of users) {
    const used = usedIn(nodesIn(definition, 'call'), isUse);
    for (const node of nodesIn(definition, 'member')) {
      const record = recordOf(node);
      const tag = node.type.kind === 'record' ? node.type.definition.tag : undefined;
      const owner = record === undefined ? undefined : nameOf(record);
      if (record === undefined || owner === undefined || !isObject(tag)) continue;
      const key = `${owner}.${node.name}`;
      const known = found.get(key) ?? { first: undefined, isOther: false, name: node.name, record };
      found.set(key, known);
      if (used.has(node)) known.first ??= used.get(node);
      else known.isOther = true;
    }
    for (const { target } of nodesIn(definition, 'assign')) {
      const owner = target.type.kind === 'record' ? nameOf(target.type.definition) : undefined;
      if (owner !== undefined) assigned.add(owner);
    }
  }
  const isComplete = isDriver(users) && !callsOut(session, users);
  const made = madeIn(users);
  return [...found.values()].flatMap(({ first, isOther, name, record }) => {
    const owner = nameOf(record) ?? '';
    if (first === undefined || isOther || assigned.has(owner) || !made.has(owner)) return [];
    // Nobody but this file knows a structure that is declared in it.
    return isComplete || !/\.h$/i.test(record.span.file.path) ? [{ name, use: first }] : [];
  });
}

function inStatics(
  users: readonly FunctionInfo[],
  isUse: (call: CallExpression) => boolean,
  isObject: (tag: string | undefined) => boolean,
): readonly NeverInitialised[] {
  const found = new Map<VariableSymbol, { first: Expression; count: number }>();
  for (const { definition } of users) {
    for (const [object, argument] of usedIn(nodesIn(definition, 'call'), isUse)) {
      if (object.kind !== 'name' || object.symbol.kind !== 'variable') continue;
      const { symbol } = object;
      const tag = symbol.type.kind === 'record' ? symbol.type.definition.tag : undefined;
      if (symbol.duration !== 'static' || symbol.linkage !== 'internal' || !isObject(tag)) continue;
      const known = found.get(symbol);
      if (known === undefined) found.set(symbol, { first: argument, count: 1 });
      else known.count++;
    }
  }
  return [...found].flatMap(([{ name }, { first, count }]) => {
    // Its declaration and these uses are all that the file says of it.
    const { text } = nodePlace(first).file;
    const mentions = text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
    return mentions === count + 1 ? [{ name, use: first }] : [];
  });
}

function isDriver(users: readonly FunctionInfo[]): boolean {
  return users.some(({ definition }) => definition.symbol.name === 'DriverEntry');
}

/** Structures that somebody here makes: a part of a driver that only works with them says nothing of how they begin. */
function madeIn(users: readonly FunctionInfo[]): ReadonlySet<string> {
  const made = new Set<string>();
  const add = (type: CType): void => {
    const name = type.kind === 'record' ? nameOf(type.definition) : undefined;
    if (name !== undefined) made.add(name);
  };
  for (const { definition } of users) {
    for (const { symbol } of nodesIn(definition, 'variable-declaration')) add(symbol.type);
    // What is allocated may be another one than that which is used, which a part of a driver may have from elsewhere.
    for (const { operator, ofType } of isDriver(users) ? nodesIn(definition, 'sizeof') : [])
      if (operator === 'sizeof') add(ofType);
  }
  return made;
}

/** What the arguments of uses are the address of, with the argument. */
function usedIn(
  calls: readonly CallExpression[],
  isUse: (call: CallExpression) => boolean,
): ReadonlyMap<Expression, Expression> {
  const used = new Map<Expression, Expression>();
  for (const call of calls) {
    if (!isUse(call)) continue;
    for (const argument of call.arguments) {
      const inner = stripConversions(argument, { casts: true });
      if (inner.kind === 'address-of') used.set(stripConversions(inner.operand), argument);
    }
  }
  return used;
}

function recordOf({ object, isArrow }: MemberExpression): RecordDefinition | undefined {
  const { type } = object;
  const record = isArrow && type.kind === 'pointer' ? type.target : type;
  return record.kind === 'record' ? record.definition : undefined;
}

function nameOf({ tag, typedefName }: RecordDefinition): string | undefined {
  return tag ?? typedefName;
}

/** Code that is not here gets a pointer. */
function callsOut(session: Session, users: readonly FunctionInfo[]): boolean {
  return users.some(({ definition }) =>
    nodesIn(definition, 'call').some(
      (call) =>
        isUnknownCall(session, call) &&
        call.callee.kind === 'name' &&
        call.arguments.some((e) => stripConversions(e, { casts: true }).type.kind === 'pointer'),
    ),
  );
}
