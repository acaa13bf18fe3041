/** Visits every statement of a function, those inside statement expressions too. */
import type { Statement } from '../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../cfront/parse/walk.ts';

type Visit = (s: Statement, tries: readonly Statement[]) => void;

/** `tries` are the `__try` statements around a statement, outermost first. */
export function forEachStatement(s: Statement, tries: readonly Statement[], visit: Visit): void {
  visit(s, tries);
  const isTry = s.kind === 'try-except' || s.kind === 'try-finally';
  for (const child of children(s)) forEachBelow(child, isTry && child === s.body ? [...tries, s] : tries, visit);
}

function forEachBelow(node: TreeNode, tries: readonly Statement[], visit: Visit): void {
  if (isStatement(node)) forEachStatement(node, tries, visit);
  else for (const child of children(node)) forEachBelow(child, tries, visit);
}

function isStatement(node: TreeNode): node is Statement {
  switch (node.kind) {
    case 'compound':
    case 'expression':
    case 'declaration':
    case 'if':
    case 'while':
    case 'do':
    case 'for':
    case 'switch':
    case 'case':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    case 'leave':
    case 'return':
    case 'try-except':
    case 'try-finally':
    case 'empty':
      return true;
    // An expression that could not be read keeps its parts; a statement has none.
    case 'error':
      return !('parts' in node);
    default:
      return false;
  }
}
