/**
 * What the conditions of a function ask about: names of members and of variables that last (`storedName`), wherever it
 * decides by them.
 */
import { memo } from '../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import { storedName } from './stored-name.ts';

export const askedNames = memo((definition: FunctionDefinition): ReadonlySet<string> => {
  const asked = new Set<string>();
  walk(definition.body, (node) => {
    for (const condition of conditionsOf(node))
      walk(condition, (part) => {
        const name = part.kind === 'member' || part.kind === 'name' ? storedName(part) : undefined;
        if (name !== undefined) asked.add(name);
      });
  });
  return asked;
});

/** What a node itself decides by, not what those below it do. */
export function conditionsOf(node: TreeNode): readonly Expression[] {
  switch (node.kind) {
    case 'if':
    case 'while':
    case 'do':
    case 'for':
    case 'conditional':
      return node.condition === undefined ? [] : [node.condition];
    case 'logical':
      return [node.left, node.right];
    default:
      return [];
  }
}
