/**
 * Events, mutexes, timers, DPCs, list heads and the like that lie in a structure, or are static, and that the driver uses
 * without anything in its files that could initialise them. Out: the first use of each.
 *
 * Any mention that is no use may be what initialises the object, and so may an assignment of the whole structure and code
 * that is not here: then nothing is said. Objects for which zeros are right (spin locks, SLIST heads) are no part of this.
 */

import { memo } from '../../../../base/memo.ts';
import type {
  Expression,
  FunctionDefinition,
  FunctionSymbol,
  VariableDeclaration,
  VariableSymbol,
} from '../../../../cfront/parse/ast.ts';
import {
  constantValue,
  nodePlace,
  someNode,
  stripConversions,
  type TreeNode,
  walk,
} from '../../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../../cfront/types/types.ts';
import { nodesIn } from '../../body/nodes.ts';
import { ownDeclarations } from '../../body/own-declarations.ts';
import { steadyPointers } from '../../body/pointers.ts';
import { isInUnion, memberRecord, recordKey, recordName, tagOf } from '../../body/record-type.ts';
import { isWhole } from '../../body/whole.ts';
import { calledName, isUnknownCall } from '../../driver/callee.ts';
import { isWholeDriver, liveFunctions } from '../../driver/reach.ts';
import { functionNamed } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

export interface NeverInitialised {
  readonly name: string;
  readonly use: Expression;
}

/** What the kernel does with an object that nothing initialised, as a part of a sentence. */
export function effectOn({ type }: Expression): string {
  const tag = type.kind === 'pointer' ? (tagOf(type.target) ?? '') : '';
  return waited.has(tag) || !used.has(tag)
    ? 'the kernel takes what lies there for its list of waiting threads'
    : 'what lies there is taken for its state';
}

export function neverInitialised(session: Session): readonly NeverInitialised[] {
  const users = liveFunctions(session);
  if (!users.every(isWhole)) return [];
  const inStructures = inMembers(session, users);
  return isDriver(users) ? [...inStructures, ...inStatics(session, users), ...inArrays(session, users)] : inStructures;
}

/** Locals of one function; any mention that is no use may be what initialises one. */
export function uninitialisedLocals(session: Session, definition: FunctionDefinition): readonly NeverInitialised[] {
  const { single, hasElements } = localsIn(definition);
  const found = single.flatMap(({ symbol, uses }) => {
    const arguments_ = uses.map((given) => useOf(session, given));
    const [first] = arguments_;
    return first === undefined || arguments_.includes(undefined) ? [] : [{ name: symbol.name, use: first }];
  });
  if (!hasElements) return found;
  const inArrays = [...elementsIn(session, [definition])].flatMap(([symbol, { unset }]) =>
    isLocal(symbol) && !isGivenAValue(definition, symbol) ? unset : [],
  );
  return [...found, ...inArrays];
}

interface Locals {
  /** Objects of which each mention is an argument, with what becomes of it, and that nothing initialises at once. */
  readonly single: readonly { readonly symbol: VariableSymbol; readonly uses: readonly (readonly Given[])[] }[];
  /** Elements of arrays of objects are named. */
  readonly hasElements: boolean;
}

const localsIn = memo((definition: FunctionDefinition): Locals => {
  const bySymbol = new Map<VariableSymbol, (readonly Given[])[]>();
  for (const { symbol, given } of variablesIn(definition)) {
    if (isLocal(symbol)) bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), given]);
  }
  const single = [...bySymbol].flatMap(([symbol, uses]) => {
    const mentions = nodesIn(definition, 'name').filter((node) => node.symbol === symbol).length;
    return mentions === uses.length && !isGivenAValue(definition, symbol) ? [{ symbol, uses }] : [];
  });
  return { single, hasElements: namedElements(definition).some(({ symbol }) => isLocal(symbol)) };
});

function isLocal({ duration, isParameter }: VariableSymbol): boolean {
  return duration === 'automatic' && !isParameter;
}

