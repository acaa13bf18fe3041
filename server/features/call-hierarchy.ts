/**
 * Call hierarchy, across completions: from a function that sends an IRP to the completion routine that runs after it,
 * from whoever registers an unload routine, dispatch routine, work item, DPC, thread or event callback to that function,
 * and back. The functions of WSK's tables are steps on the way: from WskSend to the routines that its IRPs complete in.
 */
import { assert } from '../../base/assert.ts';
import { distinctSpans, type Span } from '../../base/source.ts';
import type { FunctionSymbol } from '../../cfront/parse/ast.ts';
import { nodePlace } from '../../cfront/parse/walk.ts';
import { place, spellingPlace } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { type CallEdge, type Callee, callGraph } from './calls/call-graph.ts';
import { isMadeUp, writtenName } from './cplusplus/made-up-names.ts';
import { holdersOf } from './driver/dispatch-targets.ts';
import { roleOf } from './driver/roles.ts';
import { entityKey } from './names/entity.ts';
import { isLinked } from './names/linkage.ts';
import { nameAt } from './places/name-at.ts';
import { functionAt } from './places/scope.ts';

export interface CallItem {
  readonly name: string;
  /** What it is to the kernel or to WSK, or where it is. */
  readonly detail: string;
  readonly span: Span;
  readonly nameSpan: Span;
  /** By which the item is found again: of a function, or of an API within one function. */
  readonly key: string;
  /** Not only declared by the unit that tells of it. */
  readonly isDefined: boolean;
}

export interface CallStep {
  readonly item: CallItem;
  /** Places in the caller: in the item for incoming steps, in what was asked about for outgoing ones. */
  readonly places: readonly Span[];
}

export function prepareCalls(analysis: Analysis, offset: number): CallItem | undefined {
  const found = nameAt(analysis, offset);
  if (found?.kind === 'symbol' && found.symbol.kind === 'function') {
    return found.symbol.declarations.length === 0 ? undefined : functionItem([analysis], found.symbol);
  }
  if (found?.kind !== 'member') return undefined;
  const around = functionAt(analysis, offset)?.symbol;
  const api = callGraph([analysis]).edges.find(
    ({ callee, caller, span }) =>
      callee.kind === 'api' && caller.symbol === around && span.end >= offset && span.start <= offset,
  );
  return api === undefined ? undefined : calleeItem([analysis], api);
}

/** The function in each of the units that define it: drivers that share a header may each have their own. */
export function definedCalls(analyses: readonly Analysis[], key: string): readonly CallItem[] {
  const found = new Map<string, CallItem>();
  for (const analysis of analyses) {
    const symbol = analysis.unit.symbols.get(nameIn(key));
    if (symbol?.kind !== 'function' || symbol.definition === undefined || functionKey(symbol) !== key) continue;
    const item = functionItem([analysis], symbol);
    found.set(`${item.nameSpan.file.path}:${item.nameSpan.start}`, item);
  }
  return [...found.values()];
}

/** Functions of a file that are completion routines, or have the form of one, as what calls are asked for. */
export function completionRoutines(analysis: Analysis): readonly Pick<CallItem, 'key' | 'name'>[] {
  const { unit } = analysis;
  return unit.functions.flatMap(({ symbol, nameToken }) => {
    const { parameters } = symbol.type;
    const hasForm = parameters.length === 3 && parameters[1]?.type.alias === 'PIRP';
    const isRoutine = hasForm || roleIn([analysis], symbol) === 'IO_COMPLETION_ROUTINE';
    return isRoutine && nameToken.file === unit.file ? [{ key: functionKey(symbol), name: symbol.name }] : [];
  });
}

/** `analyses`: of all units that the item may call or be called from. */
export function outgoingCalls(analyses: readonly Analysis[], key: string): readonly CallStep[] {
  const found = callGraph(analyses).edges.flatMap((edge) => {
    const isFrom = functionKey(edge.caller.symbol) === key && isWorthShowing(analyses, edge.callee);
    const isAfter = edge.kind === 'completion' && apiKey(edge.after ?? '', edge.caller.symbol) === key;
    return isFrom || isAfter ? [{ item: calleeItem(analyses, edge), edge }] : [];
  });
  return steps(found, 'completes IRPs of');
}

export function incomingCalls(analyses: readonly Analysis[], key: string): readonly CallStep[] {
  const found = callGraph(analyses).edges.flatMap((edge) => {
    const { callee, caller } = edge;
    const own = callee.kind === 'function' ? functionKey(callee.symbol) : apiKey(callee.facts.name, caller.symbol);
    // Of an API every call counts, in whichever function.
    const isTo = own === key || (callee.kind === 'api' && key.startsWith(`${apiPrefix(callee.facts.name)} `));
    return isTo ? [{ item: functionItem(analyses, caller.symbol, how(analyses, edge)), edge }] : [];
  });
  return steps(found, 'sends IRPs by');
}

/**
 * Words of files that may know more of items (by their keys): where tables are filled or called through, where the IRPs
 * are sent that complete in a routine, and where the routine is set for those that a function sends. Most functions have
 * none.
 */
