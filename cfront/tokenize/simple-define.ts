/**
 * Simple definitions of bundled headers: `#define NAME body` on one line, which the lexer takes as one token.
 *
 * Headers define thousands of macros and a driver uses a few dozen, so a body is cut into tokens when its macro is first
 * used. That is right because nothing can be wrong with such a line and nothing of it is seen outside: the macro is
 * object-like, and its body has plain characters only, no comment, literal, splice or `#`.
 */

export interface SimpleDefine {
  readonly name: string;
  /** Offsets into the text. */
  readonly nameStart: number;
  readonly bodyStart: number;
  readonly end: number;
}

const pattern =
  /(#[ \t]*define[ \t]+)(?!defined\b)([A-Za-z_]\w*)(?=[ \t\r\n])[\w \t!&()*+,\-./:;<=>?[\]^{|}~]*(?=[\r\n])/y;
const comment = /\/[/*]/;

/** Where the simple definition ends whose `#` stands at `offset`; -1 where none begins there. */
export function simpleDefineEnd(text: string, offset: number): number {
  pattern.lastIndex = offset;
  if (!pattern.test(text)) return -1;
  const end = pattern.lastIndex;
  return comment.test(text.slice(offset, end)) ? -1 : end;
}

/** The parts of the definition at `offset`, for which `simpleDefineEnd` gave an end. */
export function simpleDefineAt(text: string, offset: number): SimpleDefine {
  pattern.lastIndex = offset;
  const [all, before, name] = pattern.exec(text) as RegExpExecArray & [string, string, string];
  const nameStart = offset + before.length;
  return { name, nameStart, bodyStart: nameStart + name.length, end: offset + all.length };
}
