/**
 * Whether a place in a function is one that is reached only where a condition has found a pointer to be NULL. That it was
 * compared with NULL on the way says too little: an assertion compares, and goes on.
 *
 * In: a function's tree. Out: an answer from its text alone.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import {
  children,
  constantValue,
  nodePlace,
  someNode,
  stripConversions,
  type TreeNode,
  walk,
} from '../../../../cfront/parse/walk.ts';
import { isLoop } from '../../body/nodes.ts';

/**
 * The condition around `place` that says so, where one does. The pointer is a variable or a member of one; `place` stands in
 * the function.
 */
export function nullSince(
  definition: FunctionDefinition,
  place: TreeNode,
  pointer: Expression,
): Expression | undefined {
  const parents = parentsIn(definition.body);
  for (let branch = place, node = parents.get(place); node !== undefined; branch = node, node = parents.get(node)) {
    const condition = nullBefore(node, branch, pointer);
    if (condition !== undefined && !isGivenBefore(place, branch, pointer)) return condition;
  }
  return undefined;
}

const parentsIn = memo((body: FunctionDefinition['body']): ReadonlyMap<TreeNode, TreeNode> => {
  const parents = new Map<TreeNode, TreeNode>();
  walk(body, (node) => {
    for (const child of children(node)) parents.set(child, node);
  });
  return parents;
});

/** Whoever comes to the branch of the node has passed its condition, which says so. */
function nullBefore(node: TreeNode, branch: TreeNode, pointer: Expression): Expression | undefined {
  switch (node.kind) {
    case 'if':
    case 'conditional':
      return branch !== node.condition && isNullWhere(node.condition, branch === node.then, pointer)
        ? node.condition
        : undefined;
    case 'while':
      return branch === node.body && isNullWhere(node.condition, true, pointer) ? node.condition : undefined;
    case 'logical':
      return branch === node.right && isNullWhere(node.left, node.operator === '&&', pointer) ? node.left : undefined;
    default:
      return undefined;
  }
}

/** It may be another pointer by then. */
function isGivenBefore(place: TreeNode, branch: TreeNode, pointer: Expression): boolean {
  const { end } = nodePlace(place);
  const mayRepeat = someNode(branch, (node) => isLoop(node) || node.kind === 'label');
  return someNode(branch, (node) => {
    const given = node.kind === 'assign' ? node.target : node.kind === 'address-of' ? node.operand : undefined;
    return given !== undefined && isSame(given, pointer) && (mayRepeat || nodePlace(node).start < end);
  });
}

/** Where the condition is so, the pointer is NULL. */
function isNullWhere(condition: Expression, isSo: boolean, pointer: Expression): boolean {
  const e = stripConversions(condition, { casts: true });
  if (e.kind === 'unary' && e.operator === '!') return isNullWhere(e.operand, !isSo, pointer);
  if (e.kind === 'logical') {
    const isBoth = e.operator === '&&';
    return isBoth === isSo && (isNullWhere(e.left, isSo, pointer) || isNullWhere(e.right, isSo, pointer));
  }
  if (e.kind === 'binary' && (e.operator === '==' || e.operator === '!=')) {
    if ((e.operator === '==') !== isSo) return false;
    if (constantValue(e.right) === 0n) return isSame(e.left, pointer);
    return constantValue(e.left) === 0n && isSame(e.right, pointer);
  }
  return !isSo && isSame(e, pointer);
}

function isSame(one: Expression, other: Expression): boolean {
  const a = stripConversions(one, { casts: true });
  const b = stripConversions(other, { casts: true });
  if (a.kind === 'assign' && a.operator === undefined) return isSame(a.target, b);
  if (a.kind === 'name') return b.kind === 'name' && a.symbol === b.symbol;
  return a.kind === 'member' && b.kind === 'member' && a.name === b.name && isSame(a.object, b.object);
}
