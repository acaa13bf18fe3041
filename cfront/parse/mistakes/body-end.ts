/**
 * Where the body of a function ends, and where it begins, while its braces are wrong: worked out from the tokens before
 * the body is read, so that a brace too few or too many costs one function.
 *
 * What helps is the layout that people keep even while they type: a declaration begins in column 0, and so does the brace
 * that ends a function. All loops here go forward over tokens.
 */
import { positionAt, type SourceFile } from '../../../base/source.ts';
import { place, type Token } from '../../tokenize/token.ts';
import { STATEMENT_WORDS } from '../keywords.ts';
import { noteLooked, type Parser } from '../state.ts';
import { beginsDeclaration, hasFirstColumn, inFirstColumn, startsLine } from './layout.ts';

/**
 * Index of the `}` that ends the body opened by the `{` at `open`, which stands at file scope.
 *
 * Counting braces answers this for whole text. Where a brace is missing or too many, the `}` in column 0 decides:
 * - a `}` in column 0 inside deeper braces ends the body if a declaration follows in column 0, and no other line of
 *   the body began there (else the text is simply not indented);
 * - an indented `}` does not end a body that began in column 0 if the next thing in column 0 is another `}`;
 * - where no `}` ends the body at all, the head of the next function in column 0 does, or behind lines that are indented a
 *   `typedef` there: a `}` of no width is put in before it.
 */
export function findBodyEnd(p: Parser, open: number): number {
  const end = bodyEnd(p, open);
  if (p.layout === 'plain' && (end.isMissing || !isSeenAlike(p, open, end.index))) p.lineQuestions++;
  return end.isMissing ? insertBrace(p, end.index) : end.index;
}

/** Who sees lines finds the body's end there, too. */
export function isSeenAlike(p: Parser, open: number, close: number): boolean {
  const { layout } = p;
  p.layout = 'laid-out';
  const { index, isMissing } = bodyEnd(p, open);
  p.layout = layout;
  return index === close && !isMissing;
}

interface BodyEnd {
  readonly index: number;
  /** The `}` is to be put in there. */
  readonly isMissing: boolean;
}

/** The same without a brace that is put in. */
export function bodyEnd(p: Parser, open: number): BodyEnd {
  const asked = p.lineQuestions;
  const end = searchBodyEnd(p, open);
  p.lineQuestions = asked;
  noteLooked(p, end.index);
  return end;
}

function searchBodyEnd(p: Parser, open: number): BodyEnd {
  const { tokens } = p;
  const at = (index: number): BodyEnd => ({ index, isMissing: false });
  const opener = tokens[open] as Token;
  let depth = 0;
  let flatLines = 0;
  let indentedLines = 0;
  let candidate = -1;
  for (let i = open; i < tokens.length - 1; i++) {
    const token = tokens[i] as Token;
    const { text } = token;
    if (text === '{') depth++;
    else if (text === '}') {
      depth--;
      const isFirstColumn = token.file === opener.file && inFirstColumn(p, token);
      if (depth === 0) return at(isFirstColumn || flatLines > 0 ? i : laterEnd(p, open, i));
      if (isFirstColumn && flatLines === 0) {
        if (endsBeforeDeclaration(p, i)) return at(i);
        if (candidate < 0) candidate = i;
      }
    } else if (i > open && startsLine(p, token) && place(token).file === opener.file) {
      noteLooked(p, i + 1);
      if (!hasFirstColumn(token)) {
        indentedLines++;
        continue;
      }
      // One line in column 0 may be a label that is broken; two are text that is not indented.
      const isTypedef = text === 'typedef' && flatLines === 0 && indentedLines >= indentedMin;
      if (p.insertedBraces < insertedMax && (isTypedef || (flatLines < 2 && isFunctionHead(p, i))))
        return { index: i, isMissing: true };
      if (!isLabel(tokens, i) && !startsLine(p, tokens[i + 1] ?? p.end)) flatLines++;
    }
  }
  noteLooked(p, tokens.length - 1);
  return at(candidate >= 0 ? candidate : tokens.length - 1);
}

/** It begins a line of the file in column 0, or the macro does that made it: many heads begin with VOID, which is one. */
function isInFirstColumnOf(p: Parser, file: SourceFile, token: Token): boolean {
  return startsLine(p, token) && place(token).file === file && inFirstColumn(p, token);
}

