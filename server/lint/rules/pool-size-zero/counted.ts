/**
 * Sizes that a loop has counted. In: the size that an allocation is asked for. Out: whether one of the variables in it is
 * set in a loop, or by a function of the driver that has one. Where such a loop is not gone through, the size is 0 as far
 * as lint can tell; the driver may well know that there is always something to count, as processors or pieces of a text.
 */
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { isLoop } from '../../body/nodes.ts';
import type { Session } from '../../flow/run/session.ts';

export function isCounted(session: Session, definition: FunctionDefinition, size: Expression): boolean {
  const isSized = (e: Expression): boolean => {
    const named = stripConversions(e, { casts: true });
    return named.kind === 'name' && someNode(size, (node) => node.kind === 'name' && node.symbol === named.symbol);
  };
  const counts = (node: TreeNode): boolean => node.kind === 'call' && isByLoop(session, node.callee);
  return (
    counts(size) ||
    someNode(size, counts) ||
    someNode(definition.body, (node) => {
      if (isLoop(node)) return someNode(node, (inner) => isSet(inner, isSized));
      if (node.kind === 'assign') return isSized(node.target) && someNode(node.value, counts);
      if (node.kind !== 'variable-declaration' || node.initializer?.kind !== 'expression') return false;
      const { symbol } = node;
      const isMeant = someNode(size, (inner) => inner.kind === 'name' && inner.symbol === symbol);
      return isMeant && someNode(node.initializer.value, counts);
    })
  );
}

function isSet(node: TreeNode, isSized: (e: Expression) => boolean): boolean {
  if (node.kind === 'increment') return isSized(node.operand);
  return node.kind === 'assign' && isSized(node.target);
}

function isByLoop(session: Session, callee: Expression): boolean {
  const named = stripConversions(callee, { casts: true });
  if (named.kind !== 'name' || named.symbol.kind !== 'function') return false;
  const info = session.functionOf(named.symbol);
  return info !== undefined && someNode(info.definition.body, isLoop);
}
