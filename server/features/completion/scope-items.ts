/** Names behind `scope::` in C++: what the namespaces and classes of that name declare in the driver's files. */
import type { Analysis } from '../analysis.ts';
import { isCplusplus } from '../cplusplus/made-up-names.ts';
import { type DocumentSymbol, documentSymbols } from '../symbols.ts';
import { type CompletionItem, ranks } from './item.ts';

/** A qualifier is looked for so far back. */
const qualifierMax = 200;

const kinds: Readonly<Partial<Record<DocumentSymbol['kind'], CompletionItem['kind']>>> = {
  function: 'function',
  method: 'function',
  variable: 'variable',
  field: 'field',
  'enum-member': 'constant',
  type: 'type',
  struct: 'type',
  class: 'type',
  enum: 'type',
  namespace: 'type',
};

/** Undefined where the word has no qualifier; empty where nothing is known of it. */
export function scopeItems(analysis: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { unit } = analysis;
  if (!isCplusplus(unit)) return undefined;
  const before = unit.file.text.slice(Math.max(0, wordStart - qualifierMax), wordStart);
  const scope = /([A-Za-z_]\w*)\s*(?:<[^<>;{}]*>\s*)?::\s*$/.exec(before)?.[1];
  if (scope === undefined || /^(?:return|case|else)$/.test(scope)) return undefined;
  const headers = unit.includes.flatMap(({ file }) => (file === undefined || unit.isSystemFile(file) ? [] : [file]));
  const symbols = [...new Set([unit.file, ...headers])].flatMap((file) => documentSymbols(analysis, file));
  const items = membersOf(symbols, scope).flatMap(({ kind, name, detail }): CompletionItem[] => {
    const shown = kinds[kind];
    const isName = /^\w+$/.test(name) && name !== scope;
    return shown !== undefined && isName ? [{ label: name, kind: shown, detail, rank: ranks.own }] : [];
  });
  return [...new Map(items.map((item) => [item.label, item])).values()];
}

/** Constants of an enumeration belong to what is around it, too. */
function membersOf(symbols: readonly DocumentSymbol[], scope: string): readonly DocumentSymbol[] {
  return symbols.flatMap(({ name, kind, children }) => {
    const below = /^(?:namespace|class|struct|enum)$/.test(kind) ? membersOf(children, scope) : [];
    if (name !== scope) return below;
    const constants = children.flatMap((child) => (child.kind === 'enum' ? child.children : []));
    return [...children, ...constants, ...below];
  });
}
