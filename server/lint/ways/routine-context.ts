/**
 * Whether a completion routine that still has to run needs what it is given: its device, its context, or what lies around
 * that. In: the routine, and the position of the parameter. Out: yes where it reads or writes behind the parameter, or
 * hands it on to a call.
 */
import type { Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { givenIn } from '../body/given-values.ts';
import { nodesIn } from '../body/nodes.ts';

export function looksBehind(definition: FunctionDefinition, index: number): boolean {
  const parameter = definition.parameters[index];
  if (parameter === undefined) return false;
  const holders = new Set([parameter]);
  for (const { variable, value } of givenIn(definition)) {
    const from = stripConversions(value, { casts: true });
    if (from.kind === 'name' && from.symbol === parameter) holders.add(variable);
  }
  const isIt = (e: Expression): boolean => {
    const inner = stripConversions(e, { casts: true });
    return inner.kind === 'name' && inner.symbol.kind === 'variable' && holders.has(inner.symbol);
  };
  return (
    nodesIn(definition, 'member').some(({ object, isArrow }) => isArrow && isIt(object)) ||
    nodesIn(definition, 'call').some((call) => call.arguments.some(isIt))
  );
}

/** Positions of a completion routine's parameters. */
export const COMPLETION = { device: 0, irp: 1, context: 2 } as const;

/** Who calls one of these may know in another way that a routine has run, or see to it that it does. */
export const exchanges: readonly string[] = ['', '_'].flatMap((prefix) =>
  ['Exchange', 'CompareExchange', 'Increment', 'And', 'Or', 'ExchangePointer', 'CompareExchangePointer'].map(
    (name) => `${prefix}Interlocked${name}`,
  ),
);
