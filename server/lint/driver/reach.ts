/**
 * Which functions call what, over all files and through all helpers, without regard to conditions. For questions of
 * the kind "may anybody else have done it": code that runs by itself (completion routines, threads, event callbacks)
 * does its part while other code waits, and no path shows that.
 */

import { memo } from '../../../base/memo.ts';
import type { DeclarationNode, Expression, FunctionDefinition, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { someNode, stripConversions, walk } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { functionNamesIn, isLocalVariable, nodesIn } from '../body/nodes.ts';
import { ownDeclarations } from '../body/own-declarations.ts';
import { storedName } from '../body/stored-name.ts';
import { isWhole } from '../body/whole.ts';
import { endsThread, mayWait, touchesMemory } from '../flow/calls/apis.ts';
import { kernelEffect } from '../flow/calls/kernel-apis.ts';
import { question } from '../flow/run/asked.ts';
import { type FunctionInfo, ofNames, ofRun, type Session } from '../flow/run/session.ts';
import type { Where } from '../flow/state/where.ts';
import { calledName, isUnknownCall } from './callee.ts';
import { functionNamed, isCleanup, isHandedOn, roleOf } from './roles.ts';

/** Code that runs by itself, other than that in which `fn` runs, may store a pointer to such a record where others find it. */
export const storesByItself = question('stores by itself', (session, fn: FunctionInfo, tag: string): boolean =>
  isStoredByOthers(session, fn, tag, (by) => isAsynchronous(session, by)),
);

/** Code in which `fn` does not run, other than what unloads the driver, may write what has this name (`storedName`). */
export const storesBesides = question('stores besides', (session, fn: FunctionInfo, name: string): boolean =>
  isStoredByOthers(session, fn, name, (by) => isHandedOn(session, by) && roleOf(session, by) !== 'DRIVER_UNLOAD'),
);

/** A function that begins such code leads to one that stores this, and not to `fn`. */
function isStoredByOthers(
  session: Session,
  fn: FunctionInfo,
  stored: string,
  begins: (by: FunctionInfo) => boolean,
): boolean {
  const leadingToStores = storing(session)(stored);
  if (leadingToStores.size === 0) return false;
  const leading = leadingTo(session, fn);
  for (const key of leadingToStores) {
    const by = leading.has(key) ? undefined : session.functionAt(key);
    if (by?.isUsers === true && begins(by)) return true;
  }
  return false;
}

/** What a body stores where others find it. */
export function storedText(definition: FunctionDefinition): string {
  return [...storedIn(definition)].join();
}

interface Reach {
  /** Names of what each function calls itself, by its key: functions and members. */
  readonly calls: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keys of the driver's own functions that each function calls or hands on. */
  readonly next: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same from the other end: who calls the function or hands it on. */
  readonly before: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Keys of the driver's own functions that each function calls or hands on, by its key. */
export function namedBy(session: Session): Reach['next'] {
  return reachOf(session).next;
}

/** The function, or one that it calls or hands on, calls one of these; what only `besides` leads to does not count. */
export const mayCall = question(
  'may call',
  (session, fn: FunctionInfo, names: readonly string[], besides?: FunctionInfo): boolean => {
    const { calls, next } = reachOf(session);
    const seen = new Set([fn.key]);
    for (const key of seen) {
      const own = calls.get(key);
      if (names.some((name) => own?.has(name) === true)) return true;
      for (const callee of next.get(key) ?? []) if (callee !== besides?.key) seen.add(callee);
    }
    return false;
  },
);

/** Some function calls it by its name, whether or not callers hear what it does. */
export const isCalled = question('is called', (session, fn: FunctionInfo): boolean => {
  const { calls } = reachOf(session);
  return [...calls].some(([key, names]) => key !== fn.key && names.has(fn.definition.symbol.name));
});

/** Those of the user's functions that `ledTo` names. */
export function ownLedTo(session: Session, fn: FunctionInfo): readonly FunctionInfo[] {
  const led = ledTo(session, fn);
  return session.functions.filter(({ key, isUsers }) => isUsers && led.has(key));
}

/** What a routine that runs by itself comes through, itself and by its helpers. */
export interface Through {
  /** Nothing that others might do before: it waits for nothing, takes no lock, has no loop, and calls no unknown code. */
  readonly isAtOnce: boolean;
  /** A helper ends the thread: on such a way what comes after it is not done. */
  readonly endsThreadInHelper: boolean;
}

export const runsThrough = question(
  'runs through',
  (session, routine: FunctionInfo): Through => {
    const { calls } = reachOf(session);
    const own = ownLedTo(session, routine);
    const stops = (name: string): boolean =>
      mayWait(name) || isLockLike(name) || kernelEffect(name)?.kind === 'acquire';
    return {
      isAtOnce: !own.some(
        ({ key, definition }) =>
          [...(calls.get(key) ?? [])].some(stops) ||
          nodesIn(definition, 'call').some((call) => isUnknownCall(session, call)) ||
          someNode(
            definition.body,
            ({ kind }) => kind === 'while' || kind === 'do' || kind === 'for' || kind === 'goto',
          ),
      ),
      endsThreadInHelper: own.some((fn) => fn !== routine && [...(calls.get(fn.key) ?? [])].some(endsThread)),
    };
  },
  JSON.stringify,
);

/** Code that runs by itself may call one of these: other code than that in which `fn` runs. */
export const runsByItself = question(
  'runs by itself',
  (session, fn: FunctionInfo, names: readonly string[]): boolean => {
    return session.functions.some(
      (other) =>
        other.isUsers &&
        other !== fn &&
        isAsynchronous(session, other) &&
        mayCall(session, other, names) &&
        !reaches(session, other, fn),
    );
  },
);

/** Some function of the driver that may run calls one of these, or puts it where it can be called from. */
export const isMentioned = question('is mentioned', (session, names: readonly string[]): boolean =>
  liveFunctions(session).some(({ definition }) =>
    functionNamesIn(definition).some(({ symbol }) => names.includes(symbol.name)),
  ),
);

/**
 * The user's functions that may run: of a whole driver, those to which its beginning or a table at file scope leads. One
 * that nobody names does nothing for a driver. Of a part of one, all.
 */
export const liveFunctions = ofRun((session: Session): readonly FunctionInfo[] => {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  if (!isWholeDriver(session)) return users;
  const live = liveKeys(session);
  return users.filter(({ key }) => live.has(key));
});

/** Those too to which a function leads that another file could call: what is left out is dead for sure. */
export const callableFunctions = ofRun((session: Session): readonly FunctionInfo[] => {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const callable = users.filter(({ definition }) => definition.symbol.linkage === 'external').map(({ key }) => key);
  const led = keysBehind(session, callable);
  return users.filter(({ key }) => led.has(key));
});

const liveKeys = ofNames((session: Session): ReadonlySet<string> => {
  const roots = session.functions.filter(({ definition }) => isRoot(definition)).map(({ key }) => key);
  return keysBehind(session, roots);
});

/** Keys of these functions, of those that tables at file scope name, and of all that they lead to. */
export function keysBehind(session: Session, start: readonly string[]): ReadonlySet<string> {
  return allBehind([...start, ...inTables(session).map(session.functionKey)], reachOf(session).next);
}

/** Functions that tables at file scope name. */
export const inTables = ofRun((session): readonly FunctionSymbol[] =>
  session.units.flatMap(ownDeclarations).flatMap(namedInTable),
);

/** Functions that the first value of a variable at file scope names. */
export const namedInTable = memo((declaration: DeclarationNode): readonly FunctionSymbol[] => {
  const named: FunctionSymbol[] = [];
  if (declaration.kind === 'variable-declaration')
    walk(declaration, (node) => {
      if (node.kind === 'name' && node.symbol.kind === 'function') named.push(node.symbol);
    });
  return named;
});

/** Called from outside by its name: those with which a driver, or a library of drivers, begins and ends. */
function isRoot({ symbol }: FunctionDefinition): boolean {
  return /^(?:\w*DriverEntry|DllInitialize|DllUnload)$/.test(symbol.name);
}

/** A cleanup routine of KMDF's does one of these for a routine that fails. */
export function isCleanedUp(session: Session, names: readonly string[]): boolean {
  return session.functions.some((fn) => fn.isUsers && isCleanup(session, fn) && mayCall(session, fn, names));
}

/** The function, or one that it calls or hands on, calls by its name a function that none of the files has. */
export const leadsOutside = question('leads outside', (session, fn: FunctionInfo): boolean => {
  const led = ledTo(session, fn);
  return session.functions.some((other) => led.has(other.key) && callsOutside(session, other));
});

/** Code that runs by itself leads there: a DPC, a thread, a completion routine. */
export const runsOnItsOwn = question('runs on its own', (session, fn: FunctionInfo): boolean => {
  const leading = leadingTo(session, fn);
  return session.functions.some((other) => leading.has(other.key) && isAsynchronous(session, other));
});

/** The function itself, and all from which it is reached. */
export function around(session: Session, fn: FunctionInfo): readonly FunctionInfo[] {
  const leading = leadingTo(session, fn);
  return session.functions.filter(({ key }) => leading.has(key));
}

/** These files are a whole driver, all of whose headers are there: what none of its functions does is not done. */
export const isWholeDriver = question(
  'whole driver',
  ofNames((session: Session): boolean => {
    const users = session.functions.filter(({ isUsers }) => isUsers);
    return (
      users.some(({ definition }) => definition.symbol.name === 'DriverEntry') &&
      users.every((fn) => isWhole(fn) && !callsOutside(session, fn))
    );
  }),
);

/** It calls by its name a function that none of the files has. */
function callsOutside(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some(
    (call) => functionNamed(call.callee) !== undefined && isUnknownCall(session, call),
  );
}

/** The function, or somebody from whom it is reached, calls such a function itself. */
export function isCalledAround(session: Session, fn: FunctionInfo, isSuch: (name: string) => boolean): boolean {
  const { calls } = reachOf(session);
  return session.functions.some(
    (other) => [...(calls.get(other.key) ?? [])].some(isSuch) && (other === fn || reaches(session, other, fn)),
  );
}

/**
 * What happens there may happen under a lock that the path does not show: the function, or a helper on the way, calls what
 * sounds like taking one and is not known as such, as the locks of NDIS and mutexes are.
 */
export function mayBeLocked(session: Session, fn: FunctionInfo, where: Where): boolean {
  const { calls } = reachOf(session);
  const helpers: string[] = [];
  for (let at = where.inside; at !== undefined; at = at.where.inside) helpers.push(at.helper);
  return session.functions
    .filter((other) => other === fn || helpers.includes(other.definition.symbol.name))
    .some((other) =>
      [...(calls.get(other.key) ?? [])].some((name) => isLockLike(name) && kernelEffect(name)?.kind !== 'acquire'),
    );
}

function isLockLike(name: string): boolean {
  if (/release|unlock|leave|interlocked|initiali[sz]e|allocate|lockpages|removelock|^(?:Ke|FsRtl)Enter/i.test(name))
    return false;
  return /acquire|(?<![bc])lock|enter|^KeWaitFor/i.test(name);
}

function isAsynchronous(session: Session, fn: FunctionInfo): boolean {
  return (
    isHandedOn(session, fn) && !/^DRIVER_(?:DISPATCH|UNLOAD|INITIALIZE|ADD_DEVICE)/.test(roleOf(session, fn) ?? '')
  );
}

function reaches(session: Session, from: FunctionInfo, to: FunctionInfo): boolean {
  return ledTo(session, from).has(to.key);
}

/** Keys of the function and of all that it leads to. */
export const ledTo = question(
  'led to',
  (session, from: FunctionInfo): ReadonlySet<string> => allBehind([from.key], reachOf(session).next),
  (keys) => [...keys].sort().join(),
);

/** Keys of the function and of all that lead to it. */
function leadingTo(session: Session, to: FunctionInfo): ReadonlySet<string> {
  return allBehind([to.key], reachOf(session).before);
}

function allBehind(start: readonly string[], steps: Reach['next']): ReadonlySet<string> {
  const seen = new Set(start);
  for (const key of seen) for (const other of steps.get(key) ?? []) seen.add(other);
  return seen;
}

const reachOf = ofNames((session: Session): Reach => {
  const calls = new Map<string, Set<string>>();
  const next = new Map<string, Set<string>>();
  const before = new Map<string, Set<string>>();
  for (const fn of session.functions) {
    const callees = new Set<string>();
    for (const { symbol } of functionNamesIn(fn.definition)) {
      const callee = session.functionOf(symbol);
      if (callee !== undefined) callees.add(callee.key);
    }
    calls.set(fn.key, new Set(nodesIn(fn.definition, 'call').flatMap((call) => calledName(call) ?? [])));
    next.set(fn.key, callees);
    for (const callee of callees) before.set(callee, (before.get(callee) ?? new Set()).add(fn.key));
  }
  return { calls, next, before };
});

/** Keys of the functions that store what has this name or tag (`storedIn`), and of all that lead to them. */
const storing = ofNames((session: Session): ((stored: string) => ReadonlySet<string>) => {
  const storers = new Map<string, string[]>();
  for (const { key, definition } of session.functions)
    for (const stored of storedIn(definition)) {
      const others = storers.get(stored);
      if (others === undefined) storers.set(stored, [key]);
      else others.push(key);
    }
  const { before } = reachOf(session);
  const known = new Map<string, ReadonlySet<string>>();
  return (stored) => {
    const leading = known.get(stored) ?? allBehind(storers.get(stored) ?? [], before);
    known.set(stored, leading);
    return leading;
  };
});

/**
 * Tags of the records to which a function stores pointers in members, in globals, or through an address that it hands on,
 * and the names of what it writes there.
 */
const storedIn = memo((definition: FunctionDefinition): ReadonlySet<string> => {
  const written = [...nodesIn(definition, 'assign'), ...nodesIn(definition, 'increment')];
  const assigned = written.flatMap((e) => {
    const target = e.kind === 'assign' ? e.target : e.operand;
    return isLocalVariable(target) ? [] : [...pointedTag(target.type), ...namesIn(target)];
  });
  const given = nodesIn(definition, 'call').flatMap((call) =>
    call.arguments.flatMap((argument) => {
      const e = stripConversions(argument, { casts: true });
      if (e.kind === 'address-of' && isLocalVariable(e.operand)) return [];
      // Where a record is wiped, all of its pointers are.
      if (touchesMemory(calledName(call) ?? ''))
        return [...pointersIn(e.type), ...(e.type.kind === 'pointer' ? fieldNames(e.type.target) : [])];
      return e.kind === 'address-of' ? [...pointedTag(e.operand.type), ...namesIn(e.operand)] : [];
    }),
  );
  return new Set([...assigned, ...given]);
});

/** Of a record that is written as a whole, the names of its members too. */
function namesIn(target: Expression): readonly string[] {
  const name = storedName(target);
  return [...(name === undefined ? [] : [name]), ...fieldNames(target.type)];
}

function fieldNames(type: CType): readonly string[] {
  if (type.kind === 'array') return fieldNames(type.element);
  if (type.kind !== 'record') return [];
  return (type.definition.fields ?? []).flatMap((field) => [`.${field.name}`, ...fieldNames(field.type)]);
}

/** Tags of what the pointers in the record that a pointer leads to lead to. */
function pointersIn(type: CType): readonly string[] {
  if (type.kind !== 'pointer' || type.target.kind !== 'record') return [];
  return (type.target.definition.fields ?? []).flatMap((field) => pointedTag(field.type));
}

function pointedTag(type: CType): readonly string[] {
  if (type.kind !== 'pointer' || type.target.kind !== 'record') return [];
  const { tag } = type.target.definition;
  return tag === undefined ? [] : [tag];
}
