/**
 * Tokens, and where they come from.
 *
 * A token knows its spelling place (the characters themselves) and, when a macro made it, the chain of invocations
 * that led to it. `place` answers the question people ask: where in the file that I look at is this?
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { OutlinedPart } from '../outline.ts';

export type TokenKind =
  | 'identifier' /* keywords too: the parser knows them by text */
  | 'number' /* a preprocessing number */
  | 'char'
  | 'string'
  | 'punctuator'
  | 'define' /* a simple `#define` of a bundled header as a whole; its text is `#` */
  | 'part' /* declarations of a bundled header that are left unread (cfront/outline.ts); its text is empty */
  | 'pragma' /* `#pragma …`, `__pragma(…)`, `_Pragma("…")`: one token whose text is what follows the word */
  | 'unknown' /* a character that is no C token, or an unterminated literal */
  | 'end';

export interface Expansion {
  readonly macro: string;
  /** The macro name (and arguments) as written where it was invoked. */
  readonly invocation: Span;
  /** Set where the invocation itself came out of another macro. */
  readonly outer: Expansion | undefined;
}

export interface Token {
  readonly kind: TokenKind;
  /** The exact spelling, after line splices are removed. */
  readonly text: string;
  readonly file: SourceFile;
  /** Offset of the first character of the spelling in `file`. */
  readonly start: number;
  readonly end: number;
  /** First token of its line. */
  readonly startsLine: boolean;
  readonly afterSpace: boolean;
  readonly expansion: Expansion | undefined;
}

/** A `part` as the lexer gives it. */
export interface PartToken extends Token {
  readonly kind: 'part';
  readonly part: OutlinedPart;
}

/** The token behind the last one of a text that ends at `offset`. */
export function endToken(file: SourceFile, offset: number): Token {
  return {
    kind: 'end',
    text: '',
    file,
    start: offset,
    end: offset,
    startsLine: true,
    afterSpace: true,
    expansion: undefined,
  };
}

/** Where the token was spelt: for a token out of a macro's body this lies in the `#define`. */
export function spellingPlace(token: Token): Span {
  return { file: token.file, start: token.start, end: token.end };
}

/**
 * Where the token stands in the file that a person looks at: the spelling itself, or for a token out of a macro's
 * body the outermost invocation. A macro argument keeps its own place within the invocation.
 */
export function place(token: Token): Span {
  if (token.expansion === undefined) return spellingPlace(token);
  let outermost = token.expansion;
  while (outermost.outer !== undefined) outermost = outermost.outer;
  const { invocation } = outermost;
  const isArgument = token.file === invocation.file && token.start >= invocation.start && token.end <= invocation.end;
  return isArgument ? spellingPlace(token) : invocation;
}
