/**
 * Values that fit a place: the constants that the catalog lists for a parameter, narrowed by the arguments before it;
 * what a type can hold (statuses, enumerators, truth values); callbacks of the driver; and variables of just that type.
 */

import { parameterFact } from '../../catalog/catalog.ts';
import type { ApiFacts } from '../../catalog/model.ts';
import type { VariableSymbol } from '../../cfront/parse/ast.ts';
import { compatibleUnqualified } from '../../cfront/types/compatible.ts';
import { declarationText, functionText, typeText } from '../../cfront/types/text.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { Analysis } from './analysis.ts';
import { functionTypeOf } from './api-at.ts';
import { type ArgumentPlace, apiOfCallee, typeOfCallee } from './call-at.ts';
import { type CompletionItem, keyOf, ranks } from './completion-item.ts';
import { fittingValues } from './control-request.ts';
import type { Expected } from './expected-at.ts';
import { callbackOfType, roleOf } from './roles.ts';
import { functionAt, globals, localsAt } from './scope.ts';

/** What drivers return and compare with most; callbacks have lists of their own in the catalog. */
const commonStatuses = [
  'STATUS_SUCCESS',
  'STATUS_PENDING',
  'STATUS_UNSUCCESSFUL',
  'STATUS_INSUFFICIENT_RESOURCES',
  'STATUS_INVALID_PARAMETER',
  'STATUS_INVALID_DEVICE_REQUEST',
  'STATUS_INVALID_DEVICE_STATE',
  'STATUS_NOT_SUPPORTED',
  'STATUS_CANCELLED',
  'STATUS_BUFFER_TOO_SMALL',
  'STATUS_DEVICE_NOT_READY',
  'STATUS_TIMEOUT',
];

/** NULL for an optional argument comes behind what is something. */
const noneRank = 300;

export function valueItems(analysis: Analysis, expected: Expected, offset: number): readonly CompletionItem[] {
  const named =
    expected.kind === 'argument'
      ? argumentItems(analysis, expected.argument, expected.type)
      : expected.kind === 'result'
        ? resultItems(analysis, offset)
        : [];
  const { type } = expected;
  if (type === undefined) return named;
  const isListed = expected.kind === 'argument' && named.some((item) => item.rank < noneRank);
  const typed = isListed ? [] : typeItems(analysis, type);
  const seen = new Set(named.map((item) => item.label));
  const rest = [...typed, ...variableItems(analysis, type, offset)].filter((item) => !seen.has(item.label));
  return [...named, ...rest];
}

function argumentItems(
  analysis: Analysis,
  { callee, index, before }: ArgumentPlace,
  type: CType | undefined,
): readonly CompletionItem[] {
  const { catalog } = analysis;
  const facts = apiOfCallee(callee, catalog);
  const declared = typeOfCallee(callee)?.parameters;
  const name = declared?.[index]?.name ?? facts?.parameters?.[index]?.name;
  if (facts === undefined || name === undefined) return [];
  const byName = Object.fromEntries(before.map((text, i) => [declared?.[i]?.name ?? '', text]));
  const fact = parameterFact(facts, name);
  const narrowed = fittingValues(catalog, facts, name, byName);
  const isOptional =
    fact?.optional === true || declared?.[index]?.annotations.some((a) => /_opt_/.test(a.name)) === true;
  const none = fact?.reserved === true ? [type?.kind === 'pointer' ? 'NULL' : '0'] : isOptional ? ['NULL'] : [];
  const own = name === 'IoControlCode' ? ownControlCodes(analysis) : [];
  const labels = new Set([...(narrowed ?? catalog.valuesOf(facts, name)), ...own, ...none]);
  return [...labels].map((label, i) => ({
    ...constantItem(
      analysis,
      label,
      `${facts.name}: ${name}`,
      i + (none.includes(label) && fact?.reserved !== true ? noneRank : 0),
    ),
    ...(fact?.note === undefined || catalog.byName(label).length > 0 ? {} : { note: fact.note }),
  }));
}

/** Control codes that the driver defines: their macros are spelt IOCTL_ by everybody. */
function ownControlCodes({ unit }: Analysis): readonly string[] {
  return [...unit.macros.values()]
    .filter(({ name, span }) => name.startsWith('IOCTL_') && span !== undefined && !unit.isSystemFile(span.file))
    .map(({ name }) => name);
}

