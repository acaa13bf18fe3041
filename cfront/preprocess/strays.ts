/**
 * Characters that begin no token: taken out, so that the parser need not trip over them, and what is to be said of
 * them. Quotation marks without an end stay: the parser knows that they stand for a literal.
 *
 * Spaces that are no white space in C (no-break spaces, as text copied from a web page has them) come in hundreds: they
 * are told of once in a file, with one fix that makes plain spaces of them all.
 */
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { place, spellingPlace, type Token } from '../tokenize/token.ts';
import { tokenize } from '../tokenize/tokenize.ts';

export interface Strays {
  readonly tokens: readonly Token[];
  readonly strays: readonly SyntaxProblem[];
}

export function withoutStrays(tokens: readonly Token[]): Strays {
  if (!tokens.some((token) => token.kind === 'unknown')) return { tokens, strays: [] };
  const strays: SyntaxProblem[] = [];
  const spaced = new Set<SourceFile>();
  const marked = new Set<SourceFile>();
  const kept = tokens.filter((token) => {
    if (!isStray(token)) return true;
    if (plain[token.text] !== undefined) {
      if (!marked.has(token.file)) strays.push(strayTypography(token));
      marked.add(token.file);
    } else if (!isSpace(token.text)) strays.push(strayCharacter(token));
    else if (!spaced.has(token.file)) {
      spaced.add(token.file);
      strays.push(straySpaces(token));
    }
    return false;
  });
  return { tokens: kept, strays };
}

export function isStray({ kind, text }: Token): boolean {
  return kind === 'unknown' && isCharacter(text);
}

/** One character, not the rest of a line behind a quotation mark. */
function isCharacter(text: string): boolean {
  return text === String.fromCodePoint(text.codePointAt(0) ?? 0) && !/["']/.test(text);
}

/** White space, or a character of no width, of Unicode's. */
function isSpace(text: string): boolean {
  return /^[\s\u200b-\u200f\u2060\ufeff]$/.test(text);
}

/** `U+00A0` */
function numberOf(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What is meant by characters that a word processor or a web page puts for those of C. */
const plain: Readonly<Record<string, string>> = {
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u201f': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u2010': '-',
  '\u2011': '-',
  '\u2012': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2212': '-',
};

/** Told of once in a file, as a text that was copied has many; one fix mends them all. */
function strayTypography(token: Token): SyntaxProblem {
  const all = tokenize(token.file).tokens.filter(({ kind, text }) => kind === 'unknown' && plain[text] !== undefined);
  const count = all.length > 1 ? ` This file has ${all.length} such characters.` : '';
  const meant = plain[token.text] ?? '';
  return {
    code: 'stray-character',
    severity: 'error',
    message: `The character '${token.text}' (${numberOf(token.text)}) is typographic; C wants ${meant}.${count}`,
    span: place(token),
    fix: {
      title: 'Replace typographic quotation marks and dashes by plain ones',
      edits: all.map((one) => ({ span: spellingPlace(one), newText: plain[one.text] ?? '' })),
    },
  };
}

function strayCharacter(token: Token): SyntaxProblem {
  const code = token.text.codePointAt(0) ?? 0;
  const number = numberOf(token.text);
  const shown = code > 32 && code !== 127 ? `'${token.text}' (${number})` : number;
  const message = `The character ${shown} has no meaning here.`;
  return { code: 'stray-character', severity: 'error', message, span: place(token) };
}

function straySpaces(token: Token): SyntaxProblem {
  const all = tokenize(token.file).tokens.filter(({ kind, text }) => kind === 'unknown' && isSpace(text));
  const count = all.length > 1 ? `; this file has ${all.length} such characters` : '';
  return {
    code: 'stray-space',
    severity: 'error',
    message: `The character ${numberOf(token.text)} looks like a space, but C does not take it for one${count}.`,
    span: place(token),
    fix: {
      title: 'Replace by plain spaces',
      edits: all.map((space) => ({ span: spellingPlace(space), newText: ' ' })),
    },
  };
}
