/**
 * What kind of text an offset stands in, told from the characters of its line: comments, strings, numbers and
 * directives have no nodes in the tree, and while somebody types there is often no tree at all.
 */
import { lastBefore } from '../../../base/lower-bound.ts';
import type { Span } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

export type LexicalPlace =
  | { readonly kind: 'code' | 'comment' | 'number' }
  /** Within `"…"` or `'…'`, quotes included; the offset is behind the first quote. */
  | { readonly kind: 'string' | 'character'; readonly span: Span }
  /** Behind the word of a directive that holds no C: `include`, `error`, `warning`, `line`. */
  | { readonly kind: 'directive'; readonly name: string; readonly span: Span };

export function lexicalPlace(unit: TranslationUnit, offset: number): LexicalPlace {
  const { file, comments } = unit;
  const { text } = file;
  const comment = lastBefore(comments, offset);
  if (comment !== undefined && isBeforeEnd(text, comment, offset)) return { kind: 'comment' };
  const lineStart = logicalLineStart(text, offset);
  const earlier = lastBefore(comments, lineStart);
  const around = earlier !== undefined && earlier.end > lineStart ? earlier : undefined;
  const from = around?.end ?? lineStart;
  const directive = around === undefined ? directiveAt(text, from, offset) : undefined;
  if (directive !== undefined) {
    return {
      kind: 'directive',
      name: directive.name,
      span: { file, start: directive.end, end: lineEnd(text, offset) },
    };
  }
  for (let i = from; i < offset; ) {
    const c = text.charAt(i);
    if (c === '/' && (text[i + 1] === '/' || text[i + 1] === '*')) {
      const end = text[i + 1] === '/' ? lineEnd(text, i) + 1 : after(text, '*/', i + 2);
      if (offset > i && offset < end) return { kind: 'comment' };
      i = end;
    } else if (c === '"' || c === "'") {
      const end = literalEnd(text, i);
      if (offset < end.at || (offset === end.at && !end.isClosed)) {
        return { kind: c === '"' ? 'string' : 'character', span: { file, start: i, end: end.at } };
      }
      i = end.at;
    } else if (/\d/.test(c) || (c === '.' && /\d/.test(text.charAt(i + 1)))) {
      const length = /^(?:[eEpP][+-]|[\w.])*/.exec(text.slice(i, i + 64))?.[0].length ?? 1;
      if (offset <= i + length) return { kind: 'number' };
      i += length;
    } else if (/[A-Za-z_$]/.test(c)) {
      while (/[\w$]/.test(text.charAt(i))) i++;
    } else i++;
  }
  return { kind: 'code' };
}

/** Behind the last character of a line comment one still types in it; behind a closed block comment not. */
function isBeforeEnd(text: string, comment: Span, offset: number): boolean {
  return offset < comment.end || (offset === comment.end && text.startsWith('//', comment.start));
}

/** Start of the line, or of the first of the lines that a `\` at their end joins. */
export function logicalLineStart(text: string, offset: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (start > 1 && /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))) {
    start = text.lastIndexOf('\n', start - 2) + 1;
  }
  return start;
}

function directiveAt(text: string, from: number, offset: number): { name: string; end: number } | undefined {
  const match = /^[ \t]*#[ \t]*(include|include_next|import|error|warning|line)\b/.exec(text.slice(from, from + 200));
  if (match === null) return undefined;
  const end = from + match[0].length;
  return offset >= end ? { name: match[1] ?? '', end } : undefined;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

function after(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length + 1 : found + what.length;
}

/** Offset behind the literal that begins at `start`; one without its closing quote ends with its line. */
export function literalEnd(text: string, start: number): { readonly at: number; readonly isClosed: boolean } {
  const quote = text.charAt(start);
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return { at: i + 1, isClosed: true };
    else if (text[i] === '\n') return { at: i, isClosed: false };
  }
  return { at: text.length, isClosed: false };
}
