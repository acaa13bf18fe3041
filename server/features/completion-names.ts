/** Names that can be written at a place, from near to far: locals, the driver's own, the catalog's, the headers'. */
import type { ApiFacts, ApiKind } from '../../catalog/model.ts';
import type { CSymbol } from '../../cfront/parse/ast.ts';
import { declarationText, functionText, typeText } from '../../cfront/types/text.ts';
import type { Analysis } from './analysis.ts';
import { type CompletionItem, keyOf, ranks } from './completion-item.ts';
import { localsAt } from './scope.ts';

export function nameItems(analysis: Analysis, offset: number): readonly CompletionItem[] {
  return [
    ...localItems(analysis, offset),
    ...symbolItems(analysis),
    ...macroItems(analysis),
    ...catalogItems(analysis),
  ];
}

function localItems(analysis: Analysis, offset: number): readonly CompletionItem[] {
  return localsAt(analysis, offset).map((symbol) => ({
    label: symbol.name,
    kind: 'variable',
    detail: declarationText(symbol.type, symbol.name),
    rank: ranks.local,
  }));
}

/** What is declared at file scope. An API's name brings its facts. */
function symbolItems({ unit, catalog }: Analysis): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  for (const symbol of unit.symbols.values()) {
    const declaration = symbol.declarations[0];
    if (declaration === undefined) continue;
    const facts =
      catalog.byName(symbol.name)[0] ?? (symbol.kind === 'typedef' ? catalog.byTypeName(symbol.name) : undefined);
    const rank = !unit.isSystemFile(declaration.first.file)
      ? ranks.own
      : facts === undefined
        ? ranks.header
        : ranks.catalog;
    const item = { label: symbol.name, kind: kindOf(symbol), detail: detailOf(symbol), rank };
    items.push(facts === undefined ? item : { ...item, api: keyOf(facts) });
  }
  return items;
}

function kindOf(symbol: CSymbol): CompletionItem['kind'] {
  switch (symbol.kind) {
    case 'function':
      return 'function';
    case 'typedef':
      return 'type';
    case 'variable':
      return 'variable';
    case 'enum-constant':
      return 'constant';
  }
}

function detailOf(symbol: CSymbol): string {
  switch (symbol.kind) {
    case 'function':
      return functionText(symbol.type, symbol.name);
    case 'enum-constant':
      return `${typeText(symbol.type)}: ${symbol.value}`;
    case 'typedef':
    case 'variable':
      return typeText(symbol.type);
  }
}

function macroItems({ unit, catalog }: Analysis): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  for (const { name, parameters, span } of unit.macros.values()) {
    const facts = catalog.byName(name)[0];
    const isOwn = span !== undefined && !unit.isSystemFile(span.file);
    const rank = isOwn ? ranks.own : facts === undefined ? ranks.header : ranks.catalog;
    const detail = parameters === undefined ? 'macro' : `macro (${parameters.join(', ')})`;
    const item = {
      label: name,
      kind: parameters === undefined ? ('constant' as const) : ('macro' as const),
      detail,
      rank,
    };
    items.push(facts === undefined ? item : { ...item, api: keyOf(facts) });
  }
  return items;
}

const kinds: Readonly<Record<ApiKind, CompletionItem['kind']>> = {
  function: 'function',
  'table-function': 'method',
  callback: 'type',
  structure: 'type',
  enumeration: 'type',
  macro: 'macro',
  constant: 'constant',
  'socket-option': 'constant',
  'socket-ioctl': 'constant',
  'client-control': 'constant',
  ioctl: 'constant',
};

/** Names of headers that the file does not include yet; functions of dispatch tables come as members only. */
function catalogItems({ unit, catalog }: Analysis): readonly CompletionItem[] {
  const labelOf = (facts: ApiFacts): string =>
    facts.kind === 'callback' ? (facts.typeName ?? facts.name) : facts.name;
  return catalog.facts
    .filter((facts) => facts.kind !== 'table-function')
    .filter((facts) => !unit.symbols.has(labelOf(facts)) && !unit.macros.has(labelOf(facts)))
    .map((facts) => ({
      label: labelOf(facts),
      kind: kinds[facts.kind],
      detail: `from ${facts.header}`,
      rank: ranks.header + 500,
      api: keyOf(facts),
    }));
}
