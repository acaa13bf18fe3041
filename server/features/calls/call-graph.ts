/**
 * Who runs whom in the units of a driver: calls, functions that somebody registers (completion routines, dispatch
 * routines, unload, work items, DPCs, threads, the events of a table that is passed on), and completion routines after
 * the call that sends their IRP. A routine may be set in one file, its IRP sent in another and the routine defined in a
 * third: functions are joined by name, members by their place in the header that declares them.
 */

import { memo } from '../../../base/memo.ts';
import type { Span } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import type { Expression, FunctionDefinition, FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { Field, RecordDefinition } from '../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { isIrpPointer } from '../../lint/body/irp-type.ts';
import type { Analysis } from '../analysis.ts';
import { functionsPutInto } from '../driver/dispatch-targets.ts';
import type { Entity } from '../names/entity.ts';
import { definedIn, isDeclaredOnly } from '../names/linkage.ts';
import { apiOf, functionTypeOf } from '../places/api-at.ts';
import { type Call, type Completion, completionsOf } from './completions.ts';
import { createIrpClasses, type Holder, type IrpClasses, resultHolder } from './irp-classes.ts';
import { type Copy, type Link, routineEntity, routinesOf } from './routines.ts';

export type Callee =
  | { readonly kind: 'function'; readonly symbol: FunctionSymbol }
  /** A function of a dispatch table; `declared` is its member in a bundled header. */
  | { readonly kind: 'api'; readonly facts: ApiFacts; readonly declared: Span };

export interface CallEdge {
  readonly caller: FunctionDefinition;
  readonly callee: Callee;
  readonly kind: 'call' | 'registration' | 'completion';
  /** Where it is written in the caller. */
  readonly span: Span;
  /** Of a completion: the API that sends the IRP. */
  readonly after?: string;
}

export interface CallGraph {
  readonly edges: readonly CallEdge[];
  readonly completions: readonly Completion[];
  /** Calls through members that no unit puts a function into. */
  readonly open: readonly Through[];
}

/** Of one or several units; what is read of each is kept as long as the unit lives. */
export function callGraph(analyses: readonly Analysis[]): CallGraph {
  const units = analyses.map(({ unit }) => unit);
  const readings = analyses.map(({ unit, catalog }) => unitCalls(unit)(catalog));
  const link = linker(units);
  const calls = readings.flatMap((reading) =>
    reading.calls.map((call) => (call.symbol === undefined ? call : { ...call, symbol: link(call.symbol) })),
  );
  const irps = createIrpClasses();
  for (const { joins } of readings) for (const [from, to] of joins) irps.join(from, to);
  for (const { call, symbol } of calls) if (symbol !== undefined) joinArguments(irps, symbol, call.arguments);
  const routines = routinesOf(
    units,
    calls,
    readings.flatMap(({ copies }) => copies),
    link,
  );
  const completions = completionsOf(calls, irps, routines);
  const edges = readings.flatMap((reading) => [
    ...reading.edges.map((edge) => ({ ...edge, callee: linkedCallee(edge.callee, link) })),
    ...reading.through.flatMap((one) => throughMember(units, one, link)),
  ]);
  const reached = new Set(edges.map(({ span }) => span));
  for (const { send, routine } of completions) {
    const span = nodePlace(send.call);
    const after = sendName(send);
    edges.push({ caller: send.caller, callee: { kind: 'function', symbol: routine }, kind: 'completion', span, after });
  }
  const open = readings.flatMap(({ through }) =>
    through.filter(({ api, span }) => api === undefined && !reached.has(span)),
  );
  return { edges, completions, open };
}

function linkedCallee(callee: Callee, link: Link): Callee {
  return callee.kind === 'function' ? { ...callee, symbol: link(callee.symbol) } : callee;
}

/** By its name, as the linker has it; what only one file knows is itself. */
function linker(units: readonly TranslationUnit[]): Link {
  if (units.length === 1) return (symbol) => symbol;
  const known = new Map<string, FunctionSymbol>();
  return (symbol) => {
    if (!isDeclaredOnly(symbol)) return symbol;
    let found = known.get(symbol.name);
    if (found === undefined) {
      found = definedIn(units, symbol)[0] ?? symbol;
      known.set(symbol.name, found);
    }
    return found;
  };
}

/** The functions that stand behind a member, in whichever file they are put there, or else the API that it is. */
function throughMember(
  units: readonly TranslationUnit[],
  { caller, field, api, span }: Through,
  link: Link,
): CallEdge[] {
  const entity: Entity = { kind: 'member', field, record: undefined };
  const put = new Set(units.flatMap((unit) => functionsPutInto(unit, entity)).map(link));
  if (put.size > 0) {
    return [...put].map((symbol): CallEdge => ({ caller, callee: { kind: 'function', symbol }, kind: 'call', span }));
  }
  return api === undefined
    ? []
    : [{ caller, callee: { kind: 'api', facts: api, declared: field.span }, kind: 'call', span }];
}

export function sendName({ api, symbol }: Call): string {
  const name = symbol?.name ?? api?.name ?? '';
  return name === 'IofCallDriver' ? 'IoCallDriver' : name;
}

/** What one unit says. */
interface UnitCalls {
  readonly edges: CallEdge[];
  readonly through: Through[];
  readonly calls: Call[];
  readonly copies: Copy[];
  /** Two that may be the same IRP. */
  readonly joins: (readonly [Expression, Expression | Holder])[];
}

/** A call of what a member points to. */
export interface Through {
  readonly caller: FunctionDefinition;
  readonly field: Field;
  /** The structure that has the member. */
  readonly record: RecordDefinition | undefined;
  readonly api: ApiFacts | undefined;
  readonly span: Span;
}

const unitCalls = memo((unit: TranslationUnit) =>
  memo((catalog: Catalog): UnitCalls => {
    const found: UnitCalls = { edges: [], through: [], calls: [], copies: [], joins: [] };
    for (const caller of unit.functions) {
      if (!unit.isSystemFile(place(caller.nameToken).file)) readFunction(catalog, caller, found);
    }
    return found;
  }),
);

function readFunction(catalog: Catalog, caller: FunctionDefinition, found: UnitCalls): void {
  const { edges, through, calls, copies, joins } = found;
  const callees = new Set<Expression>();
  const tables = new Set<VariableSymbol>();
  const add = (kind: CallEdge['kind'], symbol: FunctionSymbol, span: Span): void => {
    edges.push({ caller, callee: { kind: 'function', symbol }, kind, span });
  };
  const copyTo = (target: Entity | undefined, value: Expression): void => {
    if (target !== undefined && routineEntity(value) !== undefined) copies.push({ around: caller, target, value });
  };
  walk(caller.body, (node: TreeNode) => {
    switch (node.kind) {
      case 'call': {
        const callee = stripConversions(node.callee);
        callees.add(callee);
        const api = apiOf(node.callee, catalog);
        const span = nodePlace(callee);
        const symbol = callee.kind === 'name' && callee.symbol.kind === 'function' ? callee.symbol : undefined;
        calls.push({ caller, call: node, symbol, api });
        if (symbol !== undefined) {
          add('call', symbol, span);
        } else if (callee.kind === 'member' && callee.field !== undefined) {
          const table = callee.object.type;
          const inner = table.kind === 'pointer' ? table.target : table;
          const record = inner.kind === 'record' ? inner.definition : undefined;
          through.push({ caller, field: callee.field, record, api, span });
        }
        break;
      }
      case 'name':
        if (callees.has(node)) break;
        if (node.symbol.kind === 'function') add('registration', node.symbol, nodePlace(node));
        else if (node.symbol.duration === 'static' && !tables.has(node.symbol)) {
          tables.add(node.symbol);
          for (const target of functionsOfTable(node.symbol)) add('registration', target, nodePlace(node));
        }
        break;
      case 'assign':
        if (node.operator === undefined && isIrpPointer(node.target.type)) joins.push([node.target, node.value]);
        copyTo(routineEntity(node.target), node.value);
        break;
      case 'variable-declaration':
        if (node.initializer?.kind === 'expression' && functionTypeOf(node.symbol.type) !== undefined)
          copyTo({ kind: 'symbol', symbol: node.symbol }, node.initializer.value);
        if (node.initializer?.kind === 'expression' && isIrpPointer(node.symbol.type)) {
          joins.push([node.initializer.value, node.symbol]);
        }
        break;
      case 'return':
        if (node.value !== undefined && isIrpPointer(node.value.type)) {
          joins.push([node.value, resultHolder(caller.symbol)]);
        }
        break;
      default:
        break;
    }
    return true;
  });
}

function joinArguments(irps: IrpClasses, symbol: FunctionSymbol, given: readonly Expression[]): void {
  const parameters = symbol.definition?.parameters ?? [];
  given.forEach((argument, i) => {
    const parameter = parameters[i];
    if (parameter !== undefined && isIrpPointer(parameter.type)) irps.join(argument, parameter);
  });
}

/**
 * The functions that a table holds, and those of tables that it points to. Calling through the table is no registration
 * but runs them just the same. Ends because no table is gone through twice.
 */
function functionsOfTable(first: VariableSymbol): ReadonlySet<FunctionSymbol> {
  const found = new Set<FunctionSymbol>();
  const seen = new Set<VariableSymbol>();
  const pending = [first];
  for (let table = pending.pop(); table !== undefined; table = pending.pop()) {
    const initializer = table.definition?.initializer;
    if (seen.has(table) || initializer === undefined) continue;
    seen.add(table);
    walk(initializer.kind === 'list' ? initializer : initializer.value, (node) => {
      if (node.kind !== 'name') return true;
      if (node.symbol.kind === 'function') found.add(node.symbol);
      else if (node.symbol.duration === 'static' && functionTypeOf(node.symbol.type) === undefined) {
        pending.push(node.symbol);
      }
      return true;
    });
  }
  return found;
}
