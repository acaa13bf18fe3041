/**
 * Go to definition: where the name under the cursor is defined, or else first declared. On a member of a dispatch table
 * it is the function that the driver puts there, because a member's declaration tells nobody what will run.
 */
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { CSymbol, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { children, findPath, stripConversions, type TreeNode } from '../../cfront/parse/walk.ts';
import { place, spellingPlace } from '../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Analysis } from './analysis.ts';
import { isPrelude } from './cplusplus/parse.ts';
import { elementOf, functionsPutInto } from './dispatch-targets.ts';
import { lexicalPlace } from './lexical-place.ts';
import { nameAt } from './name-at.ts';
import { type Entity, firstDeclared } from './names/entity.ts';
import { targetAt } from './references.ts';

/** Every place that a person may mean, the likeliest first. `others` are units where a table may be filled. */
export function definitions(
  analysis: Analysis,
  offset: number,
  others: readonly TranslationUnit[] = [],
): readonly Span[] {
  const found = nameAt(analysis, offset) ?? targetAt(analysis.unit, offset)?.entity;
  if (found?.kind === 'member' && lexicalPlace(analysis.unit, offset).kind === 'code') {
    const entity: Entity = { kind: 'member', field: found.field, record: undefined };
    const around = findPath(analysis.unit, offset).findLast((node) => node.kind === 'index');
    const base = around === undefined ? undefined : stripConversions(around.base);
    const isBase = base?.kind === 'member' && base.field === found.field;
    const element = around !== undefined && isBase ? elementOf(around) : undefined;
    const put = [analysis.unit, ...others].flatMap((unit) => functionsPutInto(unit, entity, element));
    const spans = put.flatMap((symbol) => symbolPlace(symbol) ?? []);
    if (spans.length > 0) return distinct(spans);
  }
  const one = definition(analysis, offset);
  return one === undefined || isPrelude(one.file) ? [] : [one];
}

/** A place in any file of the translation unit, bundled headers included. */
export function definition(analysis: Analysis, offset: number): Span | undefined {
  const { unit } = analysis;
  const include = unit.includes.find(({ isDirect, span }) => isDirect && offset >= span.start && offset <= span.end);
  if (include?.file !== undefined) return { file: include.file, start: 0, end: 0 };
  if (lexicalPlace(unit, offset).kind !== 'code') return undefined;
  // The index knows by their surroundings words for which the tree has no node.
  const entity = targetAt(unit, offset)?.entity;
  if (entity !== undefined) return entityPlace(entity);
  const found = nameAt(analysis, offset);
  if (found === undefined) return undefined;
  switch (found.kind) {
    case 'enum':
      return found.definition.span;
    case 'member':
      return found.field.span;
    case 'symbol':
    case 'parameter':
    case 'macro':
    case 'record':
    case 'label':
      return entityPlace(found);
    default:
      return unreachable(found);
  }
}

/** Definitions before declarations; a label at itself and not at its function. */
function entityPlace(entity: Entity): Span | undefined {
  if (entity.kind === 'symbol') return symbolPlace(entity.symbol);
  return entity.kind === 'label' ? labelPlace(entity.function, entity.name) : firstDeclared(entity);
}

export function symbolPlace(symbol: CSymbol): Span | undefined {
  const defined = symbol.kind === 'variable' || symbol.kind === 'function' ? symbol.definition : undefined;
  const written = symbol.declarations.find(({ first }) => !isPrelude(first.file));
  const declaration = defined ?? written;
  if (declaration === undefined) return undefined;
  const token =
    'nameToken' in declaration && declaration.nameToken !== undefined ? declaration.nameToken : declaration.first;
  return spellingPlace(token);
}

function distinct(spans: readonly Span[]): readonly Span[] {
  return [...new Map(spans.map((span) => [`${span.file.path}:${span.start}`, span])).values()];
}

function labelPlace(around: FunctionDefinition, name: string): Span | undefined {
  const pending: TreeNode[] = [around.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'label' && node.name === name) return place(node.first);
    pending.push(...children(node));
  }
  return undefined;
}
