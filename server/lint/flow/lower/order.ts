/**
 * The order in which a function's blocks are run: in comes the first block, out come all that can be reached.
 *
 * Blocks come after all from which they can be reached without going round, and what lies in a loop stands together, its
 * head first and before what follows the loop: so a loop comes to rest before anything behind it is looked at (Bourdoncle's
 * weak topological order). The blocks of a loop without its head are put in order the same way, so the work ends with the
 * nesting of loops; beyond a depth that jumps alone can make, a loop's blocks are taken as a search finds them, which costs
 * time and nothing else.
 */
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
  return componentsOf(roots, among).flatMap((component) => {
    const [head, ...others] = component as readonly [Block, ...Block[]];
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

interface Visit {
  readonly block: Block;
  readonly targets: readonly Block[];
  next: number;
  /** The place in the search of the earliest block that is known to be in one circle with this one. */
  low: number;
}

/**
 * Blocks that can reach each other, together, and those sets so that each comes before what it leads to (Tarjan's
 * algorithm). The first of each set is where the search came to it, the others follow in the order of the search.
 */
function componentsOf(roots: readonly Block[], among: ReadonlySet<Block> | undefined): readonly (readonly Block[])[] {
  const components: (readonly Block[])[] = [];
  const places = new Map<Block, number>();
  const open: Block[] = [];
  const isOpen = new Set<Block>();
  const visits: Visit[] = [];
  const visit = (block: Block): void => {
    visits.push({ block, targets: successors(block.end), next: 0, low: places.size });
    places.set(block, places.size);
    open.push(block);
    isOpen.add(block);
  };
  for (const root of roots) {
    if (!places.has(root)) visit(root);
    for (let top = visits.at(-1); top !== undefined; top = visits.at(-1)) {
      const target = top.targets[top.next++];
      if (target === undefined) {
        visits.pop();
        const above = visits.at(-1);
        if (above !== undefined) above.low = Math.min(above.low, top.low);
        if (top.low !== places.get(top.block)) continue;
        const component = open.splice(open.lastIndexOf(top.block));
        for (const block of component) isOpen.delete(block);
        components.push(component);
      } else if (among?.has(target) !== false) {
        if (!places.has(target)) visit(target);
        else if (isOpen.has(target)) top.low = Math.min(top.low, places.get(target) ?? 0);
      }
    }
  }
  return components.reverse();
}
