/** Where a node stands in the file that a person looks at. */
import type { Span } from '../../base/source.ts';
import { place } from '../tokenize/token.ts';
import type { NodeBase } from './ast.ts';

/** From the first to the last token; a node whose ends lie in different files is placed at its first token. */
export function nodePlace(node: NodeBase): Span {
  const first = place(node.first);
  if (node.first === node.last) return first;
  const last = place(node.last);
  if (first.file !== last.file) return first;
  return { file: first.file, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}
