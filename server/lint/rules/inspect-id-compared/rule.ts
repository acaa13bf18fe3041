/** A WSK_INSPECT_ID is known by what is in it; where it lies says nothing. */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { givenIn } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { keeperOf } from '../../driver/pool-keepers.ts';
import { roleOf } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';
import { whereOf } from '../../flow/state/where.ts';
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
    const kept = new Set<string>();
    const told = new Set<Expression>();
    const tell = (node: Expression, name: string): void => {
      if (told.has(node)) return;
      told.add(node);
      report({
        where: whereOf(node),
        span: nodePlace(node),
        message: `The address of ${name} is compared: WSK gives another one, or by chance the same, for any connection, and which it is only Key and SerialNumber tell.`,
        path: [],
      });
    };
    for (const fn of session.functions) {
      const index = position[roleOf(session, fn) ?? ''];
      const id = index === undefined ? undefined : fn.definition.parameters[index];
      if (!fn.isUsers || id === undefined) continue;
      for (const node of comparisonsOf(session, fn.definition, id)) tell(node, id.name);
      for (const keeper of keptIn(session, fn.definition, id)) kept.add(keeper);
    }
    // A pointer that a callback has left somewhere is no better where others find it.
    if (kept.size === 0) return;
    const isKept = (e: Expression): boolean => kept.has(keeperOf(session, e) ?? '');
    for (const { isUsers, definition } of session.functions)
      if (isUsers) for (const node of pointerComparisons(definition, isKept)) tell(node, 'an inspection identifier');
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
  const names = new Set([id]);
  const isNamed = (e: Expression): boolean => {
    const inner = stripConversions(e, { casts: true });
    return inner.kind === 'name' && inner.symbol.kind === 'variable' && names.has(inner.symbol);
  };
  for (const { variable, value } of givenIn(definition))
    if (variable.duration === 'automatic' && isNamed(value)) names.add(variable);
  const found = pointerComparisons(definition, isNamed);
  for (const call of nodesIn(definition, 'call')) {
    const helper = calledFunction(session, call)?.definition;
    const inner = helper?.parameters[call.arguments.findIndex(isNamed)];
    if (helper !== undefined && inner !== undefined) found.push(...comparisonsOf(session, helper, inner, seen));
  }
  return found;
}

/** The keepers in which a callback leaves the pointer that it was given. */
function keptIn(session: Session, definition: FunctionDefinition, id: VariableSymbol): readonly string[] {
  return nodesIn(definition, 'assign').flatMap(({ target, value }) => {
    const from = stripConversions(value, { casts: true });
    return from.kind === 'name' && from.symbol === id ? (keeperOf(session, target) ?? []) : [];
  });
}

function comparesMemory(name: string | undefined): boolean {
  return name !== undefined && /^(?:memcmp|Rtl(?:Compare|Equal)Memory)$/.test(name);
}

/** Such pointers that are compared with something else than NULL. */
function pointerComparisons(definition: FunctionDefinition, isIt: (e: Expression) => boolean): Expression[] {
  const found: Expression[] = [];
  const isAddressed = (e: Expression): boolean => {
    const inner = stripConversions(e, { casts: true });
    return inner.kind === 'address-of' && isIt(inner.operand);
  };
  walk(definition.body, (node) => {
    // The bytes of the pointers, not of what they lead to.
    if (node.kind === 'call' && comparesMemory(calledName(node)) && node.arguments.slice(0, 2).some(isAddressed))
      found.push(node);
    if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return;
    const other = isIt(node.left) ? node.right : isIt(node.right) ? node.left : undefined;
    if (other !== undefined && constantValue(other) === undefined) found.push(node);
  });
  return found;
}