function isGivenAValue(definition: FunctionDefinition, symbol: VariableSymbol): boolean {
  return nodesIn(definition, 'variable-declaration').some(
    (one) => one.symbol === symbol && one.initializer !== undefined,
  );
}

/** Calls that work with an object that somebody else has initialised. */
export function usesObject(name: string): boolean {
  return uses.test(name) || usesFirst.test(name);
}

/** The call uses the object that it is given at the position. */
function isUse(name: string, position: number): boolean {
  return uses.test(name) || (position === 0 && usesFirst.test(name));
}

const uses =
  /^(?:KeWaitForSingleObject|Ke(?:Set|Reset|Clear|Pulse)Event|KeReadState(?:Event|Mutex|Semaphore|Timer)|KeRelease(?:Mutex|Semaphore)|KeSet(?:Coalescable)?Timer(?:Ex)?|KeCancelTimer|IoSetCompletionRoutine(?:Ex)?|IoBuild(?:DeviceIoControl|SynchronousFsd)Request)$/;

const usesFirst =
  /^(?:KeInsertQueueDpc|KeRemoveQueueDpc|Ex(?:TryTo)?(?:Acquire|Release)FastMutex(?:Unsafe)?|Ke(?:TryTo)?(?:Acquire|Release)GuardedMutex(?:Unsafe)?|Ex(?:Enter\w+AndAcquire|Acquire|Release)\w*(?:Resource|Starve|WaitFor)\w*|Io(?:Acquire|Release)RemoveLock(?:AndWait)?Ex|IoCsq(?:Insert|Remove)\w+|Ex(?:AllocateFrom|FreeTo)\w*LookasideList(?:Ex)?|ExQueueWorkItem|Insert(?:Head|Tail)List|Remove(?:Head|Tail)List|IsListEmpty|ExInterlocked(?:Insert(?:Head|Tail)|RemoveHead)List)$/;

/** Parameters with which a function does nothing but hand them on to calls that use the object. */
const onlyUsed = memo((definition: FunctionDefinition) => onlyHandedTo(definition, isUse));

/** Positions of parameters with which a function does nothing but hand them on to functions of such names. */
export function onlyHandedTo(
  definition: FunctionDefinition,
  isKnown: (name: string, position: number) => boolean,
): ReadonlySet<number> {
  const handed = nodesIn(definition, 'call').flatMap((call) =>
    call.arguments.flatMap((e, position) =>
      isKnown(calledName(call) ?? '', position) ? [stripConversions(e, { casts: true })] : [],
    ),
  );
  const names = nodesIn(definition, 'name');
  return new Set(
    definition.parameters.flatMap((parameter, index) => {
      const mentions = names.filter(({ symbol }) => symbol === parameter);
      return mentions.length > 0 && mentions.every((node) => handed.includes(node)) ? [index] : [];
    }),
  );
}

/** To whom a local is given; undefined where it is mentioned otherwise. */
export function allGiven(definition: FunctionDefinition, local: VariableSymbol): readonly Given[] | undefined {
  const given = [...givenIn(definition)].filter(([object]) => object.kind === 'name' && object.symbol === local);
  const mentions = nodesIn(definition, 'name').filter(({ symbol }) => symbol === local).length;
  return mentions === given.length ? given.flatMap(([, all]) => all) : undefined;
}

/** The structures of the kernel meant: those that have a list of waiting threads. */
export function isObject(type: CType): boolean {
  return waited.has(tagOf(type) ?? '');
}

const waited = new Set(['_KEVENT', '_KMUTANT', '_KSEMAPHORE', '_KTIMER']);

/** Those, and others that zeros are wrong for. */
function isFollowed(type: CType): boolean {
  const tag = tagOf(type) ?? '';
  return waited.has(tag) || used.has(tag);
}

