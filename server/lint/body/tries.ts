/**
 * Whether a node of a function stands inside `__try`, so that somebody handles the exceptions that come up there. A
 * `__finally` handles none: it cleans up, for a handler of some caller's.
 */
import type { FunctionDefinition, NodeBase } from '../../../cfront/parse/ast.ts';
import { children, nodePlace, someNode, type TreeNode } from '../../../cfront/parse/walk.ts';

export function isInsideTry(definition: FunctionDefinition, node: NodeBase): boolean {
  return isInside(definition, node, 'try-except');
}

/** Whoever writes `__finally` knows of the exception. */
export function isInsideFinally(definition: FunctionDefinition, node: NodeBase): boolean {
  return isInside(definition, node, 'try-finally');
}

/** It has `__except` or `__finally`, which may begin after any instruction before them. */
export function hasHandlers({ body }: FunctionDefinition): boolean {
  return someNode(body, ({ kind }) => kind === 'try-except' || kind === 'try-finally');
}

function isInside(definition: FunctionDefinition, node: NodeBase, kind: 'try-except' | 'try-finally'): boolean {
  const at = nodePlace(node);
  const pending: TreeNode[] = [definition.body];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === kind) {
      const body = nodePlace(next.body);
      if (body.file === at.file && body.start <= at.start && at.end <= body.end) return true;
    }
    for (const child of children(next)) pending.push(child);
  }
  return false;
}
