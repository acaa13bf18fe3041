/**
 * Who runs whom in one unit: calls, functions that somebody registers (completion routines, dispatch routines, unload,
 * work items, DPCs, threads, the events of a table that is passed on), and completion routines after the call that
 * sends their IRP. Made when somebody asks, and kept as long as the unit lives.
 */
import type { Span } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import type { Expression, FunctionDefinition, FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { apiOf, functionTypeOf } from '../api-at.ts';
import { functionsPutInto } from '../dispatch-targets.ts';
import type { Entity } from '../names/entity.ts';
import { type Call, type Completion, completionsOf } from './completions.ts';
import { createIrpClasses, type IrpClasses, isIrpPointer, resultHolder } from './irp-classes.ts';
import { type Copy, routineEntity, routinesOf } from './routines.ts';

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
}

const known = new WeakMap<TranslationUnit, CallGraph>();

export function callGraph(unit: TranslationUnit, catalog: Catalog): CallGraph {
  let graph = known.get(unit);
  if (graph === undefined) {
    graph = makeGraph(unit, catalog);
    known.set(unit, graph);
  }
  return graph;
}

function makeGraph(unit: TranslationUnit, catalog: Catalog): CallGraph {
  const edges: CallEdge[] = [];
  const calls: Call[] = [];
  const copies: Copy[] = [];
  const irps = createIrpClasses();
  const own = unit.functions.filter(({ nameToken }) => !unit.isSystemFile(place(nameToken).file));
  for (const caller of own) readFunction(unit, catalog, caller, { edges, calls, copies, irps });
  const completions = completionsOf(calls, irps, routinesOf(unit, calls, copies));
  for (const { send, routine } of completions) {
    const span = nodePlace(send.call);
    const after = sendName(send);
    edges.push({ caller: send.caller, callee: { kind: 'function', symbol: routine }, kind: 'completion', span, after });
  }
  return { edges, completions };
}

export function sendName({ api, symbol }: Call): string {
  const name = symbol?.name ?? api?.name ?? '';
  return name === 'IofCallDriver' ? 'IoCallDriver' : name;
}

interface Found {
  readonly edges: CallEdge[];
  readonly calls: Call[];
  readonly copies: Copy[];
  readonly irps: IrpClasses;
}

function readFunction(unit: TranslationUnit, catalog: Catalog, caller: FunctionDefinition, found: Found): void {
  const { edges, calls, copies, irps } = found;
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
          joinArguments(irps, symbol, node.arguments);
        } else if (callee.kind === 'member' && callee.field !== undefined) {
          const entity = { kind: 'member', field: callee.field, record: undefined } as const;
          const put = functionsPutInto(unit, entity);
          for (const target of put) add('call', target, span);
          if (put.length === 0 && api !== undefined) {
            edges.push({
              caller,
              callee: { kind: 'api', facts: api, declared: callee.field.span },
              kind: 'call',
              span,
            });
          }
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
        if (node.operator === undefined && isIrpPointer(node.target.type)) irps.join(node.target, node.value);
        copyTo(routineEntity(node.target), node.value);
        break;
      case 'variable-declaration':
        if (node.initializer?.kind === 'expression' && functionTypeOf(node.symbol.type) !== undefined)
          copyTo({ kind: 'symbol', symbol: node.symbol }, node.initializer.value);
        if (node.initializer?.kind === 'expression' && isIrpPointer(node.symbol.type)) {
          irps.join(node.initializer.value, node.symbol);
        }
        break;
      case 'return':
        if (node.value !== undefined && isIrpPointer(node.value.type)) {
          irps.join(node.value, resultHolder(caller.symbol));
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
