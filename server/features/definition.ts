/** Go to definition: where the name under the cursor is defined, or else first declared. */
import type { Span } from '../../base/source.ts';
import type { CSymbol } from '../../cfront/parse/ast.ts';
import { findPath } from '../../cfront/parse/walk.ts';
import { spellingPlace } from '../../cfront/tokenize/token.ts';
import { type Analysis, wordAt } from './analysis.ts';

/** A place in any file of the translation unit, bundled headers included. */
export function definition(analysis: Analysis, offset: number): Span | undefined {
  const { unit } = analysis;
  const include = unit.includes.find(({ isDirect, span }) => isDirect && offset >= span.start && offset <= span.end);
  if (include?.file !== undefined) return { file: include.file, start: 0, end: 0 };
  const word = wordAt(unit, offset);
  if (word === undefined) return undefined;
  const path = findPath(unit, offset);
  for (const node of path.toReversed()) {
    if (node.kind === 'name' && node.symbol.name === word.text) return symbolPlace(node.symbol);
    if (node.kind === 'enum-constant' && node.symbol.name === word.text) return symbolPlace(node.symbol);
    if (node.kind === 'member' && node.name === word.text) return node.field?.span;
  }
  const macro = unit.macros.get(word.text);
  if (macro?.span !== undefined) return macro.span;
  const symbol = unit.symbols.get(word.text);
  if (symbol !== undefined) return symbolPlace(symbol);
  return unit.records.get(word.text)?.span ?? unit.enums.get(word.text)?.span;
}

function symbolPlace(symbol: CSymbol): Span | undefined {
  const defined = symbol.kind === 'variable' || symbol.kind === 'function' ? symbol.definition : undefined;
  const declaration = defined ?? symbol.declarations[0];
  if (declaration === undefined) return undefined;
  const token =
    'nameToken' in declaration && declaration.nameToken !== undefined ? declaration.nameToken : declaration.first;
  return spellingPlace(token);
}
