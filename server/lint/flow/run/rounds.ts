/**
 * What a loop's next round is told of requests that were completed in this one.
 *
 * A loop that tries a request again ends, by a status, where it was completed. Which status that was is lost where ways
 * meet, so nobody says in the next round that the request is done; unless there is no way to the end of the round but
 * through the call that completes it: then there is nothing that could have been lost.
 */
import type { NodeBase } from '../../../../cfront/parse/ast.ts';
import { type Block, type Graph, successors } from '../lower/ir.ts';
import type { State } from '../state/state.ts';

/** `state` goes back to the head of a loop from the end of block `from`. */
export function forgetCompleted(state: State, graph: Graph, from: Block): void {
  for (const [key, fact] of state.facts) {
    const { life } = fact;
    if (life.kind !== 'completed') continue;
    // A helper may have completed it on some of its ways only.
    if (life.where.inside === undefined && isAlwaysBefore(graph, life.where.node, from)) continue;
    state.facts.set(key, { ...fact, life: { kind: 'unknown' } });
  }
}

/** Every way from the function's entry to the end of `block` runs the call `node`. Each block is visited once. */
function isAlwaysBefore({ entry }: Graph, node: NodeBase, block: Block): boolean {
  const open = [entry];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.instructions.some((instruction) => instruction.op === 'call' && instruction.node === node)) continue;
    if (next === block) return false;
    for (const to of successors(next.end)) {
      if (seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return true;
}
