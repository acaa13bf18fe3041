/**
 * A function's graph: lowering from the first statement to the last, then the order of the blocks.
 *
 * Blocks are numbered in reverse postorder of a depth-first search, so that outside loops a block comes after all
 * from which it can be reached; an edge that goes back marks a loop head.
 */
import type { FunctionDefinition, NodeBase, Statement } from '../../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { type Builder, newBlock } from './builder.ts';
import { lowerCall } from './call.ts';
import { type Block, type Graph, successors } from './ir.ts';
import { lowerItems, lowerStatement } from './statements.ts';

export function buildGraph(
  definition: FunctionDefinition,
  { mayRaise, lacksHeaders }: Pick<Builder, 'mayRaise' | 'lacksHeaders'>,
): Graph {
  const labelTries = new Map<string, readonly NodeBase[]>();
  findLabels(definition.body, [], labelTries);
  const blank: Block = {
    id: 0,
    instructions: [],
    end: { kind: 'stop' },
    order: -1,
    isLoopHead: false,
    isRepeated: false,
  };
  const b: Builder = {
    lower: { call: lowerCall, statement: lowerStatement, items: lowerItems },
    blocks: [blank],
    open: blank,
    contexts: [],
    isAbnormal: undefined,
    temporaries: 0,
    instructions: 0,
    isCut: false,
    variableOf: new Map(),
    exposedFields: new Set(),
    cases: new Map(),
    labels: new Map(),
    labelTries,
    faulting: new Set(),
    mayRaise,
    lacksHeaders,
  };
  lowerStatement(b, definition.body);
  b.open.end = {
    kind: 'return',
    value: undefined,
    node: definition.last === definition.first ? definition : lastToken(definition),
  };
  b.open = newBlock(b);
  const blocks = orderBlocks(blank);
  return {
    entry: blank,
    blocks,
    temporaries: b.temporaries,
    variableOf: b.variableOf,
    exposedFields: b.exposedFields,
    isCut: b.isCut,
  };
}

function lastToken(definition: FunctionDefinition): NodeBase {
  return { first: definition.last, last: definition.last };
}

/** Records the `__try` statements around each label of the body. */
function findLabels(node: TreeNode, tries: readonly NodeBase[], found: Map<string, readonly NodeBase[]>): void {
  if (node.kind === 'label') found.set(node.name, tries);
  if (node.kind === 'try-except' || node.kind === 'try-finally') {
    findLabels(node.body, [...tries, node], found);
    findLabels(node.handler, tries, found);
    return;
  }
  if (!isStatement(node)) return;
  for (const child of children(node)) findLabels(child, tries, found);
}

/** Labels stand in statements only; what lies below expressions is skipped. */
function isStatement(node: TreeNode): node is Statement {
  return ['compound', 'if', 'while', 'do', 'for', 'switch', 'case', 'label'].includes(node.kind);
}

/** Sets `order`, `isLoopHead` and `isRepeated`; gives the reachable blocks in order. */
function orderBlocks(entry: Block): readonly Block[] {
  const finished: Block[] = [];
  const visited = new Set<Block>([entry]);
  const stack: { block: Block; next: number; targets: readonly Block[] }[] = [
    { block: entry, next: 0, targets: successors(entry.end) },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const target = top.targets[top.next++];
    if (target === undefined) {
      finished.push(top.block);
      stack.pop();
    } else if (!visited.has(target)) {
      visited.add(target);
      stack.push({ block: target, next: 0, targets: successors(target.end) });
    }
  }
  const blocks = finished.reverse();
  for (const [order, block] of blocks.entries()) block.order = order;
  for (const block of blocks) {
    for (const target of successors(block.end)) {
      if (target.order > block.order) continue;
      target.isLoopHead = true;
      // All blocks between the head and the edge back: a superset of the loop, which is what is needed.
      for (let i = target.order; i <= block.order; i++) (blocks[i] as Block).isRepeated = true;
    }
  }
  return blocks;
}
