/**
 * Local pointers that lead to one object and to nothing else: all that they are ever given is its address. Out: the
 * address, by the pointer, and the places where the pointer is named after that.
 */
import { memo } from '../../../base/memo.ts';
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { givenIn } from './given-values.ts';
import { nodesIn } from './nodes.ts';

export interface SteadyPointer {
  /** What it leads to. */
  readonly object: Expression;
  readonly mentions: readonly Expression[];
}

export const steadyPointers = memo((definition: FunctionDefinition): ReadonlyMap<VariableSymbol, SteadyPointer> => {
  const values = new Map<VariableSymbol, Expression[]>();
  const targets = new Set<Expression>();
  for (const { variable, value, node } of givenIn(definition)) {
    if (variable.duration !== 'automatic' || variable.isParameter || variable.type.kind !== 'pointer') continue;
    // What `+=` makes of it is a use of it.
    if (node.kind === 'assign' && node.operator !== undefined) continue;
    values.set(variable, [...(values.get(variable) ?? []), value]);
    if (node.kind === 'assign') targets.add(stripConversions(node.target, { casts: true }));
  }
  const pointers = new Map<VariableSymbol, SteadyPointer>();
  for (const [symbol, [value, ...more]] of values) {
    const e = value === undefined ? undefined : stripConversions(value, { casts: true });
    if (e?.kind !== 'address-of' || more.length > 0) continue;
    const mentions = nodesIn(definition, 'name').filter((node) => node.symbol === symbol && !targets.has(node));
    pointers.set(symbol, { object: stripConversions(e.operand), mentions });
  }
  return pointers;
});
