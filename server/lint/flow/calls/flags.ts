/**
 * A completion routine that says by a flag that it has run: a member or a global that it sets to a constant, or counts.
 * Whoever reads that flag knows whether the request is done. Which value means what is not asked: a way on which nobody
 * says that the request is still out is none to speak of.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition, NodeBase } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { question } from '../run/asked.ts';
import type { FunctionInfo, Session } from '../run/session.ts';
import type { State } from '../state/state.ts';

/** Whether what is read is such a flag of a request that may still be out. */
export function readsFlag(session: Session, state: State, node: NodeBase): boolean {
  // Whatever is read is an expression.
  const name = flagName(node as Expression);
  if (name === undefined) return false;
  for (const { life, routine } of state.facts.values()) {
    if (life.kind !== 'sent' || life.isWaited || routine.kind !== 'set' || routine.value.kind !== 'function') continue;
    const info = session.functionOf(routine.value.symbol);
    if (info !== undefined && isFlagOf(session, info, name)) return true;
  }
  return false;
}

const isFlagOf = question('flag', (_session: Session, { definition }: FunctionInfo, name: string): boolean =>
  flagsOf(definition).has(name),
);

const flagsOf = memo((definition: FunctionDefinition): ReadonlySet<string> => {
  const flags = new Set<string>();
  const add = (e: Expression | undefined): void => {
    const name = e === undefined ? undefined : flagName(stripConversions(e, { casts: true }));
    if (name !== undefined) flags.add(name);
  };
  for (const { target, value } of nodesIn(definition, 'assign')) if (constantValue(value) !== undefined) add(target);
  for (const { operand } of nodesIn(definition, 'increment')) add(operand);
  for (const call of nodesIn(definition, 'call')) {
    const counted = call.arguments[0] === undefined ? undefined : stripConversions(call.arguments[0], { casts: true });
    if (counted?.kind === 'address-of' && /^_?Interlocked/.test(calledName(call) ?? '')) add(counted.operand);
  }
  return flags;
});

/** A member by its name, or a variable that outlives its function. */
function flagName(e: Expression): string | undefined {
  if (e.kind === 'member') return e.name;
  return e.kind === 'name' && e.symbol.kind === 'variable' && e.symbol.duration === 'static'
    ? e.symbol.name
    : undefined;
}
