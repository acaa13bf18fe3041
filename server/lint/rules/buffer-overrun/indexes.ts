/**
 * An index that a comparison lets through though it is one too many: `i <= N` for an array of N. In: an element that is
 * read or written. Sure where on this way the index may be as large as the comparison of the function's own says.
 */
import type { BinaryOperator, Expression, FunctionDefinition, IndexExpression } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import type { Action } from '../../flow/facts/kernel.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { CheckContext } from '../../rule.ts';
import { boundsOf, mostOfType, namesIn } from './lengths.ts';
import { isOpen } from './rooms.ts';

export function checkIndex(
  { index, count, where }: Extract<Action, { readonly kind: 'index' }>,
  { state, fn, report }: CheckContext,
): void {
  const { most } = boundsOf(state, resolve(state, index));
  if (most === undefined || most < BigInt(count) || count < 2) return;
  const node = where.node as IndexExpression;
  const array = stripConversions(node.base);
  if (array.kind !== 'name' && (array.kind !== 'member' || isOpen(array))) return;
  if (mostOfType(fn.analysed, node.index) < BigInt(count)) return;
  const letting =
    constantValue(node.index) === undefined ? lettingThrough(fn.analysed, node.index, BigInt(count)) : undefined;
  if (letting === undefined) return;
  const since = whereOf(letting);
  report({
    where,
    message: `${array.kind === 'name' ? array.symbol.name : array.name} has ${count} elements, and the comparison lets an index of ${count} through: what lies behind the last one is read or overwritten.`,
    path: pathTo(since, 'This lets it through'),
    once: siteKey(since),
  });
}

/** A comparison of the function's own holds the index against the number of elements, and takes that for one of them. */
function lettingThrough(definition: FunctionDefinition, index: Expression, count: bigint): Expression | undefined {
  const names = namesIn(definition, index);
  let found: Expression | undefined;
  walk(definition.body, (node) => {
    if (node.kind !== 'binary') return;
    for (const [one, other, operator] of [
      [node.left, node.right, node.operator],
      [node.right, node.left, mirrored[node.operator]],
    ] as const) {
      const bound = constantValue(other);
      const isOne = operator === '<=' || operator === '>' ? bound === count : isNext(operator) && bound === count + 1n;
      if (isOne && namesIn(definition, one).some((name) => names.includes(name))) found ??= node;
    }
  });
  return found;
}

function isNext(operator: BinaryOperator | undefined): boolean {
  return operator === '<' || operator === '>=';
}

const mirrored: Partial<Record<BinaryOperator, BinaryOperator>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
