/**
 * What a name stands for, and a key by which it is found again in another reading of the same text or in another file.
 *
 * Symbols are objects of one translation unit. What is visible to the linker is the same by its name; everything else
 * is the same where it is declared at the same place of the same file, since files of one driver share their headers.
 */
import { unreachable } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import type { CSymbol, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { place, spellingPlace, type Token } from '../../../cfront/tokenize/token.ts';
import type { EnumDefinition, Field, FunctionParameter, RecordDefinition } from '../../../cfront/types/types.ts';
import type { MacroDefinition } from '../../../cfront/unit.ts';
import { isLinked } from './linkage.ts';

export type Entity =
  | { readonly kind: 'symbol'; readonly symbol: CSymbol }
  /** `record` declares the member. */
  | { readonly kind: 'member'; readonly field: Field; readonly record: RecordDefinition | undefined }
  /** Of a declaration without a body; those of a definition are variables. */
  | { readonly kind: 'parameter'; readonly parameter: FunctionParameter }
  | { readonly kind: 'macro'; readonly macro: MacroDefinition }
  /** Known within the `#define` only. */
  | { readonly kind: 'macro-parameter'; readonly macro: MacroDefinition; readonly name: string; readonly span: Span }
  | { readonly kind: 'record'; readonly record: RecordDefinition }
  | { readonly kind: 'enum'; readonly enumeration: EnumDefinition }
  | { readonly kind: 'label'; readonly name: string; readonly function: FunctionDefinition };

export function entityName(entity: Entity): string {
  switch (entity.kind) {
    case 'symbol':
      return entity.symbol.name;
    case 'member':
      return entity.field.name ?? '';
    case 'parameter':
      return entity.parameter.name ?? '';
    case 'macro':
      return entity.macro.name;
    case 'macro-parameter':
      return entity.name;
    case 'record':
      return entity.record.tag ?? entity.record.typedefName ?? '';
    case 'enum':
      return entity.enumeration.tag ?? entity.enumeration.typedefName ?? '';
    case 'label':
      return entity.name;
    default:
      return unreachable(entity);
  }
}

export function entityKey(entity: Entity): string {
  switch (entity.kind) {
    case 'symbol':
      return symbolKey(entity.symbol);
    case 'member':
      return placeKey(entity.field.span, entityName(entity));
    case 'parameter':
      return placeKey(entity.parameter.span, `parameter ${entityName(entity)}`);
    case 'macro': {
      const { span, name } = entity.macro;
      return span === undefined ? `macro ${name}` : placeKey(span, name);
    }
    case 'macro-parameter':
      return placeKey(entity.span, `parameter ${entity.name}`);
    case 'record': {
      const { fields, span } = entity.record;
      return fields === undefined ? incompleteKey(entityName(entity)) : placeKey(span, `tag ${entityName(entity)}`);
    }
    case 'enum':
      return placeKey(entity.enumeration.span, `tag ${entityName(entity)}`);
    case 'label':
      return `${tokenKey(entity.function.nameToken)} label ${entity.name}`;
    default:
      return unreachable(entity);
  }
}

/** Key of a structure in a file that only mentions it: files that define it know it by another key. */
export function incompleteKey(tag: string): string {
  return `incomplete ${tag}`;
}

/** True for what another file may name: it has linkage, or a header could declare it. */
export function isShared(entity: Entity): boolean {
  switch (entity.kind) {
    case 'symbol': {
      const { symbol } = entity;
      return symbol.kind !== 'variable' || symbol.linkage !== 'none';
    }
    case 'label':
    case 'parameter':
    case 'macro-parameter':
      return false;
    case 'member':
    case 'macro':
    case 'record':
    case 'enum':
      return true;
    default:
      return unreachable(entity);
  }
}

/** Where it is declared first, as a person sees it; undefined for what is built in. */
export function firstDeclared(entity: Entity): Span | undefined {
  switch (entity.kind) {
    case 'symbol': {
      const token = symbolToken(entity.symbol);
      return token === undefined ? undefined : spellingPlace(token);
    }
    case 'member':
      return entity.field.span;
    case 'parameter':
      return entity.parameter.span;
    case 'macro':
      return entity.macro.span;
    case 'macro-parameter':
      return entity.span;
    case 'record':
      return entity.record.span;
    case 'enum':
      return entity.enumeration.span;
    case 'label':
      return spellingPlace(entity.function.nameToken);
    default:
      return unreachable(entity);
  }
}

function symbolKey(symbol: CSymbol): string {
  if (isLinked(symbol)) return `${symbol.kind} ${symbol.name}`;
  const token = symbolToken(symbol);
  return token === undefined ? `built-in ${symbol.name}` : tokenKey(token);
}

function symbolToken(symbol: CSymbol): Token | undefined {
  const declaration = symbol.declarations[0];
  if (declaration === undefined) return undefined;
  return 'nameToken' in declaration && declaration.nameToken !== undefined ? declaration.nameToken : declaration.first;
}

/** A macro's body may declare something at every place that uses it, so both places count. */
function tokenKey(token: Token): string {
  return `${placeKey(token, token.text)} ${place(token).start}`;
}

function placeKey({ file, start }: Pick<Span, 'file' | 'start'>, name: string): string {
  return `${file.path}:${start} ${name}`;
}
