/**
 * Whether what a local variable holds gets no further than the function. In: the variable, and what a node does with the
 * expressions directly in it. Out: all variables that come to hold it, or nothing where one mention of them may give it
 * away. It ends because a round that finds no new holder is the last.
 */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode, walk } from '../../cfront/parse/walk.ts';
import { nodesIn } from './nodes.ts';

/** Expressions directly in a node that it does not give away. A variable that takes a holder over is added to them. */
export type KeepsHere = (node: TreeNode, holders: Set<VariableSymbol>) => readonly Expression[];

export function holdersOf(
  definition: FunctionDefinition,
  first: VariableSymbol,
  keepsHere: KeepsHere,
): ReadonlySet<VariableSymbol> | undefined {
  const holders = new Set([first]);
  for (let before = 0; before !== holders.size; ) {
    before = holders.size;
    const kept = new Set<TreeNode>();
    walk(definition.body, (node) => {
      for (const e of keepsHere(node, holders)) kept.add(stripConversions(e, { casts: true }));
    });
    if (nodesIn(definition, 'name').some((node) => isHolder(node, holders) && !kept.has(node))) return undefined;
  }
  return holders;
}

export function isHolder(node: TreeNode, holders: ReadonlySet<VariableSymbol>): boolean {
  return node.kind === 'name' && node.symbol.kind === 'variable' && holders.has(node.symbol);
}
