/**
 * if, while, do, for and the __try statements. A broken head is left at its `)` or before the statement below it, so
 * that the statement it governs is read in any case. Chains of `else if` are read in a loop.
 */

import { place, type Token } from '../../tokenize/token.ts';
import type { Expression, IfStatement, Statement } from '../ast.ts';
import { expression } from '../expressions/expressions.ts';
import { condition } from '../expressions/operators.ts';
import { errorExpression, errorStatement } from '../mistakes/error-nodes.ts';
import { replaceToken, withFix } from '../mistakes/fixes.ts';
import { startsLine } from '../mistakes/layout.ts';
import { expect, report, syntaxError } from '../mistakes/problems.ts';
import { atLimit, skipBalanced, skipToCloseParen } from '../mistakes/recovery.ts';
import { innerScope } from '../scopes.ts';
import { accept, advance, at, currentFunction, type Parser, peek } from '../state.ts';
import { stripConversions } from '../walk.ts';
import { declarationStatement, endStatement, isDeclaration } from './block-declarations.ts';

/** Links of one `else if` chain that are kept; readers of the tree recurse along it. */
const elseIfMax = 1000;

/** "if" "(" expression ")" statement { "else" "if" … } [ "else" statement ] */
export function ifStatement(p: Parser): Statement {
  const links: { first: Token; condition: Expression; body: Statement }[] = [];
  let otherwise: Statement | undefined;
  for (;;) {
    const first = advance(p);
    const test = condition(p, controlExpression(p, first));
    const body = substatement(p);
    if (links.length < elseIfMax) links.push({ first, condition: test, body });
    else if (links.length === elseIfMax && otherwise === undefined) tooLong(p, first);
    if (!accept(p, 'else')) break;
    if (at(p, 'if')) continue;
    otherwise = substatement(p);
    break;
  }
  let node: Statement | undefined = otherwise;
  for (let i = links.length - 1; i >= 0; i--) {
    const link = links[i] as (typeof links)[number];
    const last: Token = node === undefined ? link.body.last : node.last;
    const made: IfStatement = {
      kind: 'if',
      first: link.first,
      last,
      condition: link.condition,
      then: link.body,
      otherwise: node,
    };
    node = made;
  }
  return node as IfStatement;
}

/** Said once in a chain. */
function tooLong(p: Parser, first: Token): void {
  if (p.isDepthReported) return;
  p.isDepthReported = true;
  const text = `This chain has more than ${elseIfMax} 'else if'; the rest is left out. Use a switch or a table.`;
  report(p, 'error', 'too-deep', text, place(first));
}

/** "while" "(" expression ")" statement */
export function whileStatement(p: Parser): Statement {
  const first = advance(p);
  const test = condition(p, controlExpression(p, first));
  const body = loopBody(p);
  return { kind: 'while', first, last: body.last, condition: test, body };
}

/** "do" statement "while" "(" expression ")" ";" */
export function doStatement(p: Parser): Statement {
  const first = advance(p);
  const body = loopBody(p);
  const keyword = p.token;
  if (!expect(p, 'while', "after the body of 'do'")) {
    return { kind: 'do', first, last: p.previous, body, condition: errorExpression(p.token, p.token) };
  }
  const test = condition(p, controlExpression(p, keyword));
  endStatement(p, "after 'do … while (…)'");
  return { kind: 'do', first, last: p.previous, body, condition: test };
}

/** "for" "(" ( declaration | [ expression ] ";" ) [ expression ] ";" [ expression ] ")" statement */
export function forStatement(p: Parser): Statement {
  const first = advance(p);
  const outer = p.scope;
  p.scope = innerScope(outer, { isPrototype: false });
  const open = p.token;
  let initial: Statement | undefined;
  let test: Expression | undefined;
  let step: Expression | undefined;
  if (expect(p, '(', "after 'for'")) {
    if (!accept(p, ';')) initial = forInitial(p);
    if (!at(p, ';') && !at(p, ')')) test = condition(p, expression(p));
    if (!accept(p, ';') && p.errorIndex !== p.index) expect(p, ';', "after the condition of 'for'");
    if (!at(p, ')')) step = expression(p);
    closeFor(p, open);
  }
  const body = loopBody(p);
  p.scope = outer;
  return { kind: 'for', first, last: body.last, initial, condition: test, step, body };
}

