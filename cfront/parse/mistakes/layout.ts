/**
 * What the layout of a text tells where its brackets do not: where a line begins, how far to the right a token stands,
 * and whether the next statement or declaration may begin with it.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { STATEMENT_WORDS } from '../keywords.ts';
import type { Parser } from '../state.ts';

/** The token (or the macro that made it) begins a line in column 0. */
export function inFirstColumn(token: Token): boolean {
  if (!token.startsLine) return false;
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
  return columnOf(token) <= columnOf(p.statementFirst);
}

/** A word that can begin a declaration: a specifier, a typedef's name, any other name. */
export function beginsDeclaration(token: Token): boolean {
  return token.kind === 'identifier' && !STATEMENT_WORDS.has(token.text);
}
