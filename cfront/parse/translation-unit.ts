/**
 * translation-unit: every declaration of the preprocessed file, in order.
 *
 * Each turn of the loop consumes at least one token. A declaration that cannot be read becomes an error declaration;
 * reading goes on at the next line that begins one.
 */

import { defined } from '../../base/assert.ts';
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { HeaderCache } from '../header-cache.ts';
import { MappedView } from '../layers.ts';
import type { Segment } from '../preprocess/chain.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Hidden } from '../problem-limit.ts';
import type { Token } from '../tokenize/token.ts';
import { place } from '../tokenize/token.ts';
import type { TranslationUnit } from '../unit.ts';
import type { DeclarationNode } from './ast.ts';
import { atBracketAttribute } from './attributes.ts';
import { initDeclarators, staticAssert } from './declarations.ts';
import { enumSpecifier } from './enums.ts';
import { assignmentExpression, constantExpression, expression } from './expressions.ts';
import { functionDefinition } from './functions.ts';
import { initializer } from './initializers.ts';
import { ASM_WORDS, STATIC_ASSERT_WORDS } from './keywords.ts';
import { unresolvedHint } from './name-sources.ts';
import { parameterTypeList } from './parameters.ts';
import { copiesInPlace, copyBodies } from './own-copies.ts';
import { report, syntaxError, tokenText } from './problems.ts';
import { structOrUnionSpecifier } from './records.ts';
import { atElision, elision, inFirstColumn, skipBalanced, skipBraces, skipDeclaration } from './recovery.ts';
import type { Rules } from './rules.ts';
import {
  foreseenConflict,
  type ParsedSegment,
  type SegmentState,
  type SharedState,
  share,
  watchedEnd,
} from './shared.ts';
import { declarationSpecifiers } from './specifiers.ts';
import { ERROR } from '../types/make.ts';
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
export interface Parsed
  extends Pick<TranslationUnit, 'declarations' | 'functions' | 'symbols' | 'records' | 'enums' | 'problems'> {
  /** What was counted beyond the problems that are kept. */
  readonly hiddenProblems: ReadonlyMap<SourceFile, Hidden>;
}

/**
 * Right C is read whatever its layout is: the first reading does not see where lines begin. Only where that finds
 * errors does a second one take the layout as a help. It counts where the syntax is broken; where only the meaning is
 * wrong, the reading with fewer errors does.
 */
export function parseTokens(source: Preprocessed, headers: HeaderCache | undefined): Parsed {
  const plain = parseAll(source, headers, 'plain');
  const errors = errorsOf(plain);
  if (errors.length === 0) return plain;
  const laidOut = parseAll(source, headers, 'laid-out');
  const isBroken = errors.some(({ code }) => syntaxCodes.test(code));
  return isBroken || errorsOf(laidOut).length <= errors.length ? laidOut : plain;
}

/** Codes of what is wrong with the form of a text, not with its meaning. */
const syntaxCodes = /^(expected-|unexpected-token|elided-code|trailing-comma|misplaced-|too-deep|not-supported)/;

function errorsOf(parsed: Parsed): readonly SyntaxProblem[] {
  return parsed.problems.filter((problem) => problem.severity === 'error');
}

/** How lines are seen in the user's own files. */
type Layout = 'plain' | 'laid-out';

/** Goes on from the longest run of shared headers that the text leaves as they are; it can only get shorter. */
function parseAll(source: Preprocessed, headers: HeaderCache | undefined, layout: Layout): Parsed {
  const segments: Segment[] = [];
  for (let segment = source.shared; segment !== undefined; segment = segment.parent) segments.unshift(segment);
  const reading: Reading = { source, layout, segments, parsed: headers?.parsed ?? new WeakMap() };
  const own = seen(reading, source.tokens);
  for (let count = segments.length; ; ) {
    const p = startBehind(reading, count, segments.length, own);
    const declarations = readDeclarations(p);
    if (p.conflict === undefined) return finish(p, declarations);
    count = p.conflict - 1;
  }
}

/** One reading of a unit: the segments of headers that come before its own tokens. */
interface Reading {
  readonly source: Preprocessed;
  readonly layout: Layout;
  readonly segments: readonly Segment[];
  readonly parsed: WeakMap<Segment, ParsedSegment>;
}

