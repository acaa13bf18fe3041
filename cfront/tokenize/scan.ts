/**
 * Where a token ends: one function for each kind of token, each from the offset of its first character.
 *
 * In: text without line splices and an offset. Out: the offset behind the token. Every function moves forward only and
 * stops at the text's end, so the lexer is linear.
 */
import { classOf, DIGIT, extendedLetterLength, isDigit, isNewline, LETTER, SPACE } from './characters.ts';

/** End of the blanks at `offset`, on its line. */
export function blanksEnd(text: string, offset: number): number {
  let i = offset;
  while (classOf(text.charCodeAt(i)) === SPACE) i++;
  return i;
}

/** Letters and digits, or nothing: it always fits. A regular expression is fast from its first use on. */
const asciiWord = /[\w$]*/y;

/** End of the identifier whose first character has been accepted already and ends at `offset`. */
export function identifierEnd(text: string, offset: number): number {
  asciiWord.lastIndex = offset;
  asciiWord.test(text);
  let i = asciiWord.lastIndex;
  for (;;) {
    const code = text.charCodeAt(i);
    const kind = classOf(code);
    if (kind === LETTER || kind === DIGIT) {
      i++;
      continue;
    }
    if (code < 128 && code !== 92) return i;
    const length = extendedLetterLength(text, i, 'later');
    if (length === 0) return i;
    i += length;
  }
}

/**
 * End of the preprocessing number at `offset` (a digit, or a dot before a digit).
 *
 * A sign belongs to it after `e` or `p`. After a hexadecimal prefix only `p` counts, so that `0xE+1` is a sum, as
 * Microsoft's compiler reads it; the C standard makes it one invalid token, which no program can want.
 */
export function numberEnd(text: string, offset: number): number {
  const isHex = text.charCodeAt(offset) === 48 && (text.charCodeAt(offset + 1) | 32) === 120;
  let i = offset + 1;
  for (;;) {
    const code = text.charCodeAt(i);
    const kind = classOf(code);
    if (kind === DIGIT || code === 46) i++;
    else if (kind === LETTER) {
      const lower = code | 32;
      const isExponent = lower === 112 || (lower === 101 && !isHex);
      const sign = text.charCodeAt(i + 1);
      i += isExponent && (sign === 43 || sign === 45) ? 2 : 1;
    } else return i;
  }
}

/** True where a number begins with its decimal point: `.5`. */
export function isPointBeforeDigit(text: string, offset: number): boolean {
  return text.charCodeAt(offset) === 46 && isDigit(text.charCodeAt(offset + 1));
}

/** End of the string or character literal whose opening quote stands at `offset`; a line end leaves it unterminated. */
export function literalEnd(text: string, offset: number): { readonly end: number; readonly isTerminated: boolean } {
  const quote = text.charCodeAt(offset);
  let i = offset + 1;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === quote) return { end: i + 1, isTerminated: true };
    if (isNewline(code)) break;
    i += code === 92 && i + 1 < text.length && !isNewline(text.charCodeAt(i + 1)) ? 2 : 1;
  }
  return { end: i, isTerminated: false };
}

/** End of the header name `<…>` or `"…"` at `offset`, in which a backslash is a plain character; -1 if none ends. */
export function headerNameEnd(text: string, offset: number): number {
  const close = text.charCodeAt(offset) === 60 ? 62 : 34;
  for (let i = offset + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === close) return i + 1;
    if (isNewline(code)) break;
  }
  return -1;
}

/** End of the line at `offset`, before its line break. */
export function lineEnd(text: string, offset: number): number {
  let i = offset;
  while (i < text.length && !isNewline(text.charCodeAt(i))) i++;
  return i;
}

const longPunctuators = new Set([
  ...['...', '<<=', '>>='],
  ...['->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '##', '#@'],
  ...['*=', '/=', '%=', '+=', '-=', '&=', '^=', '|='],
  ...['<:', ':>', '<%', '%>', '%:'],
]);

/** Characters that can be second in a punctuator: everything else ends it after one character. */
const seconds = new Uint8Array(128);
for (const punctuator of longPunctuators) seconds[punctuator.charCodeAt(1)] = 1;

/** Length of the punctuator at `offset`, the longest that fits. */
export function punctuatorLength(text: string, offset: number): number {
  const second = text.charCodeAt(offset + 1);
  if (!(second < 128) || seconds[second] === 0) return 1;
  const first = text.charCodeAt(offset);
  /* What is longer than two characters: `...`, `<<=`, `>>=` and the digraph `%:%:`. */
  if (second === 46) return first === 46 && text.charCodeAt(offset + 2) === 46 ? 3 : 1;
  if ((first === 60 || first === 62) && second === first && text.charCodeAt(offset + 2) === 61) return 3;
  if (first === 37 && second === 58 && text.startsWith('%:', offset + 2)) return 4;
  return longPunctuators.has(text.slice(offset, offset + 2)) ? 2 : 1;
}

const digraphs: Readonly<Record<string, string>> = {
  '<:': '[',
  ':>': ']',
  '<%': '{',
  '%>': '}',
  '%:': '#',
  '%:%:': '##',
};

/** The punctuator that a digraph stands for, or the text itself. */
export function withoutDigraph(text: string): string {
  return text.length === 1 ? text : (digraphs[text] ?? text);
}
