/**
 * Which declaration means which object, over all files: external names meet by name, static ones are their file's own.
 *
 * A tentative definition (`int x;`) gives way to one with an initialiser, and one of unknown size (`int a[];`) to one
 * that says it; two initialisers, or two bodies, are a duplicate symbol, named with both places. What Microsoft's linker
 * folds into one is one here: inline functions of a name, `__declspec(selectany)` variables, GUID constants. Files that
 * stand in for missing parts (`--stub`) supply the names that no file of the driver defines, and no others.
 */
import type { Span } from '../../../base/source.ts';
import type { FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { isComplete } from '../../../cfront/types/predicates.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { LinkProblem } from '../machine-types.ts';

export interface SymbolTable {
  /** The defining symbol of an external variable. */
  readonly variables: ReadonlyMap<string, VariableSymbol>;
  /** The defining symbol of an external function; functions of the library come in when something refers to them. */
  readonly functions: Map<string, FunctionSymbol>;
  /** The inline definition of a name, one for all files, where no file has another one. */
  readonly inlines: ReadonlyMap<string, FunctionSymbol>;
}

export function resolveSymbols(
  units: readonly TranslationUnit[],
  stubs: readonly TranslationUnit[],
  problems: LinkProblem[],
): SymbolTable {
  const own = collect(units, problems);
  const standIns = collect(stubs, problems);
  const isFree = (name: string): boolean => !own.functions.has(name) && !own.variables.has(name);
  for (const [name, symbol] of standIns.functions) if (isFree(name)) own.functions.set(name, symbol);
  for (const [name, symbol] of standIns.variables) if (isFree(name)) own.variables.set(name, symbol);
  for (const [name, symbol] of standIns.inlines) if (!own.inlines.has(name)) own.inlines.set(name, symbol);
  return own;
}

/** Where the name of a defined symbol stands in its definition. */
function definitionSpan(symbol: VariableSymbol | FunctionSymbol): Span {
  const { definition } = symbol;
  if (definition === undefined) throw new Error('a symbol in the table is defined');
  return place(definition.nameToken);
}

function collect(units: readonly TranslationUnit[], problems: LinkProblem[]) {
  const variables = new Map<string, VariableSymbol>();
  const functions = new Map<string, FunctionSymbol>();
  const inlines = new Map<string, FunctionSymbol>();
  for (const unit of units) {
    for (const declaration of unit.declarations) {
      if (declaration.kind === 'variable-declaration') defineVariable(variables, declaration.symbol, problems);
    }
    for (const { symbol } of unit.functions) {
      if (symbol.linkage === 'internal') continue;
      if (!symbol.isInline) defineFunction(functions, symbol, problems);
      else if (!inlines.has(symbol.name)) inlines.set(symbol.name, symbol);
    }
  }
  for (const [name, symbol] of functions) {
    const variable = variables.get(name);
    if (variable !== undefined) problems.push(duplicate(symbol, variable));
  }
  return { variables, functions, inlines };
}

function defineVariable(known: Map<string, VariableSymbol>, symbol: VariableSymbol, problems: LinkProblem[]): void {
  if (symbol.linkage !== 'external' || symbol.definition === undefined) return;
  const previous = known.get(symbol.name);
  if (previous === undefined || (previous !== symbol && isBetter(symbol, previous))) {
    known.set(symbol.name, symbol);
    return;
  }
  if (previous === symbol || !isInitialised(symbol) || !isInitialised(previous)) return;
  if (!isMergeable(symbol) || !isMergeable(previous)) problems.push(duplicate(symbol, previous));
}

/** An initialiser says more than a size, and a size more than nothing. */
function isBetter(symbol: VariableSymbol, previous: VariableSymbol): boolean {
  if (isInitialised(previous)) return false;
  if (isInitialised(symbol) || !isComplete(previous.type)) return isInitialised(symbol) || isComplete(symbol.type);
  // Of two tentative definitions the larger one holds what either file writes.
  return isComplete(symbol.type) && sizeOf(symbol.type) > sizeOf(previous.type);
}

function isInitialised(symbol: VariableSymbol): boolean {
  return symbol.definition?.initializer !== undefined;
}

function defineFunction(known: Map<string, FunctionSymbol>, symbol: FunctionSymbol, problems: LinkProblem[]): void {
  const previous = known.get(symbol.name);
  if (previous === undefined) known.set(symbol.name, symbol);
  else if (previous !== symbol) problems.push(duplicate(symbol, previous));
}

/** What a header may define in every file: `__declspec(selectany)`, which DEFINE_GUID stands for too. */
function isMergeable(symbol: VariableSymbol): boolean {
  if (symbol.isSelectAny === true) return true;
  const type = symbol.type.kind === 'array' ? symbol.type.element : symbol.type;
  return type.isConst && type.kind === 'record' && ['_GUID', 'GUID'].includes(type.definition.tag ?? '');
}

function duplicate(symbol: VariableSymbol | FunctionSymbol, previous: VariableSymbol | FunctionSymbol): LinkProblem {
  const span = definitionSpan(symbol);
  const other = definitionSpan(previous);
  const what = symbol.kind === 'function' ? 'function' : 'variable';
  const isOneText = span.file.path === other.file.path && span.start === other.start;
  const remedy = isOneText
    ? `every file that includes this header defines it; ${symbol.kind === 'function' ? 'write `static` or `inline` before it' : 'write `extern` before it, or `__declspec(selectany)`'}.`
    : symbol.kind !== previous.kind
      ? `once as a ${what} and once as a ${previous.kind}.`
      : symbol.kind === 'function'
        ? 'one of the two must go, or be `static`.'
        : 'one of the two must go, or be `extern` without an initialiser, or `static`.';
  return {
    code: 'duplicate-symbol',
    severity: 'error',
    message: `The ${what} \`${symbol.name}\` is defined more than once: ${remedy}`,
    span,
    related: [{ span: other, message: `\`${symbol.name}\` is defined here too.` }],
  };
}
