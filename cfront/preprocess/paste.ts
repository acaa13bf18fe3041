/**
 * `#` and `##`: tokens made of other tokens' text.
 *
 * In: tokens. Out: one token, or undefined where two tokens joined make no token. What is made is spelt where its
 * left part (`##`) or its operator (`#`) stands. Lengths are limited, because macros can double a text at each step.
 */
import { sourceFile } from '../../base/source.ts';
import type { Expansion, Token, TokenKind } from '../tokenize/token.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import { limits } from './limits.ts';

/** A copy of `token` that says which invocation it came from, with the white space of the place it takes. */
export function withOrigin(
  token: Token,
  expansion: Expansion | undefined,
  startsLine: boolean,
  afterSpace: boolean,
): Token {
  const { kind, text, file, start, end } = token;
  return { kind, text, file, start, end, startsLine, afterSpace, expansion };
}

/** The text of tokens with one space where white space was; outer white space is left out. */
export function textOf(tokens: readonly Token[]): string {
  let text = '';
  for (let i = 0; i < tokens.length && text.length <= limits.pastedLength; i++) {
    const token = tokens[i] as Token;
    if (i > 0 && (token.afterSpace || token.startsLine)) text += ' ';
    text += token.text;
  }
  return text;
}

/** `#tokens` as a string, or `#@tokens` as a character constant; undefined where it gets too long. */
export function stringized(
  tokens: readonly Token[],
  quote: '"' | "'",
  at: Token,
  expansion: Expansion | undefined,
): Token | undefined {
  let text = quote;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (i > 0 && (token.afterSpace || token.startsLine)) text += ' ';
    const isLiteral = token.kind === 'string' || token.kind === 'char';
    const escaped = quote === '"' ? /["\\]/g : /['\\]/g;
    text += isLiteral ? token.text.replace(escaped, '\\$&') : token.text;
    if (text.length > limits.pastedLength) return undefined;
  }
  text += quote;
  const kind: TokenKind = quote === '"' ? 'string' : 'char';
  return {
    kind,
    text,
    file: at.file,
    start: at.start,
    end: at.end,
    startsLine: at.startsLine,
    afterSpace: at.afterSpace,
    expansion,
  };
}

/** `left ## right`: one token, or undefined where the two texts together are no token (or are too long). */
export function pasted(left: Token, right: Token, expansion: Expansion | undefined): Token | undefined {
  if (left.text.length + right.text.length > limits.pastedLength) return undefined;
  const text = left.text + right.text;
  const kind = kindOf(text);
  if (kind === undefined) return undefined;
  const { file, start, end, startsLine, afterSpace } = left;
  return { kind, text, file, start, end, startsLine, afterSpace, expansion };
}

const identifierPattern = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** The kind of the one token that a text spells. */
function kindOf(text: string): TokenKind | undefined {
  if (identifierPattern.test(text)) return 'identifier';
  if (/^[0-9]+$/.test(text)) return 'number';
  /* Also Microsoft's traditional preprocessor makes no comment by `/ ## /`. */
  const read = tokenize(sourceFile('<pasted>', text));
  const [token, end] = read.tokens;
  if (token === undefined || end?.kind !== 'end' || read.comments.length > 0 || read.problems.length > 0)
    return undefined;
  return token.kind === 'unknown' || token.text.length !== text.length ? undefined : token.kind;
}
