/**
 * What a mark that allows a rule to be broken looks like, and which lines it covers. In: the text of a comment or pragma.
 * Out: `wsk-lint: allow rule-id reason` as data. Nothing is judged here: an id may name no rule.
 */
import { lineText, type SourceFile, type Span } from '../../../base/source.ts';

/** Lines count from 0; `last` is covered. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

export interface Mark {
  /** The words "wsk-lint: allow …" or the pragma: where it is told that it is of no use. */
  readonly span: Span;
  /** All that is to go when the mark goes; undefined where more than the mark stands there. */
  readonly removal: Span | undefined;
  readonly allows: Allowed;
  readonly reason: string;
  readonly lines: LineRange;
}

export type Allowed =
  | { readonly kind: 'rule'; readonly id: string; readonly span: Span }
  /** PREfast's warning C<number>. */
  | { readonly kind: 'number'; readonly number: string }
  /** "wsk-lint:" and something that we can't read. */
  | { readonly kind: 'unread'; readonly word: string };

/** Ids with commas between; what follows a comma is an id where it looks like one. */
const pattern = /wsk-lint:[ \t]*(?:allow\b[ \t]*([\w-]+(?:[ \t]*,[ \t]*\w+(?:-\w+)+)*)?|(\w*))/gi;

/** The marks in a piece of text that stands for `lines`. */
export function marksInText(piece: Span, lines: LineRange, removal: Span | undefined): readonly Mark[] {
  const { file } = piece;
  const text = file.text.slice(piece.start, piece.end);
  const matches = [...text.matchAll(pattern)];
  return matches.flatMap((match): readonly Mark[] => {
    const [words, ids, other] = match;
    const start = piece.start + match.index;
    const span = { file, start, end: start + words.length };
    const reason = reasonAfter(text.slice(match.index + words.length));
    const whole = matches.length === 1 ? removal : undefined;
    if (ids === undefined) {
      return [{ span, removal: whole, allows: { kind: 'unread', word: other ?? '' }, reason, lines }];
    }
    const idsAt = start + words.length - ids.length;
    const found = [...ids.matchAll(/[\w-]+/g)];
    return found.map((id) => {
      const at = { file, start: idsAt + id.index, end: idsAt + id.index + id[0].length };
      return {
        span: found.length === 1 ? span : at,
        removal: found.length === 1 ? whole : undefined,
        allows: { kind: 'rule', id: id[0], span: at },
        reason,
        lines,
      };
    });
  });
}

function reasonAfter(text: string): string {
  return (/^[^\r\n]*/.exec(text)?.[0] ?? '')
    .replace(/\*\/.*$/, '')
    .replace(/^[\s:,\u2013\u2014-]+/, '')
    .trim();
}

/** The last line of what begins at a line or, after nothing but comments, below it: a function, or a statement. */
export function lastLineBelow(file: SourceFile, from: number, functions: readonly LineRange[]): number {
  let line = from;
  while (line < file.lineStarts.length && isOnlyComment(lineText(file, line))) line++;
  const whole = functions.find(({ first }) => first === line);
  if (whole !== undefined) return whole.last;
  const start = line;
  while (line < start + statementLinesMax && !endsStatement(lineText(file, line))) line++;
  return endsStatement(lineText(file, line)) ? line : start;
}

/** Statements are shorter; what has no end within so many lines is none. */
const statementLinesMax = 20;

function endsStatement(line: string): boolean {
  return line.trim() === '' || /^\s*#/.test(line) || /[;{}]/.test(line.replace(/\/\/.*$/, ''));
}

function isOnlyComment(line: string): boolean {
  return /^\s*(\/\/.*|\/\*.*\*\/\s*)$/.test(line);
}

/** With the line where a span is all that a line has; else with the blanks before it. */
export function wholeLines({ file, start, end }: Span): Span {
  const { text } = file;
  let from = start;
  while (from > 0 && /[ \t]/.test(text[from - 1] ?? '')) from--;
  let to = end;
  while (to < text.length && /[ \t]/.test(text[to] ?? '')) to++;
  const startsLine = from === 0 || /[\r\n]/.test(text[from - 1] ?? '');
  const lineEnd = /^(\r\n|\r|\n)/.exec(text.slice(to, to + 2))?.[0];
  if (startsLine && lineEnd !== undefined) return { file, start: from, end: to + lineEnd.length };
  if (startsLine && to < text.length) return { file, start, end: to };
  return { file, start: from, end: lineEnd === undefined && to < text.length ? end : to };
}
