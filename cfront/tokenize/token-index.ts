/** Finds a token of a file by its place, in the time of a binary search: tokens are in order. */
import { lowerBound } from '../../base/lower-bound.ts';
import type { Token } from './token.ts';

/** Index of the token that begins at an offset, or of the first behind it. */
export function indexAt(tokens: readonly Token[], offset: number): number {
  return lowerBound(tokens.length, (i) => (tokens[i] as Token).start < offset);
}
