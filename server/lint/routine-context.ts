/**
 * Whether a completion routine that still has to run needs its context, or what lies around it. In: the routine. Out: yes
 * where it reads or writes behind its third parameter, or hands that on to a call.
 */
import { memo } from '../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { stripConversions } from '../../cfront/parse/walk.ts';
import { givenIn } from './given-values.ts';
import { nodesIn } from './nodes.ts';

export const looksBehindContext = memo((definition: FunctionDefinition): boolean => {
  const context = definition.parameters[2];
  if (context === undefined) return false;
  const holders = new Set([context]);
  for (const { variable, value } of givenIn(definition)) {
    const from = stripConversions(value, { casts: true });
    if (from.kind === 'name' && from.symbol === context) holders.add(variable);
  }
  const isIt = (e: Expression): boolean => {
    const inner = stripConversions(e, { casts: true });
    return inner.kind === 'name' && inner.symbol.kind === 'variable' && holders.has(inner.symbol);
  };
  return (
    nodesIn(definition, 'member').some(({ object, isArrow }) => isArrow && isIt(object)) ||
    nodesIn(definition, 'call').some((call) => call.arguments.some(isIt))
  );
});

/** Who calls one of these may know in another way that a routine has run, or see to it that it does. */
export const exchanges: readonly string[] = ['', '_'].flatMap((prefix) =>
  ['Exchange', 'CompareExchange', 'Increment', 'And', 'Or', 'ExchangePointer', 'CompareExchangePointer'].map(
    (name) => `${prefix}Interlocked${name}`,
  ),
);
