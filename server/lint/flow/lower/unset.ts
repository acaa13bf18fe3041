/**
 * Reads of a function's own variables to which no way from its start has given a value.
 *
 * Forward data flow to a fixed point: what some way has given a value, has one. Sets only grow and are bounded, so it ends.
 */
import type { NodeBase, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { type Block, type Graph, successors } from './ir.ts';
import { isUnshared } from './liveness.ts';

export interface UnsetRead {
  readonly variable: VariableSymbol;
  readonly node: NodeBase;
}

/** In the order of the blocks. None where a part of the function could not be read: it may give anything a value. */
export function findUnset(graph: Graph): readonly UnsetRead[] {
  const { blocks } = graph;
  if (graph.isCut || blocks.some(({ instructions }) => instructions.some(({ op }) => op === 'anything'))) return [];
  const given: Set<VariableSymbol>[] = blocks.map(() => new Set());
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      const after = new Set(given[block.order]);
      pass(graph, block, after);
      for (const next of successors(block.end)) {
        const own = given[next.order] as Set<VariableSymbol>;
        const before = own.size;
        for (const variable of after) own.add(variable);
        // Those behind it have their turn in this round.
        if (own.size !== before && next.order <= block.order) changed = true;
      }
    }
  }
  const reads: UnsetRead[] = [];
  for (const block of blocks) pass(graph, block, new Set(given[block.order]), reads);
  return reads;
}

function pass(graph: Graph, { instructions }: Block, given: Set<VariableSymbol>, reads?: UnsetRead[]): void {
  for (const instruction of instructions) {
    if (instruction.op === 'store') {
      const variable = graph.variableOf.get(instruction.address);
      if (variable !== undefined && !changesOnly(instruction.node)) given.add(variable);
    } else if (instruction.op === 'load' && reads !== undefined) {
      const variable = graph.variableOf.get(instruction.from);
      if (variable !== undefined && !variable.isParameter && isUnshared(variable) && !given.has(variable))
        reads.push({ variable, node: instruction.node });
    }
  }
}

/** `++`, `+=` and the like make of nothing nothing. */
function changesOnly(node: NodeBase): boolean {
  const { kind, operator } = node as { readonly kind?: string; readonly operator?: string };
  return kind === 'increment' || (kind === 'assign' && operator !== undefined);
}
