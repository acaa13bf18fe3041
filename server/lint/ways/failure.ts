/** Whether a function fails at an exit: by a status that says so, or by that of its last call, which nobody has looked at. */
import type { CallExpression, Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../cfront/parse/walk.ts';
import { valuesGiven } from '../body/given-values.ts';
import { nodesIn } from '../body/nodes.ts';
import { calledName } from '../driver/callee.ts';
import type { Exit, FunctionInfo } from '../flow/run/session.ts';
import { hasFailed } from '../flow/state/outcome.ts';
import { rangeOf, type State } from '../flow/state/state.ts';

/** Where the function fails: always, or where the last call did, whose status is returned without a look at it. */
export function failureOf(exit: Exit, state: State, { definition }: FunctionInfo): string | undefined {
  const { value, where } = exit;
  if (value === undefined) return undefined;
  if (hasFailed(exit, state)) return '';
  if (rangeOf(state, value).min !== undefined || value.kind !== 'symbol' || !value.key.endsWith(':result>'))
    return undefined;
  const given = nodesIn(definition, 'return').find((node) => node === where.node)?.value;
  const call = given === undefined ? undefined : lastCall(definition, given);
  const name = call === undefined ? undefined : calledName(call);
  return name !== undefined && /^(?:Io(?:Create|Register)|WdfDriverCreate$|PsCreateSystemThread$)/.test(name)
    ? ` where ${name} does`
    : undefined;
}

/** The call that an expression is, or that gave a variable its value last before it. */
function lastCall(definition: FunctionDefinition, given: Expression): CallExpression | undefined {
  const e = stripConversions(given, { casts: true });
  if (e.kind !== 'name') return e.kind === 'call' ? e : undefined;
  const { start } = nodePlace(e);
  const [last] = valuesGiven(definition, e.symbol)
    .filter((value) => nodePlace(value).start < start)
    .slice(-1);
  const from = last === undefined ? undefined : stripConversions(last, { casts: true });
  return from?.kind === 'call' ? from : undefined;
}
