/**
 * Where the pointer lies through which memory is read or written. In: the node that does it. Out: the member or the
 * variable that keeps the pointer, itself or by a local that is given nothing else. It ends because operands are smaller,
 * and a local is followed once.
 */
import type { Expression, FunctionDefinition, NodeBase } from '../../../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import type { Session } from '../../flow/run/session.ts';
import { onlyValueOf } from '../../given-values.ts';
import { localVariable } from '../../nodes.ts';
import { keeperOf } from '../../pool-keepers.ts';

export interface Keeper {
  readonly key: string;
  /** As the code calls it. */
  readonly name: string;
}

export function keeperTouched(session: Session, definition: FunctionDefinition, node: NodeBase): Keeper | undefined {
  const pointer = pointerIn(node as TreeNode);
  if (pointer === undefined) return undefined;
  const e = stripConversions(pointer, { casts: true });
  const local = localVariable(e);
  const from = local === undefined ? e : onlyValueOf(definition, local);
  const key = keeperOf(session, from);
  if (key === undefined) return undefined;
  return { key, name: from?.kind === 'name' ? from.symbol.name : from?.kind === 'member' ? from.name : key };
}

/** The pointer that the read or write goes through last; of a call, its first argument. */
function pointerIn(node: TreeNode): Expression | undefined {
  switch (node.kind) {
    case 'assign':
      return pointerIn(node.target);
    case 'increment':
    case 'convert':
    case 'cast':
      return pointerIn(node.operand);
    case 'member':
      return node.isArrow ? node.object : pointerIn(node.object);
    case 'index': {
      const base = stripConversions(node.base);
      return base.type.kind === 'array' ? pointerIn(base) : node.base;
    }
    case 'dereference':
      return node.operand;
    case 'call':
      return node.arguments[0];
    default:
      return undefined;
  }
}
