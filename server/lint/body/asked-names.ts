/**
 * What the conditions of a function ask about: names of members and of variables that last (`storedName`), wherever it
 * decides by them or compares them.
 */
import { memo } from '../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { walk } from '../../../cfront/parse/walk.ts';
import { storedName } from './stored-name.ts';

export const askedNames = memo((definition: FunctionDefinition): ReadonlySet<string> => {
  const asked = new Set<string>();
  const ask = (condition: Expression | undefined): void => {
    if (condition !== undefined)
      walk(condition, (node) => {
        if (node.kind !== 'member' && node.kind !== 'name') return;
        const name = storedName(node);
        if (name !== undefined) asked.add(name);
      });
  };
  walk(definition.body, (node) => {
    switch (node.kind) {
      case 'if':
      case 'while':
      case 'do':
      case 'for':
      case 'conditional':
        ask(node.condition);
        break;
      case 'logical':
        ask(node.left);
        ask(node.right);
        break;
      default:
    }
  });
  return asked;
});
