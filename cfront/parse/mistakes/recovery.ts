/**
 * How reading goes on after a mistake. A broken statement costs itself, a broken declaration itself, a broken function
 * its own text.
 *
 * What helps is the layout that people keep even while they type: a statement begins a line, a declaration begins in
 * column 0, and so does the brace that ends a function. All loops here advance over a token or leave.
 */
import { positionAt, type SourceFile } from '../../../base/source.ts';
import { place, type Token } from '../../tokenize/token.ts';
import { startsDeclaration } from '../declarations/type-start.ts';
import { SPECIFIERS, STATEMENT_WORDS } from '../keywords.ts';
import { lookUp } from '../scopes.ts';
import { advance, at, atEnd, type Parser, peek } from '../state.ts';
import { report } from './problems.ts';

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
    return token.startsLine && (STATEMENT_WORDS.has(text) || (inFirstColumn(token) && startsDeclaration(p, token)));
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
    if (token.startsLine && !isFirst) {
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
      if (depth > 0 || token.startsLine) return;
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
    if (p.token.startsLine && STATEMENT_WORDS.has(text)) return false;
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
    if (!isFirst && inFirstColumn(token) && text !== '{' && text !== ')' && beginsDeclaration(token)) return;
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

/** A word that can begin a declaration: a specifier, a typedef's name, any other name. */
function beginsDeclaration(token: Token): boolean {
  return token.kind === 'identifier' && !STATEMENT_WORDS.has(token.text);
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
  return text === '...' || (text === '.' && (peek(p, 1).text === '.' || p.token.startsLine)) || text === '…';
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

/**
 * Index of the `}` that ends the body opened by the `{` at `open`, which stands at file scope.
 *
 * Counting braces answers this for whole text. Where a brace is missing or too many, the `}` in column 0 decides:
 * - a `}` in column 0 inside deeper braces ends the body if a declaration follows in column 0, and no other line of
 *   the body began there (else the text is simply not indented);
 * - an indented `}` does not end a body that began in column 0 if the next thing in column 0 is another `}`;
 * - where no `}` ends the body at all, the head of the next function in column 0 does: a `}` of no width is put in
 *   before it.
 */
export function findBodyEnd(p: Parser, open: number): number {
  const { tokens } = p;
  const opener = tokens[open] as Token;
  let depth = 0;
  let flatLines = 0;
  let candidate = -1;
  for (let i = open; i < tokens.length - 1; i++) {
    const token = tokens[i] as Token;
    const { text } = token;
    if (text === '{') depth++;
    else if (text === '}') {
      depth--;
      const isFirstColumn = token.file === opener.file && inFirstColumn(token);
      if (depth === 0) return isFirstColumn || flatLines > 0 ? i : laterEnd(p, open, i);
      if (isFirstColumn && flatLines === 0) {
        if (endsBeforeDeclaration(p, i)) return i;
        if (candidate < 0) candidate = i;
      }
    } else if (i > open && token.startsLine && token.file === opener.file && inFirstColumn(token)) {
      // One line in column 0 may be a label that is broken; two are text that is not indented.
      if (flatLines < 2 && p.insertedBraces < insertedMax && isFunctionHead(tokens, i)) return insertBrace(p, i);
      if (!isLabel(tokens, i) && tokens[i + 1]?.startsLine !== true) flatLines++;
    }
  }
  return candidate >= 0 ? candidate : tokens.length - 1;
}

/** Braces that are put into one text; each costs time in proportion to the text. */
const insertedMax = 20;

/** Puts a `}` of no width before the token at `index`, which gives its index. */
function insertBrace(p: Parser, index: number): number {
  p.insertedBraces++;
  const before = p.tokens[index - 1] as Token;
  const { file, end } = place(before);
  const at = { file, start: end, end, startsLine: true, afterSpace: true, expansion: undefined };
  const brace: Token = { kind: 'punctuator', text: '}', ...at };
  const tokens = p.tokens.slice();
  tokens.splice(index, 0, brace);
  p.tokens = tokens;
  p.pragmas = p.pragmas.map((pragma) => (pragma.index < index ? pragma : { ...pragma, index: pragma.index + 1 }));
  return index;
}

/** A brace that recovery has put in: nobody wrote it. */
export function isInserted(token: Token): boolean {
  return token.text === '}' && token.start === token.end;
}

/** Tokens that `isFunctionHead` looks at. */
const headMax = 1000;

/** `type name ( … ) {`, with annotations and stars among the words and nothing else. */
function isFunctionHead(tokens: readonly Token[], at: number): boolean {
  const first = tokens[at] as Token;
  if (first.kind !== 'identifier' || STATEMENT_WORDS.has(first.text)) return false;
  let words = 0;
  let depth = 0;
  for (let i = at; i < at + headMax; i++) {
    const token = tokens[i];
    if (token === undefined || token.text === ';' || token.text === '}') return false;
    if (token.text === '{') return depth === 0 && words > 1 && tokens[i - 1]?.text === ')';
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    else if (depth > 0) continue;
    else if (token.kind === 'identifier') words++;
    else if (token.text !== '*') return false;
  }
  return false;
}

/** What stands between the head of a function and its body although it does not belong there. */
export interface BrokenBodyStart {
  /** Tokens to be passed over. */
  readonly junk: number;
  /** Where the `{` is missing: index of the `}` in column 0 that ends the body all the same. */
  readonly end: number | undefined;
}

/** Tokens that may stand between a head and its `{` by mistake. */
const junkMax = 6;

/**
 * The head of a function was read, but no `{` follows: whether its body follows all the same, behind some junk
 * (`int f(void)) {`) or without its `{`.
 */
export function brokenBodyStart(p: Parser): BrokenBodyStart | undefined {
  const { tokens, index, statementFirst } = p;
  const { file } = place(statementFirst);
  if (p.function !== undefined || !inFirstColumn(statementFirst)) return undefined;
  // What stands alone in column 0 stands for the `{`; elsewhere it goes on with the declaration.
  if (/^[;,=:{]$/.test(p.token.text) && !isAlone(tokens, index)) return undefined;
  const brace = braceInFirstColumn(tokens, index);
  if (brace !== undefined) return { junk: brace - index, end: undefined };
  for (let junk = 0; junk <= junkMax; junk++) {
    const token = tokens[index + junk] as Token;
    if (token.kind === 'end' || place(token).file !== file) return undefined;
    if (token.text === '{') return { junk, end: undefined };
    if (token.startsLine && !inFirstColumn(token)) {
      const end = endWithoutBrace(tokens, index + junk, file);
      return end === undefined ? undefined : { junk, end };
    }
    if (/^[;,=}]$/.test(token.text) && !isAlone(tokens, index + junk)) return undefined;
    if (inFirstColumn(token) && token.kind === 'identifier' && !STATEMENT_WORDS.has(token.text)) return undefined;
  }
  return undefined;
}

/** The rest of a head may stand before its `{` in column 0: `int f(int a), int b)`. */
function braceInFirstColumn(tokens: readonly Token[], from: number): number | undefined {
  for (let i = from; i < from + headMax; i++) {
    const token = tokens[i];
    if (token === undefined || token.text === ';' || token.text === '}') return undefined;
    if (token.text === '{') return inFirstColumn(token) ? i : undefined;
    if (inFirstColumn(token) && token.kind === 'identifier') return undefined;
  }
  return undefined;
}

/** The token is all that its line has, in column 0. */
function isAlone(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index] as Token;
  return token.text !== ';' && inFirstColumn(token) && tokens[index + 1]?.startsLine === true;
}

/** The next thing in column 0, if that is a `}`. */
function endWithoutBrace(tokens: readonly Token[], from: number, file: SourceFile): number | undefined {
  for (let i = from; i < tokens.length - 1; i++) {
    const token = tokens[i] as Token;
    if (token.file === file && inFirstColumn(token) && !isLabel(tokens, i)) return token.text === '}' ? i : undefined;
  }
  return undefined;
}

/** `matched` closes the body by count but is indented; a `}` in column 0 that comes next is the real end. */
function laterEnd(p: Parser, open: number, matched: number): number {
  const { tokens } = p;
  const opener = tokens[open] as Token;
  const close = tokens[matched] as Token;
  const began = inFirstColumn(opener) || inFirstColumn(p.statementFirst);
  if (!began || close.file !== opener.file || !isOnLaterLine(close, opener)) return matched;
  for (let i = matched + 1; i < tokens.length - 1; i++) {
    const token = tokens[i] as Token;
    if (token.expansion !== undefined) continue;
    if (token.file !== opener.file) return matched;
    if (inFirstColumn(token) && !isLabel(tokens, i)) return token.text === '}' ? i : matched;
  }
  return matched;
}

function isOnLaterLine(token: Token, than: Token): boolean {
  return positionAt(token.file, token.start).line > positionAt(than.file, than.start).line;
}

/** After the `}` at `index`, a declaration begins in column 0, or the file ends. */
function endsBeforeDeclaration(p: Parser, index: number): boolean {
  const next = p.tokens[index + 1] ?? p.end;
  if (next === p.end) return true;
  return next.kind === 'identifier' && inFirstColumn(next) && beginsDeclaration(next);
}

function isLabel(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index] as Token;
  const isWord = token.kind === 'identifier' && (token.text === 'default' || !STATEMENT_WORDS.has(token.text));
  return (isWord && tokens[index + 1]?.text === ':') || token.text === 'case' || token.text === '{';
}
