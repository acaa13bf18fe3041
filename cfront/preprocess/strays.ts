/**
 * Characters that begin no token: taken out, so that the parser need not trip over them, and what is to be said of
 * them. Quotation marks without an end stay: the parser knows that they stand for a literal.
 */
import type { SyntaxProblem } from '../errors.ts';
import { place, type Token } from '../tokenize/token.ts';

export interface Strays {
  readonly tokens: readonly Token[];
  readonly strays: readonly SyntaxProblem[];
}

export function withoutStrays(tokens: readonly Token[]): Strays {
  if (!tokens.some((token) => token.kind === 'unknown')) return { tokens, strays: [] };
  const strays: SyntaxProblem[] = [];
  const kept = tokens.filter((token) => {
    const code = token.text.codePointAt(0) ?? 0;
    const isCharacter =
      token.kind === 'unknown' && token.text === String.fromCodePoint(code) && !/["']/.test(token.text);
    if (isCharacter) {
      const number = code.toString(16).toUpperCase().padStart(4, '0');
      const shown =
        code > 32 && code !== 127 && code !== 0xa0 && code !== 0xfeff ? `'${token.text}' (U+${number})` : `U+${number}`;
      const message = `The character ${shown} has no meaning here.`;
      strays.push({ code: 'stray-character', severity: 'error', message, span: place(token) });
    }
    return !isCharacter;
  });
  return { tokens: kept, strays };
}
