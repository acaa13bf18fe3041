/**
 * What stands in the tree where the text has no meaning: an expression or a statement that costs only itself. What could
 * be read of it stays below it, for the editor. Why there is none is reported by who makes the node.
 */
import type { Token } from '../../tokenize/token.ts';
import { ERROR } from '../../types/make.ts';
import type { CType } from '../../types/types.ts';
import type { ErrorExpression, ErrorStatement, Expression } from '../ast.ts';

/** `type`: what the expression should have become, where that is known all the same. */
export function errorExpression(
  first: Token,
  last: Token,
  parts: readonly Expression[] = [],
  type: CType = ERROR,
): ErrorExpression {
  return { kind: 'error', first, last, type, parts };
}

export function errorStatement(first: Token, last: Token): ErrorStatement {
  return { kind: 'error', first, last };
}
