/** Go to definition: where the name under the cursor is defined, or else first declared. */
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { CSymbol, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../cfront/parse/walk.ts';
import { place, spellingPlace } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { lexicalPlace } from './lexical-place.ts';
import { nameAt } from './name-at.ts';

/** A place in any file of the translation unit, bundled headers included. */
export function definition(analysis: Analysis, offset: number): Span | undefined {
  const { unit } = analysis;
  const include = unit.includes.find(({ isDirect, span }) => isDirect && offset >= span.start && offset <= span.end);
  if (include?.file !== undefined) return { file: include.file, start: 0, end: 0 };
  if (lexicalPlace(unit, offset).kind !== 'code') return undefined;
  const found = nameAt(analysis, offset);
  if (found === undefined) return undefined;
  switch (found.kind) {
    case 'symbol':
      return symbolPlace(found.symbol);
    case 'member':
      return found.field.span;
    case 'parameter':
      return found.parameter.span;
    case 'macro':
      return found.macro.span;
    case 'record':
      return found.record.span;
    case 'enum':
      return found.definition.span;
    case 'label':
      return labelPlace(found.function, found.name);
    default:
      return unreachable(found);
  }
}

function symbolPlace(symbol: CSymbol): Span | undefined {
  const defined = symbol.kind === 'variable' || symbol.kind === 'function' ? symbol.definition : undefined;
  const declaration = defined ?? symbol.declarations[0];
  if (declaration === undefined) return undefined;
  const token =
    'nameToken' in declaration && declaration.nameToken !== undefined ? declaration.nameToken : declaration.first;
  return spellingPlace(token);
}

function labelPlace(around: FunctionDefinition, name: string): Span | undefined {
  const pending: TreeNode[] = [around.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'label' && node.name === name) return place(node.first);
    pending.push(...children(node));
  }
  return undefined;
}