const used = new Set([
  '_KDPC',
  '_FAST_MUTEX',
  '_KGUARDED_MUTEX',
  '_ERESOURCE',
  '_IO_REMOVE_LOCK',
  '_IO_CSQ',
  '_NPAGED_LOOKASIDE_LIST',
  '_PAGED_LOOKASIDE_LIST',
  '_LOOKASIDE_LIST_EX',
  '_WORK_QUEUE_ITEM',
  '_LIST_ENTRY',
]);

interface Mention {
  readonly owner: string;
  readonly name: string;
  readonly record: RecordDefinition;
  /** Where it is given to somebody; any other mention may initialise it. */
  readonly use: readonly Given[] | undefined;
}

/** The address of an object as an argument. */
export interface Given {
  readonly argument: Expression;
  /** The driver's function that gets it, and at which position; undefined for a call that uses the object. */
  readonly helper: { readonly symbol: FunctionSymbol; readonly index: number } | undefined;
}

/** The first use; undefined where somebody gets the object who may initialise it. */
function useOf(session: Session, given: readonly Given[]): Expression | undefined {
  const areUses = given.every(({ helper }) => {
    const definition = helper === undefined ? undefined : session.functionOf(helper.symbol)?.definition;
    return helper === undefined || (definition !== undefined && onlyUsed(definition).has(helper.index));
  });
  return areUses ? given[0]?.argument : undefined;
}

/** Members that are such objects, wherever a function names one. */
const mentionsIn = memo((definition: FunctionDefinition): readonly Mention[] => {
  const used = givenIn(definition);
  return nodesIn(definition, 'member').flatMap((node) => {
    const record = memberRecord(node);
    const owner = ownerName(record);
    if (record.kind !== 'record' || owner === undefined || !isFollowed(node.type)) return [];
    if (isInUnion(node) || isLookedAt(definition, node)) return [];
    return [{ owner, name: node.name, record: record.definition, use: used.get(node) }];
  });
});

/** `list.Flink` where it is read, and the address of the list where it is compared: neither initialises it. */
function isLookedAt(definition: FunctionDefinition, node: Expression): boolean {
  return tagOf(node.type) === '_LIST_ENTRY' && lookedAtIn(definition).has(node);
}

const lookedAtIn = memo((definition: FunctionDefinition): ReadonlySet<Expression> => {
  const seen = new Set<Expression>();
  const changed = new Set<TreeNode>();
  walk(definition.body, (node) => {
    if (node.kind === 'assign') changed.add(node.target);
    else if (node.kind === 'address-of') changed.add(node.operand);
    else if (node.kind === 'member' && !node.isArrow && !changed.has(node)) seen.add(stripConversions(node.object));
    else if (node.kind === 'binary')
      for (const side of [node.left, node.right]) {
        const e = stripConversions(side, { casts: true });
        if (e.kind === 'address-of') seen.add(stripConversions(e.operand));
      }
  });
  return seen;
});

/** Structures that a function assigns as a whole, gives a first value, or has as something else. */
const assignedIn = memo((definition: FunctionDefinition): readonly string[] => [
  ...nodesIn(definition, 'assign').flatMap(({ target: { type } }) => ownerName(type) ?? []),
  ...nodesIn(definition, 'variable-declaration').flatMap(begunWith),
  ...nodesIn(definition, 'call').flatMap((call) =>
    call.arguments.flatMap((argument) => {
      const { type } = stripConversions(argument, { casts: true });
      const isOther = argument.type.kind === 'pointer' && isFollowed(argument.type.target);
      return isOther && type.kind === 'pointer' && !isFollowed(type.target) ? (ownerName(type.target) ?? []) : [];
    }),
  ),
]);

/** The records in a variable whose first value is more than zeros. */
function begunWith({ symbol, initializer }: VariableDeclaration): readonly string[] {
  const values = initializer?.kind === 'list' ? initializer.entries.map(({ value }) => value) : [];
  return values.every((value) => constantValue(value) === 0n) ? [] : recordsIn(symbol.type);
}

