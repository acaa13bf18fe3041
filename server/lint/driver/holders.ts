/**
 * Where the driver's values may come from, over all functions that may run and without regard to order or conditions. In:
 * a whole driver. Out: what each member, variable, parameter and result is ever given, up to the calls that make something.
 *
 * A member is the same one in all structures of its type. Whatever cannot be followed comes from UNKNOWN: pointers that
 * are worked out, what other code writes by an address, parameters of routines that somebody else calls, members of the
 * system's own structures. It ends because each holder is looked at once.
 */
import { memo } from '../../../base/memo.ts';
import type {
  CallExpression,
  Expression,
  FunctionDefinition,
  FunctionSymbol,
  VariableSymbol,
} from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { nodesIn } from '../body/nodes.ts';
import { isInUnion, memberRecord, recordKey } from '../body/record-type.ts';
import { apiEffect, touchesMemory, worksOnObject } from '../flow/calls/apis.ts';
import { keepsNothing, kernelEffect } from '../flow/calls/kernel-apis.ts';
import { type FunctionInfo, ofRun, type Session } from '../flow/run/session.ts';
import { calledName, handedOnIn } from './callee.ts';
import { inTables, liveFunctions } from './reach.ts';
import { functionNamed, isHandedOn } from './roles.ts';

/** Neither here nor in a function that is: it may be anything. */
export const UNKNOWN = 'unknown';

/** A member or a variable that lasts, by its name; a local or parameter; what a parameter leads to; a function's result; a call that makes something. */
export type Holder = string | VariableSymbol | Behind | FunctionDefinition | CallExpression;

interface Behind {
  readonly kind: 'behind';
  readonly pointer: VariableSymbol;
}

export interface Holders {
  /** Everything that an expression of the function may come from, through all holders on the way. */
  readonly origins: (fn: FunctionInfo, e: Expression) => ReadonlySet<Holder>;
  /** Members and variables that last and may hold what the call makes, with their types. */
  readonly keepersOf: (made: CallExpression) => readonly Keeper[];
  /** What the function makes there goes nowhere but into its locals, and to whoever called it. */
  readonly isOnlyReturned: (fn: FunctionInfo, made: CallExpression) => boolean;
}

export interface Keeper {
  /** As it is written in the text: the member's or the variable's name. */
  readonly name: string;
  readonly type: CType;
}

export const holdersOf = ofRun((session: Session): Holders => {
  const into = new Map<Holder, Holder[]>();
  const outOf = new Map<Holder, Holder[]>();
  const keepers = new Map<Holder, Keeper>();
  const give = (to: Holder, from: readonly Source[]): void => {
    if (to === UNKNOWN) return;
    for (const source of from) {
      const one = meant(session, source);
      added(into, to, one);
      added(outOf, one, to);
    }
  };
  const cameBack = completionsIn(session);
  for (const fn of liveFunctions(session)) {
    const { gifts, calls, kept } = notesOf(fn);
    if (isHandedOn(session, fn)) {
      const set = cameBack(fn);
      for (const [index, parameter] of fn.definition.parameters.entries())
        give(parameter, set?.flatMap(({ given }) => given[index] ?? [UNKNOWN]) ?? [UNKNOWN]);
    }
    for (const { to, from } of gifts) give(meant(session, to), from);
    for (const { symbol, given } of calls) {
      const parameters = symbol === undefined ? undefined : ownFunctionOf(session, symbol)?.definition.parameters;
      for (const [index, { value, place, written }] of given.entries()) {
        const parameter = parameters?.[index];
        if (parameter !== undefined) give(parameter, value);
        if (place !== undefined) give(meant(session, place), parameter === undefined ? written : [behind(parameter)]);
      }
    }
    for (const { holder, keeper } of kept) keepers.set(meant(session, holder), keeper);
  }
  // The same expression is asked about for each kind of thing that it may give back.
  const known = new Map<Expression, ReadonlySet<Holder>>();
  return {
    origins: (fn, e) => {
      const origins =
        known.get(e) ??
        closure(
          sourcesOf(fn, e).map((source) => meant(session, source)),
          into,
        );
      known.set(e, origins);
      return origins;
    },
    keepersOf: (made) => [...closure([made], outOf)].flatMap((holder) => keepers.get(holder) ?? []),
    isOnlyReturned({ definition }, made) {
      const seen = new Set<Holder>([made]);
      for (const holder of seen)
        for (const other of outOf.get(holder) ?? []) {
          if (other === definition) continue;
          if (!isLocal(other)) return false;
          seen.add(other);
        }
      return true;
    },
  };
});

