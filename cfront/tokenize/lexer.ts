/**
 * One step through a text: the token, the comment or the blank that comes next.
 *
 * In: a lexer, which stands at a character that is not the last. Out: the lexer behind it, with what it has gathered. Each
 * step takes at least one character, so that whoever goes on stepping comes to the end.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { OutlinedPart } from '../outline.ts';
import {
  classOf,
  DIGIT,
  extendedLetterLength,
  LETTER,
  NEWLINE,
  PUNCTUATION,
  QUOTE,
  SPACE,
  withoutUniversalNames,
} from './characters.ts';
import {
  blanksEnd,
  headerNameEnd,
  identifierEnd,
  isPointBeforeDigit,
  lineEnd,
  literalEnd,
  numberEnd,
  punctuatorLength,
  withoutDigraph,
} from './scan.ts';
import { simpleDefineEnd } from './simple-define.ts';
import type { PartToken, Token, TokenKind } from './token.ts';

/** The lexer's place and what it has gathered. */
export interface Lexer {
  readonly file: SourceFile;
  /** Without splices; offsets `i` and `end` are into it. */
  readonly text: string;
  readonly toFile: (offset: number) => number;
  readonly tokens: Token[];
  readonly comments: Span[];
  readonly directives: number[];
  readonly problems: SyntaxProblem[];
  i: number;
  startsLine: boolean;
  afterSpace: boolean;
  /** `none`, then `hash` behind a `#` that begins a line, then `include` behind `# include`. */
  directive: 'none' | 'hash' | 'include';
  /** What becomes of `#define NAME body` on one line. */
  simpleDefines: 'tokens' | 'one token';
}

export function createLexer(file: SourceFile, text: string, toFile: Lexer['toFile']): Lexer {
  return {
    file,
    text,
    toFile,
    tokens: [],
    comments: [],
    directives: [],
    problems: [],
    i: 0,
    startsLine: true,
    afterSpace: false,
    directive: 'none',
    simpleDefines: 'tokens',
  };
}

/** Reads one token, one comment or one blank. */
export function step(lexer: Lexer): void {
  const { text, i } = lexer;
  const code = text.charCodeAt(i);
  if (lexer.directive === 'include' && (code === 60 || code === 34) && headerName(lexer)) return;
  switch (classOf(code)) {
    case SPACE:
      lexer.afterSpace = true;
      lexer.i = blanksEnd(text, i + 1);
      return;
    case NEWLINE:
      lexer.startsLine = true;
      lexer.afterSpace = true;
      lexer.directive = 'none';
      lexer.i = blanksEnd(text, i + 1);
      return;
    case LETTER:
      identifier(lexer, i + 1);
      return;
    case DIGIT:
      push(lexer, 'number', undefined, numberEnd(text, i));
      return;
    case QUOTE:
      literal(lexer, i);
      return;
    case PUNCTUATION:
      if (code === 35 && lexer.simpleDefines === 'one token' && lexer.startsLine && simpleDefine(lexer)) return;
      if (code === 47 && comment(lexer)) return;
      if (code === 46 && isPointBeforeDigit(text, i)) push(lexer, 'number', undefined, numberEnd(text, i));
      else punctuator(lexer, i + punctuatorLength(text, i));
      return;
    default: {
      const length = extendedLetterLength(text, i, 'first');
      if (length > 0) identifier(lexer, i + length);
      else push(lexer, 'unknown', undefined, i + ((text.codePointAt(i) as number) > 0xffff ? 2 : 1));
    }
  }
}

/** Takes a part of the outline as one token. It has no splices. */
export function partToken(lexer: Lexer, part: OutlinedPart): void {
  const { file, startsLine, afterSpace } = lexer;
  const { start, end } = part;
  const token: PartToken = {
    kind: 'part',
    text: '',
    file,
    start,
    end,
    startsLine,
    afterSpace,
    expansion: undefined,
    part,
  };
  lexer.tokens.push(token);
  lexer.i += end - start;
  lexer.startsLine = false;
  lexer.afterSpace = false;
}

/** Takes the text up to `end` as one token. */
export function push(lexer: Lexer, kind: TokenKind, spelling: string | undefined, end: number): void {
  const { file, text, toFile, i, startsLine, afterSpace } = lexer;
  const start = toFile(i);
  lexer.tokens.push({
    kind,
    text: spelling ?? text.slice(i, end),
    file,
    start,
    end: end > i ? toFile(end - 1) + 1 : start,
    startsLine,
    afterSpace,
    expansion: undefined,
  });
  lexer.i = end;
  lexer.startsLine = false;
  lexer.afterSpace = false;
  lexer.directive = 'none';
}

