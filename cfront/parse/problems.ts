/**
 * Problems: what a person reads. Each has a code, a place in the text they wrote, and where it is known a fix.
 *
 * Two rules keep one mistake from filling the screen: a syntax error is reported once per token, and a file gets at
 * most `problemsMax` problems, the last of which says that there are more. Warnings inside bundled headers, and those that
 * `#pragma warning` turns off, are dropped.
 */
import type { Fix, Severity } from '../../base/finding.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { place, type Token } from '../tokenize/token.ts';
import type { NodeBase } from './ast.ts';
import { nodePlace } from './node-place.ts';
import { advance, DEPTH_MAX, type Parser } from './state.ts';
import { isTurnedOff } from './warning-pragmas.ts';

export const problemsMax = 100;

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
  if (severity !== 'error' && (p.isSystemFile(span.file) || isTurnedOff(p.pragma.warnings, code, span))) return;
  const count = (p.problemCounts.get(span.file) ?? 0) + 1;
  p.problemCounts.set(span.file, count);
  if (count > problemsMax) return;
  if (count === problemsMax) {
    const text = `More than ${problemsMax - 1} problems in this file; the rest is not shown.`;
    p.problems.push({ code: 'too-many-problems', severity: 'error', message: text, span });
    return;
  }
  p.problems.push({ code, severity, message, span, ...extra });
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
  const isMissing = code === 'expected-name' || code === 'expected-expression' || code === 'expected-token';
  report(p, 'error', code, message, isMissing ? missingPlace(p) : place(p.token), extra);
}

/** The nesting limit is reached. Said once in a file: text so deep meets the limit again and again. */
export function reportDepth(p: Parser): void {
  if (!p.isDepthReported) syntaxError(p, 'too-deep', `This is nested more than ${DEPTH_MAX} levels deep.`);
  p.isDepthReported = true;
  p.errorIndex = p.index;
}

/** The next token, or the end of the line before it if it begins a line. */
function missingPlace(p: Parser): Span {
  if ((!p.token.startsLine && p.token !== p.end) || p.previous === p.token) return place(p.token);
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
  if (text === ';' || text === ')' || text === ']') {
    extra.fix = { title: `Insert '${text}'`, edits: [{ span: end, newText: text }] };
  }
  if (opener !== undefined) extra.related = [{ span: place(opener), message: `The '${opener.text}' stands here.` }];
  p.errorIndex = p.index;
  report(p, 'error', 'expected-token', message, missingPlace(p), extra);
  return false;
}

/** A token for a message: `'x'`, or what it is where its text says nothing. */
export function tokenText(token: Token): string {
  if (token.kind === 'end') return 'the end of the file';
  const text = token.text.length > 40 ? `${token.text.slice(0, 37)}…` : token.text;
  return `'${text}'`;
}