/** A parser of the segments up to number `until` and of `rest`, that goes on from at most `count` shared segments. */
function startBehind(reading: Reading, count: number, until: number, rest: readonly Token[]): Parser {
  const { source, segments } = reading;
  let shared = sharedBefore(reading, count);
  for (;;) {
    const between = segments.slice(shared?.depth ?? 0, until).flatMap((segment) => seen(reading, segment.tokens));
    const tokens = between.length === 0 ? rest : [...between, ...rest];
    const conflict = shared === undefined ? undefined : foreseenConflict(shared, tokens, tokens.length - 1);
    if (conflict === undefined) return createParser({ ...source, tokens }, rules, shared);
    shared = sharedBefore(reading, conflict - 1);
  }
}

/** The state behind the segment number `count`, or behind the nearest one before it that is shared. */
function sharedBefore(reading: Reading, count: number): SharedState | undefined {
  for (let i = count; i > 0; i--) {
    const state = stateBehind(reading, i);
    if (typeof state !== 'string') return state;
  }
  return undefined;
}

/** Reads the segment number `number` unless that has been done. */
function stateBehind(reading: Reading, number: number): SegmentState {
  const segment = defined(reading.segments[number - 1], 'a segment of that number');
  const known = reading.parsed.get(segment) ?? new Map();
  reading.parsed.set(segment, known);
  /* Bundled headers are seen in one way whatever the layout. */
  const layout = reading.segments.slice(0, number).every(({ isSystem }) => isSystem) ? 'plain' : reading.layout;
  let state = known.get(layout);
  if (state === undefined) known.set(layout, (state = readSegment({ ...reading, layout }, number)));
  return state;
}

function readSegment(reading: Reading, number: number): SegmentState {
  if (number > 1 && stateBehind(reading, number - 1) === 'noisy') return 'noisy';
  for (let count = number - 1; ; ) {
    const end = watchedEnd(reading.source.main);
    const p = startBehind(reading, count, number, [end.token]);
    const declarations = readDeclarations(p);
    if (p.conflict === undefined) return share(p, declarations, end, number);
    count = p.conflict - 1;
  }
}

/** The tokens with lines or without. */
function seen({ source, layout }: Reading, tokens: readonly Token[]): readonly Token[] {
  if (layout === 'laid-out') return tokens;
  return tokens.map((token) => {
    if (!token.startsLine || source.isSystemFile(token.file)) return token;
    const { kind, text, file, start, end, afterSpace, expansion } = token;
    return { kind, text, file, start, end, startsLine: false, afterSpace, expansion };
  });
}

function readDeclarations(p: Parser): readonly DeclarationNode[] {
  const declarations: DeclarationNode[] = [];
  p.sink = declarations;
  while (!atEnd(p)) {
    const start = p.index;
    p.statementFirst = p.token;
    p.declarationIndex = start;
    externalDeclaration(p);
    if (p.index === start) advance(p);
  }
  return declarations;
}

function finish(p: Parser, own: readonly DeclarationNode[]): Parsed {
  copyBodies(p, 'all');
  const { declarations, functions } = copiesInPlace(p, own);
  for (const definition of functions) {
    const section = p.pragma.sections.get(definition.symbol.name);
    if (section !== undefined) definition.section = section;
  }
  const unresolved = unresolvedHint(p.names);
  if (unresolved !== undefined) p.problems.push(unresolved);
  return {
    declarations,
    functions,
    symbols: p.file.names,
    records: new MappedView(p.file.tags, (tag) => (tag.kind === 'record' ? tag.record : undefined)),
    enums: new MappedView(p.file.tags, (tag) => (tag.kind === 'enum' ? tag.enumeration : undefined)),
    problems: p.problems,
    hiddenProblems: p.hiddenProblems,
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
    syntaxError(p, 'not-supported', 'Inline assembly is not supported.');
    skipDeclaration(p);
    return;
  }
  declaration(p);
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
  const isNext = p.token.startsLine && p.token !== first;
  if (isNext && (!inFirstColumn(first) || inFirstColumn(p.token))) return;
  // What was declared by half a declaration has a type that says nothing.
  const node = p.sink[p.sink.length - 1];
  if (node?.kind === 'variable-declaration' && node.first === first && node.initializer === undefined) node.symbol.type = ERROR;
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
