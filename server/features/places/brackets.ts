/**
 * The open brackets around an offset, read from the text: what is being typed has no node yet, and a tree that was
 * mended around a gap knows less of calls and lists than their brackets do.
 */
import { literalEnd } from './lexical-place.ts';

export interface Bracket {
  readonly open: '(' | '[' | '{';
  /** Offset of the bracket. */
  readonly at: number;
  /** Offsets of the commas directly inside it, before the place asked for. */
  readonly commas: readonly number[];
}

interface OpenBracket extends Bracket {
  readonly commas: number[];
}

/**
 * Outermost first. Starts behind the last `}` in column 0, which ends a function in every layout that people use. A `;`
 * closes parentheses that were forgotten before it, and so does a line that begins the next statement.
 */
export function bracketsAt(text: string, offset: number): readonly Bracket[] {
  const brackets = allBracketsAt(text, offset);
  const line = lineStartAt(text, offset);
  const innermost = brackets.at(-1);
  if (innermost === undefined || innermost.open === '{' || innermost.at >= line) return brackets;
  return beginsStatement(text, line, brackets) ? brackets.slice(0, lastBrace(brackets) + 1) : brackets;
}

/**
 * What stands at `at` begins a line and is the next statement, although the one before it is only half typed: it stands
 * no deeper, and no `)` behind it belongs to a call above.
 */
export function beginsStatement(text: string, at: number, brackets = allBracketsAt(text, at)): boolean {
  if (lineStartAt(text, at) !== at) return false;
  const isOpen = brackets.length > lastBrace(brackets) + 1;
  if (isOpen ? closesOuter(text, at) : brackets.at(-1)?.open === '{' && isListAt(text, brackets.at(-1)?.at ?? 0)) {
    return false;
  }
  const before = lastCodeBefore(text, at);
  let end = before;
  while (end >= 0 && !/[;{}]/.test(text.charAt(end))) end--;
  const first = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/|#.*)*/.exec(text.slice(end + 1, before + 1))?.[0].length ?? 0;
  return columnAt(text, at) <= columnAt(text, lineStartAt(text, end + 1 + first));
}

/** Offset of the first character of a line that is no blank, or `offset` where that comes first. */
function lineStartAt(text: string, offset: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (start < offset && (text[start] === ' ' || text[start] === '\t')) start++;
  return start;
}

function columnAt(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

function lastBrace(brackets: readonly Bracket[]): number {
  return brackets.findLastIndex(({ open }) => open === '{');
}

/** Braces of an initializer, not of a block. */
function isListAt(text: string, brace: number): boolean {
  return /[=,{(]/.test(text.charAt(lastCodeBefore(text, brace)));
}

/** Behind `at` comes a `)` or `]` for a bracket that was opened before it. */
function closesOuter(text: string, at: number): boolean {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '"' || c === "'") i = literalEnd(text, i).at - 1;
    else if (c === ';' || c === '{' || c === '}') return false;
    else if (c === '(' || c === '[') depth++;
    else if ((c === ')' || c === ']') && depth-- === 0) return true;
  }
  return false;
}

function allBracketsAt(text: string, offset: number): readonly Bracket[] {
  let stack: OpenBracket[] = [];
  const closeTo = (open: Bracket['open']): void => {
    const at = stack.findLastIndex((b) => b.open === open);
    if (at >= 0) stack.length = at;
    else if (open === '{') stack = [];
  };
  for (let i = Math.max(0, text.lastIndexOf('\n}', offset - 1)); i < offset; i++) {
    switch (text[i]) {
      case '"':
      case "'":
        i = literalEnd(text, i).at - 1;
        break;
      case '/':
        if (text[i + 1] === '/') i = before(text.indexOf('\n', i), offset);
        else if (text[i + 1] === '*') i = before(text.indexOf('*/', i + 2) + 1 || -1, offset);
        break;
      case '(':
      case '[':
      case '{':
        stack.push({ open: text[i] as Bracket['open'], at: i, commas: [] });
        break;
      case ')':
        closeTo('(');
        break;
      case ']':
        closeTo('[');
        break;
      case '}':
        closeTo('{');
        break;
      case ';': {
        const brace = stack.findLastIndex((b) => b.open === '{');
        stack.length = brace + 1;
        break;
      }
      case ',':
        stack.at(-1)?.commas.push(i);
        break;
      default:
        break;
    }
  }
  return stack;
}

function before(found: number, otherwise: number): number {
  return found < 0 ? otherwise : found;
}

/** Offset of the last character before `offset` that is neither white space nor in a block comment; -1 where none is. */
export function lastCodeBefore(text: string, offset: number): number {
  let i = offset - 1;
  for (;;) {
    while (i >= 0 && /\s/.test(text.charAt(i))) i--;
    if (i < 1 || text[i] !== '/' || text[i - 1] !== '*') return i;
    const open = text.lastIndexOf('/*', i - 2);
    if (open < 0) return i;
    i = open - 1;
  }
}

/** The identifier that ends at `end` (exclusive), or ''. */
export function wordBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && /[\w$]/.test(text.charAt(start - 1))) start--;
  const word = text.slice(start, end);
  return /^[A-Za-z_$]/.test(word) ? word : '';
}
