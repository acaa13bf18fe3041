/**
 * A function's graph: lowering from the first statement to the last, then the order of the blocks (order.ts).
 */
import type { FunctionDefinition, NodeBase, Statement } from '../../../../cfront/parse/ast.ts';
import { children, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { type Builder, newBlock } from './builder.ts';
import { lowerCall } from './call.ts';
import type { Block, Graph } from './ir.ts';
import { orderBlocks } from './order.ts';
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
  const { body } = definition;
  lowerStatement(b, body.isUnclosed === true ? { kind: 'error', first: body.first, last: body.last } : body);
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
