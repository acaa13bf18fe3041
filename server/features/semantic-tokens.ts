/**
 * Semantic tokens: what each name of the file is, and whether WSK, Dot4 or the kernel brings it. Editors take the tokens
 * of one extension per file, so the driver's own names have theirs too.
 */
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { CSymbol } from '../../cfront/parse/ast.ts';
import { RESERVED } from '../../cfront/parse/keywords.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Analysis } from './analysis.ts';
import { isPrelude } from './cplusplus/parse.ts';
import { type Entity, entityName, firstDeclared } from './names/entity.ts';
import { nameIndex } from './names/name-index.ts';
import { functionTypeOf } from './places/api-at.ts';

/** Standard types of LSP, by their place in the legend. */
export const tokenTypes = [
  'function',
  'method',
  'macro',
  'type',
  'struct',
  'enum',
  'enumMember',
  'variable',
  'parameter',
  'property',
] as const;
export const tokenModifiers = ['declaration', 'definition', 'readonly', 'static', 'defaultLibrary'] as const;

export type TokenType = (typeof tokenTypes)[number];
export type TokenModifier = (typeof tokenModifiers)[number];

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** In order of place; those that touch the part from `start` to `end`. */
export function semanticTokens(
  { unit }: Analysis,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): readonly SemanticToken[] {
  return nameIndex(unit)
    .occurrences(unit.file)
    .flatMap(({ entity, role, start: from, end: to }): SemanticToken[] => {
      const type = typeOf(entity);
      if (type === undefined || to < start || from > end || !isWritten(unit, entity, from, to)) return [];
      const modifiers: TokenModifier[] = role === 'declaration' || role === 'definition' ? [role] : [];
      if (isReadonly(entity)) modifiers.push('readonly');
      if (entity.kind === 'symbol' && isStatic(entity.symbol)) modifiers.push('static');
      if (isOfLibrary(unit, firstDeclared(entity))) modifiers.push('defaultLibrary');
      return [{ start: from, end: to, type, modifiers }];
    });
}

/** C++ is read as C of the same length, in which some words are others than people see; those have no colour of ours. */
function isWritten({ file }: TranslationUnit, entity: Entity, start: number, end: number): boolean {
  const { text } = file;
  const word = text.slice(start, end);
  if (word !== entityName(entity) || /\w/.test(text.charAt(start - 1)) || /\w/.test(text.charAt(end))) return false;
  return !RESERVED.has(word) && word !== 'operator' && !(word === 'this' && isOfPrelude(firstDeclared(entity)));
}

function isOfPrelude(declared: Span | undefined): boolean {
  return declared !== undefined && isPrelude(declared.file);
}

function typeOf(entity: Entity): TokenType | undefined {
  switch (entity.kind) {
    case 'symbol':
      return symbolType(entity.symbol);
    case 'member':
      return functionTypeOf(entity.field.type) === undefined ? 'property' : 'method';
    case 'parameter':
    case 'macro-parameter':
      return 'parameter';
    case 'macro':
      return 'macro';
    case 'record':
      return 'struct';
    case 'enum':
      return 'enum';
    case 'label':
      return undefined;
    default:
      return unreachable(entity);
  }
}

function symbolType(symbol: CSymbol): TokenType {
  switch (symbol.kind) {
    case 'function':
      return 'function';
    case 'variable':
      return symbol.isParameter ? 'parameter' : 'variable';
    case 'enum-constant':
      return 'enumMember';
    case 'typedef':
      return 'type';
    default:
      return unreachable(symbol);
  }
}

function isReadonly(entity: Entity): boolean {
  if (entity.kind === 'macro') return entity.macro.parameters === undefined;
  if (entity.kind !== 'symbol') return false;
  const { symbol } = entity;
  return symbol.kind === 'enum-constant' || (symbol.kind === 'variable' && symbol.type.isConst);
}

function isStatic(symbol: CSymbol): boolean {
  return (symbol.kind === 'function' || symbol.kind === 'variable') && symbol.linkage === 'internal';
}

/** What is built in has no place, and is the compiler's. */
function isOfLibrary(unit: TranslationUnit, declared: Span | undefined): boolean {
  return declared === undefined || (unit.isSystemFile(declared.file) && !isPrelude(declared.file));
}
