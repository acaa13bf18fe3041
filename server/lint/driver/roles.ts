/**
 * Which callback a function of the driver implements, by the name of the function type: DRIVER_DISPATCH,
 * WSK_RECEIVE_EVENT. Told by the role type that declares it (`DRIVER_DISPATCH Read;`), or by where its address goes: a
 * member of a table, a parameter, a variable of a pointer type with that name. One walk over a unit answers for all of
 * its functions; the answer is kept as long as the unit lives.
 */

import { memo } from '../../../base/memo.ts';
import type {
  CallExpression,
  DeclarationNode,
  Expression,
  FunctionDefinition,
  FunctionSymbol,
} from '../../../cfront/parse/ast.ts';
import { constantValue } from '../../../cfront/parse/expressions/constants.ts';
import { children, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { nodesIn } from '../body/nodes.ts';
import { ownDeclarations } from '../body/own-declarations.ts';
import { pointsTo } from '../body/record-type.ts';
import { question, unnoted } from '../flow/run/asked.ts';
import { type FunctionInfo, ofNames, ofRun, type Session } from '../flow/run/session.ts';

/** By the function's key in the session: a table in one file may name the function of another. */
type Roles = ReadonlyMap<string, string>;

/** Functions (their keys) that are called by name, and those whose address goes somewhere. */
interface Uses {
  readonly called: Set<string>;
  readonly handedOn: Set<string>;
  /** Those in a table of records of the driver's own, which its own code looks through. */
  readonly tabled: Set<string>;
}

/** By the function's key: the codes under which it stands in MajorFunction, if it stands nowhere else. */
type Majors = ReadonlyMap<string, ReadonlySet<bigint> | 'any'>;

/** DRIVER_DISPATCH, WSK_RECEIVE_EVENT …; undefined for a function that is put nowhere with such a type. */
export const roleOf = question('role', (session, fn: FunctionInfo) => rolesOf(session).roles.get(fn.key));

/** The user's functions that have the role, in the order of the text. */
export const withRole = question(
  'with role',
  (session, role: string): readonly FunctionInfo[] => {
    const { roles } = rolesOf(session);
    return session.functions.filter(({ isUsers, key }) => isUsers && roles.get(key) === role);
  },
  (functions) => functions.map(({ key }) => key).join(),
);

/** What the driver is unloaded by; undefined where it can not be unloaded, or where DriverEntry is here and its routine is put nowhere. */
export const unloadRoutine = question(
  'unload routine',
  ofRun((session: Session): FunctionInfo | undefined => {
    const [routine] = withRole(session, 'DRIVER_UNLOAD');
    if (routine === undefined || isHandedOn(session, routine)) return routine;
    return withRole(session, 'DRIVER_INITIALIZE').length > 0 ? undefined : routine;
  }),
  (fn) => fn?.key,
);

/** Its address goes somewhere: somebody may call it when nobody here does. */
export const isHandedOn = question('handed on', (session, fn: FunctionInfo) =>
  rolesOf(session).uses.handedOn.has(fn.key),
);

/**
 * The major function codes with which a dispatch routine is registered (`MajorFunction[IRP_MJ_READ] = Read`); undefined
 * where somebody puts it somewhere else, or by a code that is not written there.
 */
export const majorsOf = question(
  'majors',
  (session, fn: FunctionInfo): ReadonlySet<bigint> | undefined => {
    const majors = rolesOf(session).majors.get(fn.key);
    return majors === 'any' ? undefined : majors;
  },
  (majors) => majors && [...majors].map(String).sort().join(),
);

interface AllRoles {
  readonly roles: Roles;
  readonly uses: Uses;
  readonly majors: Majors;
}

/** What a body says of functions: two that say the same give the driver's functions the same roles. */
export function mentionsText(definition: FunctionDefinition): string {
  return mentionsIn(definition)
    .map(({ kind, symbol, role, major }) => `${kind} ${symbol.name} ${role} ${major ?? ''}`)
    .join(';');
}

const rolesOf = ofNames((session: Session): AllRoles => {
  const roles = new Map<string, string>();
  const majors = new Map<string, Set<bigint> | 'any'>();
  const uses: Uses = { called: new Set(), handedOn: new Set(), tabled: new Set() };
  for (const unit of session.units) readRoles(session, unit, { roles, uses, majors });
  // A part of a dispatch routine, declared like one: its caller sees to the request.
  for (const [key, role] of roles)
    if (role === 'DRIVER_DISPATCH' && (uses.tabled.has(key) || (uses.called.has(key) && !uses.handedOn.has(key))))
      roles.delete(key);
  return { roles, uses, majors };
});

/** The calls in the driver's own functions by the name of what is called, a function's or a member's. */
export function callsOf(session: Session, name: string): readonly CallExpression[] {
  const { asking } = session;
  if (asking === undefined) return callsByName(session).get(name) ?? [];
  asking.asked.names.add(name);
  return unnoted(session, () => callsByName(session).get(name) ?? []);
}

const callsByName = ofRun((session: Session): ReadonlyMap<string, readonly CallExpression[]> => {
  const found = new Map<string, CallExpression[]>();
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    for (const node of nodesIn(definition, 'call')) {
      const callee = stripConversions(node.callee, { casts: true });
      const called = callee.kind === 'name' ? callee.symbol.name : callee.kind === 'member' ? callee.name : undefined;
      if (called === undefined) continue;
      const known = found.get(called);
      if (known === undefined) found.set(called, [node]);
      else known.push(node);
    }
  }
  return found;
});

