/** Visits every statement of a function, those inside statement expressions too. */
import type { Expression, Statement } from '../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../cfront/parse/walk.ts';

/** The statements around one that matter to jumps, outermost first. */
export interface Surroundings {
  /** `__try` statements in whose body it stands. */
  readonly tries: readonly Statement[];
  /** Blocks, and the switch statements that their cases belong to. */
  readonly blocks: readonly Statement[];
}

type Visit = (s: Statement, around: Surroundings) => void;

const NOTHING_AROUND: Surroundings = { tries: [], blocks: [] };

export function forEachStatement(s: Statement, visit: Visit, around: Surroundings = NOTHING_AROUND): void {
  visit(s, around);
  const isTry = s.kind === 'try-except' || s.kind === 'try-finally';
  const isBlock = s.kind === 'compound' || s.kind === 'switch';
  const inside = isBlock ? { ...around, blocks: [...around.blocks, s] } : around;
  for (const child of children(s)) {
    forEachBelow(child, isTry && child === s.body ? { ...inside, tries: [...inside.tries, s] } : inside, visit);
  }
}

function forEachBelow(node: TreeNode, around: Surroundings, visit: Visit): void {
  if (isStatement(node)) forEachStatement(node, visit, around);
  else for (const child of children(node)) forEachBelow(child, around, visit);
}

/** True when an expression, or one inside it, is such a one. */
export function someBelow(e: Expression, isWanted: (part: Expression) => boolean): boolean {
  return isWanted(e) || children(e).some((child) => isExpression(child) && someBelow(child, isWanted));
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

function isExpression(node: TreeNode): node is Expression {
  return 'type' in node;
}
