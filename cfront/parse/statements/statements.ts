/**
 * statement and compound-statement.
 *
 * A statement that cannot be read becomes an error statement and costs itself. Each statement consumes a token or the
 * block's loop does, so reading ends; nesting is limited by DEPTH_MAX, and chains of `else if` are read in a loop.
 */

import { lineBreakOf, lineText, positionAt } from '../../../base/source.ts';
import { place, type Token } from '../../tokenize/token.ts';
import type { CompoundStatement, Statement } from '../ast.ts';
import { isAssumption } from '../declarations/annotations.ts';
import { atBracketAttribute, bracketAttribute, noAttributes, skipAnnotations } from '../declarations/attributes.ts';
import { isAnnotationToken } from '../declarations/type-start.ts';
import { expression } from '../expressions/expressions.ts';
import { ASM_MESSAGE, ASM_WORDS, RESERVED, STATIC_ASSERT_WORDS } from '../keywords.ts';
import { isInserted } from '../mistakes/body-end.ts';
import { errorStatement } from '../mistakes/error-nodes.ts';
import { startsLine } from '../mistakes/layout.ts';
import { expect, report, reportDepth, syntaxError, tokenText } from '../mistakes/problems.ts';
import { atElision, atLimit, elision, skipBalanced, skipBraces, skipStatement } from '../mistakes/recovery.ts';
import { innerScope } from '../scopes.ts';
import {
  accept,
  advance,
  at,
  atEnd,
  currentFunction,
  DEPTH_MAX,
  type FunctionContext,
  type Parser,
  peek,
} from '../state.ts';
import { afterAnnotation, declarationStatement, endStatement, isDeclaration } from './block-declarations.ts';
import { doStatement, forStatement, ifStatement, strayHandler, tryStatement, whileStatement } from './control.ts';
import { gotoStatement, jumpStatement, labelStatement, returnStatement } from './jumps.ts';
import { caseStatement, switchStatement } from './switches.ts';

/** "{" { statement | declaration } "}" */
export function compoundStatement(p: Parser): CompoundStatement {
  const open = p.token;
  const f = currentFunction(p);
  if (!openBlock(p, f)) return { kind: 'compound', first: open, last: p.previous, items: [] };
  // A function's own block shares the scope of its parameters.
  const isBody = p.scope.parent === p.file && p.depth === 0;
  const outer = p.scope;
  const outerFirst = p.statementFirst;
  if (!isBody) p.scope = innerScope(outer, { isPrototype: false });
  p.depth++;
  const items: Statement[] = [];
  while (!atEnd(p)) {
    if (at(p, '}')) {
      if (!isBody || p.index >= f.bodyEnd) break;
      report(p, 'error', 'unexpected-token', "There is no '{' for this '}'.", place(p.token));
      advance(p);
      continue;
    }
    if (p.index >= f.bodyEnd) break;
    const start = p.index;
    items.push(statement(p));
    if (p.index === start && !at(p, '}')) {
      syntaxError(p, 'unexpected-token', `${capital(tokenText(p.token))} cannot stand here.`);
      advance(p);
    }
  }
  p.depth--;
  p.scope = outer;
  p.statementFirst = outerFirst;
  closeBlock(p, open, isBody, f);
  const isUnclosed = isBody && f.isUnclosed;
  return { kind: 'compound', first: open, last: p.previous, items, ...(isUnclosed ? { isUnclosed } : {}) };
}

/** The `{`. A function's body whose `{` is missing is read all the same, up to its `}` in column 0. */
function openBlock(p: Parser, f: FunctionContext): boolean {
  if (accept(p, '{')) return true;
  const isBody = p.scope.parent === p.file && p.depth === 0 && p.index < f.bodyEnd;
  if (!isBody) return expect(p, '{', 'to begin a block');
  return true; // and has been reported
}

/** The `}` of an inner block is its own only if it is not the one that ends the function. */
function closeBlock(p: Parser, open: Token, isBody: boolean, f: FunctionContext): void {
  if (at(p, '}') && (isBody || p.index < f.bodyEnd)) {
    if (isInserted(p.token)) missingClose(p, open, isBody, f);
    advance(p);
    return;
  }
  missingClose(p, open, isBody, f);
}

function missingClose(p: Parser, open: Token, isBody: boolean, f: FunctionContext): void {
  f.isUnclosed = true;
  const related = open.text === '{' ? [{ span: place(open), message: "The '{' stands here." }] : [];
  const message = isBody
    ? `Expected '}' to end the body of '${f.symbol.name}', found ${tokenText(isInserted(p.token) ? peek(p, 1) : p.token)}.`
    : `Expected '}' to end the block, found ${at(p, '}') ? 'the end of the function' : tokenText(p.token)}.`;
  const end = place(p.previous);
  const edits = [{ span: { ...end, start: end.end }, newText: `${lineBreakOf(end.file)}${indentOf(open)}}` }];
  syntaxError(p, 'expected-token', message, { related, fix: { title: "Insert '}'", edits } });
}

/** The white space that the line of a token begins with. */
function indentOf(token: Token): string {
  const { file, start } = place(token);
  const { line } = positionAt(file, start);
  return /^[ \t]*/.exec(lineText(file, line))?.[0] ?? '';
}

