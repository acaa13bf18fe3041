/**
 * Problems: what a person reads. Each has a code, a place in the text they wrote, and where it is known a fix.
 *
 * Two rules keep one mistake from filling the screen: a syntax error is reported once per token, and of a file at most
 * `problemsMax` problems are kept while the others are only counted. Warnings inside bundled headers, and those that
 * `#pragma warning` turns off, are dropped.
 */

import type { Fix, Severity } from '../../../base/finding.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type { SyntaxProblem } from '../../errors.ts';
import { problemsMax, worse } from '../../problem-limit.ts';
import { place, type Token } from '../../tokenize/token.ts';
import type { NodeBase } from '../ast.ts';
import { RESERVED } from '../keywords.ts';
import { nodePlace } from '../node-place.ts';
import { lookUp } from '../scopes.ts';
import { advance, DEPTH_MAX, type Parser, peek } from '../state.ts';
import { startsLine } from './layout.ts';
import { hasUnknownSince, isFollowUp, mayLack, mayLackName } from './name-sources.ts';
import { isTurnedOff } from './warning-pragmas.ts';

export interface ProblemExtra {
  readonly related?: NonNullable<SyntaxProblem['related']>;
  readonly fix?: Fix;
}

export function report(
  p: Parser,
  severity: Severity,
  code: string,
  message: string,
  span: Span,
  extra: ProblemExtra = {},
): void {
  if (severity !== 'error' && p.isSystemFile(span.file)) return;
  /* A pragma that follows could turn the warning on. */
  if (p.token === p.end) p.isSettled = false;
  if (severity !== 'error' && isTurnedOff(p.pragma.warnings, code, span)) return;
  if (severity !== 'hint' && !unknownCodes.has(code) && isFollowUpHere(p, code, span)) return;
  const count = (p.problemCounts.get(span.file) ?? 0) + 1;
  p.problemCounts.set(span.file, count);
  if (count > problemsMax) {
    p.isSettled = false;
    const before = p.hiddenProblems.get(span.file) ?? { count: 0, worst: severity };
    p.hiddenProblems.set(span.file, { count: before.count + 1, worst: worse(before.worst, severity) });
    return;
  }
  p.problems.push({ code, severity, message, span, ...extra });
}

const unknownCodes: ReadonlySet<string> = new Set(['unknown-name', 'unknown-type', 'implicit-function']);

/** The problem may come from a name of a header that was not found; those names are told of at the end. */
function isFollowUpHere(p: Parser, code: string, span: Span): boolean {
  if (!mayLack(p.names)) return false;
  const isSyntax = /^(?:un)?expected-/.test(code);
  const reach = isSyntax ? syntaxReach(p) : nearReach;
  const isIncomplete = code === 'incomplete-type' && p.names.missing.length > 0;
  if (isIncomplete || isFollowUp(p.names, span, p.index, reach)) return true;
  // A loop, a `__try` may be a macro of that header: `for_each(x) { break; }`, `TRY { } EXCEPT { GetExceptionCode(); }`.
  if (/^misplaced-(?:jump|case|intrinsic)$/.test(code)) return hasUnknownSince(p.names, p.declarationIndex);
  const { token } = p;
  const isUnknown =
    isSyntax &&
    token.kind === 'identifier' &&
    !RESERVED.has(token.text) &&
    lookUp(p.scope, token.text) === undefined &&
    mayLackName(p.names, token.text);
  // What is missing at the end of a line is told there, before the token that was found.
  const isNext = place(p.previous).end === span.end || place(token).start <= span.end;
  return isUnknown && isNext && span.start <= place(token).end;
}

/** How many tokens before a mistake a name may stand to be its cause: `FORCEINLINE VOID f(`, `TRY {`, `IN PVOID x`. */
export const nearReach = 2;
const farReach = 12;

/** Where the syntax is broken, the name may lie farther back in the same statement: `F(*(UNALIGNED T)p & 1) == 0`. */
function syntaxReach(p: Parser): number {
  for (let back = 1; back <= farReach; back++) {
    const text = p.tokens[p.index - back]?.text;
    if (text === undefined || text === ';' || text === '}') return Math.max(nearReach, back);
  }
  return farReach;
}

/** Nothing more will be shown of this file: what costs time to find out can be left. */
export function isFull(p: Parser, file: SourceFile): boolean {
  return (p.problemCounts.get(file) ?? 0) >= problemsMax;
}

/** An error at a node. */
export function errorAt(p: Parser, code: string, message: string, node: NodeBase, extra?: ProblemExtra): void {
  report(p, 'error', code, message, nodePlace(node), extra);
}

