/**
 * Go to definition: where the name under the cursor is defined, or else first declared. On a member of a dispatch table
 * it is the function that the driver puts there, because a member's declaration tells nobody what will run. What a unit
 * only declares is looked for in the units of other files, by its name, as the linker would.
 */
import { append } from '../../base/append.ts';
import { unreachable } from '../../base/assert.ts';
import { distinctSpans, type Span } from '../../base/source.ts';
import type { CSymbol, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { children, findPath, stripConversions, type TreeNode } from '../../cfront/parse/walk.ts';
import { place, spellingPlace } from '../../cfront/tokenize/token.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Analysis } from './analysis.ts';
import { isInPrelude } from './cplusplus/parse.ts';
import { elementOf, functionsPutInto } from './driver/dispatch-targets.ts';
import { type Entity, firstDeclared } from './names/entity.ts';
import { definedIn, isDeclaredOnly, type LinkedSymbol } from './names/linkage.ts';
import { targetAt } from './names/references.ts';
import { functionTypeOf } from './places/api-at.ts';
import { lexicalPlace } from './places/lexical-place.ts';
import { nameAt } from './places/name-at.ts';

/** Where a name leads. */
export interface Definitions {
  /** Every place that a person may mean, the likeliest first. */
  readonly spans: readonly Span[];
  /** Words of which other files of the driver may say more: what is declared here and defined elsewhere. */
  readonly missing: readonly string[];
}

/** `others`: units that may define what this one declares, or fill a table that this one calls through. */
export function definitions(analysis: Analysis, offset: number, others: readonly TranslationUnit[] = []): Definitions {
  const { unit } = analysis;
  const found = nameAt(analysis, offset) ?? targetAt(unit, offset)?.entity;
  const isCode = lexicalPlace(unit, offset).kind === 'code';
  if (found?.kind === 'member' && isCode && functionTypeOf(elementType(found.field.type)) !== undefined) {
    const entity: Entity = { kind: 'member', field: found.field, record: undefined };
    const around = findPath(unit, offset).findLast((node) => node.kind === 'index');
    const base = around === undefined ? undefined : stripConversions(around.base);
    const isBase = base?.kind === 'member' && base.field === found.field;
    const element = around !== undefined && isBase ? elementOf(around) : undefined;
    const put = [unit, ...others].flatMap((one) => functionsPutInto(one, entity, element));
    if (put.length > 0) return linked(put, others);
    const isOwnField = !unit.isSystemFile(found.field.span.file);
    return { spans: [found.field.span], missing: isOwnField ? [found.field.name ?? ''] : [] };
  }
  const symbol = found?.kind === 'symbol' && isCode ? found.symbol : undefined;
  if (symbol !== undefined && isDeclaredOnly(symbol) && isOwn(unit, symbol)) return linked([symbol], others);
  const one = definition(analysis, offset);
  return { spans: one === undefined || isInPrelude(one) ? [] : [one], missing: [] };
}

/** Declared in a file of the driver's. */
function isOwn(unit: TranslationUnit, { declarations: [declared] }: LinkedSymbol): boolean {
  return declared !== undefined && !unit.isSystemFile(place(declared.first).file);
}

/** Where other files define what is declared, as the linker would have it; else the declaration. */
function linked(symbols: readonly LinkedSymbol[], others: readonly TranslationUnit[]): Definitions {
  const spans: Span[] = [];
  const missing = new Set<string>();
  for (const symbol of symbols) {
    const elsewhere = isDeclaredOnly(symbol)
      ? definedIn(others, symbol).flatMap((other) => symbolPlace(other) ?? [])
      : [];
    const own = symbolPlace(symbol);
    if (elsewhere.length > 0) spans.push(...elsewhere);
    else if (own !== undefined) spans.push(own);
    if (elsewhere.length === 0 && symbol.definition === undefined) missing.add(symbol.name);
  }
  return { spans: written(spans), missing: [...missing] };
}

function elementType(type: CType): CType {
  return type.kind === 'array' ? elementType(type.element) : type;
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

/**
 * Go to declaration: where a name is declared first, as a header does it before the file that defines it, and of a
 * dispatch table's member the member itself.
 */
export function declaration(analysis: Analysis, offset: number): Span | undefined {
  const { unit } = analysis;
  const isCode = lexicalPlace(unit, offset).kind === 'code';
  const found = isCode ? (targetAt(unit, offset)?.entity ?? nameAt(analysis, offset)) : undefined;
  const declared = found?.kind === 'symbol' ? firstDeclared(found) : definition(analysis, offset);
  return declared === undefined || isInPrelude(declared) ? undefined : declared;
}

/** Definitions before declarations; a label at itself and not at its function. */
function entityPlace(entity: Entity): Span | undefined {
  if (entity.kind === 'symbol') return symbolPlace(entity.symbol);
  return entity.kind === 'label' ? labelPlace(entity.function, entity.name) : firstDeclared(entity);
}

function symbolPlace(symbol: CSymbol): Span | undefined {
  const defined = symbol.kind === 'variable' || symbol.kind === 'function' ? symbol.definition : undefined;
  const written = symbol.declarations.find(({ first }) => !isInPrelude(first));
  const declaration = defined ?? written;
  if (declaration === undefined) return undefined;
  const token =
    'nameToken' in declaration && declaration.nameToken !== undefined ? declaration.nameToken : declaration.first;
  return spellingPlace(token);
}

/** Each place once; what the C++ reader declares itself stands in no file. */
function written(spans: readonly Span[]): readonly Span[] {
  return distinctSpans(spans.filter((span) => !isInPrelude(span)));
}

function labelPlace(around: FunctionDefinition, name: string): Span | undefined {
  const pending: TreeNode[] = [around.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'label' && node.name === name) return place(node.first);
    append(pending, children(node));
  }
  return undefined;
}
