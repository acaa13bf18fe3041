/**
 * Names in their scopes: one map for ordinary identifiers and one for tags, linked to the scope around.
 *
 * Maps of inner scopes are made when the first name is declared, because most blocks declare none.
 */
import { type Layer, LayeredMap } from '../layers.ts';
import type { EnumDefinition, RecordDefinition } from '../types/types.ts';
import type { CSymbol } from './ast.ts';

export type Tag =
  | { readonly kind: 'record'; readonly record: RecordDefinition }
  | { readonly kind: 'enum'; readonly enumeration: EnumDefinition };

export interface Scope {
  readonly parent: Scope | undefined;
  /** Parameters' scope of a declarator: tags declared there go to the scope around, as drivers expect. */
  readonly isPrototype: boolean;
  names: Map<string, CSymbol> | LayeredMap<CSymbol> | undefined;
  tags: Map<string, Tag> | LayeredMap<Tag> | undefined;
}

/** The outermost scope: what shared headers declare lies below its own names. */
export interface FileScope extends Scope {
  readonly names: LayeredMap<CSymbol>;
  readonly tags: LayeredMap<Tag>;
}

export function fileScope(names: Layer<CSymbol> | undefined, tags: Layer<Tag> | undefined): FileScope {
  return { parent: undefined, isPrototype: false, names: new LayeredMap(names), tags: new LayeredMap(tags) };
}

export function innerScope(parent: Scope, options: { readonly isPrototype: boolean }): Scope {
  return { parent, isPrototype: options.isPrototype, names: undefined, tags: undefined };
}

/** The innermost declaration of a name. */
export function lookUp(scope: Scope, name: string): CSymbol | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const found = s.names?.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function lookUpTag(scope: Scope, name: string): Tag | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const found = s.tags?.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function declareName(scope: Scope, symbol: CSymbol): void {
  scope.names ??= new Map();
  scope.names.set(symbol.name, symbol);
}

export function declareTag(scope: Scope, name: string, tag: Tag): void {
  const target = tagScope(scope);
  target.tags ??= new Map();
  target.tags.set(name, tag);
}

/** The scope in which a tag named here is declared. */
export function tagScope(scope: Scope): Scope {
  let s = scope;
  while (s.isPrototype && s.parent !== undefined) s = s.parent;
  return s;
}