/** "__try" block ( "__except" "(" expression ")" block | "__finally" block ) */
export function tryStatement(p: Parser): Statement {
  const first = advance(p);
  const f = currentFunction(p);
  f.tries++;
  const body = p.rules.compoundStatement(p);
  f.tries--;
  const word = p.token.text;
  if (word === '__finally' || word === '_finally') {
    advance(p);
    f.handlers.push('finally');
    const handler = p.rules.compoundStatement(p);
    f.handlers.pop();
    return { kind: 'try-finally', first, last: p.previous, body, handler };
  }
  if (word === '__except' || word === '_except') {
    const keyword = advance(p);
    f.handlers.push('filter');
    const filter = controlExpression(p, keyword);
    f.handlers.pop();
    f.handlers.push('except');
    const handler = p.rules.compoundStatement(p);
    f.handlers.pop();
    return { kind: 'try-except', first, last: p.previous, body, filter, handler };
  }
  syntaxError(p, 'expected-token', "Expected '__except' or '__finally' after the block of '__try'.");
  return body;
}

export function strayHandler(p: Parser): Statement {
  const first = p.token;
  syntaxError(p, 'unexpected-token', `There is no '__try' for this '${first.text}'.`);
  advance(p);
  if (at(p, '(')) skipBalanced(p);
  if (at(p, '{')) return p.rules.compoundStatement(p);
  return errorStatement(first, p.previous);
}

/** "(" expression ")" of if, while, switch */
export function controlExpression(p: Parser, keyword: Token): Expression {
  const open = p.token;
  if (!expect(p, '(', `after '${keyword.text}'`)) {
    const bare = expression(p);
    accept(p, ')');
    return bare;
  }
  const inner = p.token;
  const e = expression(p);
  warnOfAssignment(p, e, inner);
  closeControl(p, open);
  return e;
}

/** `if (a = b)`; parentheses of their own say that it is meant, and so does a value that is worked out for it. */
function warnOfAssignment(p: Parser, e: Expression, inner: Token): void {
  if (e.kind !== 'assign' || e.operator !== undefined || inner.text === '(' || isWorkedOut(e.value)) return;
  let i = p.index - 1;
  while (i > 0 && p.tokens[i]?.text !== '=') i--;
  const operator = p.tokens[i] as Token;
  const text =
    "'=' assigns here, and the result is the condition. Write '==' to compare, or put the assignment in parentheses.";
  report(p, 'warning', 'assignment-in-condition', text, place(operator), withFix(replaceToken(operator, '==')));
}

/** `entry = Next(entry)`, `isLast = (a == b)`: who compares seldom writes that on the right. */
function isWorkedOut(value: Expression): boolean {
  const e = stripConversions(value, { casts: true });
  if (e.kind === 'binary') return truthOperators.has(e.operator);
  return e.kind === 'call' || e.kind === 'logical' || e.kind === 'conditional';
}

const truthOperators: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** The `)` of a control expression; a broken one is left at its `)` or before the statement that follows. */
function closeControl(p: Parser, open: Token): void {
  if (accept(p, ')')) return;
  expect(p, ')', 'to close the parenthesis', open);
  if (!startsLine(p, p.token)) skipToCloseParen(p);
}

/** The statement that a control expression governs. */
export function substatement(p: Parser): Statement {
  const outer = p.statementFirst;
  const node = p.rules.statement(p);
  p.statementFirst = outer;
  return node;
}

function loopBody(p: Parser): Statement {
  const f = currentFunction(p);
  f.loops++;
  f.breakables++;
  const body = substatement(p);
  f.loops--;
  f.breakables--;
  return body;
}

function forInitial(p: Parser): Statement {
  const { token } = p;
  if (token.kind === 'identifier' && isDeclaration(p, token, peek(p, 1))) return declarationStatement(p);
  const e = expression(p);
  if (!accept(p, ';')) expect(p, ';', "after the first part of 'for'");
  return { kind: 'expression', first: token, last: p.previous, expression: e };
}

/** As closeControl, but the `;`s of a broken head are passed over. */
function closeFor(p: Parser, open: Token): void {
  if (accept(p, ')')) return;
  expect(p, ')', "to close the parenthesis of 'for'", open);
  if (startsLine(p, p.token)) return;
  let depth = 0;
  while (!atLimit(p) && !startsLine(p, p.token) && !at(p, '{') && !at(p, '}')) {
    const { text } = advance(p);
    if (text === '(') depth++;
    else if (text === ')' && depth-- === 0) return;
  }
}