/** What the callback may return that the function implements. */
function resultItems(analysis: Analysis, offset: number): readonly CompletionItem[] {
  const definition = functionAt(analysis, offset);
  const role: ApiFacts | undefined = definition === undefined ? undefined : roleOf(analysis, definition.symbol);
  return (role?.returns ?? []).map(({ name, meaning }, i) => ({
    ...constantItem(analysis, name, role?.name ?? '', i),
    note: meaning,
  }));
}

function typeItems(analysis: Analysis, type: CType): readonly CompletionItem[] {
  const { unit, catalog } = analysis;
  const list = (labels: readonly string[]): readonly CompletionItem[] =>
    labels.map((label, i) => constantItem(analysis, label, typeText(type), 100 + i));
  if (type.alias === 'NTSTATUS') return list(commonStatuses.filter((name) => unit.macros.has(name)));
  if (type.alias === 'BOOLEAN' || type.alias === 'BOOL') return list(['TRUE', 'FALSE']);
  if (type.alias === 'KIRQL') return list(['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL']);
  if (type.kind === 'enum') return list(type.definition.constants?.map((c) => c.name) ?? []);
  const facts = callbackOfType(catalog, type);
  const wanted = type.kind === 'pointer' ? functionTypeOf(type) : undefined;
  if (wanted === undefined) return [];
  return [...unit.symbols.values()].flatMap((symbol) => {
    if (symbol.kind !== 'function' || isSystem(analysis, symbol.declarations[0])) return [];
    const fits =
      facts === undefined ? compatibleUnqualified(symbol.type, wanted) : fitsRole(analysis, symbol, facts, wanted);
    if (!fits) return [];
    const detail = functionText(symbol.type, symbol.name);
    return [{ label: symbol.name, kind: 'function' as const, detail, rank: ranks.fitting + 200 }];
  });
}

type FunctionSymbol = Parameters<typeof roleOf>[1];

function fitsRole(analysis: Analysis, symbol: FunctionSymbol, facts: ApiFacts, wanted: CType): boolean {
  const role = roleOf(analysis, symbol);
  return role === undefined ? compatibleUnqualified(symbol.type, wanted) : role === facts;
}

/** Variables whose type is the one that is wanted, and addresses of those that it points to. */
function variableItems(analysis: Analysis, type: CType, offset: number): readonly CompletionItem[] {
  const locals = localsAt(analysis, offset);
  const hidden = new Set(locals.map((symbol) => symbol.name));
  const visible = [...locals, ...globals(analysis).filter((symbol) => !hidden.has(symbol.name))];
  return visible.flatMap((symbol, i) => {
    const rank = ranks.sameType + i;
    if (isOfType(symbol, type)) return [variableItem(symbol, symbol.name, rank)];
    const isTarget =
      type.kind === 'pointer' && type.target.kind === 'record' && compatibleUnqualified(symbol.type, type.target);
    return isTarget ? [variableItem(symbol, `&${symbol.name}`, rank)] : [];
  });
}

/** Numbers count as the same type only under the same name: a ULONG fits in far too many places. */
function isOfType(symbol: VariableSymbol, type: CType): boolean {
  if (type.kind === 'integer' || type.kind === 'float')
    return type.alias !== undefined && symbol.type.alias === type.alias;
  if (type.kind === 'pointer' && type.target.kind === 'void') return false;
  return (
    (type.kind === 'pointer' || type.kind === 'record' || type.kind === 'enum') &&
    compatibleUnqualified(symbol.type, type)
  );
}

function variableItem(symbol: VariableSymbol, label: string, rank: number): CompletionItem {
  const detail = declarationText(symbol.type, symbol.name);
  return { label, kind: 'variable', detail, rank, ...(label === symbol.name ? {} : { filterText: symbol.name }) };
}

function constantItem({ catalog }: Analysis, label: string, detail: string, rank: number): CompletionItem {
  const known = catalog.byName(label)[0];
  return { label, kind: 'constant', detail, rank, ...(known === undefined ? {} : { api: keyOf(known) }) };
}

function isSystem(
  { unit }: Analysis,
  declaration: { readonly first: { readonly file: Parameters<typeof unit.isSystemFile>[0] } } | undefined,
): boolean {
  return declaration === undefined || unit.isSystemFile(declaration.first.file);
}