/** Any statement; declarations too, as C23 and Microsoft allow them wherever a statement may stand. */
export function statement(p: Parser): Statement {
  const { token } = p;
  p.statementFirst = token;
  if (p.depth >= DEPTH_MAX) return tooDeep(p);
  if (atBracketAttribute(p)) return attributedStatement(p);
  if (token.kind === 'punctuator') {
    if (token.text === '{') return compoundStatement(p);
    if (token.text === ';') {
      advance(p);
      return { kind: 'empty', first: token, last: token };
    }
    if (token.text === '}') return missingStatement(p);
    if (atElision(p)) return elidedStatement(p);
    return expressionStatement(p);
  }
  if (token.kind !== 'identifier') return expressionStatement(p);
  p.depth++;
  const node = keywordStatement(p, token) ?? wordStatement(p, token);
  p.depth--;
  return node;
}

function keywordStatement(p: Parser, token: Token): Statement | undefined {
  switch (token.text) {
    case 'if':
      return ifStatement(p);
    case 'while':
      return whileStatement(p);
    case 'do':
      return doStatement(p);
    case 'for':
      return forStatement(p);
    case 'switch':
      return switchStatement(p);
    case 'case':
    case 'default':
      return caseStatement(p);
    case 'break':
    case 'continue':
    case '__leave':
    case '_leave':
      return jumpStatement(p);
    case 'goto':
      return gotoStatement(p);
    case 'return':
      return returnStatement(p);
    case '__try':
    case '_try':
      return tryStatement(p);
    case 'else':
      syntaxError(p, 'unexpected-token', "There is no 'if' for this 'else'.");
      advance(p);
      return statement(p);
    case '__except':
    case '_except':
    case '__finally':
    case '_finally':
      return strayHandler(p);
    default:
      return undefined;
  }
}

/** A statement that begins with a name or a specifier: label, declaration, or expression. */
function wordStatement(p: Parser, token: Token): Statement {
  const next = peek(p, 1);
  if (next.text === ':' && !RESERVED.has(token.text)) return labelStatement(p);
  if (ASM_WORDS.has(token.text) && (token.text !== 'asm' || /^(?:\(|volatile|inline|goto)$/.test(next.text)))
    return asmStatement(p);
  if (STATIC_ASSERT_WORDS.has(token.text) && next.text === '(') return declarationStatement(p);
  if (token.text === '__label__' && next.kind === 'identifier') return labelDeclaration(p);
  if (isDeclaration(p, token, next)) return declarationStatement(p);
  if (isAnnotationToken(p, token) && !isAssumption(token.text) && afterAnnotation(p).text !== ';') {
    return annotatedStatement(p);
  }
  return expressionStatement(p);
}

/** Annotations before a statement, as `_Benign_race_begin_`; they say nothing about it that the tree keeps. */
function annotatedStatement(p: Parser): Statement {
  const first = p.token;
  skipAnnotations(p);
  return at(p, '}') || atLimit(p) ? { kind: 'empty', first, last: p.previous } : statement(p);
}

/** `[[fallthrough]];` and other C23 attributes; they say nothing about a statement that the tree keeps. */
function attributedStatement(p: Parser): Statement {
  const first = p.token;
  while (atBracketAttribute(p)) bracketAttribute(p, noAttributes());
  if (accept(p, ';') || at(p, '}') || atLimit(p)) return { kind: 'empty', first, last: p.previous };
  p.depth++;
  const node = statement(p);
  p.depth--;
  return node;
}

/** "__label__" name { "," name } ";": labels are known in the whole function anyway. */
function labelDeclaration(p: Parser): Statement {
  const first = advance(p);
  while (p.token.kind === 'identifier' || at(p, ',')) advance(p);
  endStatement(p, 'after the names of the labels');
  return { kind: 'empty', first, last: p.previous };
}

/** expression ";" */
function expressionStatement(p: Parser): Statement {
  const first = p.token;
  const start = p.index;
  const e = expression(p);
  if (p.index === start) {
    skipStatement(p);
    return errorStatement(first, p.index === start ? first : p.previous);
  }
  endStatement(p, 'after the statement');
  return { kind: 'expression', first, last: p.previous, expression: e };
}

/** A `}` where a statement must stand: `if (x) }`. */
function missingStatement(p: Parser): Statement {
  const { token } = p;
  syntaxError(p, 'expected-statement', `Expected a statement, found ${tokenText(token)}.`);
  return errorStatement(token, token);
}

function elidedStatement(p: Parser): Statement {
  const first = p.token;
  elision(p);
  if (at(p, ';') && !startsLine(p, p.token)) advance(p);
  return errorStatement(first, p.previous);
}

function tooDeep(p: Parser): Statement {
  const first = p.token;
  reportDepth(p);
  if (at(p, '{')) skipBraces(p);
  else skipStatement(p);
  return errorStatement(first, p.previous);
}

function asmStatement(p: Parser): Statement {
  const first = p.token;
  syntaxError(p, 'not-supported', ASM_MESSAGE);
  advance(p);
  while (/^(?:__)?(?:volatile|inline|goto)(?:__)?$/.test(p.token.text)) advance(p);
  if (at(p, '{')) skipBraces(p);
  else if (at(p, '(')) skipBalanced(p);
  else while (!atLimit(p) && !startsLine(p, p.token) && !at(p, '}') && !at(p, ';')) advance(p);
  accept(p, ';');
  return errorStatement(first, p.previous);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