/** What a completion routine gets, of each call that sets it; undefined for one that is also put elsewhere. */
function completionsIn(session: Session): (fn: FunctionInfo) => readonly Completion[] | undefined {
  const set = new Map<FunctionInfo, Completion[]>();
  const named = new Map<FunctionInfo, number>();
  const name = (symbol: FunctionSymbol): void => {
    const fn = ownFunctionOf(session, symbol);
    if (fn !== undefined) named.set(fn, (named.get(fn) ?? 0) + 1);
  };
  inTables(session).forEach(name);
  for (const fn of liveFunctions(session)) {
    handedOnIn(fn.definition).forEach(name);
    for (const completion of notesOf(fn).completions) {
      const routine = ownFunctionOf(session, completion.routine);
      if (routine !== undefined) set.set(routine, [...(set.get(routine) ?? []), completion]);
    }
  }
  return (fn) => {
    const completions = set.get(fn);
    return completions !== undefined && completions.length === named.get(fn) ? completions : undefined;
  };
}

/** A local variable, and no parameter. */
export function isLocal(holder: Holder): boolean {
  return typeof holder === 'object' && holder.kind === 'variable' && !holder.isParameter && !isLasting(holder);
}

function added(steps: Map<Holder, Holder[]>, from: Holder, to: Holder): void {
  const known = steps.get(from);
  if (known === undefined) steps.set(from, [to]);
  else known.push(to);
}

function closure(start: readonly Holder[], steps: ReadonlyMap<Holder, readonly Holder[]>): ReadonlySet<Holder> {
  const seen = new Set(start);
  for (const holder of seen) for (const other of steps.get(holder) ?? []) seen.add(other);
  return seen;
}

/** As one function's text says it: which function a call leads to, and what a static variable is called, the run knows. */
type Source = Holder | Called;

interface Called {
  readonly kind: 'called';
  readonly symbol: FunctionSymbol;
  /** What it comes from where the function is not the user's. */
  readonly otherwise: Holder;
}

function meant(session: Session, source: Source): Holder {
  if (typeof source === 'string') return source;
  if (source.kind === 'called')
    return ownFunctionOf(session, source.symbol)?.definition ?? meant(session, source.otherwise);
  return source.kind === 'variable' && source.duration === 'static' ? session.names.variable(source) : source;
}

/** What a function gives to what, whatever the others do. */
interface Notes {
  readonly gifts: readonly Gift[];
  readonly calls: readonly Giving[];
  readonly kept: readonly { readonly holder: Holder; readonly keeper: Keeper }[];
  readonly systems: readonly Expression[];
  readonly completions: readonly Completion[];
}

/** A call gives an IRP a completion routine. */
interface Completion {
  readonly routine: FunctionSymbol;
  /** What the routine's parameters get; undefined for what the system gives. */
  readonly given: readonly (readonly Source[] | undefined)[];
}

interface Gift {
  readonly to: Holder;
  readonly from: readonly Source[];
}

interface Giving {
  /** Undefined for a call through a pointer. */
  readonly symbol: FunctionSymbol | undefined;
  readonly given: readonly Argument[];
}

interface Argument {
  readonly value: readonly Source[];
  /** What is given the address of. */
  readonly place: Holder | undefined;
  /** What a function of the system puts there. */
  readonly written: readonly Source[];
}

/** Bodies in which nobody types stay as they are, from key to key. */
const notes = new WeakMap<FunctionDefinition, Notes>();

function notesOf(fn: FunctionInfo): Notes {
  const known = notes.get(fn.definition) ?? noted(fn);
  notes.set(fn.definition, known);
  return known;
}

