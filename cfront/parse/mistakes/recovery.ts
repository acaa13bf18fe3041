/**
 * How reading goes on after a mistake. A broken statement costs itself, a broken declaration itself, a broken function
 * its own text.
 *
 * What helps is the layout that people keep even while they type: a statement begins a line, a declaration begins in
 * column 0, and so does the brace that ends a function. All loops here advance over a token or leave.
 */
import { place, type Token } from '../../tokenize/token.ts';
import { startsDeclaration } from '../declarations/type-start.ts';
import { SPECIFIERS, STATEMENT_WORDS } from '../keywords.ts';
import { lookUp } from '../scopes.ts';
import { advance, at, atEnd, type Parser, peek } from '../state.ts';
import { findBodyEnd } from './body-end.ts';
import { beginsDeclaration, inFirstColumn, mayBeginNextStatement, startsLine } from './layout.ts';
import { report } from './problems.ts';

/** No grammar rule reads beyond this token: the end of the file, or the brace that ends the function being read. */
export function atLimit(p: Parser): boolean {
  return p.token === p.end || p.index === p.function?.bodyEnd;
}

/** Consumes a bracketed group, or what there is of it: it ends before a `}` or `;` that does not belong inside. */
export function skipBalanced(p: Parser): void {
  let depth = 0;
  let braces = 0;
  do {
    const { text } = p.token;
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth--;
    else if (text === '{') braces++;
    else if (text === '}') braces--;
    if (braces < 0 || (text === ';' && braces === 0)) return;
    advance(p);
  } while ((depth > 0 || braces > 0) && !atLimit(p));
}

/**
 * Consumes the parenthesised arguments of an annotation: no brace, `;` or statement stands inside. False where the
 * `)` is missing.
 */
export function skipArguments(p: Parser): boolean {
  let depth = 0;
  while (!atLimit(p) && !endsArguments(p, p.token)) {
    const { text } = advance(p);
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return true;
  }
  return false;
}

/** No annotation's arguments go on over this token. */
export function endsArguments(p: Parser, token: Token): boolean {
  const { text } = token;
  if (token.kind === 'identifier') {
    return (
      startsLine(p, token) && (STATEMENT_WORDS.has(text) || (inFirstColumn(p, token) && startsDeclaration(p, token)))
    );
  }
  return text === ';' || text === '{' || text === '}' || token.kind === 'end';
}

/**
 * Leaves the rest of a broken statement: up to and with its `;`, or up to a `}`, a line that begins a statement, or
 * the function's end. Whole bracketed groups are passed over.
 */
export function skipStatement(p: Parser): void {
  let depth = 0;
  let isFirst = true;
  while (!atLimit(p)) {
    const { token } = p;
    const { text } = token;
    if (startsLine(p, token) && !isFirst) {
      if (depth === 0 && (startsStatement(p, token) || mayBeginNextStatement(p, token))) return;
      if (depth > 0 && STATEMENT_WORDS.has(text)) return;
    }
    isFirst = false;
    if (text === ';' && depth <= 0) {
      advance(p);
      return;
    }
    if (text === '}') return;
    if (text === '{') {
      if (depth > 0 || startsLine(p, token)) return;
      skipBraces(p);
      return;
    }
    if (text === '(' || text === '[') depth++;
    else if ((text === ')' || text === ']') && depth > 0) depth--;
    advance(p);
  }
}

/** Consumes from `{` to the matching `}`, or at file scope to where a function's body would end. */
export function skipBraces(p: Parser): void {
  if (p.function === undefined) {
    const end = findBodyEnd(p, p.index);
    while (p.index <= end && !atEnd(p)) advance(p);
    return;
  }
  let depth = 0;
  do {
    if (at(p, '{')) depth++;
    else if (at(p, '}')) depth--;
    advance(p);
  } while (depth > 0 && !atLimit(p));
}

/** Consumes up to the `)` that closes a group whose `(` was read already; stops before what cannot stand inside. */
export function skipToCloseParen(p: Parser): boolean {
  let depth = 0;
  while (!atLimit(p)) {
    const { text } = p.token;
    if (text === ')' && depth-- === 0) {
      advance(p);
      return true;
    }
    if (text === '{' || text === '}' || text === ';') return false;
    if (startsLine(p, p.token) && STATEMENT_WORDS.has(text)) return false;
    if (text === '(') depth++;
    advance(p);
  }
  return false;
}

/**
 * Leaves the rest of a broken declaration at file scope: with its `;` or its braces, or up to a line in column 0 that
 * begins another one.
 */
export function skipDeclaration(p: Parser): void {
  let depth = 0;
  let isFirst = true;
  while (!atEnd(p)) {
    const { token } = p;
    const { text } = token;
    if (!isFirst && inFirstColumn(p, token) && text !== '{' && text !== ')' && beginsDeclaration(token)) return;
    isFirst = false;
    if (text === ';' && depth <= 0) {
      advance(p);
      return;
    }
    if (text === '{') {
      skipBraces(p);
      if (at(p, ';')) advance(p);
      return;
    }
    if (text === '}') return;
    if (text === '(' || text === '[') depth++;
    else if ((text === ')' || text === ']') && depth > 0) depth--;
    advance(p);
  }
}

/** A word that begins a statement, or a declaration in a block. */
export function startsStatement(p: Parser, token: Token): boolean {
  if (token.kind !== 'identifier') return token.text === '{';
  if (STATEMENT_WORDS.has(token.text) || SPECIFIERS.has(token.text)) return true;
  return lookUp(p.scope, token.text)?.kind === 'typedef';
}

/** Tokens that `closesSoon` looks ahead; a longer list is taken to be closed. */
const lookAheadMax = 5000;

/** The list whose `(` was read is closed before the next `;`, `{` or `}`. */
export function closesSoon(p: Parser): boolean {
  let depth = 0;
  for (let i = 0; i < lookAheadMax; i++) {
    const token = peek(p, i);
    const { text } = token;
    if (token === p.end || text === '{' || text === '}' || text === ';') return false;
    if (text === '(') depth++;
    else if (text === ')' && depth-- === 0) return true;
  }
  return true;
}

/** `...`, or `.` as text writes it for code that was left out. */
export function atElision(p: Parser): boolean {
  const { text } = p.token;
  return text === '...' || (text === '.' && (peek(p, 1).text === '.' || startsLine(p, p.token))) || text === '…';
}

/** Consumes `...`, or single dots over several lines, and says once that code is missing here. */
export function elision(p: Parser): void {
  const first = p.token;
  if (at(p, '.')) {
    while (!atLimit(p) && at(p, '.')) advance(p);
  } else {
    advance(p);
  }
  const start = place(first);
  const end = place(p.previous);
  const span = start.file === end.file && end.end >= start.start ? { ...start, end: end.end } : start;
  report(p, 'error', 'elided-code', 'Code was left out here; write it before this is built or run.', span);
}
