/**
 * Declarations in blocks: whether a statement is one, and reading it; and the `;` that ends a statement.
 */

import { place, type Token } from '../../tokenize/token.ts';
import type { DeclarationNode, Statement } from '../ast.ts';
import { initDeclarators } from '../declarations/declarations.ts';
import { declarationSpecifiers } from '../declarations/specifiers.ts';
import { isAnnotationToken, startsDeclaration } from '../declarations/type-start.ts';
import { RESERVED, SPECIFIERS, STATIC_ASSERT_WORDS } from '../keywords.ts';
import { startsLine } from '../mistakes/layout.ts';
import { expect, syntaxError } from '../mistakes/problems.ts';
import { atLimit, endsArguments, skipBraces, skipStatement, startsStatement } from '../mistakes/recovery.ts';
import { lookUp } from '../scopes.ts';
import { accept, advance, at, type Parser, peek } from '../state.ts';

export function isDeclaration(p: Parser, token: Token, next: Token): boolean {
  if (SPECIFIERS.has(token.text)) return token.text !== '__extension__' || next.kind === 'identifier';
  const symbol = lookUp(p.scope, token.text);
  if (symbol !== undefined) return symbol.kind === 'typedef' && canFollowType(next);
  if (isAnnotationToken(p, token)) {
    const after = afterAnnotation(p);
    return isAnnotationToken(p, after) || startsDeclaration(p, after);
  }
  return !RESERVED.has(token.text) && isUnknownTypeDeclaration(p, next);
}

/** After a type's name a declarator begins, more specifiers, or nothing; an operator means that a variable is meant. */
function canFollowType(next: Token): boolean {
  if (next.kind === 'identifier') return true;
  const { text } = next;
  return (
    text === '*' || text === '(' || text === ';' || text === '[' || text === '}' || text === '^' || next.kind === 'end'
  );
}

/** The token after the annotation at the cursor and its arguments. */
export function afterAnnotation(p: Parser): Token {
  let i = 1;
  if (peek(p, 1).text === '(') {
    let depth = 0;
    do {
      const { text } = peek(p, i++);
      if (text === '(') depth++;
      else if (text === ')') depth--;
    } while (depth > 0 && !endsArguments(p, peek(p, i)));
  }
  return peek(p, i);
}

/** `Unknown name;`, `Unknown *name = …`: a declaration whose type nothing declares. */
function isUnknownTypeDeclaration(p: Parser, next: Token): boolean {
  const hasStars = next.text === '*';
  let i = 1;
  while (peek(p, i).text === '*') i++;
  const name = peek(p, i);
  if (name.kind !== 'identifier' || RESERVED.has(name.text) || startsLine(p, name)) return false;
  if (hasStars && lookUp(p.scope, name.text) !== undefined) return false;
  const { text } = peek(p, i + 1);
  return text === ';' || text === '=' || text === ',' || text === '[';
}

/** declaration */
export function declarationStatement(p: Parser): Statement {
  const first = p.token;
  const outer = p.sink;
  const declarations: DeclarationNode[] = [];
  p.sink = declarations;
  if (STATIC_ASSERT_WORDS.has(first.text)) {
    p.rules.staticAssert(p);
  } else {
    const specifiers = declarationSpecifiers(p, 'block');
    const end = initDeclarators(p, specifiers);
    if (end === 'broken') endStatement(p, 'after the declaration');
    else if (end !== 'complete') nestedFunction(p);
  }
  p.sink = outer;
  return { kind: 'declaration', first, last: p.previous, declarations };
}

function nestedFunction(p: Parser): void {
  syntaxError(p, 'unexpected-token', "A function cannot be defined inside another one. Is a '}' missing above?");
  if (at(p, '{')) skipBraces(p);
}

/** The `;` that ends a statement; without it, what belongs to the broken statement is skipped. */
export function endStatement(p: Parser, after: string): void {
  if (accept(p, ';')) return;
  if (at(p, ':') && !startsLine(p, p.token)) {
    colonForSemicolon(p);
    return;
  }
  expect(p, ';', after);
  // `TRY {` with TRY unknown: the block is read as one.
  if (startsLine(p, p.token) || at(p, '}') || at(p, '{') || atLimit(p) || startsStatement(p, p.token)) return;
  skipStatement(p);
}

/** `return x:` as one finds it in documentation. */
function colonForSemicolon(p: Parser): void {
  const span = place(p.token);
  const fix = { title: "Replace ':' by ';'", edits: [{ span, newText: ';' }] };
  syntaxError(p, 'expected-token', "Expected ';', found ':'.", { fix });
  advance(p);
}
