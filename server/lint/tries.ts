/** Whether a node of a function stands inside `__try`, so that somebody handles the exceptions that come up there. */
import type { NodeBase } from '../../cfront/parse/ast.ts';
import { children, nodePlace, type TreeNode } from '../../cfront/parse/walk.ts';
import type { FunctionInfo } from './flow/run/session.ts';

export function isInsideTry({ definition }: FunctionInfo, node: NodeBase): boolean {
  const at = nodePlace(node);
  const pending: TreeNode[] = [definition.body];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    // A __finally cleans up for a handler of some caller's: who writes one knows of the exception.
    if (next.kind === 'try-except' || next.kind === 'try-finally') {
      const body = nodePlace(next.body);
      if (body.file === at.file && body.start <= at.start && at.end <= body.end) return true;
    }
    for (const child of children(next)) pending.push(child);
  }
  return false;
}