/** The record and those that lie in it, by name. */
function recordsIn(type: CType): readonly string[] {
  if (type.kind === 'array') return recordsIn(type.element);
  if (type.kind !== 'record') return [];
  const inside = (type.definition.fields ?? []).flatMap((field) => recordsIn(field.type));
  return [...inside, ...(ownerName(type) === undefined ? [] : [ownerName(type) ?? ''])];
}

/** What a record is known by, whoever names it. */
function ownerName(type: CType): string | undefined {
  return recordName(type) ?? (type.kind === 'record' ? recordKey(type.definition) : undefined);
}

/** Variables at file scope of the user's files, each with its own definition. */
function globalsIn({ units }: Session): readonly VariableDeclaration[] {
  return units.flatMap((unit) =>
    ownDeclarations(unit).flatMap((node) =>
      node.kind === 'variable-declaration' && node.symbol.definition === node ? [node] : [],
    ),
  );
}

function inMembers(session: Session, users: readonly FunctionInfo[]): readonly NeverInitialised[] {
  const found = new Map<string, Mention & { first: Expression | undefined; isOther: boolean }>();
  const assigned = new Set<string>();
  for (const { definition } of users) {
    for (const mention of mentionsIn(definition)) {
      const key = `${mention.owner}.${mention.name}`;
      const known = found.get(key) ?? { ...mention, first: undefined, isOther: false };
      found.set(key, known);
      const use = mention.use === undefined ? undefined : useOf(session, mention.use);
      if (use === undefined) known.isOther = true;
      else known.first ??= use;
    }
    for (const owner of assignedIn(definition)) assigned.add(owner);
  }
  const open = [...found.values()].flatMap((mention) => {
    const { first, isOther, owner } = mention;
    return first === undefined || isOther || assigned.has(owner) ? [] : [{ ...mention, first }];
  });
  if (open.length === 0) return [];
  const isComplete = isDriver(users) && !callsOut(session, users);
  const globals = globalsIn(session);
  const made = madeIn(users, globals);
  for (const global of globals) for (const owner of begunWith(global)) assigned.add(owner);
  const isSystems = ({ span }: RecordDefinition): boolean => session.units.some((unit) => unit.isSystemFile(span.file));
  return open.flatMap(({ first, owner, name, record }) => {
    if (!made.has(owner) || assigned.has(owner) || isSystems(record)) return [];
    // Nobody but this file knows a structure that is declared in it.
    return isComplete || !/\.h$/i.test(record.span.file.path) ? [{ name, use: first }] : [];
  });
}

function inStatics(session: Session, users: readonly FunctionInfo[]): readonly NeverInitialised[] {
  const found = new Map<string, { readonly symbol: VariableSymbol; readonly first: Expression; count: number }>();
  const isWhole = isWholeDriver(session);
  for (const { definition } of users) {
    for (const { symbol, given } of variablesIn(definition)) {
      // What other files may name is followed where all of them are here.
      if (symbol.duration !== 'static' || (symbol.linkage !== 'internal' && !isWhole)) continue;
      const argument = useOf(session, given);
      if (argument === undefined) continue;
      const key = session.names.variable(symbol);
      const known = found.get(key);
      if (known === undefined) found.set(key, { symbol, first: argument, count: 1 });
      else known.count++;
    }
  }
  return [...found].flatMap(([key, { symbol, first, count }]) => {
    const isAll =
      symbol.linkage === 'internal'
        ? mentionsInText(symbol, first) === count + 1
        : mentionsInFiles(session, users, key) === count;
    return isAll ? [{ name: symbol.name, use: first }] : [];
  });
}

