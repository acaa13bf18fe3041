/**
 * translation-unit: every declaration of the preprocessed file, in order.
 *
 * Each turn of the loop consumes at least one token. A declaration that cannot be read becomes an error declaration;
 * reading goes on at the next line that begins one.
 */
import { type InPieces, toEnd } from '../../base/in-pieces.ts';
import { isCplusplusName } from '../../base/source.ts';
import { UnreadPart } from '../preprocess/parts.ts';
import { place } from '../tokenize/token.ts';
import { ERROR } from '../types/make.ts';
import type { DeclarationNode } from './ast.ts';
import { atBracketAttribute } from './declarations/attributes.ts';
import { initDeclarators, staticAssert } from './declarations/declarations.ts';
import { enumSpecifier } from './declarations/enums.ts';
import { functionDefinition } from './declarations/functions.ts';
import { initializer } from './declarations/initializers.ts';
import { parameterTypeList } from './declarations/parameters.ts';
import { structOrUnionSpecifier } from './declarations/records.ts';
import { declarationSpecifiers } from './declarations/specifiers.ts';
import { startsTypeName } from './declarations/type-start.ts';
import { typeName } from './declarations/typenames.ts';
import { assignmentExpression, constantExpression, expression } from './expressions/expressions.ts';
import { ASM_MESSAGE, ASM_WORDS, STATIC_ASSERT_WORDS } from './keywords.ts';
import { atCplusplus, cplusplusDeclaration } from './mistakes/cplusplus.ts';
import { inFirstColumn, startsLine } from './mistakes/layout.ts';
import { report, syntaxError, tokenText } from './mistakes/problems.ts';
import { atElision, elision, skipBalanced, skipBraces, skipDeclaration } from './mistakes/recovery.ts';
import { atStatement, strayStatement } from './mistakes/stray-statements.ts';
import { reportUnknown } from './mistakes/unknown-names.ts';
import type { Rules } from './rules.ts';
import { passPart } from './sharing/read-part.ts';
import { accept, advance, at, atEnd, type Parser, peek } from './state.ts';
import { compoundStatement, statement } from './statements/statements.ts';
import { noteStart } from './trail.ts';

/** The grammar's rules that call each other over the borders of files. */
export const rules: Rules = {
  declarations: readDeclarations,
  expression,
  assignmentExpression,
  constantExpression,
  typeName,
  structOrUnionSpecifier,
  enumSpecifier,
  parameterTypeList,
  statement,
  compoundStatement,
  initializer,
  staticAssert,
};

/** Every declaration up to the last token. */
export function readDeclarations(p: Parser): readonly DeclarationNode[] {
  return toEnd(readingDeclarations(p));
}

export function* readingDeclarations(p: Parser): InPieces<readonly DeclarationNode[]> {
  const declarations: DeclarationNode[] = [];
  p.sink = declarations;
  while (!atEnd(p)) {
    if (p.token instanceof UnreadPart) {
      passPart(p, p.token);
      continue;
    }
    nextDeclaration(p);
    yield;
  }
  noteStart(p);
  return declarations;
}

/** Reads on behind one declaration, with whatever is wrong in it. */
export function nextDeclaration(p: Parser): void {
  const start = p.index;
  noteStart(p);
  p.statementFirst = p.token;
  p.declarationIndex = start;
  p.hasStumbledBefore = p.errorIndex >= start;
  externalDeclaration(p);
  if (p.index === start) advance(p);
}

/** function-definition | declaration, and what stands between them by mistake */
export function externalDeclaration(p: Parser): void {
  const { token } = p;
  if (accept(p, ';')) return;
  if (token.kind === 'punctuator') {
    if (atElision(p)) {
      elision(p);
      return;
    }
    if (token.text === '}') {
      strayBrace(p);
      return;
    }
    if (token.text !== '*' && token.text !== '(' && !atBracketAttribute(p)) {
      errorDeclaration(p);
      return;
    }
  } else if (token.kind !== 'identifier') {
    errorDeclaration(p);
    return;
  }
  if (token.text === 'extern' && peek(p, 1).kind === 'string') {
    linkageSpecification(p);
    return;
  }
  if (STATIC_ASSERT_WORDS.has(token.text) && peek(p, 1).text === '(') {
    staticAssert(p);
    return;
  }
  if (ASM_WORDS.has(token.text)) {
    syntaxError(p, 'not-supported', ASM_MESSAGE);
    skipDeclaration(p);
    return;
  }
  if (atCplusplus(p)) cplusplusDeclaration(p);
  else if (atStatement(p, isImplicitIntFunction)) strayStatement(p);
  else declaration(p);
}