export function warningAt(p: Parser, code: string, message: string, node: NodeBase, extra?: ProblemExtra): void {
  report(p, 'warning', code, message, nodePlace(node), extra);
}

/**
 * A syntax error at the next token; said once however many grammar rules stumble over the same token. What is missing
 * at the end of a line is reported there and not at the next line's first token.
 */
export function syntaxError(p: Parser, code: string, message: string, extra?: ProblemExtra): void {
  if (p.errorIndex === p.index) return;
  p.errorIndex = p.index;
  const isMissing =
    code === 'expected-name' || code === 'expected-token' || (code === 'expected-expression' && !followsWhole(p));
  report(p, 'error', code, message, isMissing ? missingPlace(p) : place(p.token), extra);
}

/** The nesting limit is reached. Said once in a file: text so deep meets the limit again and again. */
export function reportDepth(p: Parser): void {
  if (!p.isDepthReported) syntaxError(p, 'too-deep', `This is nested more than ${DEPTH_MAX} levels deep.`);
  p.isDepthReported = true;
  p.errorIndex = p.index;
}

/** No expression lacks its end before the next token: that token is what cannot stand where it does. */
function followsWhole(p: Parser): boolean {
  const { text } = p.previous;
  return p.token !== p.end && (text === ';' || text === '{' || text === '}');
}

/** The next token, or the end of the line before it if it begins a line. */
function missingPlace(p: Parser): Span {
  if ((!startsLine(p, p.token) && p.token !== p.end) || p.previous === p.token) return place(p.token);
  const before = place(p.previous);
  return { file: before.file, start: Math.max(before.start, before.end - 1), end: before.end };
}

/**
 * Consumes the punctuator `text`, or reports that it is missing and consumes nothing. Where the next token begins a
 * line, the problem stands at the end of the line before it, where the punctuator belongs.
 */
export function expect(p: Parser, text: string, after: string, opener?: Token): boolean {
  if (p.token.text === text) {
    advance(p);
    return true;
  }
  if (p.errorIndex === p.index) return false;
  const message = `Expected '${text}' ${after}, found ${tokenText(p.token)}.`;
  const before = place(p.previous);
  const end: Span = { file: before.file, start: before.end, end: before.end };
  const extra: { related?: NonNullable<SyntaxProblem['related']>; fix?: Fix } = {};
  const next = place(p.token);
  const at = text === '(' ? { ...next, end: next.start } : end;
  if (isLikely(p, text)) extra.fix = { title: `Insert '${text}'`, edits: [{ span: at, newText: text }] };
  if (opener !== undefined) extra.related = [{ span: place(opener), message: `The '${opener.text}' stands here.` }];
  p.errorIndex = p.index;
  report(p, 'error', 'expected-token', message, missingPlace(p), extra);
  return false;
}

/** Whether what follows fits behind a `text` that is put in here; behind other tokens something else is wrong. */
function isLikely(p: Parser, text: string): boolean {
  const { token } = p;
  const endsHere = startsLine(p, token) || token === p.end || /^[;)\]}{]$/.test(token.text);
  switch (text) {
    case ';': {
      const isTypedef = token.kind === 'identifier' && lookUp(p.scope, token.text)?.kind === 'typedef';
      return endsHere || isTypedef || RESERVED.has(token.text);
    }
    case ')':
    case ']':
      return endsHere || token.text === ',';
    case ',':
      return !endsHere;
    case ':':
      return !startsLine(p, token) && token !== p.end;
    case '(':
      return !startsLine(p, token) && isClosed(p);
    default:
      return false;
  }
}

/** Tokens in which the end of a statement is looked for: it only words a message, and is asked at every token. */
const LOOK_AHEAD_MAX = 200;

/** A `)` without its `(` follows on this line. */
function isClosed(p: Parser): boolean {
  let depth = 0;
  for (let i = 0; i < LOOK_AHEAD_MAX; i++) {
    const token = peek(p, i);
    if (token === p.end || (i > 0 && startsLine(p, token)) || endsStatement(token.text)) return false;
    if (token.text === '(') depth++;
    else if (token.text === ')' && depth-- === 0) return true;
  }
  return false;
}

function endsStatement(text: string): boolean {
  return text === ';' || text === '{' || text === '}';
}

/** A token for a message: `'x'`, or what it is where its text says nothing. */
export function tokenText(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  const text = token.text.length > 40 ? `${token.text.slice(0, 37)}…` : token.text;
  return `'${text}'`;
}
