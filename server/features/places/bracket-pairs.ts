/**
 * The brackets that close around an offset, with the part between two separators in which the offset stands. Read from
 * the text, so that bodies of macros, parameters and members of structures have them too. Ends because it reads forwards.
 */
import { literalEnd } from './lexical-place.ts';

export interface BracketPair {
  readonly open: '(' | '[' | '{';
  /** Offset of the opening bracket. */
  readonly start: number;
  /** Offset behind the closing one. */
  readonly end: number;
  /** From behind the separator before the offset to the one behind it: `;`, where the brackets have one, or `,`. */
  readonly part: { readonly start: number; readonly end: number; readonly separator: ';' | ',' | undefined };
}

interface Opened {
  readonly open: BracketPair['open'];
  readonly at: number;
  readonly separators: { readonly at: number; readonly text: ';' | ',' }[];
}

const openOf: Readonly<Record<string, BracketPair['open']>> = { ')': '(', ']': '[', '}': '{' };

/** Innermost first. Starts behind the last `}` in column 0, which ends a function in every layout that people use. */
export function bracketPairsAt(text: string, offset: number): readonly BracketPair[] {
  const found: BracketPair[] = [];
  let stack: Opened[] = [];
  for (let i = Math.max(0, text.lastIndexOf('\n}', offset - 1)); i < text.length; i++) {
    // What was open before the offset has closed: nothing behind can be around it.
    if (i >= offset && (stack[0]?.at ?? offset) >= offset) break;
    const c = text.charAt(i);
    switch (c) {
      case '"':
      case "'":
        i = literalEnd(text, i).at - 1;
        break;
      case '/':
        i = commentEnd(text, i);
        break;
      case '(':
      case '[':
      case '{':
        stack.push({ open: c, at: i, separators: [] });
        break;
      case ')':
      case ']':
      case '}': {
        // A bracket that was forgotten ends with the one around it; one too many closes nothing.
        const at = stack.findLastIndex(({ open }) => open === openOf[c]);
        const opened = stack[at];
        if (opened === undefined) break;
        stack = stack.slice(0, at);
        if (opened.at < offset && offset <= i) found.push(pairOf(opened, i, offset));
        break;
      }
      case ';':
      case ',':
        stack.at(-1)?.separators.push({ at: i, text: c });
        break;
      default:
        break;
    }
  }
  return found;
}

function pairOf({ open, at, separators }: Opened, close: number, offset: number): BracketPair {
  const separator: ';' | ',' | undefined = separators.some(({ text }) => text === ';') ? ';' : separators[0]?.text;
  const between = separators.filter(({ text }) => text === separator);
  const before = between.findLast((one) => one.at < offset);
  const behind = between.find((one) => one.at >= offset);
  const part = { start: (before?.at ?? at) + 1, end: behind?.at ?? close, separator };
  return { open, start: at, end: close + 1, part };
}

/** Offset of the last character of the comment that begins here, or `at` where none does. */
function commentEnd(text: string, at: number): number {
  const end = text.startsWith('//', at)
    ? text.indexOf('\n', at)
    : text.startsWith('/*', at)
      ? text.indexOf('*/', at + 2) + 1 || -1
      : at;
  return end < 0 ? text.length : end;
}
