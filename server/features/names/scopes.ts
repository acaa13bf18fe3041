/**
 * Names by place: which declaration of a block, a function's head or a structure a word means where the tree has no
 * node for it (types, `case` labels, sizes of arrays, arguments of SAL words, and statements that are half typed).
 *
 * In: scopes in any order, of which none is added later. Out: the innermost declaration of a name that stands before
 * the word.
 */
import { memo } from '../../../base/memo.ts';
import type { SourceFile } from '../../../base/source.ts';
import type { CompoundStatement, CSymbol, ForStatement, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../cfront/parse/walk.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { Entity } from './entity.ts';

export interface ScopedName {
  readonly entity: Entity;
  /** Offset from which it is known. */
  readonly from: number;
}

export interface Scope {
  readonly start: number;
  readonly end: number;
  readonly names: ReadonlyMap<string, readonly ScopedName[]>;
  /** Tags have a name space of their own. */
  readonly tags: ReadonlyMap<string, readonly ScopedName[]>;
}

/** Undefined where a block declares nothing, or stands in a macro of another file. */
export function blockScope(block: CompoundStatement | ForStatement, file: SourceFile): Scope | undefined {
  const names = new Map<string, ScopedName[]>();
  const tags = new Map<string, ScopedName[]>();
  const items = block.kind === 'compound' ? block.items : block.initial === undefined ? [] : [block.initial];
  for (const item of items) {
    if (item.kind !== 'declaration') continue;
    for (const node of item.declarations) {
      const from = place(node.first).start;
      if (node.kind === 'tag-declaration') {
        const { definition } = node;
        const name = definition.kind === 'record' ? definition.record.tag : definition.enumeration.tag;
        const entity: Entity =
          definition.kind === 'record'
            ? { kind: 'record', record: definition.record }
            : { kind: 'enum', enumeration: definition.enumeration };
        if (name !== undefined) add(tags, name, { entity, from });
      } else if ('symbol' in node) {
        const { symbol }: { readonly symbol: CSymbol } = node;
        add(names, symbol.name, { entity: { kind: 'symbol', symbol }, from });
      }
    }
  }
  if (names.size === 0 && tags.size === 0) return undefined;
  const span = nodePlace(block);
  return span.file === file ? { start: span.start, end: span.end, names, tags } : undefined;
}

/** A definition's parameters: behind its name to its end, and in the SAL words before its name (`_At_(Context, …)`). */
export function functionScopes(definition: FunctionDefinition, file: SourceFile): readonly Scope[] {
  const name = place(definition.nameToken);
  const span = nodePlace(definition);
  if (name.file !== file || span.file !== file) return [];
  const names = new Map<string, ScopedName[]>();
  for (const symbol of definition.parameters) {
    if (symbol.name !== '') add(names, symbol.name, { entity: { kind: 'symbol', symbol }, from: span.start });
  }
  const own: Scope = { start: name.end, end: span.end, names, tags: new Map() };
  const annotations = definition.annotations.flatMap((annotation): Scope[] => {
    const at = nodePlace(annotation);
    return at.file === file && at.end <= name.start ? [{ start: at.start, end: at.end, names, tags: new Map() }] : [];
  });
  return [own, ...annotations];
}

export function lookUp(
  scopes: readonly Scope[],
  space: 'names' | 'tags',
  name: string,
  offset: number,
): Entity | undefined {
  let best: Scope | undefined;
  let found: Entity | undefined;
  for (const scope of declaring(scopes)[space].get(name) ?? []) {
    if (offset < scope.start || offset > scope.end || (best !== undefined && scope.start < best.start)) continue;
    const known = scope[space].get(name)?.findLast(({ from }) => from <= offset);
    if (known === undefined) continue;
    best = scope;
    found = known.entity;
  }
  return found;
}

/** Scopes by the names that they declare: most words of a long file (types, functions) are declared in none. */
const declaring = memo((scopes: readonly Scope[]) => {
  const found = { names: new Map<string, Scope[]>(), tags: new Map<string, Scope[]>() };
  for (const scope of scopes)
    for (const space of ['names', 'tags'] as const)
      for (const name of scope[space].keys()) {
        const known = found[space].get(name);
        if (known === undefined) found[space].set(name, [scope]);
        else known.push(scope);
      }
  return found;
});

function add(names: Map<string, ScopedName[]>, name: string, scoped: ScopedName): void {
  const known = names.get(name);
  if (known === undefined) names.set(name, [scoped]);
  else known.push(scoped);
}
