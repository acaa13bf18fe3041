/**
 * Text that nobody reads: a comment, the blank lines between two tokens, what a condition leaves out. Who types there
 * changes places and nothing else, so that no tree is read again.
 *
 * In: what the preprocessor knew of the whole older text, and an edit. Out: the stretch around the edit with what it has
 * in the newer text; undefined where the edit may change a token that is read, or where one stands in its line.
 */
import { lineBreakOf, type SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Stretch } from '../preprocess/stretch.ts';
import { indexAt } from '../tokenize/token-index.ts';
import { hasSplices, type TokenizedFile, tokenizeStretch } from '../tokenize/tokenize.ts';
import type { NewText } from './body-text.ts';
import type { Move } from './move.ts';

export interface UnreadText {
  readonly move: Move;
  readonly text: NewText;
  readonly stretch: Stretch;
}

/** `problems` are those of the parser, in addition to what `source` knows. */
export function unreadText(
  source: Preprocessed,
  edit: Omit<Move, 'body'>,
  problems: readonly SyntaxProblem[],
): UnreadText | undefined {
  const { from, to, start, olderEnd, newerEnd } = edit;
  const isEdit = start < olderEnd || start < newerEnd;
  const found = isEdit ? (inComment(source, edit) ?? inBlanks(edit) ?? inLeftOut(source, edit)) : undefined;
  if (found === undefined || touchesPlaces(source, edit, problems)) return undefined;
  if (lineBreakOf(from) !== lineBreakOf(to) || saysLines.test(from.text)) return undefined;
  const { body, raw, stretch } = found;
  const { tokens } = source.tokenized;
  return {
    move: { ...edit, body },
    text: { raw, first: indexAt(tokens, body.start), behind: indexAt(tokens, body.end) },
    stretch: { ...nothing, ...stretch },
  };
}

/** Directives that count lines from where they stand. */
const saysLines = /#[ \t]*line\b|\bpragma\b.*\bsuppress\b/;

const nothing: Stretch = { tokens: [], problems: [], macroUses: [], inactive: [], lineUses: [] };

interface Found {
  readonly body: Move['body'];
  readonly raw: TokenizedFile;
  readonly stretch: Partial<Stretch>;
}

type TextEdit = Omit<Move, 'body'>;

function inComment(source: Preprocessed, { from, to, start, olderEnd, newerEnd }: TextEdit): Found | undefined {
  const body = source.comments.find((span) => start >= span.start + 2 && olderEnd <= span.end);
  if (body === undefined) return undefined;
  const end = body.end + newerEnd - olderEnd;
  // Nothing stands behind it in its line.
  if (!/^[ \t]*(?:[\r\n]|$)/.test(from.text.slice(body.end, lineEnd(from, body.end) + 1))) return undefined;
  if (hasSplices(from, body.start, body.end) || hasSplices(to, body.start, end)) return undefined;
  const raw = tokenizeStretch(to, body.start, end);
  const [comment, ...others] = raw.comments;
  if (raw.tokens.length > 0 || others.length > 0 || comment?.start !== body.start || comment.end !== end)
    return undefined;
  // Its end is the line's, the `*/` that it has, or that of the file.
  const isLine = from.text.startsWith('//', body.start);
  const wasOpen = !isLine && source.tokenized.problems.some((problem) => isUnended(problem) && isAt(problem, body));
  if (!isLine && raw.problems.length > 0 !== wasOpen) return undefined;
  return { body, raw, stretch: { problems: raw.problems } };
}

function lineEnd({ text }: SourceFile, offset: number): number {
  let end = offset;
  while (end < text.length && !/[\r\n]/.test(text.charAt(end))) end++;
  return end;
}

function isUnended({ code }: SyntaxProblem): boolean {
  return code === 'unterminated-comment';
}

function isAt({ span }: SyntaxProblem, body: Move['body']): boolean {
  return span.start === body.start;
}

/** Between two tokens of different lines: the next one begins its line in the column where it did. */
function inBlanks({ from, to, start, olderEnd, newerEnd }: TextEdit): Found | undefined {
  let first = start;
  while (/[ \t\r\n]/.test(from.text.charAt(first - 1))) first--;
  let end = olderEnd;
  while (/[ \t\r\n]/.test(from.text.charAt(end))) end++;
  const body = { start: first, end };
  const newEnd = end + newerEnd - olderEnd;
  const [older, newer] = [from.text.slice(first, end), to.text.slice(first, newEnd)].map(
    (blanks) => /^[ \t\r\n]*[\r\n]([ \t]*)$/.exec(blanks)?.[1],
  );
  const isBesideWord = first === start || from.text.charAt(first - 1) === '\\';
  if (isBesideWord || older === undefined || older !== newer) return undefined;
  return { body, raw: tokenizeStretch(to, first, newEnd), stretch: {} };
}

/** Among what a condition leaves out, where the conditions in it stay the same. */
function inLeftOut(source: Preprocessed, { from, to, start, olderEnd, newerEnd }: TextEdit): Found | undefined {
  const body = source.inactive.find((span) => span.file === from && start > span.start && olderEnd < span.end);
  if (body === undefined) return undefined;
  const end = body.end + newerEnd - olderEnd;
  const crosses = (span: Move['body'], offset: number): boolean => span.start < offset && span.end > offset;
  const isCut = source.comments.some((span) => crosses(span, body.start) || crosses(span, body.end));
  const isTold = source.problems.some(
    ({ span }) => span.file === from && span.start >= body.start && span.start < body.end,
  );
  if (isCut || isTold || hasSplices(from, body.start, body.end) || hasSplices(to, body.start, end)) return undefined;
  const raw = tokenizeStretch(to, body.start, end);
  const before = tokenizeStretch(from, body.start, body.end);
  if (raw.problems.some(isUnended) || conditionsIn(raw) !== conditionsIn(before)) return undefined;
  return { body, raw, stretch: { inactive: [{ file: to, start: body.start, end }] } };
}

function conditionsIn({ tokens, directives }: TokenizedFile): string {
  const words = directives.map((index) => tokens[index + 1]).filter((word) => word?.startsLine === false);
  return words
    .flatMap((word) => (/^(?:if|ifn?def|el(?:se|if|ifn?def)|endif)$/.test(word?.text ?? '') ? [word?.text] : []))
    .join();
}

/** Something that was said begins or ends where the edit is: nobody knows whether it moves. */
function touchesPlaces(
  source: Preprocessed,
  { from, start, olderEnd }: TextEdit,
  others: readonly SyntaxProblem[],
): boolean {
  const isHere = (offset: number): boolean => offset >= start && offset <= olderEnd;
  const touches = ({ file, start: first, end }: SyntaxProblem['span']): boolean =>
    file === from && (isHere(first) || isHere(end));
  const problems = [...source.problems, ...source.tokenized.problems, ...others].filter((one) => !isUnended(one));
  return (
    source.inactive.some(touches) ||
    problems.some(
      ({ span, related, fix }) =>
        touches(span) ||
        related?.some((step) => touches(step.span)) === true ||
        fix?.edits.some((one) => touches(one.span)) === true,
    )
  );
}