/** Arrays at file scope of which all that the driver's files say is known. */
function inArrays(session: Session, users: readonly FunctionInfo[]): readonly NeverInitialised[] {
  const isWhole = isWholeDriver(session);
  const definitions = users.map(({ definition }) => definition);
  return [...elementsIn(session, definitions)].flatMap(([symbol, { mentions, unset }]) => {
    const [first] = unset;
    if (first === undefined || symbol.duration !== 'static') return [];
    if (symbol.linkage === 'internal') return mentionsInText(symbol, first.use) === mentions + 1 ? unset : [];
    return isWhole && mentionsInFiles(session, users, session.names.variable(symbol)) === mentions ? unset : [];
  });
}

interface Elements {
  /** How often the functions name the array. */
  readonly mentions: number;
  /** The elements of which all mentions are uses. */
  readonly unset: readonly NeverInitialised[];
}

/** Arrays of such objects, all of whose mentions are elements by constant numbers. */
function elementsIn(
  session: Session,
  definitions: readonly FunctionDefinition[],
): ReadonlyMap<VariableSymbol, Elements> {
  const elements = new Map<VariableSymbol, Map<string, (Expression | undefined)[]>>();
  for (const definition of definitions) {
    for (const { symbol, name, given } of namedElements(definition)) {
      const own = elements.get(symbol) ?? new Map<string, (Expression | undefined)[]>();
      elements.set(symbol, own.set(name, [...(own.get(name) ?? []), useOf(session, given)]));
    }
  }
  const all = [...elements].flatMap(([symbol, byName]): readonly [VariableSymbol, Elements][] => {
    const mentions = definitions.flatMap((one) => nodesIn(one, 'name').filter((node) => node.symbol === symbol)).length;
    const known = [...byName.values()].flat().length;
    if (mentions !== known || byName.has(`${symbol.name}[?]`)) return [];
    const unset = [...byName].flatMap(([name, [use, ...more]]) =>
      use === undefined || more.includes(undefined) ? [] : [{ name, use }],
    );
    return [[symbol, { mentions, unset }]];
  });
  return new Map(all);
}

/** Its declaration and these uses are all that the file says of it. */
function mentionsInText({ name }: VariableSymbol, use: Expression): number {
  const { text } = nodePlace(use).file;
  return text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
}

/** Wherever an expression names it, also outside of functions. */
function mentionsInFiles(session: Session, users: readonly FunctionInfo[], key: string): number {
  const isIt = (node: TreeNode): boolean =>
    node.kind === 'name' && node.symbol.kind === 'variable' && session.names.variable(node.symbol) === key;
  let count = 0;
  for (const { definition } of users) count += nodesIn(definition, 'name').filter(isIt).length;
  for (const unit of new Set(users.map((fn) => fn.unit)))
    for (const declaration of unit.declarations)
      if (declaration.kind === 'variable-declaration' && someNode(declaration, isIt)) count++;
  return count;
}

function isDriver(users: readonly FunctionInfo[]): boolean {
  return users.some(({ definition }) => definition.symbol.name === 'DriverEntry');
}

/** Structures that somebody here makes: a part of a driver that only works with them says nothing of how they begin. */
function madeIn(users: readonly FunctionInfo[], globals: readonly VariableDeclaration[]): ReadonlySet<string> {
  const made = new Set<string>();
  const add = (type: CType): void => {
    for (const name of recordsIn(type)) made.add(name);
  };
  for (const { symbol } of globals) add(symbol.type);
  for (const { definition } of users) {
    for (const { symbol } of nodesIn(definition, 'variable-declaration')) add(symbol.type);
    // What is allocated may be another one than that which is used, which a part of a driver may have from elsewhere.
    for (const { operator, ofType } of isDriver(users) ? nodesIn(definition, 'sizeof') : [])
      if (operator === 'sizeof') add(ofType);
  }
  return made;
}