function noted(fn: FunctionInfo): Notes {
  const { definition } = fn;
  const gifts: Gift[] = [];
  const kept = new Map<Holder, Keeper>();
  const give = (to: Holder | undefined, from: readonly Source[]): void => {
    if (to !== undefined && from.length > 0) gifts.push({ to, from });
  };
  const from = (e: Expression): readonly Source[] => sourcesOf(fn, e);
  const to = (e: Expression): Holder | undefined => {
    const holder = holderOf(e);
    if (holder !== undefined && isLasting(holder)) kept.set(holder, { name: nameOf(e), type: e.type });
    return holder;
  };
  for (const parameter of definition.parameters)
    if (!isOnlyFollowed(definition, parameter)) give(behind(parameter), [UNKNOWN]);
  for (const { target, value } of nodesIn(definition, 'assign')) give(to(target), from(value));
  for (const { symbol, initializer } of nodesIn(definition, 'variable-declaration')) {
    if (initializer?.kind === 'expression') give(symbol, from(initializer.value));
    else for (const entry of initializer?.entries ?? []) give(memberAt(symbol.type, entry.offset), from(entry.value));
  }
  for (const { value } of nodesIn(definition, 'return')) if (value !== undefined) give(definition, from(value));
  const known = new Set<Expression>();
  const calls = nodesIn(definition, 'call').map((call): Giving => {
    const given = call.arguments.map((argument, index): Argument => {
      const e = stripConversions(argument, { casts: true });
      if (e.kind !== 'address-of') return { value: from(argument), place: undefined, written: [] };
      known.add(e);
      return { value: from(argument), place: to(e.operand), written: writtenBy(call, index, from) };
    });
    return { symbol: functionNamed(call.callee), given };
  });
  for (const e of nodesIn(definition, 'address-of'))
    if (!known.has(e) && stripConversions(e.operand).type.kind !== 'record') give(to(e.operand), [UNKNOWN]);
  const systems = nodesIn(definition, 'assign').flatMap(({ target, value }) => (isSystems(fn, target) ? value : []));
  const completions = nodesIn(definition, 'call').flatMap((call): readonly Completion[] => {
    const effect = apiEffect(calledName(call) ?? '');
    const [irp, named, context] = effect?.kind === 'set-routine' ? call.arguments.slice(effect.irp) : [];
    const routine = named && functionNamed(named);
    if (irp === undefined || routine === undefined || context === undefined) return [];
    return [{ routine, given: [undefined, from(irp), from(context)] }];
  });
  return { gifts, calls, completions, kept: [...kept].map(([holder, keeper]) => ({ holder, keeper })), systems };
}

/** What the function puts into the system's own structures. */
export function givenToSystem(fn: FunctionInfo): readonly Expression[] {
  return notesOf(fn).systems;
}

/** A member, or a variable that lasts. */
function isLasting(holder: Holder): boolean {
  return typeof holder === 'string' || (holder.kind === 'variable' && holder.duration === 'static');
}

/** The function of the user's files that is called by its name: what one of a bundled header does is not followed. */
export function ownFunction(session: Session, { callee }: CallExpression): FunctionInfo | undefined {
  const symbol = functionNamed(callee);
  return symbol === undefined ? undefined : ownFunctionOf(session, symbol);
}

function ownFunctionOf(session: Session, symbol: FunctionSymbol): FunctionInfo | undefined {
  const callee = session.functionOf(symbol);
  return callee?.isUsers === true ? callee : undefined;
}

/** What a function of the system puts where it is given an address at the position. */
function writtenBy(call: CallExpression, index: number, from: (e: Expression) => readonly Source[]): readonly Source[] {
  const name = calledName(call) ?? '';
  const effect = kernelEffect(name);
  if (effect?.kind === 'make' && effect.out === index) return [call];
  const [, value] = call.arguments;
  if (index === 0 && value !== undefined && exchanges.test(name)) return from(value);
  if (worksOnObject(name) || (touchesMemory(name) ? !/Copy|Move|cpy|move/.test(name) : keepsNothing(name))) return [];
  return [UNKNOWN];
}

const exchanges = /^_?Interlocked(?:Compare)?ExchangePointer/;

