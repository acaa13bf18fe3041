/**
 * The text of one body that has been edited, and the whole text with it.
 *
 * In: what the preprocessor knew of the whole older text, and where the body stands in both. Out: the body's new raw
 * tokens, and once they have been preprocessed, what the preprocessor knows of the whole newer text.
 */
import type { Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import { keepsDirectives, type Stretch } from '../preprocess/stretch.ts';
import type { Token } from '../tokenize/token.ts';
import { indexAt } from '../tokenize/token-index.ts';
import { hasSplices, type TokenizedFile, tokenizeStretch } from '../tokenize/tokenize.ts';
import type { Move } from './move.ts';

/** Tokens of a body that is read by itself: of a longer one there is little else in the file. */
export const bodyMax = 20_000;

/** The new body's raw tokens, and which of the older ones they stand for. */
export interface NewText {
  readonly raw: TokenizedFile;
  readonly first: number;
  readonly behind: number;
}

/** Undefined where the body's text says something to the rest of the file, or the file to it. */
export function textOf(source: Preprocessed, { from, to, body, olderEnd, newerEnd, start }: Move): NewText | undefined {
  const { tokenized, state, includes } = source;
  const by = newerEnd - olderEnd;
  const end = body.end + by;
  if (state.countsUses || hasSplices(from, body.start, body.end) || hasSplices(to, body.start, end)) {
    return undefined;
  }
  if (includes.some(({ span }) => span.file === from && span.start > body.start)) return undefined;
  const raw = tokenizeStretch(to, body.start, end);
  const [open] = raw.tokens;
  const close = raw.tokens[raw.tokens.length - 1];
  if (open?.text !== '{' || close?.text !== '}' || close.end !== end || close.start < start) return undefined;
  if (!keepsDirectives(raw) || !raw.problems.every(isOfLine) || raw.tokens.length > bodyMax) return undefined;
  const first = indexAt(tokenized.tokens, body.start);
  const behind = indexAt(tokenized.tokens, body.end);
  const directives = tokenized.directives.filter((index) => index > first && index < behind);
  if (!keepsDirectives({ tokens: tokenized.tokens, directives })) return undefined;
  if (tokenized.problems.some((problem) => isIn(body, problem.span.start) && !isOfLine(problem))) return undefined;
  // A brace too many ends the body before its end.
  const had = tokenized.tokens.slice(first, behind);
  if (closesEarly(raw.tokens) && !closesEarly(had)) return undefined;
  const older = tokenized.tokens[first] as Token;
  const tokens = [{ ...open, startsLine: older.startsLine, afterSpace: older.afterSpace }, ...raw.tokens.slice(1)];
  return { raw: { ...raw, tokens }, first, behind };
}

/** What is wrong has no effect behind its line. */
function isOfLine({ code }: SyntaxProblem): boolean {
  return code === 'unterminated-literal';
}

/** The braces are closed before the last token. */
function closesEarly(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.some(({ text }, i) => {
    if (text === '{') depth++;
    else if (text === '}') depth--;
    return depth === 0 && i < tokens.length - 1;
  });
}

/** What is known of the whole text, with what the body gives now. All places have been moved. */
export function sourceOf(
  source: Preprocessed,
  move: Move,
  { raw, first, behind }: NewText,
  stretch: Stretch,
): Preprocessed {
  const { tokenized, state } = source;
  const { from, to } = move;
  const added = raw.tokens.length - (behind - first);
  const comments = withBody(move, tokenized.comments, raw.comments, (span) => span);
  const requests = state.chain?.requests.map(({ request, result }) =>
    request.from === from ? { request: { ...request, from: to }, result } : { request, result },
  );
  const changes = state.macroChanges?.map((change) =>
    change.index <= first ? change : { ...change, index: change.index + added },
  );
  return {
    ...source,
    main: to,
    tokens: [],
    comments,
    problems: [...source.problems.filter(({ span }) => !isReplaced(move, span)), ...stretch.problems],
    macroUses: withBody(move, source.macroUses, stretch.macroUses, ({ span }) => span),
    inactive: withBody(move, source.inactive, stretch.inactive, (span) => span),
    state: {
      ...state,
      main: to,
      lineUses: [...withBody(move, state.lineUses, stretch.lineUses, (span) => span)],
      macroChanges: changes,
      chain: state.chain === undefined || requests === undefined ? undefined : { ...state.chain, requests },
    },
    tokenized: {
      ...tokenized,
      file: to,
      tokens: replaced(tokenized.tokens as Token[], first, behind, raw.tokens) /* nobody else has the list */,
      comments,
      problems: withBody(move, tokenized.problems, raw.problems, ({ span }) => span),
      directives: [
        ...tokenized.directives.filter((index) => index < first),
        ...raw.directives.map((index) => index + first),
        ...tokenized.directives.flatMap((index) => (index < behind ? [] : index + added)),
      ],
    },
  };
}

/** The list itself with other tokens in it: a copy of a long one costs more than all of the body. */
function replaced(tokens: Token[], first: number, behind: number, now: readonly Token[]): readonly Token[] {
  tokens.splice(first, behind - first, ...now);
  return tokens;
}

/** A list in order of place, with the new body's items in the place of the older one's, which have not been moved. */
function withBody<T>(move: Move, items: readonly T[], inBody: readonly T[], spanOf: (item: T) => Span): readonly T[] {
  const outside = items.filter((item) => !isReplaced(move, spanOf(item)));
  const count = outside.findIndex((item) => spanOf(item).start >= move.body.start);
  return count < 0 ? [...outside, ...inBody] : [...outside.slice(0, count), ...inBody, ...outside.slice(count)];
}

/** It belongs to the body's older text: it has not been moved. Where nothing moves, its place tells. */
function isReplaced({ from, to, body }: Move, { file, start }: Span): boolean {
  return file === from && (from !== to || isIn(body, start));
}

function isIn({ start, end }: Move['body'], offset: number): boolean {
  return offset >= start && offset < end;
}