/** What arguments are the address of, themselves or by a pointer that serves nothing else, with what becomes of them. */
const givenIn = memo((definition: FunctionDefinition): ReadonlyMap<Expression, readonly Given[]> => {
  const given = new Map<Expression, readonly Given[]>();
  const named = new Map<Expression, Given>();
  for (const call of nodesIn(definition, 'call')) {
    const name = calledName(call) ?? '';
    const callee = functionNamed(call.callee);
    for (const [index, argument] of call.arguments.entries()) {
      const isUsed = isUse(name, index);
      const symbol = isUsed ? undefined : callee;
      if (!isUsed && symbol === undefined) continue;
      const inner = stripConversions(argument, { casts: true });
      const one = { argument, helper: symbol === undefined ? undefined : { symbol, index } };
      if (inner.kind === 'address-of') given.set(stripConversions(inner.operand), [one]);
      else if (inner.kind === 'name') named.set(inner, one);
    }
  }
  for (const argument of waitedIn(definition)) {
    const inner = stripConversions(argument, { casts: true });
    const one = { argument, helper: undefined };
    if (inner.kind === 'address-of') given.set(stripConversions(inner.operand), [one]);
    else if (inner.kind === 'name') named.set(inner, one);
  }
  for (const { object, mentions } of steadyPointers(definition).values()) {
    const all = mentions.flatMap((mention) => named.get(mention) ?? []);
    if (all.length > 0 && all.length === mentions.length) given.set(object, all);
  }
  return given;
});

interface GivenObject {
  readonly symbol: VariableSymbol;
  readonly given: readonly Given[];
}

/** Such objects that are variables by themselves, once for each argument. */
const variablesIn = memo((definition: FunctionDefinition): readonly GivenObject[] =>
  [...givenIn(definition)].flatMap(([object, given]): readonly GivenObject[] =>
    object.kind === 'name' && object.symbol.kind === 'variable' && isFollowed(object.symbol.type)
      ? [{ symbol: object.symbol, given }]
      : [],
  ),
);

/** Elements of arrays of such objects, each mention of one. */
const namedElements = memo((definition: FunctionDefinition): readonly (GivenObject & { readonly name: string })[] =>
  nodesIn(definition, 'index').flatMap((node) => {
    const base = stripConversions(node.base);
    if (base.kind !== 'name' || base.symbol.kind !== 'variable' || !isFollowed(node.type)) return [];
    const name = `${base.symbol.name}[${constantValue(node.index) ?? '?'}]`;
    return [{ symbol: base.symbol, name, given: givenIn(definition).get(node) ?? [] }];
  }),
);

/** What is put into local arrays that are for KeWaitForMultipleObjects alone. */
function waitedIn(definition: FunctionDefinition): readonly Expression[] {
  const waits = nodesIn(definition, 'call').filter((call) => calledName(call) === 'KeWaitForMultipleObjects');
  return waits.flatMap((call) => {
    const array = call.arguments[1] === undefined ? undefined : stripConversions(call.arguments[1], { casts: true });
    if (array?.kind !== 'name' || array.symbol.kind !== 'variable' || array.type.kind !== 'array') return [];
    const { symbol } = array;
    const put = nodesIn(definition, 'assign').flatMap(({ target, value, operator }) => {
      const base = target.kind === 'index' && operator === undefined ? stripConversions(target.base) : undefined;
      return base?.kind === 'name' && base.symbol === symbol ? [value] : [];
    });
    const list = nodesIn(definition, 'variable-declaration').find((one) => one.symbol === symbol)?.initializer;
    const mentions = nodesIn(definition, 'name').filter((node) => node.symbol === symbol).length;
    if (symbol.duration !== 'automatic' || mentions !== put.length + 1) return [];
    return [...put, ...(list?.kind === 'list' ? list.entries.map(({ value }) => value) : [])];
  });
}

/** Code that is not here gets a pointer. */
function callsOut(session: Session, users: readonly FunctionInfo[]): boolean {
  return users.some(({ definition }) =>
    nodesIn(definition, 'call').some(
      (call) =>
        isUnknownCall(session, call) &&
        stripConversions(call.callee, { casts: true }).kind === 'name' &&
        call.arguments.some((e) => stripConversions(e, { casts: true }).type.kind === 'pointer'),
    ),
  );
}