/** KMDF's: what is called when an object goes, also because the routine that was to make it has failed. */
export function isCleanup(session: Session, fn: FunctionInfo): boolean {
  return /^EVT_WDF_(?:OBJECT_CONTEXT_(?:CLEANUP|DESTROY)|DEVICE_RELEASE_HARDWARE)$/.test(roleOf(session, fn) ?? '');
}

/** Some request of the driver gets a cancel routine of its own. */
export function setsCancelRoutines(session: Session): boolean {
  return callsOf(session, 'IoSetCancelRoutine').some(
    ({ arguments: [, routine] }) => routine !== undefined && functionNamed(routine) !== undefined,
  );
}

/** PFN_WSK_RECEIVE_EVENT and PDRIVER_DISPATCH without what makes them pointers; for PFN_WDF_TIMER, EVT_WDF_TIMER. */
export function roleName(alias: string | undefined): string | undefined {
  if (alias === undefined) return undefined;
  if (alias.startsWith('PFN_WDF')) return `EVT_${alias.slice(4)}`;
  if (alias.startsWith('PFN_')) return alias.slice(4);
  return /^P(?:DRIVER_|IO_|NPI_|KDEFERRED_ROUTINE$|KSTART_ROUTINE$)/.test(alias) ? alias.slice(1) : undefined;
}

function readRoles(
  session: Session,
  unit: TranslationUnit,
  { roles, uses, majors }: { roles: Map<string, string>; uses: Uses; majors: Map<string, Set<bigint> | 'any'> },
): void {
  const keyOf = (symbol: FunctionSymbol): string | undefined => session.functionOf(symbol)?.key;
  for (const { symbol } of unit.functions) {
    const key = keyOf(symbol);
    const role = symbol.roleType ?? (isEntry(symbol) ? 'DRIVER_INITIALIZE' : undefined);
    if (role !== undefined && key !== undefined) roles.set(key, role);
  }
  for (const node of [...ownDeclarations(unit)].reverse()) {
    for (const { kind, symbol, role, major } of mentionsIn(node)) {
      const key = keyOf(symbol);
      if (key === undefined) continue;
      if (kind !== 'handedOn') majors.set(key, withMajor(majors.get(key), major));
      if (kind === 'put') {
        if (!roles.has(key)) roles.set(key, role);
      } else uses[kind].add(key);
    }
  }
}

