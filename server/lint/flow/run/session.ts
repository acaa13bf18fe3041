/**
 * A lint run over files given together: their functions, how symbols of different files are one, and who listens.
 *
 * A function is analysed once, when it is first asked for: by the run itself, by a caller that needs its summary, or
 * by a call that hands its IRP to it as completion routine. One that is asked for while it is being analysed
 * (recursion) answers with an unknown summary, so asking ends.
 */

import type { Catalog } from '../../../../catalog/catalog.ts';
import type { FunctionDefinition, FunctionSymbol } from '../../../../cfront/parse/ast.ts';
import { place } from '../../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../../cfront/unit.ts';
import { isContextGetter } from '../../body/wdf-context.ts';
import type { ApiCall, FlowEvent } from '../facts/events.ts';
import type { Action, BlockKind, Freed, Held, Released } from '../facts/kernel.ts';
import type { PendingMark } from '../facts/pending-mark.ts';
import type { UnsetRead } from '../lower/unset.ts';
import type { State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import type { Range } from '../values/ranges.ts';
import type { Place, Value } from '../values/values.ts';
import { type Asked, noteAll, nothingAsked } from './asked.ts';
import { withoutIdleCopies } from './idle-copies.ts';
import { createNames, type SymbolNames } from './names.ts';
import type { Summary } from './summary.ts';

export interface FunctionInfo {
  readonly key: string;
  /** Of the text as it is now, while what the analysis found may speak of an earlier one with the same function. */
  definition: FunctionDefinition;
  /** The one that was analysed: what the analysis found are nodes of it. */
  analysed: FunctionDefinition;
  unit: TranslationUnit;
  /** Written in a file of the user's, not in a bundled header. */
  readonly isUsers: boolean;
  /**
   * How many functions call it and hear what it does: they replayed its events. Whether it is called at all is another
   * question (`isCalled`). Known at the end of the run, as the next is.
   */
  heardBy: number;
  /** Parameters (by position) for which some caller gave an IRP that is surely there. */
  readonly givenIrps: Set<number>;
  /** Parameters (by position) that it hands on to somebody who may keep them, or what they lead to. */
  readonly kept: Set<number>;
  analysis: 'none' | 'running' | Analysis;
  readonly told: Told;
  readonly asked: Asked;
}

/** What the analysis of one function says of others and of the driver as a whole: kept with it, put together at the end. */
export interface Told {
  /** Helpers whose events it replayed, with the positions at which it gave an IRP that is surely there. */
  readonly calls: Map<FunctionInfo, Set<number>>;
  /** Functions whose analysis it asked for: when one of them changes, so does this. */
  readonly asked: Set<FunctionInfo>;
  readonly fields: IrpFields;
  /** The member that an IRP was read from, by value. */
  readonly readFrom: Map<string, string>;
  /** Pairs of global locks that were taken one within the other, by key. */
  readonly lockOrders: Map<string, LockOrder>;
  /** Calls of WSK functions that depend on what callers give or have done: those are told with the callers' values. */
  readonly asks: Map<string, Ask>;
  /** Memory of callers' that calls write, on whatever way, without anybody knowing what: by its place. */
  readonly written: Map<string, Written>;
  /** Lists that it changes while it holds locks, by key. */
  readonly lists: Map<string, ListUse>;
}

/** A list, and the locks under which an entry is put into it or taken out: all by names that are the same in all functions. */
export interface ListUse {
  readonly list: string;
  readonly what: 'put' | 'taken';
  readonly locks: readonly string[];
  readonly api: string;
  readonly where: Where;
}

/** `size` bytes from a place on; 0 for all that follows. */
export interface Written {
  readonly place: Place;
  readonly size: number;
}

export interface Ask {
  readonly call: ApiCall;
  /** What held of callers' values on the way to it. */
  readonly conditions: readonly { readonly value: Value; readonly range: Range }[];
}

export interface Analysis {
  readonly summary: Summary;
  /** What it returns, on each way. */
  readonly exits: readonly Exit[];
  /** IRPs among its parameters (by position) that it frees on every way, and where. */
  readonly frees: ReadonlyMap<number, Where>;
  /** Memory among its parameters that it frees on every way, also on those that end the thread. */
  readonly freesMemory: ReadonlyMap<number, MemoryFreed>;
  readonly unset: readonly UnsetRead[];
  /** Set where the function was too much for the limits: what was left out, and why. */
  readonly limit: string | undefined;
}

export interface MemoryFreed {
  readonly kind: BlockKind;
  readonly freed: Freed;
}

export interface Exit {
  readonly where: Where;
  readonly value: Value | undefined;
  /** As it was made, before conditions told which number it is: the result of a call stays one. */
  readonly given: Value | undefined;
  /** What IoCallDriver returned, as it is: STATUS_PENDING too, where the driver below says so. */
  readonly isPassedOn: boolean;
  /** Locks that are held there, and the keys of those that were taken and released on the way. */
  readonly held: readonly Held[];
  readonly ended: ReadonlySet<string>;
  /** Locks of a caller's that were released. */
  readonly released: readonly Released[];
  readonly isVague: boolean;
  /** Of what can stand as a completion routine: on this way its context is NULL. */
  readonly lacksContext: boolean;
  /** Of what can stand as a completion routine: what this way did about PendingReturned. */
  readonly pendingMark: PendingMark | undefined;
}

export interface Observer {
  readonly event: (event: FlowEvent, state: State, fn: FunctionInfo) => void;
  readonly call: (call: ApiCall, state: State, fn: FunctionInfo) => void;
  readonly exit: (exit: Exit, state: State, fn: FunctionInfo) => void;
  readonly act: (action: Action, state: State, fn: FunctionInfo) => void;
}

/** What is kept in the members that hold IRPs, over all files. */
export interface IrpFields {
  /** Members in which the driver's own IRPs are stored. */
  readonly own: Set<string>;
  /** Members in which something else may be stored. */
  readonly other: Set<string>;
}

/** A lock that was taken while another was held. */
export interface LockOrder {
  readonly outer: Held;
  readonly inner: { readonly lock: Value; readonly api: string; readonly where: Where };
  /** Keys of all locks that were held then and keep others out. */
  readonly held: readonly string[];
  /** Tags of the records in which the two lie, where other functions may mean other objects of the kind. */
  readonly alike: readonly string[] | undefined;
}

export interface Session {
  readonly catalog: Catalog;
  /** An analysis that reads this depends on all of them (asked.ts). */
  readonly functions: readonly FunctionInfo[];
  /** The files that define them, or say something else of the driver: tables, prototypes. */
  readonly units: readonly TranslationUnit[];
  readonly names: SymbolNames;
  /** One object for all runs in which the functions name, call and store the same. */
  readonly sameNames: object;
  readonly functionKey: (symbol: FunctionSymbol) => string;
  readonly functionOf: (symbol: FunctionSymbol) => FunctionInfo | undefined;
  readonly functionAt: (key: string) => FunctionInfo | undefined;
  /** The driver defines more than one function of the key. */
  readonly isAmbiguous: (key: string) => boolean;
  /** Declared in a bundled header. */
  readonly isKnownApi: (symbol: FunctionSymbol) => boolean;
  /** What all functions tell of the members that hold IRPs, and of locks. Known at the end of the run. */
  readonly fields: IrpFields;
  readonly lockOrders: Map<string, LockOrder>;
  /** Functions whose analysis counts: the driver's own and what they lead to. Known at the end of the run. */
  reached: readonly FunctionInfo[];
  /** Analyses that are running, each asked for by the one before. */
  depth: number;
  /** The function of the innermost of them. */
  asking: FunctionInfo | undefined;
  /** A function was asked for while it was being analysed, or too deep: the answer depends on who asked first. */
  isTangled: boolean;
  readonly observer: Observer;
  /** Analyses a function that has not been analysed yet. */
  readonly analyse: (session: Session, fn: FunctionInfo) => Analysis;
}

/**
 * As `memo`, for what all functions say together: worked out anew for each run, also where a later one takes the session
 * over and most of its functions are as they were.
 */
export function ofRun<Answer>(answer: (session: Session) => Answer): (session: Session) => Answer {
  return keptWith(({ functions }) => functions, answer);
}

/** The same for what says only who names, calls and stores what: a later run keeps it where that is the same. */
export function ofNames<Answer>(answer: (session: Session) => Answer): (session: Session) => Answer {
  return keptWith(({ sameNames }) => sameNames, answer);
}

function keptWith<Answer>(keyOf: (session: Session) => object, answer: (session: Session) => Answer) {
  const known = new WeakMap<object, { readonly answer: Answer }>();
  return (session: Session): Answer => {
    noteAll(session);
    const key = keyOf(session);
    let kept = known.get(key);
    if (kept === undefined) {
      kept = { answer: answer(session) };
      known.set(key, kept);
    }
    return kept.answer;
  };
}

/** The IRP was read from a member that never holds any but the driver's own. Sure at the end of the run only. */
export function isFromOwnField({ fields }: Session, fn: FunctionInfo, irp: Value): boolean {
  const field = fn.told.readFrom.get(irp.key);
  return field !== undefined && fields.own.has(field) && !fields.other.has(field);
}

/** A parameter is there: some caller of ours gives it, or there is none and nothing says that it is optional. */
export function isGivenIrp(fn: FunctionInfo, index: number): boolean {
  if (fn.givenIrps.has(index)) return true;
  const annotations = fn.definition.parameters[index]?.annotations ?? [];
  return fn.heardBy === 0 && !annotations.some(({ name }) => /_opt_|maybenull/i.test(name));
}

/** What an earlier run over a text that differs in few functions has left. */
export interface Earlier {
  readonly names: SymbolNames;
  /**
   * The function as it was analysed then, where all that it depends on is as it was. Asked once for each, in the order of
   * the text.
   */
  readonly known: (definition: FunctionDefinition) => FunctionInfo | undefined;
  /** The session's `sameNames` then, where the functions name, call and store the same; an object of its own elsewhere. */
  readonly sameNames: object;
}

/** Has the session go on as another one. */
export function renew(session: Session, next: Session): void {
  Object.defineProperties(session, Object.getOwnPropertyDescriptors(next));
}

/** Puts together what the functions tell. Asked when all of the driver's own have been analysed. */
export function settle(session: Session): void {
  const { fields, lockOrders } = session;
  const reached = new Set(session.functions.filter((fn) => fn.isUsers));
  for (const fn of reached) for (const asked of fn.told.asked) reached.add(asked);
  session.reached = session.functions.filter((fn) => reached.has(fn));
  fields.own.clear();
  fields.other.clear();
  lockOrders.clear();
  for (const fn of session.functions) {
    fn.heardBy = 0;
    fn.givenIrps.clear();
  }
  for (const { told } of session.reached) {
    for (const [callee, given] of told.calls) {
      callee.heardBy++;
      for (const index of given) callee.givenIrps.add(index);
    }
    for (const field of told.fields.own) fields.own.add(field);
    for (const field of told.fields.other) fields.other.add(field);
    for (const [key, order] of told.lockOrders) if (!lockOrders.has(key)) lockOrders.set(key, order);
  }
}

export function createSession(
  units: readonly TranslationUnit[],
  catalog: Catalog,
  { observer, analyse }: Pick<Session, 'observer' | 'analyse'>,
  earlier: Earlier = { names: createNames(units), known: () => undefined, sameNames: {} },
): Session {
  const functions: FunctionInfo[] = [];
  const byKey = new Map<string, FunctionInfo>();
  const byIdentity = new Map<object, FunctionInfo>();
  const ambiguous = new Set<string>();
  const { names, sameNames } = earlier;
  const { unitOf, identityOf } = names;
  const functionKey = (symbol: FunctionSymbol): string =>
    symbol.linkage === 'external' ? symbol.name : `${symbol.name}#${unitOf(symbol) ?? '?'}`;
  const counted = withoutIdleCopies(units);
  for (const [index, unit] of units.entries()) {
    for (const definition of counted[index] ?? []) {
      const key = functionKey(definition.symbol);
      const known = byKey.get(key);
      const isUsers = !unit.isSystemFile(place(definition.nameToken).file);
      // The same inline function of a header comes with each file; the first will do.
      if (known !== undefined && !isUsers) continue;
      const info = earlier.known(definition) ?? newInfo(key, definition, unit, isUsers);
      info.definition = definition;
      info.unit = unit;
      functions.push(info);
      byIdentity.set(identityOf(definition), info);
      if (known === undefined) byKey.set(key, info);
      else ambiguous.add(key);
    }
  }
  const systemDeclared = new Map<FunctionSymbol, boolean>();
  const isKnownApi = (symbol: FunctionSymbol): boolean => {
    let known = systemDeclared.get(symbol);
    if (known === undefined) {
      const own = unitOf(symbol);
      const asked = own === undefined ? units : units.slice(own, own + 1);
      known =
        isContextGetter(symbol) ||
        symbol.declarations.some((d) => asked.some((unit) => unit.isSystemFile(place(d.first).file)));
      systemDeclared.set(symbol, known);
    }
    return known;
  };
  // A file's own definition comes first; a name that two other files define could be either.
  const functionOf = (symbol: FunctionSymbol): FunctionInfo | undefined => {
    const own = symbol.definition === undefined ? undefined : byIdentity.get(identityOf(symbol.definition));
    const key = functionKey(symbol);
    return own ?? (ambiguous.has(key) ? undefined : byKey.get(key));
  };
  return {
    catalog,
    get functions() {
      noteAll(this);
      return functions;
    },
    get units() {
      noteAll(this);
      return units;
    },
    names,
    sameNames,
    functionKey,
    functionOf,
    functionAt: (key) => byKey.get(key),
    isAmbiguous: (key) => ambiguous.has(key),
    isKnownApi,
    fields: { own: new Set(), other: new Set() },
    lockOrders: new Map(),
    reached: [],
    depth: 0,
    asking: undefined,
    isTangled: false,
    observer,
    analyse,
  };
}

function newInfo(key: string, definition: FunctionDefinition, unit: TranslationUnit, isUsers: boolean): FunctionInfo {
  return {
    key,
    definition,
    analysed: definition,
    unit,
    isUsers,
    heardBy: 0,
    givenIrps: new Set(),
    kept: new Set(),
    analysis: 'none',
    told: {
      calls: new Map(),
      asked: new Set(),
      fields: { own: new Set(), other: new Set() },
      readFrom: new Map(),
      lockOrders: new Map(),
      asks: new Map(),
      written: new Map(),
      lists: new Map(),
    },
    asked: nothingAsked(),
  };
}
