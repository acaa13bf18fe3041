/**
 * Where the pointer lies through which memory is read or written. In: the node that does it. Out: the member or the
 * variable that keeps the pointer, itself or by a local that is given nothing else. It ends because operands are smaller,
 * and a local is followed once.
 */
import type { FunctionDefinition, NodeBase } from '../../../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { onlyValueOf } from '../../body/given-values.ts';
import { localVariable, pointerBehind } from '../../body/nodes.ts';
import { keeperOf } from '../../driver/pool-keepers.ts';
import type { Session } from '../../flow/run/session.ts';

export interface Keeper {
  readonly key: string;
  /** As the code calls it. */
  readonly name: string;
}

export function keeperTouched(session: Session, definition: FunctionDefinition, node: NodeBase): Keeper | undefined {
  const access = node as TreeNode;
  const pointer = access.kind === 'call' ? access.arguments[0] : pointerBehind(access);
  if (pointer === undefined) return undefined;
  const e = stripConversions(pointer, { casts: true });
  const local = localVariable(e);
  const from = local === undefined ? e : onlyValueOf(definition, local);
  const key = keeperOf(session, from);
  if (key === undefined) return undefined;
  return { key, name: from?.kind === 'name' ? from.symbol.name : from?.kind === 'member' ? from.name : key };
}