export function wordsBeyond(analyses: readonly Analysis[], keys: readonly string[]): readonly string[] {
  const { edges, open } = callGraph(analyses);
  const words = new Set<string>();
  const wanted = new Set(keys);
  const names = keys.map(nameIn).filter((name) => name !== '');
  const isOf = (symbol: FunctionSymbol): boolean => wanted.has(functionKey(symbol));
  const sets = edges.filter(({ kind, callee }) => kind !== 'call' && callee.kind === 'function' && isOf(callee.symbol));
  for (const { callee } of sets) {
    if (callee.kind !== 'function' || roleIn(analyses, callee.symbol) !== 'IO_COMPLETION_ROUTINE') continue;
    for (const word of ['IoCallDriver', '->Wsk']) words.add(word);
  }
  for (const { unit } of analyses) {
    const declared = names.map((name) => unit.symbols.get(name));
    for (const symbol of [...declared, ...unit.functions.map((definition) => definition.symbol)]) {
      if (symbol?.kind === 'function' && isOf(symbol)) for (const holder of holdersOf(unit, symbol)) words.add(holder);
    }
  }
  for (const { caller, field, record } of open) {
    if (!isOf(caller.symbol)) continue;
    for (const name of [field.name, record?.tag, record?.typedefName]) if (name !== undefined) words.add(name);
  }
  const sends = edges.some(({ caller, callee }) => {
    if (callee.kind === 'function') return /^Iof?CallDriver$/.test(callee.symbol.name) && isOf(caller.symbol);
    return isOf(caller.symbol) || wanted.has(apiKey(callee.facts.name, caller.symbol));
  });
  if (sends) words.add('IoSetCompletionRoutine');
  return [...words];
}

/** Files in which functions (by their keys) are declared: whoever includes one of these headers may call them. */
export function declaringFiles(analyses: readonly Analysis[], keys: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of new Set(keys.map(nameIn).filter((one) => one !== ''))) {
    for (const { unit } of analyses) {
      const symbol = unit.symbols.get(name);
      for (const { first } of symbol?.kind === 'function' ? symbol.declarations : []) {
        const { file } = place(first);
        if (!unit.isSystemFile(file)) found.add(file.path);
      }
    }
  }
  return found;
}

/** Of what the linker joins; other functions are known by their place. */
function nameIn(key: string): string {
  return /^function (\S+)$/.exec(key)?.[1] ?? '';
}

/** One step per function, with all its places; what sends lead to says more than who sets the routine. */
function steps(
  found: readonly { readonly item: CallItem; readonly edge: CallEdge }[],
  completion: 'completes IRPs of' | 'sends IRPs by',
): readonly CallStep[] {
  const byKey = new Map<string, { item: CallItem; sends: Set<string>; places: Span[] }>();
  for (const { item, edge } of found) {
    const step = byKey.get(item.key) ?? { item, sends: new Set(), places: [] };
    if (edge.after !== undefined) step.sends.add(edge.after);
    // A plain call says nothing that a registration does not.
    if (edge.kind === 'registration') step.item = item;
    step.places.push(edge.span);
    byKey.set(item.key, step);
  }
  return [...byKey.values()].map(({ item, sends, places }) => ({
    item: sends.size === 0 ? item : { ...item, detail: `${completion} ${[...sends].join(', ')}` },
    places: distinctSpans(places),
  }));
}

/** Of the functions that are not the driver's, those of tables: a list of every RtlZeroMemory helps nobody. */
function isWorthShowing(analyses: readonly Analysis[], callee: Callee): boolean {
  if (callee.kind === 'api') return true;
  const declared = callee.symbol.declarations[0];
  if (declared === undefined) return false;
  const { file } = place(declared.first);
  return !analyses.some(({ unit }) => unit.isSystemFile(file));
}

function calleeItem(analyses: readonly Analysis[], edge: CallEdge): CallItem {
  const { callee, caller } = edge;
  if (callee.kind === 'function') return functionItem(analyses, callee.symbol, how(analyses, edge));
  const { facts, declared } = callee;
  const detail = facts.header;
  return {
    name: facts.name,
    detail,
    span: declared,
    nameSpan: declared,
    key: apiKey(facts.name, caller.symbol),
    isDefined: true,
  };
}

/** How it comes to run: by a registration, or plainly called. What completes is said where all sends are known. */
function how(analyses: readonly Analysis[], { kind, callee }: CallEdge): string | undefined {
  if (kind !== 'registration') return undefined;
  const role = callee.kind === 'function' ? roleIn(analyses, callee.symbol) : undefined;
  return `registered as ${role ?? 'a callback'}`;
}

/** Only the file that registers a function, or declares it by its role, may know the role. */
function roleIn(analyses: readonly Analysis[], symbol: FunctionSymbol): string | undefined {
  for (const analysis of analyses) {
    const here = isLinked(symbol) ? analysis.unit.symbols.get(symbol.name) : symbol;
    const role = here?.kind === 'function' ? roleOf(analysis, here) : undefined;
    if (role !== undefined) return role.name;
  }
  return undefined;
}

function functionItem(analyses: readonly Analysis[], symbol: FunctionSymbol, detail?: string): CallItem {
  const node = symbol.definition ?? symbol.declarations[0];
  const token = node !== undefined && 'nameToken' in node ? node.nameToken : undefined;
  assert(node !== undefined && token !== undefined, 'a function that is named is declared');
  const nameSpan = placeOrSpelling(token);
  const whole = nodePlace(node);
  const holds = whole.file === nameSpan.file && whole.start <= nameSpan.start && whole.end >= nameSpan.end;
  return {
    name: isMadeUp(symbol.name) ? writtenName(nameSpan) : symbol.name,
    detail: detail ?? roleIn(analyses, symbol) ?? '',
    span: holds ? whole : nameSpan,
    nameSpan,
    key: functionKey(symbol),
    isDefined: symbol.definition !== undefined,
  };
}

function placeOrSpelling(token: Parameters<typeof place>[0]): Span {
  return token.expansion === undefined ? spellingPlace(token) : place(token);
}

function functionKey(symbol: FunctionSymbol): string {
  return entityKey({ kind: 'symbol', symbol });
}

function apiPrefix(name: string): string {
  return `api ${name} in`;
}

function apiKey(name: string, caller: FunctionSymbol): string {
  return `${apiPrefix(name)} ${functionKey(caller)}`;
}
