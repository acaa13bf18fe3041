/**
 * Escapes that C does not know: `"C:\dir"`. Microsoft's compiler takes the character without its backslash and warns.
 */
import { place, type Token } from '../tokenize/token.ts';
import { fixOf } from './fixes.ts';
import { report } from './problems.ts';
import type { Parser } from './state.ts';

const known = /[abefnrtvx0-7uU'"?\\\r\n]/;

/** Warns of the first unknown escape of a string or a character constant. */
export function warnOfEscapes(p: Parser, token: Token): void {
  const { text } = token;
  if (!text.includes('\\')) return;
  for (let i = 0; i < text.length - 1; i++) {
    if (text.charCodeAt(i) !== 92) continue;
    const letter = text.charAt(++i);
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
