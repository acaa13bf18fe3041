/**
 * IOCTL_DOT4_LAST is a sum without parentheses. In: a function. Out: where an operator that binds more tightly takes a
 * part of it, in the function's own text or by a macro of the driver's.
 */
import { memo } from '../../../../base/memo.ts';
import type { SourceFile } from '../../../../base/source.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import type { Token } from '../../../../cfront/tokenize/token.ts';

const MACRO = 'IOCTL_DOT4_LAST';

/** The whole sums, as the compiler reads them. */
export const tornSums = memo((definition: FunctionDefinition): readonly Expression[] => {
  const found: Expression[] = [];
  if (!namesDot4(definition.first.file)) return found;
  walk(definition.body, (node) => {
    if (node.kind !== 'binary' || node.operator !== '+') return;
    const [left, right] = [stripConversions(node.left), stripConversions(node.right)];
    const isTorn =
      (right.kind === 'binary' && isOf(left.last) && isOf(right.first) && !isOf(right.last)) ||
      (left.kind === 'binary' && left.operator !== '+' && isOf(right.first) && isOf(left.last) && !isOf(left.first));
    if (isTorn) found.push(node);
  });
  return found;
});

const namesDot4 = memo(({ text }: SourceFile): boolean => text.includes('DOT4'));

function isOf(token: Token): boolean {
  for (let from = token.expansion; from !== undefined; from = from.outer) if (from.macro === MACRO) return true;
  return false;
}
