/** Variables by name and place: what code at an offset can use, inner declarations hiding outer ones. */
import { memo } from '../../../base/memo.ts';
import type { FunctionDefinition, FunctionSymbol, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { declarationAt, findPath, nodePlace, type TreeNode } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { isMadeUp } from '../cplusplus/made-up-names.ts';

/** The function whose text holds the offset. */
export function functionAt({ unit }: Analysis, offset: number): FunctionDefinition | undefined {
  // Functions stand at file scope only.
  const around = declarationAt(unit, offset);
  return around?.kind === 'function-definition' ? around : undefined;
}

/** Parameters and locals that are declared before the offset in a block around it, innermost first. */
export function localsAt(analysis: Analysis, offset: number): readonly VariableSymbol[] {
  const { unit } = analysis;
  const definition = functionAt(analysis, offset);
  if (definition === undefined) return [];
  const blocks = findPath(unit, offset).filter((n) => n.kind === 'compound' || n.kind === 'for');
  const found = new Map<string, VariableSymbol>();
  for (const block of blocks.toReversed()) {
    for (const symbol of declaredIn(block)) {
      const declaration = symbol.declarations[0];
      if (declaration === undefined || symbol.name === '' || found.has(symbol.name)) continue;
      const span = nodePlace(declaration);
      if (span.file === unit.file && span.start <= offset) found.set(symbol.name, symbol);
    }
  }
  for (const parameter of definition.parameters) {
    if (parameter.name !== '' && !found.has(parameter.name)) found.set(parameter.name, parameter);
  }
  return [...found.values()];
}

function declaredIn(block: TreeNode): readonly VariableSymbol[] {
  const items = block.kind === 'compound' ? block.items : block.kind === 'for' && block.initial ? [block.initial] : [];
  return items.flatMap((item) =>
    item.kind === 'declaration'
      ? item.declarations.flatMap((d) => (d.kind === 'variable-declaration' ? [d.symbol] : []))
      : [],
  );
}

interface OwnSymbols {
  readonly variables: readonly VariableSymbol[];
  readonly functions: readonly FunctionSymbol[];
}

/** What the driver declares at file scope, in the order of the declarations; found once, for headers declare thousands. */
const ownSymbols = memo((unit: TranslationUnit): OwnSymbols => {
  const variables = new Set<VariableSymbol>();
  const functions = new Set<FunctionSymbol>();
  for (const node of unit.declarations) {
    if (unit.isSystemFile(place(node.first).file)) continue;
    if (node.kind === 'variable-declaration') variables.add(node.symbol);
    else if (node.kind === 'function-declaration' || node.kind === 'function-definition') {
      if (!isMadeUp(node.symbol.name)) functions.add(node.symbol);
    }
  }
  return { variables: [...variables], functions: [...functions] };
});

/** Variables of the driver at file scope. */
export function globals({ unit }: Analysis): readonly VariableSymbol[] {
  return ownSymbols(unit).variables;
}

/**
 * What has a value at the offset: locals, and the driver's variables at file scope that they do not hide, innermost
 * first, without the one whose initializer stands there.
 */
export function visible(analysis: Analysis, offset: number): readonly VariableSymbol[] {
  const locals = localsAt(analysis, offset);
  const hidden = new Set(locals.map((symbol) => symbol.name));
  return [...locals, ...globals(analysis).filter((symbol) => !hidden.has(symbol.name))].filter(
    (symbol) => !isBeingInitialised(analysis, symbol, offset),
  );
}

function isBeingInitialised({ unit }: Analysis, { declarations }: VariableSymbol, offset: number): boolean {
  const declaration = declarations.at(-1);
  if (declaration?.kind !== 'variable-declaration') return false;
  const { file, end } = place(declaration.nameToken);
  return file === unit.file && end < offset && /^\s*=[^;,]*$/.test(file.text.slice(end, offset));
}

/** Functions that the driver declares or defines. */
export function ownFunctions({ unit }: Analysis): readonly FunctionSymbol[] {
  return ownSymbols(unit).functions;
}

export function variableNamed(analysis: Analysis, name: string, offset: number): VariableSymbol | undefined {
  const local = localsAt(analysis, offset).find((symbol) => symbol.name === name);
  if (local !== undefined) return local;
  const symbol = analysis.unit.symbols.get(name);
  return symbol?.kind === 'variable' ? symbol : undefined;
}
