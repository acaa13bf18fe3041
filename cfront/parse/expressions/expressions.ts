/**
 * expression, assignment-expression, conditional-expression and the binary operators by precedence.
 *
 * Left-associative chains are loops, so their length costs no stack here; a chain beyond `operatorsMax` is refused
 * because those who walk the tree recurse along it.
 */

import { precedences } from '../../precedences.ts';
import type { AssignExpression, BinaryOperator, Expression } from '../ast.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { startsLine } from '../mistakes/layout.ts';
import { expect, syntaxError } from '../mistakes/problems.ts';
import { advance, at, DEPTH_MAX, type Parser, peek } from '../state.ts';
import { decayed } from './conversions.ts';
import { assign, binary, conditional, logical } from './operators.ts';
import { castExpression, tooDeep } from './unary.ts';

const operatorsMax = 2000;

const assignments: ReadonlyMap<string, AssignExpression['operator']> = new Map([
  ['=', undefined],
  ['+=', '+'],
  ['-=', '-'],
  ['*=', '*'],
  ['/=', '/'],
  ['%=', '%'],
  ['<<=', '<<'],
  ['>>=', '>>'],
  ['&=', '&'],
  ['|=', '|'],
  ['^=', '^'],
]);

/** assignment-expression { "," assignment-expression } */
export function expression(p: Parser): Expression {
  let left = assignmentExpression(p);
  for (let count = 0; at(p, ',') && count < operatorsMax; count++) {
    advance(p);
    const right = decayed(assignmentExpression(p));
    left = { kind: 'comma', first: left.first, last: right.last, type: right.type, left, right };
  }
  return left;
}

/** conditional-expression [ assignment-operator assignment-expression ] */
export function assignmentExpression(p: Parser): Expression {
  const target = conditionalExpression(p);
  if (p.token.kind !== 'punctuator' || !assignments.has(p.token.text)) return target;
  const operator = assignments.get(p.token.text);
  advance(p);
  if (p.depth >= DEPTH_MAX) return tooDeep(p);
  p.depth++;
  const value = assignmentExpression(p);
  p.depth--;
  return assign(p, operator, target, value);
}

/** binary [ "?" [ expression ] ":" conditional-expression ] */
export function conditionalExpression(p: Parser): Expression {
  const test = binaryExpression(p, 1);
  if (!at(p, '?')) return test;
  const question = advance(p);
  if (p.depth >= DEPTH_MAX) return tooDeep(p);
  p.depth++;
  const then = at(p, ':') ? undefined : expression(p);
  let node: Expression;
  if (expect(p, ':', "for the other side of '?'", question))
    node = conditional(p, test, then, conditionalExpression(p));
  else node = errorExpression(test.first, p.previous, then === undefined ? [test] : [test, then]);
  p.depth--;
  return node;
}

/** constant-expression: the grammar's name for a conditional expression that must be constant. */
export function constantExpression(p: Parser): Expression {
  return conditionalExpression(p);
}

/** cast-expression { operator cast-expression } with operators that bind at least as tight as `least` */
function binaryExpression(p: Parser, least: number): Expression {
  let left = castExpression(p);
  for (let count = 0; ; count++) {
    const precedence = p.token.kind === 'punctuator' ? precedences.get(p.token.text) : undefined;
    if (precedence === undefined || precedence < least) return left;
    if (count > operatorsMax) {
      syntaxError(p, 'too-deep', `This expression has more than ${operatorsMax} operators in a row.`);
      return left;
    }
    const operator = advance(p).text;
    if (isOperandMissing(p)) {
      syntaxError(p, 'expected-expression', `Expected an expression after '${operator}'.`);
      return errorExpression(left.first, p.previous, [left]);
    }
    const right = binaryExpression(p, precedence + 1);
    left =
      operator === '&&' || operator === '||'
        ? logical(p, operator, left, right)
        : // Every other operator of the table is a BinaryOperator.
          binary(p, operator as BinaryOperator, left, right);
  }
}

/** `a +` at a line's end and `b->c = d;` below: the assignment is a statement of its own, for `a + b` has no place. */
function isOperandMissing(p: Parser): boolean {
  if (!startsLine(p, p.token) || p.token.kind !== 'identifier') return false;
  let i = 1;
  while ((peek(p, i).text === '->' || peek(p, i).text === '.') && peek(p, i + 1).kind === 'identifier') i += 2;
  const next = peek(p, i);
  return next.kind === 'punctuator' && assignments.has(next.text);
}
