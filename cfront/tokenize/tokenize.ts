/**
 * Text to tokens: the raw tokens of one file, before the preprocessor.
 *
 * In: a `SourceFile`. Out: its tokens with an `end` token behind them, its comments, the places of its directives, and
 * what is wrong with it. It never throws and is linear: each round of its loop takes at least one character. The result
 * is kept for the file object's life, so headers shared by many translation units are read once.
 *
 * Problems are only reported to people where the text is not left out by a condition; the preprocessor sees to that.
 */
import { type InPieces, toEnd } from '../../base/in-pieces.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Outline } from '../outline.ts';
import { isNewline } from './characters.ts';
import { createLexer, type Lexer, partToken, push, step } from './lexer.ts';
import { removeSplices } from './splice.ts';
import type { Token } from './token.ts';

export interface TokenizedFile {
  readonly file: SourceFile;
  /** Raw tokens in order; the last one is `end`. A `<…>` after `#include` is one `string` token. */
  readonly tokens: readonly Token[];
  readonly comments: readonly Span[];
  /** Rising indexes into `tokens` of each `#` that begins a line. */
  readonly directives: readonly number[];
  /** In order of place. */
  readonly problems: readonly SyntaxProblem[];
}

const known = new WeakMap<SourceFile, TokenizedFile>();
const knownBundled = new WeakMap<SourceFile, TokenizedFile>();

/** The tokens of a file. The same file object gives the same result object. */
export function tokenize(file: SourceFile): TokenizedFile {
  return known.get(file) ?? toEnd(tokenizing(file));
}

export function* tokenizing(file: SourceFile): InPieces<TokenizedFile> {
  let result = known.get(file);
  if (result === undefined) {
    result = yield* tokenizingText(file, 'tokens');
    known.set(file, result);
  }
  return result;
}

/** The same of a bundled header, with its simple definitions as one `define` token each. */
export function tokenizeBundled(file: SourceFile): TokenizedFile {
  let result = knownBundled.get(file);
  if (result === undefined) {
    result = tokenizeText(file, 'one token');
    knownBundled.set(file, result);
  }
  return result;
}

/** What lies between two offsets, neither of them inside a token or a comment, read for itself; without an `end`. */
export function tokenizeStretch(file: SourceFile, start: number, end: number): TokenizedFile {
  const lexer = createLexer(file, file.text.slice(start, end), (offset) => offset + start);
  while (lexer.i < lexer.text.length) step(lexer);
  const { tokens, comments, directives, problems } = lexer;
  return { file, tokens, comments, directives, problems };
}

/** Whether a stretch has line splices, which only the whole file is read with. */
export function hasSplices(file: SourceFile, start: number, end: number): boolean {
  return /\\\s*[\r\n]/.test(file.text.slice(start, end));
}

/** The tokens of a new text are known: those of an older one, moved, with a few new ones. Nobody may ask for the older. */
export function replaceTokens(older: SourceFile, now: TokenizedFile): void {
  known.delete(older);
  known.set(now.file, now);
}

/** The file has been read, and nobody reads it soon again: what a tree does not hold of its tokens is let go of. */
export function forgetTokens(file: SourceFile): void {
  known.delete(file);
}

const knownOutlined = new WeakMap<SourceFile, TokenizedFile>();

/** The same with each part of the outline as one `part` token. A file object has one outline at most. */
export function tokenizeOutlined(file: SourceFile, outline: Outline): TokenizedFile {
  let result = knownOutlined.get(file);
  if (result === undefined) {
    result = tokenizeText(file, 'one token', outline);
    knownOutlined.set(file, result);
  }
  return result;
}

/**
 * Tokens of a part of the text that has neither splices nor anything wrong; `startsLine`: with the white space before it,
 * it begins a line.
 */
export function tokenizePart(
  file: SourceFile,
  start: number,
  end: number,
  { startsLine }: { readonly startsLine: boolean } = { startsLine: false },
): readonly Token[] {
  const lexer = createLexer(file, file.text.slice(start, end), (offset) => offset + start);
  lexer.startsLine = startsLine;
  lexer.afterSpace = startsLine;
  while (lexer.i < lexer.text.length) step(lexer);
  return lexer.tokens;
}

function tokenizeText(file: SourceFile, simpleDefines: Lexer['simpleDefines'], outline: Outline = []): TokenizedFile {
  return toEnd(tokenizingText(file, simpleDefines, outline));
}

/** Characters that are read at a time. */
const pieceLength = 50_000;

function* tokenizingText(
  file: SourceFile,
  simpleDefines: Lexer['simpleDefines'],
  outline: Outline = [],
): InPieces<TokenizedFile> {
  const { text, toFile, looseBackslashes } = removeSplices(file.text);
  const lexer = createLexer(file, text, toFile);
  if (text.charCodeAt(0) === 0xfeff) lexer.i = 1;
  lexer.simpleDefines = simpleDefines;
  for (const part of outline) {
    while (lexer.i < text.length && toFile(lexer.i) < part.start) step(lexer);
    partToken(lexer, part);
  }
  while (lexer.i < text.length) {
    if (lexer.i > 0) yield;
    stepTo(lexer, Math.min(lexer.i + pieceLength, text.length));
  }
  push(lexer, 'end', '', text.length);
  const { tokens, comments, directives, problems } = lexer;
  warnOfLooseBackslashes(file, looseBackslashes, comments, problems);
  return { file, tokens, comments, directives, problems };
}

function stepTo(lexer: Lexer, end: number): void {
  while (lexer.i < end) step(lexer);
}

/** Blanks behind a backslash are invisible: other compilers do not join the lines. In block comments nobody cares. */
function warnOfLooseBackslashes(
  file: SourceFile,
  offsets: readonly number[],
  comments: readonly Span[],
  problems: SyntaxProblem[],
): void {
  if (offsets.length === 0) return;
  let c = 0;
  for (const start of offsets) {
    while (c < comments.length && (comments[c] as Span).end <= start) c++;
    const around = comments[c];
    if (around !== undefined && around.start < start && file.text.charCodeAt(around.start + 1) === 42) continue;
    let end = start + 1;
    while (end < file.text.length && !isNewline(file.text.charCodeAt(end))) end++;
    problems.push({
      code: 'backslash-and-space',
      severity: 'warning',
      message:
        'Spaces stand between this backslash and the end of its line. The lines are joined here; Microsoft’s compiler does not join them.',
      span: { file, start, end },
      fix: { title: 'Remove the spaces', edits: [{ span: { file, start: start + 1, end }, newText: '' }] },
    });
  }
  problems.sort((a, b) => a.span.start - b.span.start);
}
