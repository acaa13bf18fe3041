/**
 * What a function of the driver does with an argument: the calls of APIs that it hands the argument on to. So a helper's
 * `Ask(Device, Code, …)` is completed and explained like the IoBuildDeviceIoControlRequest that it wraps.
 *
 * Ends because a helper that calls another one is followed a few times only.
 */
import type { Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions } from '../../../cfront/parse/walk.ts';
import { nodesIn } from '../../lint/body/nodes.ts';
import { functionNamed } from '../../lint/driver/roles.ts';
import type { Analysis } from '../analysis.ts';
import { type ArgumentPlace, apiOfCallee, type Callee } from './call-at.ts';

/** Helpers that lead to one another. */
const helpersMax = 3;

/** Arguments of APIs that this one becomes, in the order of the calls; none for an API's own argument. */
export function helperArguments(
  analysis: Analysis,
  place: ArgumentPlace,
  depth = helpersMax,
): readonly ArgumentPlace[] {
  const helper = depth === 0 ? undefined : ownFunction(analysis, place.callee);
  const parameter = helper?.parameters[place.index];
  if (helper === undefined || parameter === undefined) return [];
  return nodesIn(helper, 'call').flatMap((call) => {
    const index = call.arguments.findIndex((argument) => variableOf(argument) === parameter);
    if (index < 0) return [];
    const texts = call.arguments.map((argument) => given(analysis, helper, place, argument));
    const callee: Callee = { kind: 'call', call };
    const inner = { callee, index, before: texts.slice(0, index), after: texts.slice(index + 1) };
    return apiOfCallee(callee, analysis.catalog) === undefined ? helperArguments(analysis, inner, depth - 1) : [inner];
  });
}

function ownFunction({ unit }: Analysis, callee: Callee): FunctionDefinition | undefined {
  const symbol =
    callee.kind === 'function' ? callee.symbol : callee.kind === 'call' ? functionNamed(callee.call.callee) : undefined;
  const definition = symbol?.definition;
  return definition === undefined || unit.isSystemFile(definition.first.file) ? undefined : definition;
}

function variableOf(expression: Expression) {
  const inner = stripConversions(expression, { casts: true });
  return inner.kind === 'name' && inner.symbol.kind === 'variable' ? inner.symbol : undefined;
}

/** What stands for an argument where the helper is called: nothing, where only the helper knows its variables. */
function given(
  { unit }: Analysis,
  helper: FunctionDefinition,
  { index, before, after }: ArgumentPlace,
  argument: Expression,
): string {
  const variable = variableOf(argument);
  const at = variable === undefined ? -1 : helper.parameters.indexOf(variable);
  if (at >= 0) return (at < index ? before[at] : at > index ? after[at - index - 1] : undefined) ?? '';
  const isOwn = someNode(argument, (node) => node.kind === 'name' && node.symbol.kind === 'variable');
  const { file, start, end } = nodePlace(argument);
  return isOwn || file !== unit.file ? '' : file.text.slice(start, end);
}
