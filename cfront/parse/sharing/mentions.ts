/** Which trees mention which symbols: what has to be copied along with a symbol (own-copies.ts). */
import { append } from '../../../base/append.ts';
import type { CSymbol, DeclarationNode, FunctionDefinition, VariableDeclaration } from '../ast.ts';
import { children, type TreeNode } from '../walk.ts';

/** A function with a body, or a variable. */
export type Definition = FunctionDefinition | VariableDeclaration;

/** Which trees of shared headers mention a symbol; of the latest headers first. Parts that are read later add to it. */
export interface Mentions {
  readonly nodes: Map<CSymbol, Definition[]>;
  /** What has linkage and is declared inside a function, by the function. */
  readonly inner: Map<CSymbol, CSymbol[]>;
  readonly below: Mentions | undefined;
}

export function isDefinition(node: DeclarationNode): node is Definition {
  return node.kind === 'function-definition' || node.kind === 'variable-declaration';
}

/** Adds what the trees of these declarations mention. */
export function addMentions({ nodes, inner }: Mentions, declarations: readonly DeclarationNode[]): void {
  for (const definition of declarations) {
    if (!isDefinition(definition)) continue;
    const pending: TreeNode[] = [...children(definition)];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      append(pending, children(next));
      if (!('symbol' in next)) continue;
      const list = nodes.get(next.symbol) ?? [];
      if (list[list.length - 1] !== definition) list.push(definition);
      nodes.set(next.symbol, list);
      if ('nameToken' in next && 'linkage' in next.symbol && next.symbol.linkage !== 'none') {
        inner.set(definition.symbol, [...(inner.get(definition.symbol) ?? []), next.symbol]);
      }
    }
  }
}
