/**
 * Memory that is kept in a member or a variable, allocated in one function and used in others. In: the keepers asked for.
 * Out: the allocations that go there, of those where nothing else is ever put and whose address nobody takes.
 */
import type { CallExpression, Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { constantValue } from '../../../cfront/parse/expressions/constants.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { onlyValueOf } from '../body/given-values.ts';
import { nodesIn } from '../body/nodes.ts';
import { isInUnion, memberName } from '../body/record-type.ts';
import { kernelEffect } from '../flow/calls/kernel-apis.ts';
import type { Session } from '../flow/run/session.ts';
import { calledName } from './callee.ts';

/** "_EXTENSION.Buffer", or the name of a variable that lasts. */
export function keeperOf({ names }: Session, e: Expression | undefined): string | undefined {
  const inner = e === undefined ? undefined : stripConversions(e, { casts: true });
  if (inner?.kind === 'name' && inner.symbol.kind === 'variable')
    return inner.symbol.duration === 'static' && inner.symbol.type.kind === 'pointer'
      ? names.variable(inner.symbol)
      : undefined;
  return inner?.kind === 'member' && !isInUnion(inner) ? memberName(inner) : undefined;
}

/** The allocations that go to each of these; none for those that get anything else. */
export function allocationsFor(
  session: Session,
  isWanted: (keeper: string) => boolean,
): ReadonlyMap<string, readonly CallExpression[]> {
  const made = new Map<string, CallExpression[]>();
  const lost = new Set<string>();
  for (const { isUsers, definition } of session.functions) {
    if (!isUsers) continue;
    for (const { target, value } of nodesIn(definition, 'assign')) {
      const kept = keeperOf(session, target);
      if (kept === undefined || !isWanted(kept) || constantValue(value) === 0n) continue;
      const call = allocationIn(definition, value);
      if (call === undefined) lost.add(kept);
      else made.set(kept, [...(made.get(kept) ?? []), call]);
    }
    for (const call of nodesIn(definition, 'call'))
      for (const argument of call.arguments) {
        const e = stripConversions(argument, { casts: true });
        const kept = e.kind === 'address-of' ? keeperOf(session, e.operand) : undefined;
        if (kept !== undefined) lost.add(kept);
      }
  }
  for (const kept of lost) made.delete(kept);
  return made;
}

/** The allocation whose result it is, or is that of the local that it names. */
function allocationIn(definition: FunctionDefinition, value: Expression): CallExpression | undefined {
  const e = stripConversions(value, { casts: true });
  const from = e.kind === 'name' && e.symbol.kind === 'variable' ? onlyValueOf(definition, e.symbol) : e;
  if (from?.kind !== 'call') return undefined;
  const effect = kernelEffect(calledName(from) ?? '');
  return effect?.kind === 'make' && effect.block === 'pool' ? from : undefined;
}