/** What the system starts a driver with has its role by its name. */
function isEntry({ name, type }: FunctionSymbol): boolean {
  return name === 'DriverEntry' && type.parameters.length === 2 && pointsTo(type.parameters[0]?.type, '_DRIVER_OBJECT');
}

function withMajor(known: Set<bigint> | 'any' | undefined, major: bigint | undefined): Set<bigint> | 'any' {
  return known === 'any' || major === undefined ? 'any' : new Set(known).add(major);
}

/** What a declaration says of a function: that it goes where functions of a role belong, or anywhere, or is called. */
interface Mention {
  readonly kind: 'put' | keyof Uses;
  readonly symbol: FunctionSymbol;
  readonly role: string;
  /** The code under which it is put into MajorFunction. */
  readonly major?: bigint | undefined;
}

const mentionsIn = memo((declaration: DeclarationNode): readonly Mention[] => {
  const mentions: Mention[] = [];
  const put = (value: Expression, type: CType, major?: bigint): void => {
    const role = type.kind === 'pointer' ? roleName(type.alias) : undefined;
    const symbol = role === undefined ? undefined : functionNamed(value);
    if (role !== undefined && symbol !== undefined) mentions.push({ kind: 'put', symbol, role, major });
  };
  const pending: TreeNode[] = [declaration];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'list') for (const entry of node.entries) put(entry.value, entry.type);
    else if (node.kind === 'assign') put(innerValue(node.value), node.target.type, majorOf(node.target));
    else if (node.kind === 'variable-declaration' && node.initializer?.kind === 'list' && isOfRecords(node.symbol.type))
      for (const { value } of node.initializer.entries) {
        const symbol = functionNamed(value);
        if (symbol !== undefined) mentions.push({ kind: 'tabled', symbol, role: '' });
      }
    else if (node.kind === 'variable-declaration' && node.initializer?.kind === 'expression')
      put(node.initializer.value, node.symbol.type);
    else if (node.kind === 'name' && node.symbol.kind === 'function') {
      mentions.push({ kind: 'handedOn', symbol: node.symbol, role: '' });
    } else if (node.kind === 'call') {
      const { type } = node.callee;
      const callee = functionNamed(node.callee);
      if (callee !== undefined) mentions.push({ kind: 'called', symbol: callee, role: '' });
      const called = type.kind === 'pointer' ? type.target : type;
      const parameters = called.kind === 'function' ? called.parameters : [];
      for (const [index, argument] of node.arguments.entries()) {
        const parameter = parameters[index]?.type;
        if (parameter !== undefined) put(argument, parameter);
      }
    }
    for (const child of children(node)) {
      const isCallee = node.kind === 'call' && child === node.callee && functionNamed(node.callee) !== undefined;
      if (!isCallee) pending.push(child);
    }
  }
  return mentions;
});

/** In `a[1] = a[2] = F`, what both are given. */
export function innerValue(value: Expression): Expression {
  const inner = stripConversions(value, { casts: true });
  return inner.kind === 'assign' ? innerValue(inner.value) : value;
}

/** The code by which an entry of MajorFunction is named. */
export function majorOf(target: Expression): bigint | undefined {
  if (target.kind !== 'index') return undefined;
  const table = stripConversions(target.base);
  return table.kind === 'member' && table.name === 'MajorFunction' ? constantValue(target.index) : undefined;
}

function isOfRecords(type: CType): boolean {
  return type.kind === 'array' ? isOfRecords(type.element) : type.kind === 'record';
}

/** The function that an expression names, through casts and `&`. */
export function functionNamed(value: Expression): FunctionSymbol | undefined {
  const inner = stripConversions(value, { casts: true });
  if (inner.kind === 'address-of') return functionNamed(inner.operand);
  return inner.kind === 'name' && inner.symbol.kind === 'function' ? inner.symbol : undefined;
}
