/** Places and text of nodes for debug information and messages. */
import type { Span } from '../../../base/source.ts';
import type { NodeBase } from '../../../cfront/parse/ast.ts';
import { place, type Token } from '../../../cfront/tokenize/token.ts';

/** From the first to the last token as a person sees them; the first alone where the two lie in different files. */
export function spanOf(node: NodeBase): Span {
  return spanBetween(node.first, node.last);
}

export function spanBetween(first: Token, last: Token): Span {
  const start = place(first);
  const end = place(last);
  if (start.file !== end.file || end.end <= start.start) return start;
  return { file: start.file, start: start.start, end: end.end };
}

/** The source text of a node on one line, shortened for a message. */
export function textOf(node: NodeBase): string {
  const span = spanOf(node);
  const text = span.file.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