function identifier(lexer: Lexer, from: number): void {
  const { text, i } = lexer;
  const end = identifierEnd(text, from);
  const next = text.charCodeAt(end);
  if ((next === 34 || next === 39) && end - i <= 2 && isLiteralPrefix(text.slice(i, end))) {
    literal(lexer, end);
    return;
  }
  const isAfterHash = lexer.directive === 'hash';
  const word = text.slice(i, end);
  push(lexer, 'identifier', word.includes('\\') ? withoutUniversalNames(word) : word, end);
  if (isAfterHash) {
    if (word === 'include' || word === 'include_next' || word === 'import') lexer.directive = 'include';
  }
}

function isLiteralPrefix(word: string): boolean {
  return word === 'L' || word === 'u' || word === 'U' || word === 'u8';
}

/** Reads a literal whose quote stands at `quoteAt`, behind its prefix. */
function literal(lexer: Lexer, quoteAt: number): void {
  const { text, file, toFile, i } = lexer;
  const isString = text.charCodeAt(quoteAt) === 34;
  const { end, isTerminated } = literalEnd(text, quoteAt);
  if (!isTerminated) {
    const what = isString ? 'string' : 'character constant';
    const quote = isString ? '"' : "'";
    const stop = { file, start: toFile(end - 1) + 1, end: toFile(end - 1) + 1 };
    const closeAt = toFile(behindText(text, quoteAt, end) - 1) + 1;
    const edit = { span: { ...stop, start: closeAt, end: closeAt }, newText: quote };
    lexer.problems.push({
      code: 'unterminated-literal',
      severity: 'error',
      message: `This ${what} has no closing ${isString ? 'quotation mark' : 'apostrophe'} on its line.`,
      span: { ...stop, start: toFile(i) },
      fix: { title: `Insert ${quote}`, edits: [edit] },
    });
  } else if (!isString && end === quoteAt + 2) {
    lexer.problems.push({
      code: 'empty-character-constant',
      severity: 'error',
      message: 'A character constant needs at least one character between its apostrophes.',
      span: { file, start: toFile(i), end: toFile(end - 1) + 1 },
    });
  }
  push(lexer, !isTerminated ? 'unknown' : isString ? 'string' : 'char', undefined, end);
}

/** Where the quotation mark of an unterminated literal belongs, most likely: before the `);` that ends its line. */
function behindText(text: string, quoteAt: number, end: number): number {
  let at = end;
  while (at > quoteAt + 1 && /[)\]};,\s]/.test(text.charAt(at - 1))) at--;
  return at;
}

/** Reads what follows `#include`; false where it is no header name, which leaves plain tokens. */
function headerName(lexer: Lexer): boolean {
  const end = headerNameEnd(lexer.text, lexer.i);
  if (end === -1) {
    lexer.directive = 'none';
    return false;
  }
  push(lexer, 'string', undefined, end);
  return true;
}

/** Takes a simple definition at a `#` that begins a line; false where there is none. */
function simpleDefine(lexer: Lexer): boolean {
  const { text, toFile, i } = lexer;
  const end = simpleDefineEnd(text, i);
  // A splice inside would make its places in the joined text others than in the file.
  if (end === -1 || toFile(end - 1) - toFile(i) !== end - 1 - i) return false;
  lexer.directives.push(lexer.tokens.length);
  push(lexer, 'define', '#', end);
  return true;
}

function punctuator(lexer: Lexer, end: number): void {
  const spelling = withoutDigraph(lexer.text.slice(lexer.i, end));
  const isDirective = lexer.startsLine && spelling === '#';
  if (isDirective) lexer.directives.push(lexer.tokens.length);
  push(lexer, 'punctuator', spelling, end);
  if (isDirective) lexer.directive = 'hash';
}

/** Reads a comment at a slash; false where the slash begins none. A comment is a space, even over several lines. */
function comment(lexer: Lexer): boolean {
  const { text, file, toFile, i } = lexer;
  const second = text.charCodeAt(i + 1);
  if (second !== 47 && second !== 42) return false;
  const close = second === 42 ? text.indexOf('*/', i + 2) : -1;
  const end = second === 47 ? lineEnd(text, i + 2) : close === -1 ? text.length : close + 2;
  if (second === 42 && close === -1) {
    lexer.problems.push({
      code: 'unterminated-comment',
      severity: 'error',
      message: 'This comment has no closing */, so the rest of the file is part of it.',
      span: { file, start: toFile(i), end: toFile(i + 1) + 1 },
    });
  }
  lexer.comments.push({ file, start: toFile(i), end: toFile(end - 1) + 1 });
  lexer.afterSpace = true;
  lexer.i = end;
  return true;
}
