/**
 * Escapes that C does not know: `"C:\dir"`. Microsoft's compiler takes the character without its backslash and warns.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { fixOf } from '../mistakes/fixes.ts';
import { report } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';

const known = /[abefnrtvx0-7uU'"?\\\r\n]/;

/** Warns of the first unknown escape of a string or a character constant. */
export function warnOfEscapes(p: Parser, token: Token): void {
  const { text } = token;
  if (!text.includes('\\')) return;
  for (let i = 0; i < text.length - 1; i++) {
    if (text.charCodeAt(i) !== 92) continue;
    const letter = text.charAt(++i);
    if (isTooLarge(text, i)) {
      const message = `'\\${(/^x?[0-9a-fA-F]+/.exec(text.slice(i)) ?? [''])[0]}' does not fit into one character here.`;
      report(p, 'error', 'bad-literal', message, place(token));
      return;
    }
    if (letter === 'x' && !/^[0-9a-fA-F]/.test(text.slice(i + 1))) {
      report(p, 'error', 'bad-literal', "A hexadecimal digit is wanted behind '\\x'.", place(token));
      return;
    }
    if (known.test(letter)) continue;
    const whole = place(token);
    // Only in a literal that stands in one piece is the escape's own place known.
    const isWhole = token.file === whole.file && token.start === whole.start && token.end - token.start === text.length;
    const span = isWhole ? { ...whole, start: token.start + i - 1, end: token.start + i + 1 } : whole;
    const backslash = { ...span, end: span.start };
    const fix = isWhole ? { fix: fixOf("Replace '\\' by '\\\\'", backslash, '\\') } : {};
    const message = `'\\${letter}' is not an escape of C, so it means '${letter}' alone. Write '\\\\${letter}' for a backslash.`;
    report(p, 'warning', 'unknown-escape', message, span, fix);
    return;
  }
}

/** The value of the hexadecimal or octal escape behind the backslash before `at` has more bits than a character. */
function isTooLarge(text: string, at: number): boolean {
  const digits = /^(?:x([0-9a-fA-F]+)|([0-7]{1,3}))/.exec(text.slice(at, at + 64));
  if (digits === null) return false;
  const value = digits[1] === undefined ? Number.parseInt(digits[2] ?? '0', 8) : Number.parseInt(digits[1], 16);
  // A string without a prefix may be joined to a wide one, so only its shorter escapes are known to be wrong.
  if (text.startsWith('"')) return value > 0xffff;
  const bits = /^[Lu](?!8)/.test(text) ? 16 : text.startsWith('U') ? 32 : 8;
  return value >= 2 ** bits;
}
