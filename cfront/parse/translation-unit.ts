/**
 * translation-unit: every declaration of the preprocessed file, in order.
 *
 * Each turn of the loop consumes at least one token. A declaration that cannot be read becomes an error declaration;
 * reading goes on at the next line that begins one.
 */

import type { SyntaxProblem } from '../errors.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Token } from '../tokenize/token.ts';
import { place } from '../tokenize/token.ts';
import type { EnumDefinition, RecordDefinition } from '../types/types.ts';
import type { TranslationUnit } from '../unit.ts';
import type { DeclarationNode } from './ast.ts';
import { initDeclarators, staticAssert } from './declarations.ts';
import { enumSpecifier } from './enums.ts';
import { assignmentExpression, constantExpression, expression } from './expressions.ts';
import { functionDefinition } from './functions.ts';
import { initializer } from './initializers.ts';
import { ASM_WORDS, STATIC_ASSERT_WORDS } from './keywords.ts';
import { parameterTypeList } from './parameters.ts';
import { report, syntaxError, tokenText } from './problems.ts';
import { structOrUnionSpecifier } from './records.ts';
import { atElision, elision, skipBalanced, skipBraces, skipDeclaration } from './recovery.ts';
import type { Rules } from './rules.ts';
import { declarationSpecifiers } from './specifiers.ts';
import { accept, advance, at, atEnd, createParser, type Parser, peek } from './state.ts';
import { compoundStatement, statement } from './statements.ts';
import { typeName } from './typenames.ts';
import { reportUnknown } from './unknown-names.ts';

const rules: Rules = {
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

/** What parsing adds to what the preprocessor found. */
export type Parsed = Pick<TranslationUnit, 'declarations' | 'functions' | 'symbols' | 'records' | 'enums' | 'problems'>;

/**
 * Right C is read whatever its layout is: the first reading does not see where lines begin. Only where that finds
 * errors does a second one take the layout as a help. It counts where the syntax is broken; where only the meaning is
 * wrong, the reading with fewer errors does.
 */
export function parseTokens(source: Preprocessed): Parsed {
  const plain = parseOnce({ ...source, tokens: source.tokens.map((token) => withoutLayout(source, token)) });
  const errors = errorsOf(plain);
  if (errors.length === 0) return plain;
  const laidOut = parseOnce(source);
  const isBroken = errors.some(({ code }) => syntaxCodes.test(code));
  return isBroken || errorsOf(laidOut).length <= errors.length ? laidOut : plain;
}

/** Codes of what is wrong with the form of a text, not with its meaning. */
const syntaxCodes = /^(expected-|unexpected-token|elided-code|trailing-comma|misplaced-|too-deep|not-supported)/;

function withoutLayout(source: Preprocessed, token: Token): Token {
  return token.startsLine && !source.isSystemFile(token.file) ? { ...token, startsLine: false } : token;
}

function errorsOf(parsed: Parsed): readonly SyntaxProblem[] {
  return parsed.problems.filter((problem) => problem.severity === 'error');
}

function parseOnce(source: Preprocessed): Parsed {
  const p = createParser(source, rules);
  const declarations: DeclarationNode[] = [];
  p.sink = declarations;
  while (!atEnd(p)) {
    const start = p.index;
    p.statementFirst = p.token;
    externalDeclaration(p);
    if (p.index === start) advance(p);
  }
  for (const definition of p.functions) {
    const section = p.pragma.sections.get(definition.symbol.name);
    if (section !== undefined) definition.section = section;
  }
  return {
    declarations,
    functions: p.functions,
    symbols: p.file.names ?? new Map(),
    ...fileTags(p),
    problems: p.problems,
  };
}

/** function-definition | declaration, and what stands between them by mistake */
function externalDeclaration(p: Parser): void {
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
    if (token.text !== '*' && token.text !== '(') {
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
    syntaxError(p, 'not-supported', 'Inline assembly is not supported.');
    skipDeclaration(p);
    return;
  }
  declaration(p);
}

function declaration(p: Parser): void {
  const first = p.token;
  const specifiers = declarationSpecifiers(p, 'file');
  if (!specifiers.hasType && specifiers.storage === undefined && !isImplicitIntFunction(p)) {
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
  if (p.token.startsLine || p.token === first) {
    if (p.token === first) skipDeclaration(p);
    return;
  }
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

/** `f(a, b) int a; …`: names only between the parentheses, and a declaration behind them. */
function isOldStyleHead(p: Parser, close: number): boolean {
  for (let i = 2; i < close; i += 2) {
    if (peek(p, i).kind !== 'identifier' || (peek(p, i + 1).text !== ',' && i + 1 !== close)) return false;
  }
  const { text } = peek(p, close + 1);
  return (
    text === 'int' ||
    text === 'char' ||
    text === 'long' ||
    text === 'register' ||
    text === 'struct' ||
    text === 'unsigned'
  );
}

/** `DECLARE_THING(x)` with the macro missing. */
function unknownMacro(p: Parser): void {
  const first = p.token;
  reportUnknown(p, first, 'macro');
  p.errorIndex = p.index;
  advance(p);
  skipBalanced(p);
  if (!accept(p, ';') && !p.token.startsLine) skipDeclaration(p);
  p.sink.push({ kind: 'error-declaration', first, last: p.previous });
}

/** A word at file scope that begins nothing. */
function unknownWord(p: Parser): void {
  const first = p.token;
  reportUnknown(p, first, 'macro');
  p.errorIndex = p.index;
  advance(p);
  if (!accept(p, ';') && !p.token.startsLine) skipDeclaration(p);
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

/** "extern" string ( "{" … "}" | declaration ): C++; what is inside is read as C. */
function linkageSpecification(p: Parser): void {
  const text = `extern "C" is C++; in C, leave it out or put it under #ifdef __cplusplus.`;
  syntaxError(p, 'not-supported', text);
  advance(p);
  advance(p);
  if (accept(p, '{')) p.linkageBlocks++;
}

/** Records and enums of the file scope by tag. */
function fileTags(p: Parser): { records: Map<string, RecordDefinition>; enums: Map<string, EnumDefinition> } {
  const records = new Map<string, RecordDefinition>();
  const enums = new Map<string, EnumDefinition>();
  for (const [name, tag] of p.file.tags ?? []) {
    if (tag.kind === 'record') records.set(name, tag.record);
    else enums.set(name, tag.enumeration);
  }
  return { records, enums };
}
