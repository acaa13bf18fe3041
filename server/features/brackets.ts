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
 * closes parentheses that were forgotten before it.
 */
export function bracketsAt(text: string, offset: number): readonly Bracket[] {
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