function declaration(p: Parser): void {
  const first = p.token;
  const specifiers = declarationSpecifiers(p, 'file');
  const isAnnotation = specifiers.annotations.length > 0 && !specifiers.hasType;
  // `_Create_lock_level_(Level);` and other annotations that stand alone.
  if (isAnnotation && accept(p, ';')) return;
  const isQualified = specifiers.type.isConst || specifiers.type.isVolatile;
  if (!specifiers.hasType && specifiers.storage === undefined && !isQualified && !isImplicitIntFunction(p)) {
    if (p.token.kind === 'identifier' && peek(p, 1).text === '(') unknownMacro(p);
    else if (p.token !== first || p.token.kind !== 'identifier') errorDeclaration(p);
    else unknownWord(p);
    return;
  }
  if (!specifiers.hasType && p.token.kind === 'identifier') {
    const text = `'${p.token.text}' is declared without a type; int is assumed.`;
    report(p, 'warning', 'implicit-int', text, place(p.token));
  }
  const end = initDeclarators(p, specifiers);
  if (end === 'complete') return;
  if (end !== 'broken') {
    functionDefinition(p, end);
    return;
  }
  if (at(p, '{')) {
    // A head that could not be read, with a body: the body goes with it.
    skipBraces(p);
    return;
  }
  // What is indented below a declaration in column 0 goes on with it.
  const isNext = startsLine(p, p.token) && p.token !== first;
  if (isNext && (!inFirstColumn(p, first) || inFirstColumn(p, p.token))) return;
  // What was declared by half a declaration has a type that says nothing.
  const node = p.sink[p.sink.length - 1];
  if (node?.kind === 'variable-declaration' && node.first === first && node.initializer === undefined)
    node.symbol.type = ERROR;
  skipDeclaration(p);
}

/** `main() {`: name, parameters, body, and no type. */
function isImplicitIntFunction(p: Parser): boolean {
  if (p.token.kind !== 'identifier' || peek(p, 1).text !== '(') return false;
  let depth = 0;
  for (let i = 1; ; i++) {
    const token = peek(p, i);
    if (token === p.end || token.text === ';' || token.text === '{') return false;
    if (token.text === '(') depth++;
    if (token.text !== ')' || --depth > 0) continue;
    const after = peek(p, i + 1);
    return (
      after.text === '{' ||
      (after.kind === 'identifier' && peek(p, i - 1).kind === 'identifier' && isOldStyleHead(p, i))
    );
  }
}

/** `f(a, b) int a; … {`: names only between the parentheses, and declarations of them before a body. */
function isOldStyleHead(p: Parser, close: number): boolean {
  const names = new Set<string>();
  for (let i = 2; i < close; i += 2) {
    if (peek(p, i).kind !== 'identifier' || (peek(p, i + 1).text !== ',' && i + 1 !== close)) return false;
    names.add(peek(p, i).text);
  }
  const next = peek(p, close + 1);
  if (next.text !== 'register' && !startsTypeName(p, next)) return false;
  let isNamed = false;
  for (let i = close + 1; i < close + 200; i++) {
    const { text } = peek(p, i);
    if (text === '{') return isNamed && peek(p, i - 1).text === ';';
    if (text === '}' || text === '=' || text === 'typedef' || text === 'extern') return false;
    isNamed ||= names.has(text);
  }
  return false;
}

/** `DECLARE_THING(x)` with the macro missing. */
function unknownMacro(p: Parser): void {
  const first = p.token;
  reportUnknown(p, first, 'macro');
  p.errorIndex = p.index;
  advance(p);
  skipBalanced(p);
  if (!accept(p, ';') && !startsLine(p, p.token)) skipDeclaration(p);
  p.sink.push({ kind: 'error-declaration', first, last: p.previous });
}

/** A word at file scope that begins nothing. */
function unknownWord(p: Parser): void {
  const first = p.token;
  reportUnknown(p, first, 'macro');
  p.errorIndex = p.index;
  advance(p);
  if (!accept(p, ';') && !startsLine(p, p.token)) skipDeclaration(p);
  p.sink.push({ kind: 'error-declaration', first, last: p.previous });
}

function errorDeclaration(p: Parser): void {
  const first = p.token;
  if (first.kind !== 'unknown')
    syntaxError(p, 'expected-declaration', `Expected a declaration, found ${tokenText(p.token)}.`);
  const start = p.index;
  skipDeclaration(p);
  if (p.index === start) advance(p);
  p.sink.push({ kind: 'error-declaration', first, last: p.previous });
}

function strayBrace(p: Parser): void {
  if (p.linkageBlocks > 0) {
    p.linkageBlocks--;
  } else {
    syntaxError(p, 'unexpected-token', "There is no '{' for this '}'.");
  }
  advance(p);
}

/** "extern" string ( "{" … "}" | declaration ): C++; what is inside is read as C, and nothing is said in a C++ file. */
function linkageSpecification(p: Parser): void {
  const text = `extern "C" is C++; in C, leave it out or put it under #ifdef __cplusplus.`;
  if (!isCplusplusName(p.names.main)) syntaxError(p, 'not-supported', text);
  advance(p);
  advance(p);
  if (accept(p, '{')) p.linkageBlocks++;
}
