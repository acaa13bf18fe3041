/**
 * The lines at file scope that have been edited, and the declarations that stand there.
 *
 * In: what is known of the whole older text, and an edit. Out: a window between two places where declarations begin
 * (parse/reread-declarations.ts), the lines that hold it, and what the newer text has there; undefined where these lines
 * say something to the rest of the file, or the file to them. Ends because each window is longer than the one before.
 */
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { FileReading } from '../parse/parse-tokens.ts';
import { mayRereadFrom, type Window } from '../parse/reread-declarations.ts';
import type { Parser } from '../parse/state.ts';
import { type StartMark, trailOf } from '../parse/trail.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import { keepsDirectives, preprocessStretch } from '../preprocess/stretch.ts';
import { place, type Token } from '../tokenize/token.ts';
import { indexAt } from '../tokenize/token-index.ts';
import { hasSplices, type TokenizedFile, tokenizeStretch } from '../tokenize/tokenize.ts';
import type { NewText } from './body-text.ts';
import type { Move } from './move.ts';

/** Tokens of declarations that are read by themselves. */
const windowMax = 5000;

export interface WindowText {
  readonly window: Window;
  readonly move: Move;
  readonly text: NewText;
}

export function windowText(source: Preprocessed, { p }: FileReading, edit: Omit<Move, 'body'>): WindowText | undefined {
  const { from, to } = edit;
  const found = windowAround(p, edit);
  if (found === undefined || !mayRereadFrom(p, found.window.from)) return undefined;
  const { window, lines } = found;
  const end = lines.end + edit.newerEnd - edit.olderEnd;
  if (source.state.countsUses || !isApart(source, from, lines) || isSpokenOf(source, p, from, lines)) return undefined;
  // A backslash at the end would join the next line.
  if (hasSplices(from, lines.start, lines.end + 2) || hasSplices(to, lines.start, end + 2)) return undefined;
  if (p.pragmas.some(({ index, token }) => index === window.from.index && token.start > lines.start)) return undefined;
  const older = tokenizeStretch(from, lines.start, lines.end);
  const raw = tokenizeStretch(to, lines.start, end);
  if (![older, raw].every(isClosed) || raw.tokens.length > windowMax) return undefined;
  const { tokens } = source.tokenized;
  const [first, behind] = [indexAt(tokens, lines.start), indexAt(tokens, lines.end)];
  const before = preprocessStretch(source.state, from, older, first, 'lines');
  if (before === undefined || !areThose(p, window, before.tokens)) return undefined;
  return { window, move: { ...edit, body: lines }, text: { raw, first, behind } };
}

interface FoundWindow {
  readonly window: Window;
  /** Whole lines, with the line break before them. */
  readonly lines: Move['body'];
}

/** The window of the declarations in the lines of an edit: each next one would hold more declarations behind them. */
function windowAround(p: Parser, { from: file, start, olderEnd }: Omit<Move, 'body'>): FoundWindow | undefined {
  const { starts } = trailOf(p);
  const edited = { start: breakBefore(file, start), end: breakBehind(file, olderEnd) };
  const isBehind = ({ index }: StartMark, end: number): boolean =>
    p.tokens[index] === p.end || place(p.tokens[index] as Token).start > end;
  const last = starts.findIndex((mark) => isBehind(mark, edited.end));
  const from = starts.findLast(
    (mark, i) => i <= last && mark.isClear && endBefore(p, mark.index, file) <= edited.start,
  );
  if (from === undefined) return undefined;
  for (const to of starts.slice(last)) {
    if (to.index - from.index > windowMax) return undefined;
    const lines = { ...edited };
    if (to.index > from.index) {
      const [first, end] = [place(p.tokens[from.index] as Token).start, endBefore(p, to.index, file)];
      lines.start = Math.min(lines.start, breakBefore(file, first));
      lines.end = Math.max(lines.end, breakBehind(file, end));
    }
    if (endBefore(p, from.index, file) > lines.start) return undefined;
    if (isBehind(to, lines.end)) return { window: { from, to }, lines };
  }
  return undefined;
}

/** Where the token before this one ends; 0 where that is one of a header. */
function endBefore(p: Parser, index: number, file: SourceFile): number {
  const token = p.tokens[index - 1];
  const span = token === undefined ? undefined : place(token);
  return span?.file === file ? span.end : 0;
}

/** The line break before an offset, or the beginning of the text. */
function breakBefore({ text }: SourceFile, offset: number): number {
  return Math.max(offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1), 0);
}

/** The line break behind an offset, or the end of the text. */
function breakBehind({ text }: SourceFile, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at;
}

/** No comment and nothing that a condition leaves out reaches over the ends of the lines; no header is read behind them. */
function isApart(
  { comments, inactive, includes }: Preprocessed,
  file: SourceFile,
  { start, end }: Move['body'],
): boolean {
  const isCut = (one: Move['body']): boolean =>
    (one.start < start && one.end > start) || (one.start < end && one.end > end);
  return (
    !comments.some(isCut) &&
    !inactive.some(
      (one) => one.file === file && one.start < end && one.end > start && (one.start <= start || one.end >= end),
    ) &&
    !includes.some(({ span }) => span.file === file && span.end > start)
  );
}

/** What is said of another place wants something changed there, or points there. */
function isSpokenOf(
  { problems, tokenized }: Preprocessed,
  p: Parser,
  file: SourceFile,
  { start, end }: Move['body'],
): boolean {
  const isIn = (span: SyntaxProblem['span']): boolean => span.file === file && span.end >= start && span.start <= end;
  return [...problems, ...tokenized.problems, ...p.problems].some(({ span, related, fix }) => {
    if (isIn(span)) return false;
    return related?.some((step) => isIn(step.span)) === true || fix?.edits.some((one) => isIn(one.span)) === true;
  });
}

/** Nothing goes on behind the lines. */
function isClosed(raw: TokenizedFile): boolean {
  return keepsDirectives(raw) && raw.problems.every(({ code }: SyntaxProblem) => code === 'unterminated-literal');
}

/** The lines give the window's tokens, and no others. */
function areThose(p: Parser, { from, to }: Window, tokens: readonly Token[]): boolean {
  if (tokens.length !== to.index - from.index) return false;
  return tokens.every(({ text, start, kind }, i) => {
    const other = p.tokens[from.index + i];
    return other?.text === text && other.start === start && other.kind === kind;
  });
}
