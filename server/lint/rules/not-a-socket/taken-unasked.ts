/**
 * A completion routine that takes the Information of its IRP for a socket, while nothing asks whether there is one. In:
 * the routine. Out: where it, or a helper that gets the IRP, looks into the socket; or where it leaves the socket to
 * others, in files none of which ever reads the status of a request or asks for a socket.
 *
 * It ends because each helper is looked into once.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { isLocalVariable, nodesIn } from '../../body/nodes.ts';
import { isRecord, memberRecord, pointsTo } from '../../body/record-type.ts';
import { isWhole } from '../../body/whole.ts';
import { functionNamed } from '../../driver/roles.ts';
import type { Session } from '../../flow/run/session.ts';

/** Undefined for a routine that asks, or of which that is not known. */
export function takenUnasked(session: Session, definition: FunctionDefinition): Expression | undefined {
  return takenIn(session, definition, 1, new Set());
}

function takenIn(
  session: Session,
  definition: FunctionDefinition,
  position: number,
  seen: Set<FunctionDefinition>,
): Expression | undefined {
  const irp = definition.parameters[position];
  if (irp === undefined || seen.has(definition)) return undefined;
  seen.add(definition);
  const isIrp = (node: TreeNode): boolean => node.kind === 'name' && node.symbol === irp;
  const helpers = helpersGiven(session, definition, isIrp);
  if (helpers === undefined || nodesIn(definition, 'member').some(({ name }) => name === 'Status')) return undefined;
  const brought = broughtIn(definition).filter(({ value }) => pointsTo(value.type, '_WSK_SOCKET'));
  // One that is given anything else as well is not followed.
  const names = new Set(brought.map(({ name }) => name));
  const isFromIrp = (value: Expression): boolean => isInformation(value, isIrp) || isOneOf(value, names);
  if (!brought.every(({ value }) => isFromIrp(value)) || isAskedFor(definition, names)) return undefined;
  const looks = nodesIn(definition, 'member').filter(
    (node) => node.isArrow && isRecord(memberRecord(node), '_WSK_SOCKET'),
  );
  const look = looks.find(
    (one) =>
      names.has(nameOf(one.object)) &&
      brought.some(({ name, value }) => name === nameOf(one.object) && nodePlace(value).start < nodePlace(one).start),
  );
  if (look !== undefined) return look;
  const left = brought.find(({ target }) => target !== undefined && !isLocalVariable(stripConversions(target)));
  if (left?.target !== undefined && nobodyAsks(session)) return left.target;
  for (const { helper, index } of helpers) {
    const taken = takenIn(session, helper, index, seen);
    if (taken !== undefined) return taken;
  }
  return undefined;
}

interface Brought {
  readonly name: string | undefined;
  readonly value: Expression;
  /** Of an assignment. */
  readonly target: Expression | undefined;
}

const broughtIn = memo((definition: FunctionDefinition): readonly Brought[] => [
  ...nodesIn(definition, 'assign').map(({ target, value }) => ({ name: nameOf(target), value, target })),
  ...nodesIn(definition, 'variable-declaration').flatMap(({ symbol, initializer }) =>
    initializer?.kind === 'expression' ? [{ name: symbol.name, value: initializer.value, target: undefined }] : [],
  ),
]);

/** The driver's own functions that get the IRP; undefined where somebody gets it who cannot be seen. */
function helpersGiven(
  session: Session,
  definition: FunctionDefinition,
  isIrp: (node: TreeNode) => boolean,
): readonly { readonly helper: FunctionDefinition; readonly index: number }[] | undefined {
  const helpers: { helper: FunctionDefinition; index: number }[] = [];
  for (const call of nodesIn(definition, 'call')) {
    const index = call.arguments.findIndex((e) => isIrp(inner(e)));
    if (index < 0) continue;
    const symbol = functionNamed(call.callee);
    const helper = symbol === undefined ? undefined : session.functionOf(symbol)?.definition;
    if (helper !== undefined) helpers.push({ helper, index });
    else if (symbol === undefined || !session.isKnownApi(symbol)) return undefined;
  }
  return helpers;
}

/** No function of these files reads the status of a request, or asks whether there is a socket. */
function nobodyAsks(session: Session): boolean {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  return users.every((fn) => isWhole(fn) && !asksAnything(fn.definition));
}

const asksAnything = memo((definition: FunctionDefinition): boolean => {
  const isSocket = (node: TreeNode): boolean => 'type' in node && pointsTo(node.type, '_WSK_SOCKET');
  return (
    nodesIn(definition, 'member').some(({ name }) => name === 'Status') ||
    nodesIn(definition, 'if').some(({ condition }) => someNode(condition, isSocket)) ||
    someNode(definition.body, isChoice)
  );
});

function inner(e: Expression): Expression {
  return stripConversions(e, { casts: true });
}

function isInformation(value: Expression, isIrp: (node: TreeNode) => boolean): boolean {
  const e = inner(value);
  return e.kind === 'member' && e.name === 'Information' && someNode(e, isIrp);
}

/** A variable of the routine's own that holds it. */
function isOneOf(value: Expression, names: ReadonlySet<string | undefined>): boolean {
  const e = inner(value);
  if (e.kind !== 'name' || e.symbol.kind !== 'variable' || e.symbol.isParameter) return false;
  return e.symbol.duration === 'automatic' && names.has(e.symbol.name);
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
