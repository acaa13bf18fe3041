/**
 * The order in which a function's blocks are run: in comes the first block, out come all that can be reached.
 *
 * Blocks come after all from which they can be reached without going round, and what lies in a loop stands together, its
 * head first and before what follows the loop: so a loop comes to rest before anything behind it is looked at (Bourdoncle's
 * weak topological order). The blocks of a loop without its head are put in order the same way, so the work ends with the
 * nesting of loops; beyond a depth that jumps alone can make, a loop's blocks are taken as a search finds them, which costs
 * time and nothing else.
 */
import { componentsOf } from '../../../../base/components.ts';
import { type Block, successors } from './ir.ts';

const MAX_NESTED = 30;

/** Sets `order`, `isLoopHead` and `isRepeated`; gives the reachable blocks in order. */
export function orderBlocks(entry: Block): readonly Block[] {
  const blocks = arrange([entry], undefined, 0);
  for (const [order, block] of blocks.entries()) block.order = order;
  for (const block of blocks)
    for (const target of successors(block.end)) if (target.order <= block.order) target.isLoopHead = true;
  return blocks;
}

/** `among`: the only blocks that count; all, where it is undefined. */
function arrange(roots: readonly Block[], among: ReadonlySet<Block> | undefined, nested: number): readonly Block[] {
  const next = ({ end }: Block): readonly Block[] => successors(end).filter((block) => among?.has(block) !== false);
  return componentsOf(roots, next).flatMap((component) => {
    const [head, ...others] = component;
    if (others.length === 0 && !successors(head.end).includes(head)) return component;
    for (const block of component) block.isRepeated = true;
    if (others.length < 2 || nested >= MAX_NESTED) return component;
    const rest = new Set(others);
    return [
      head,
      ...arrange(
        [...successors(head.end), ...others].filter((block) => rest.has(block)),
        rest,
        nested + 1,
      ),
    ];
  });
}
