/** Finds a token of a file by its place, in the time of a binary search: tokens are in order. */
import type { Token } from '../../../cfront/tokenize/token.ts';

/** Index of the token that begins at an offset, or of the one behind it. */
export function indexAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle] as Token).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
