/**
 * What a unit that has been read says of parts of headers that it did not ask for: which ones it leads to, and its own
 * copies in those that are asked for later.
 *
 * A function or variable of such a part is copied where reading everything would have copied it: where its tree, or one
 * that this mentions, mentions a symbol that the unit has copied.
 */
import type { CSymbol, DeclarationNode, FunctionDefinition } from '../ast.ts';
import type { Parser } from '../state.ts';
import { type DeclarationItem, DeferredPart, partOf } from './deferred-part.ts';
import { copyTrees, type Items, inPlace, ownSymbol } from './own-copies.ts';

/** Notes the parts that declare symbols which the text mentions, and those that trees in these parts mention. */
export function addReachedParts({ reached }: Parser, symbols: Iterable<CSymbol>): void {
  const found = new Set<DeferredPart>();
  const add = (symbol: CSymbol): void => {
    const part = partOf(symbol);
    if (part !== undefined && !reached.has(part)) found.add(part);
  };
  for (const symbol of symbols) add(symbol);
  /* The parts become more while they are gone through. */
  for (const part of found) {
    reached.add(part);
    for (const symbol of part.contents()?.mentioned ?? []) add(symbol);
  }
}

/** Declarations and functions of the unit's own and of the parts that it leads to. */
export interface Reached {
  readonly declarations: readonly DeclarationNode[];
  readonly functions: readonly FunctionDefinition[];
}

export function reachedIn(p: Parser, { declarations, functions }: Items): Reached {
  return { declarations: reachedNodes(p, declarations), functions: reachedNodes(p, functions).filter(isFunction) };
}

/** The same for what is shared: from keystroke to keystroke it leads to the same parts, for the most part. */
export function reachedShared(p: Parser, items: Items): Reached {
  const known = reachedOf.get(items);
  if (known?.parts === p.reached.size) return known.reached;
  const reached = reachedIn(p, items);
  reachedOf.set(items, { parts: p.reached.size, reached });
  return reached;
}

const reachedOf = new WeakMap<Items, { readonly parts: number; readonly reached: Reached }>();

function reachedNodes(p: Parser, items: readonly DeclarationItem[]): readonly DeclarationNode[] {
  return items.flatMap((item) =>
    item instanceof DeferredPart ? (p.reached.has(item) ? nodesOf(p, item) : []) : [item],
  );
}

/** Every declaration: reads what has not been read. */
export function allDeclarations(
  p: Parser,
  items: readonly DeclarationItem[],
  reached: ReadonlySet<DeferredPart>,
): readonly DeclarationNode[] {
  const parts = items.filter((item) => item instanceof DeferredPart);
  const symbols = parts.flatMap((part) => [...(part.read()?.names.values() ?? [])]);
  copyLate(p, symbols, reached);
  return items.flatMap((item) => (item instanceof DeferredPart ? nodesOf(p, item) : [item]));
}

/** The unit's symbol in the place of a shared one that is looked up when the unit has been read. */
export function lateSymbol(p: Parser, symbol: CSymbol, reached: ReadonlySet<DeferredPart>): CSymbol {
  if (mentionsCopied(p, symbol, reached, new Set())) copyLate(p, [symbol], reached);
  return p.copies.get(symbol) ?? symbol;
}

function copyLate(p: Parser, symbols: readonly CSymbol[], reached: ReadonlySet<DeferredPart>): void {
  const before = new Set(p.nodes.values());
  const copy = (symbol: CSymbol): void => {
    if (p.copies.has(symbol) || !mentionsCopied(p, symbol, reached, new Set())) return;
    ownSymbol(p, symbol);
    p.lateCopies.add(symbol);
    for (const mentioned of partOf(symbol)?.contents()?.mentioned ?? []) copy(mentioned);
  };
  for (const symbol of symbols) copy(symbol);
  if (p.nodes.size > before.size)
    copyTrees(
      p,
      [...p.nodes.values()].filter((node) => !before.has(node)),
    );
}

/** Of parts that the unit led to, it is known already what is copied. */
function mentionsCopied(p: Parser, symbol: CSymbol, reached: ReadonlySet<DeferredPart>, seen: Set<CSymbol>): boolean {
  const part = partOf(symbol);
  if (part === undefined || reached.has(part) || seen.has(symbol)) return false;
  seen.add(symbol);
  if (symbol.kind !== 'function' && symbol.kind !== 'variable') return false;
  const mentioned = part.contents()?.mentioned ?? [];
  return mentioned.some((other) => p.copies.has(other) || mentionsCopied(p, other, reached, seen));
}

function nodesOf(p: Parser, part: DeferredPart): readonly DeclarationNode[] {
  return (part.contents()?.declarations ?? []).map((node) => inPlace(p, node));
}

function isFunction(node: DeclarationNode): node is FunctionDefinition {
  return node.kind === 'function-definition';
}