/** Where the value of an expression comes from. */
function sourcesOf(fn: FunctionInfo, value: Expression): readonly Source[] {
  const e = stripConversions(value, { casts: true });
  switch (e.kind) {
    case 'integer':
    case 'float':
    case 'string':
    case 'enum-constant':
    case 'sizeof':
    case 'logical':
      return [];
    case 'assign':
      return sourcesOf(fn, e.value);
    case 'comma':
      return sourcesOf(fn, e.right);
    case 'conditional':
      return [e.then ?? e.condition, e.otherwise].flatMap((one) => sourcesOf(fn, one));
    case 'name':
      if (e.symbol.kind === 'function') return [];
      return [holderOf(e) ?? UNKNOWN];
    case 'member':
      return [holderOf(e) ?? UNKNOWN, ...(isSystems(fn, e) ? [UNKNOWN] : [])];
    case 'index':
    case 'dereference':
      return [holderOf(e) ?? UNKNOWN];
    case 'call': {
      const symbol = functionNamed(e.callee);
      const otherwise = madeBy(e);
      return [symbol === undefined ? otherwise : { kind: 'called', symbol, otherwise }];
    }
    default:
      return [UNKNOWN];
  }
}

/** What a call of a function that is not the user's comes from. */
function madeBy(call: CallExpression): Holder {
  const name = calledName(call) ?? '';
  const effect = kernelEffect(name);
  if (effect?.kind === 'make' && effect.out === 'result') return call;
  const other = apiEffect(name)?.kind;
  if (other === 'allocate-memory' || other === 'allocate-irp') return call;
  const object = call.arguments[0] === undefined ? undefined : stripConversions(call.arguments[0], { casts: true });
  if (exchanges.test(name) && object?.kind === 'address-of') return holderOf(object.operand) ?? UNKNOWN;
  return UNKNOWN;
}

/** The member, variable or place behind a parameter that an expression names; an array for its elements. */
function holderOf(place: Expression): Holder | undefined {
  const e = stripConversions(place, { casts: true });
  if (e.kind === 'name') return e.symbol.kind === 'variable' ? e.symbol : undefined;
  if (e.kind === 'member') return isInUnion(e) ? undefined : memberKey(memberRecord(e), e.name);
  if (e.kind === 'index') {
    const base = stripConversions(e.base);
    return base.type.kind === 'array' ? holderOf(base) : undefined;
  }
  const pointer = e.kind === 'dereference' ? stripConversions(e.operand, { casts: true }) : undefined;
  return pointer?.kind === 'name' && pointer.symbol.kind === 'variable' && pointer.symbol.isParameter
    ? behind(pointer.symbol)
    : undefined;
}

function memberKey(record: CType, name: string): string | undefined {
  return record.kind === 'record' ? `${recordKey(record.definition)}.${name}` : undefined;
}

/** The member that lies so many bytes into a record. */
function memberAt(type: CType, offset: number): string | undefined {
  if (type.kind !== 'record' || type.definition.isUnion) return undefined;
  for (const field of type.definition.fields ?? []) {
    const at = offset - field.offset;
    if (at === 0 && field.type.kind !== 'record') return memberKey(type, field.name ?? '');
    const inner = at < 0 ? undefined : memberAt(field.type, at);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

const behind = memo((pointer: VariableSymbol): Behind => ({ kind: 'behind', pointer }));

/** All that the function does with the parameter is to read or write what it leads to. */
function isOnlyFollowed(definition: FunctionDefinition, parameter: VariableSymbol): boolean {
  const followed = nodesIn(definition, 'dereference').filter(({ operand }) => {
    const e = stripConversions(operand, { casts: true });
    return e.kind === 'name' && e.symbol === parameter;
  });
  return nodesIn(definition, 'name').filter(({ symbol }) => symbol === parameter).length === followed.length;
}

/** A member of a structure that a header of the system declares: others write it, too. A WSK_BUF is the caller's. */
function isSystems(fn: FunctionInfo, place: Expression): boolean {
  const e = stripConversions(place, { casts: true });
  if (e.kind === 'index') return isSystems(fn, e.base);
  const record = e.kind === 'member' ? memberRecord(e) : undefined;
  return (
    record?.kind === 'record' &&
    record.definition.tag !== '_WSK_BUF' &&
    fn.unit.isSystemFile(record.definition.span.file)
  );
}

function nameOf(place: Expression): string {
  const e = stripConversions(place, { casts: true });
  if (e.kind === 'name') return e.symbol.name;
  if (e.kind === 'index') return nameOf(e.base);
  return e.kind === 'member' ? e.name : '';
}
