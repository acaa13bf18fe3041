/**
 * What the layout of a text tells where its brackets do not: where a line begins, how far to the right a token stands,
 * and whether the next statement or declaration may begin with it.
 *
 * Whoever does not see lines gets the answer as if the text had none, and where that is another one, it is counted: what
 * was read without such a question is read alike by who sees them.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { STATEMENT_WORDS } from '../keywords.ts';
import type { Parser } from '../state.ts';

/** The token begins a line, for a parser that sees lines; in bundled headers everybody sees them. */
export function startsLine(p: Parser, token: Token): boolean {
  if (!token.startsLine) return false;
  if (p.layout === 'laid-out' || p.isSystemFile(token.file)) return true;
  p.lineQuestions++;
  return false;
}

/** The token (or the macro that made it) begins a line in column 0. */
export function inFirstColumn(p: Parser, token: Token): boolean {
  return token.startsLine && hasFirstColumn(token) && startsLine(p, token);
}

/** The same of a token that is known to begin a line. */
export function hasFirstColumn(token: Token): boolean {
  const { file, start } = token.expansion === undefined ? token : place(token);
  const before = start === 0 ? 10 : file.text.charCodeAt(start - 1);
  return before === 10 || before === 13;
}

/** Column of a token in its line, from 0. */
function columnOf(token: Token): number {
  const text = token.file.text;
  let start = token.start;
  while (start > 0 && text.charCodeAt(start - 1) !== 10 && text.charCodeAt(start - 1) !== 13) start--;
  return token.start - start;
}

/** The token begins a line and stands no deeper than the statement being read: it may well be the next statement. */
export function mayBeginNextStatement(p: Parser, token: Token): boolean {
  if (!token.startsLine || token.expansion !== undefined || token.file !== p.statementFirst.file) return false;
  return columnOf(token) <= columnOf(p.statementFirst) && startsLine(p, token);
}

/** A word that can begin a declaration: a specifier, a typedef's name, any other name. */
export function beginsDeclaration(token: Token): boolean {
  return token.kind === 'identifier' && !STATEMENT_WORDS.has(token.text);
}
