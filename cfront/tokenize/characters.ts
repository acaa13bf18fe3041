/**
 * What a character can begin in C text: one table look-up for ASCII, Unicode's own properties for the rest.
 *
 * In: UTF-16 code units or a text and an offset. Out: a class or a yes. ASCII answers never run a regular expression,
 * because nearly all characters of drivers are ASCII.
 */

/** Classes of ASCII characters, as small integers for the lexer's `switch`. */
export const SPACE = 1;
export const NEWLINE = 2;
export const LETTER = 3;
export const DIGIT = 4;
export const QUOTE = 5;
export const PUNCTUATION = 6;
/** A character that begins nothing: control characters, `@`, a backquote, a backslash. */
const STRAY = 0;

const classes = new Uint8Array(128);
/* NUL and control-Z are blank: the first comes from damaged files, the second ends files of the DOS age. */
for (const c of [0, 9, 11, 12, 26, 32]) classes[c] = SPACE;
for (const c of [10, 13]) classes[c] = NEWLINE;
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$') classes[c.charCodeAt(0)] = LETTER;
for (const c of '0123456789') classes[c.charCodeAt(0)] = DIGIT;
for (const c of '"\'') classes[c.charCodeAt(0)] = QUOTE;
for (const c of '!#%&()*+,-./:;<=>?[]^{|}~') classes[c.charCodeAt(0)] = PUNCTUATION;

/** The class of an ASCII character; `STRAY` for all others, which the caller asks `extendedLetterLength` about. */
export function classOf(code: number): number {
  return code < 128 ? (classes[code] as number) : STRAY;
}

export function isNewline(code: number): boolean {
  return code === 10 || code === 13;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

const startProperty = /\p{ID_Start}/u;
const continueProperty = /\p{ID_Continue}/u;
const universalName = /\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}/y;

/** An identifier with its characters as such: `\u00e9x` and `éx` are the same name (C11 6.4.3). */
export function withoutUniversalNames(word: string): string {
  return word.replace(new RegExp(universalName.source, 'g'), (name) => {
    const point = Number.parseInt(name.slice(2), 16);
    const letter = point > 0x10ffff ? name : String.fromCodePoint(point);
    return continueProperty.test(letter) ? letter : name;
  });
}

/**
 * How many code units at `offset` belong to an identifier though they are not ASCII letters: a Unicode letter (1 or 2
 * units) or a universal character name such as `\u00e9` (6 or 10). 0 where there is none.
 */
export function extendedLetterLength(text: string, offset: number, position: 'first' | 'later'): number {
  const code = text.codePointAt(offset);
  if (code === undefined) return 0;
  if (code === 92) {
    universalName.lastIndex = offset;
    return universalName.exec(text)?.[0].length ?? 0;
  }
  if (code < 128) return 0;
  const letter = String.fromCodePoint(code);
  const isLetter = (position === 'first' ? startProperty : continueProperty).test(letter);
  return isLetter ? letter.length : 0;
}
