/**
 * Which declaration means which object, over all files: external names meet by name, static ones are their file's own,
 * inline functions belong to every file that defines them.
 *
 * A tentative definition (`int x;`) gives way to one with an initialiser; two initialisers, or two bodies, are a
 * duplicate symbol, named with both places. Equal constants that several files define (GUIDs) are one.
 */
import type { Span } from '../../../base/source.ts';
import type { FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { LinkProblem } from '../machine-types.ts';

export interface SymbolTable {
  /** The defining symbol of an external variable. */
  readonly variables: ReadonlyMap<string, VariableSymbol>;
  /** The defining symbol of an external function. */
  readonly functions: ReadonlyMap<string, FunctionSymbol>;
  /** An inline definition by name, for files that only declare the function. */
  readonly inlines: ReadonlyMap<string, FunctionSymbol>;
}

export function resolveSymbols(units: readonly TranslationUnit[], problems: LinkProblem[]): SymbolTable {
  const variables = new Map<string, VariableSymbol>();
  const functions = new Map<string, FunctionSymbol>();
  const inlines = new Map<string, FunctionSymbol>();
  for (const unit of units) {
    for (const declaration of unit.declarations) {
      if (declaration.kind === 'variable-declaration') defineVariable(variables, declaration.symbol, problems);
    }
    for (const { symbol } of unit.functions) {
      if (symbol.linkage === 'internal') continue;
      if (symbol.isInline) inlines.set(symbol.name, symbol);
      else defineFunction(functions, symbol, problems);
    }
  }
  return { variables, functions, inlines };
}

function defineVariable(known: Map<string, VariableSymbol>, symbol: VariableSymbol, problems: LinkProblem[]): void {
  if (symbol.linkage !== 'external' || symbol.definition === undefined) return;
  const previous = known.get(symbol.name);
  if (previous === undefined || previous.definition?.initializer === undefined) {
    known.set(symbol.name, symbol);
    return;
  }
  if (previous === symbol || symbol.definition.initializer === undefined || isMergeable(symbol)) return;
  problems.push(duplicate(symbol, previous));
}

function defineFunction(known: Map<string, FunctionSymbol>, symbol: FunctionSymbol, problems: LinkProblem[]): void {
  const previous = known.get(symbol.name);
  if (previous === undefined) known.set(symbol.name, symbol);
  else if (previous !== symbol) problems.push(duplicate(symbol, previous));
}

/** What `__declspec(selectany)` is for: constants that a header defines in every file. */
function isMergeable(symbol: VariableSymbol): boolean {
  const type = symbol.type.kind === 'array' ? symbol.type.element : symbol.type;
  return type.isConst && type.kind === 'record' && ['_GUID', 'GUID'].includes(type.definition.tag ?? '');
}

function duplicate(symbol: VariableSymbol | FunctionSymbol, previous: VariableSymbol | FunctionSymbol): LinkProblem {
  const what = symbol.kind === 'function' ? 'function' : 'variable';
  return {
    code: 'duplicate-symbol',
    message: `The ${what} \`${symbol.name}\` is defined in two files.`,
    span: definitionSpan(symbol),
    related: [{ span: definitionSpan(previous), message: `\`${symbol.name}\` is defined here too.` }],
  };
}

function definitionSpan(symbol: VariableSymbol | FunctionSymbol): Span {
  const { definition } = symbol;
  if (definition === undefined) throw new Error('a symbol in the table is defined');
  return place(definition.nameToken);
}
