/**
 * A completion routine that takes the Information of its IRP for a socket and looks into it, while nothing in it asks
 * whether there is one: it names no status, gives the IRP to nobody, and compares nothing with the socket.
 */
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../nodes.ts';
import { isRecord, memberRecord, pointsTo } from '../../record-type.ts';

/** Where it looks into the socket; undefined for all others. */
export function takenUnasked(definition: FunctionDefinition): Expression | undefined {
  const members = nodesIn(definition, 'member');
  const looks = members.filter((node) => node.isArrow && isRecord(memberRecord(node), '_WSK_SOCKET'));
  if (looks.length === 0 || members.some(({ name }) => name === 'Status')) return undefined;
  const [, irp] = definition.parameters;
  const isIrp = (node: TreeNode): boolean => node.kind === 'name' && node.symbol === irp;
  if (irp === undefined || nodesIn(definition, 'call').some((call) => call.arguments.some((e) => isIrp(inner(e)))))
    return undefined;
  const brought = [
    ...nodesIn(definition, 'assign').map(({ target, value }) => ({ name: nameOf(target), value })),
    ...nodesIn(definition, 'variable-declaration').flatMap(({ symbol, initializer }) =>
      initializer?.kind === 'expression' ? [{ name: symbol.name, value: initializer.value }] : [],
    ),
  ].filter(({ value }) => pointsTo(value.type, '_WSK_SOCKET'));
  // One that is given anything else as well is not followed.
  const names = new Set(brought.map(({ name }) => name));
  if (!brought.every(({ value }) => isInformation(value, isIrp)) || isAskedFor(definition, names)) return undefined;
  return looks.find(
    (look) =>
      names.has(nameOf(look.object)) &&
      brought.some(({ name, value }) => name === nameOf(look.object) && nodePlace(value).start < nodePlace(look).start),
  );
}

function inner(e: Expression): Expression {
  return stripConversions(e, { casts: true });
}

function isInformation(value: Expression, isIrp: (node: TreeNode) => boolean): boolean {
  const e = inner(value);
  return e.kind === 'member' && e.name === 'Information' && someNode(e, isIrp);
}

function isAskedFor(definition: FunctionDefinition, names: ReadonlySet<string | undefined>): boolean {
  const isIt = (node: TreeNode): boolean =>
    (node.kind === 'name' && names.has(node.symbol.name)) ||
    (node.kind === 'member' && (names.has(node.name) || node.name === 'Information'));
  const conditions = nodesIn(definition, 'if').map(({ condition }) => condition);
  return conditions.some((condition) => someNode(condition, isIt)) || someNode(definition.body, isChoice);
}

function isChoice(node: TreeNode): boolean {
  return node.kind === 'conditional' || node.kind === 'switch' || node.kind === 'while';
}

/** Of the variable, or of the member. */
function nameOf(target: Expression): string | undefined {
  const e = inner(target);
  if (e.kind === 'name') return e.symbol.name;
  return e.kind === 'member' ? e.name : undefined;
}
