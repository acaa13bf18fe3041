/**
 * A lint run over files given together: their functions, how symbols of different files are one, and who listens.
 *
 * A function is analysed once, when it is first asked for: by the run itself, by a caller that needs its summary, or
 * by a call that hands its IRP to it as completion routine. One that is asked for while it is being analysed
 * (recursion) answers with an unknown summary, so asking ends.
 */

import type { Catalog } from '../../../../catalog/catalog.ts';
import type { FunctionDefinition, FunctionSymbol, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { place } from '../../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../../cfront/unit.ts';
import type { ApiCall, FlowEvent } from '../facts/events.ts';
import type { Action, Held } from '../facts/kernel.ts';
import type { Names } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import type { Where } from '../state/where.ts';
import type { Value } from '../values/values.ts';
import type { Summary } from './summary.ts';

export interface FunctionInfo {
  readonly key: string;
  readonly definition: FunctionDefinition;
  readonly unit: TranslationUnit;
  /** Written in a file of the user's, not in a bundled header. */
  readonly isUsers: boolean;
  /** Calls of it that replayed its events. */
  callers: number;
  /** Parameters (by position) for which some caller gave an IRP that is surely there. */
  readonly givenIrps: Set<number>;
  /** Parameters (by position) that it hands on to somebody who may keep them, or what they lead to. */
  readonly kept: Set<number>;
  analysis: 'none' | 'running' | Analysis;
}

export interface Analysis {
  readonly summary: Summary;
  /** What it returns, on each way. */
  readonly exits: readonly Exit[];
  /** IRPs among its parameters (by position) that it frees on every way, and where. */
  readonly frees: ReadonlyMap<number, Where>;
  /** Set where the function was too much for the limits. */
  readonly limit: string | undefined;
}

export interface Exit {
  readonly where: Where;
  readonly value: Value | undefined;
  /** Locks that are held there, and the keys of those that were taken and released on the way. */
  readonly held: readonly Held[];
  readonly ended: ReadonlySet<string>;
  readonly isVague: boolean;
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
  /** The member that an IRP was read from, by function and value. */
  readonly from: Map<string, string>;
}

/** A lock that was taken while another was held. */
export interface LockOrder {
  readonly outer: Held;
  readonly inner: { readonly lock: Value; readonly api: string; readonly where: Where };
  /** Keys of all locks that were held then. */
  readonly held: readonly string[];
}

export interface Session {
  readonly catalog: Catalog;
  readonly functions: readonly FunctionInfo[];
  readonly names: Names;
  readonly functionKey: (symbol: FunctionSymbol) => string;
  readonly functionOf: (symbol: FunctionSymbol) => FunctionInfo | undefined;
  /** Declared in a bundled header. */
  readonly isKnownApi: (symbol: FunctionSymbol) => boolean;
  readonly fields: IrpFields;
  /** Pairs of global locks that were taken one within the other, on any path, by key. */
  readonly lockOrders: Map<string, LockOrder>;
  /** Analyses that are running, each asked for by the one before. */
  depth: number;
  readonly observer: Observer;
  /** Analyses a function that has not been analysed yet. */
  readonly analyse: (session: Session, fn: FunctionInfo) => Analysis;
}

/** The IRP was read from a member that never holds any but the driver's own. Sure at the end of the run only. */
export function isFromOwnField({ fields }: Session, fn: FunctionInfo, irp: Value): boolean {
  const field = fields.from.get(`${fn.key} ${irp.key}`);
  return field !== undefined && fields.own.has(field) && !fields.other.has(field);
}

/** A parameter is there: some caller of ours gives it, or there is none and nothing says that it is optional. */
export function isGivenIrp(fn: FunctionInfo, index: number): boolean {
  if (fn.givenIrps.has(index)) return true;
  const annotations = fn.definition.parameters[index]?.annotations ?? [];
  return fn.callers === 0 && !annotations.some(({ name }) => /_opt_|maybenull/i.test(name));
}

export function createSession(
  units: readonly TranslationUnit[],
  catalog: Catalog,
  { observer, analyse }: Pick<Session, 'observer' | 'analyse'>,
): Session {
  const functions: FunctionInfo[] = [];
  const byKey = new Map<string, FunctionInfo>();
  const byDefinition = new Map<FunctionDefinition, FunctionInfo>();
  const ambiguous = new Set<string>();
  const unitOfSymbol = new Map<FunctionSymbol, number>();
  const functionKey = (symbol: FunctionSymbol): string =>
    symbol.linkage === 'external' ? symbol.name : `${symbol.name}#${unitOfSymbol.get(symbol) ?? '?'}`;
  for (const [index, unit] of units.entries()) {
    for (const symbol of unit.symbols.values()) if (symbol.kind === 'function') unitOfSymbol.set(symbol, index);
    for (const definition of unit.functions) {
      unitOfSymbol.set(definition.symbol, index);
      const key = functionKey(definition.symbol);
      const known = byKey.get(key);
      const isUsers = !unit.isSystemFile(place(definition.nameToken).file);
      // The same inline function of a header comes with each file; the first will do.
      if (known !== undefined && !isUsers) continue;
      const info: FunctionInfo = {
        key,
        definition,
        unit,
        isUsers,
        callers: 0,
        givenIrps: new Set(),
        kept: new Set(),
        analysis: 'none',
      };
      functions.push(info);
      byDefinition.set(definition, info);
      if (known === undefined) byKey.set(key, info);
      else ambiguous.add(key);
    }
  }
  const variableNames = new Map<VariableSymbol, string>();
  const variable = (symbol: VariableSymbol): string => {
    let name = variableNames.get(symbol);
    if (name === undefined) {
      name = symbol.linkage === 'external' ? `g:${symbol.name}` : `v${variableNames.size}:${symbol.name}`;
      // Closed by a mark that no name contains, so that one key is never the beginning of another.
      name = `${name};`;
      variableNames.set(symbol, name);
    }
    return name;
  };
  const systemDeclared = new Map<FunctionSymbol, boolean>();
  const isKnownApi = (symbol: FunctionSymbol): boolean => {
    let known = systemDeclared.get(symbol);
    if (known === undefined) {
      const unit = units[unitOfSymbol.get(symbol) ?? 0];
      known = symbol.declarations.some((d) => unit?.isSystemFile(place(d.first).file) === true);
      systemDeclared.set(symbol, known);
    }
    return known;
  };
  const fields: IrpFields = { own: new Set(), other: new Set(), from: new Map() };
  // A file's own definition comes first; a name that two other files define could be either.
  const functionOf = (symbol: FunctionSymbol): FunctionInfo | undefined => {
    const own = symbol.definition === undefined ? undefined : byDefinition.get(symbol.definition);
    const key = functionKey(symbol);
    return own ?? (ambiguous.has(key) ? undefined : byKey.get(key));
  };
  return {
    catalog,
    functions,
    names: { variable },
    functionKey,
    functionOf,
    isKnownApi,
    fields,
    lockOrders: new Map(),
    depth: 0,
    observer,
    analyse,
  };
}
