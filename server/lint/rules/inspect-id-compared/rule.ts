/** R42: a WSK_INSPECT_ID is known by what is in it; where it lies says nothing. */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import type { Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { functionNamed, roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

/** Position of the identifier, by the callback. */
const position: Readonly<Record<string, number>> = { WSK_INSPECT_EVENT: 3, WSK_ABORT_EVENT: 1 };

export const inspectIdCompared: Rule = {
  id: 'inspect-id-compared',
  severity: 'warning',
  docRules: ['R42'],
  also: [],
  summary: 'Inspection identifiers are compared by their Key and SerialNumber, not by their addresses.',
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      const index = position[roleOf(session, fn) ?? ''];
      const id = index === undefined ? undefined : fn.definition.parameters[index];
      if (!fn.isUsers || id === undefined) continue;
      for (const node of comparisonsOf(session, fn.definition, id))
        report({
          where: whereOf(node),
          span: nodePlace(node),
          message: `The address of ${id.name} is compared: WSK gives another one, or by chance the same, for any connection, and which it is only Key and SerialNumber tell.`,
          path: [],
        });
    }
  },
};

/** Where the parameter is compared with another pointer than NULL, here or in a helper that it is given to. */
function comparisonsOf(
  session: Session,
  definition: FunctionDefinition,
  id: VariableSymbol,
  seen: Set<FunctionDefinition> = new Set(),
): readonly Expression[] {
  if (seen.has(definition)) return [];
  seen.add(definition);
  const isId = (e: Expression): boolean => {
    const inner = stripConversions(e, { casts: true });
    return inner.kind === 'name' && inner.symbol === id;
  };
  const found: Expression[] = [];
  walk(definition.body, (node) => {
    if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return;
    const other = isId(node.left) ? node.right : isId(node.right) ? node.left : undefined;
    if (other !== undefined && constantValue(other) === undefined) found.push(node);
  });
  for (const call of nodesIn(definition, 'call')) {
    const symbol = functionNamed(call.callee);
    const helper = symbol === undefined ? undefined : session.functionOf(symbol)?.definition;
    const inner = helper?.parameters[call.arguments.findIndex(isId)];
    if (helper !== undefined && inner !== undefined) found.push(...comparisonsOf(session, helper, inner, seen));
  }
  return found;
}
