/**
 * Prose that a conversion of 2017 wrote twice or more: whole remarks, and the status sentence up to seven times.
 *
 * In: blocks. Out: the blocks without the copies, and how many paragraphs were copies. A block counts as a copy when it
 * is at least `copyMin` characters long and stands word for word earlier in the same section; short ones ('For
 * example:') may well repeat, unless they stand between two copies, in the same order as before.
 */
import type { Block } from '../prose/blocks.ts';
import { renderBlocks } from '../prose/blocks.ts';

const copyMin = 60;

export function withoutCopies(blocks: readonly Block[]): {
  readonly blocks: readonly Block[];
  readonly dropped: number;
} {
  const seen = new Map<string, number>();
  const kept: Block[] = [];
  let follows = -1;
  blocks.forEach((block, i) => {
    const text = renderBlocks([block]);
    const before = seen.get(text);
    const continues = before !== undefined && follows >= 0 && before === follows + 1;
    if (before !== undefined && (text.length >= copyMin || continues)) {
      follows = before;
      return;
    }
    follows = -1;
    if (before === undefined) seen.set(text, i);
    kept.push(block);
  });
  return { blocks: kept, dropped: blocks.length - kept.length };
}