/** Lines that tell that a body is indented. */
const indentedMin = 2;

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
function isFunctionHead(p: Parser, at: number): boolean {
  const { tokens } = p;
  const first = tokens[at] as Token;
  if (first.kind !== 'identifier' || STATEMENT_WORDS.has(first.text)) return false;
  let words = 0;
  let depth = 0;
  for (let i = at; i < at + headMax; i++) {
    const token = tokens[i];
    noteLooked(p, i);
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
  if (p.function !== undefined) return undefined;
  // What stands alone in column 0 stands for the `{`; elsewhere it goes on with the declaration.
  if (/^[;,=:{]$/.test(p.token.text) && !isAlone(p, index)) return undefined;
  if (!inFirstColumn(p, statementFirst)) return undefined;
  const brace = braceInFirstColumn(p, index);
  if (brace !== undefined) return { junk: brace - index, end: undefined };
  for (let junk = 0; junk <= junkMax; junk++) {
    const token = tokens[index + junk] as Token;
    noteLooked(p, index + junk + 1);
    if (token.kind === 'end' || place(token).file !== file) return undefined;
    if (token.text === '{') return { junk, end: undefined };
    if (startsLine(p, token) && !inFirstColumn(p, token)) {
      const end = endWithoutBrace(p, index + junk, file);
      return end === undefined ? undefined : { junk, end };
    }
    if (/^[;,=}]$/.test(token.text) && !isAlone(p, index + junk)) return undefined;
    if (inFirstColumn(p, token) && token.kind === 'identifier' && !STATEMENT_WORDS.has(token.text)) return undefined;
  }
  return undefined;
}

/** The rest of a head may stand before its `{` in column 0: `int f(int a), int b)`. */
function braceInFirstColumn(p: Parser, from: number): number | undefined {
  const { tokens } = p;
  for (let i = from; i < from + headMax; i++) {
    const token = tokens[i];
    noteLooked(p, i);
    if (token === undefined || token.text === ';' || token.text === '}') return undefined;
    if (token.text === '{') return inFirstColumn(p, token) ? i : undefined;
    if (inFirstColumn(p, token) && token.kind === 'identifier') return undefined;
  }
  return undefined;
}

/** The token is all that its line has, in column 0. */
function isAlone(p: Parser, index: number): boolean {
  const { tokens } = p;
  const token = tokens[index] as Token;
  noteLooked(p, index + 1);
  return token.text !== ';' && inFirstColumn(p, token) && startsLine(p, tokens[index + 1] ?? p.end);
}

/** The next thing in column 0, if that is a `}`. */
function endWithoutBrace(p: Parser, from: number, file: SourceFile): number | undefined {
  const { tokens } = p;
  for (let i = from; i < tokens.length - 1; i++) {
    const token = tokens[i] as Token;
    noteLooked(p, i + 1);
    if (isInFirstColumnOf(p, file, token) && !isLabel(tokens, i)) return token.text === '}' ? i : undefined;
  }
  return undefined;
}

/** `matched` closes the body by count but is indented; a `}` in column 0 that comes next is the real end. */
function laterEnd(p: Parser, open: number, matched: number): number {
  const { tokens } = p;
  const opener = tokens[open] as Token;
  const close = tokens[matched] as Token;
  const began = inFirstColumn(p, opener) || inFirstColumn(p, p.statementFirst);
  if (!began || close.file !== opener.file || !isOnLaterLine(close, opener)) return matched;
  for (let i = matched + 1; i < tokens.length - 1; i++) {
    const token = tokens[i] as Token;
    noteLooked(p, i + 1);
    if (place(token).file !== opener.file) return matched;
    if (inFirstColumn(p, token) && !isLabel(tokens, i)) return token.text === '}' ? i : matched;
  }
  return matched;
}

function isOnLaterLine(token: Token, than: Token): boolean {
  return positionAt(token.file, token.start).line > positionAt(than.file, than.start).line;
}

/** After the `}` at `index`, a declaration begins in column 0, or the file ends. */
function endsBeforeDeclaration(p: Parser, index: number): boolean {
  const next = p.tokens[index + 1] ?? p.end;
  noteLooked(p, index + 1);
  if (next === p.end) return true;
  return next.kind === 'identifier' && inFirstColumn(p, next) && beginsDeclaration(next);
}

function isLabel(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index] as Token;
  const isWord = token.kind === 'identifier' && (token.text === 'default' || !STATEMENT_WORDS.has(token.text));
  return (isWord && tokens[index + 1]?.text === ':') || token.text === 'case' || token.text === '{';
}
