/**
 * Simple definitions of bundled headers: `#define NAME body` on one line, which the lexer takes as one token.
 *
 * Headers define thousands of macros and a driver uses a few dozen, so a body is cut into tokens when its macro is first
 * used. That is right because nothing can be wrong with such a line and nothing of it is seen outside: the macro is
 * object-like, and its body has plain characters only, no comment, literal, splice or `#`.
 */
import { blanksEnd, identifierEnd } from './scan.ts';

const pattern = /#[ \t]*define[ \t]+(?!defined\b)[A-Za-z_]\w*(?=[ \t\r\n])[\w \t!&()*+,\-./:;<=>?[\]^{|}~]*(?=[\r\n])/y;
const comment = /\/[/*]/;

/** Where the simple definition ends whose `#` stands at `offset`; -1 where none begins there. */
export function simpleDefineEnd(text: string, offset: number): number {
  pattern.lastIndex = offset;
  if (!pattern.test(text)) return -1;
  const end = pattern.lastIndex;
  return comment.test(text.slice(offset, end)) ? -1 : end;
}

/** Where the name stands in the definition at `offset`, for which `simpleDefineEnd` gave an end. */
export function simpleDefineName(
  text: string,
  offset: number,
): { readonly nameStart: number; readonly nameEnd: number } {
  const nameStart = blanksEnd(text, text.indexOf('define', offset) + 'define'.length);
  return { nameStart, nameEnd: identifierEnd(text, nameStart) };
}
