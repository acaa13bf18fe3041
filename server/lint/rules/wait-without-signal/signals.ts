/**
 * Which of the waits for their IRP completion routines end. In: a routine, and where in its context the event lies that
 * somebody waits for. Out: whether it never sets that event, or on some of its ways alone.
 *
 * Whatever else might tell somebody (a call that is not known, memory that others have) makes this unsure.
 */
import type { CallExpression, Expression, FunctionDefinition, NodeBase } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, someNode, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import { onlyValueOf } from '../../body/given-values.ts';
import { isLocalVariable, nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { isPlainCall, tellsNobody } from '../../driver/silent-routines.ts';
import type { Session } from '../../flow/run/session.ts';
import { placeInContext, pointerIntoContext } from '../../ways/context-places.ts';
import { COMPLETION } from '../../ways/routine-context.ts';

/** It sets no event, or others that lie beside that in its context, and writes to nothing but that context and its IRP. */
export function neverSets(session: Session, definition: FunctionDefinition, event: number): boolean {
  return (
    nodesIn(definition, 'call').every((call) => isQuiet(session, call) || isOfOther(definition, call, event)) &&
    nodesIn(definition, 'assign').every(({ target }) => isOwn(definition, target))
  );
}

/** The condition under which alone it sets an event: that the call was pending, or how the request ended. */
export function setsOnlyIf(session: Session, definition: FunctionDefinition): 'pending' | 'status' | undefined {
  const told = nodesIn(definition, 'call').filter((call) => !isQuiet(session, call));
  if (told.length === 0 || told.some((call) => calledName(call) !== 'KeSetEvent')) return undefined;
  if (!nodesIn(definition, 'assign').every(({ target }) => isOwn(definition, target))) return undefined;
  const isOnly = (asked: Asking): boolean => told.every((call) => isOnlyWhere(definition, call, asked));
  if (isOnly(pendingAsked)) return 'pending';
  // A second call may be for the other outcomes.
  return told.length === 1 && isOnly((condition) => statusAsked(definition, condition)) ? 'status' : undefined;
}

function isQuiet(session: Session, call: CallExpression): boolean {
  const name = calledName(call) ?? '';
  if (isPlainCall(name) || name === 'IoMarkIrpPending') return true;
  const helper = calledFunction(session, call);
  return helper !== undefined && (!helper.isUsers || tellsNobody(session, helper.definition));
}

function isOfOther(definition: FunctionDefinition, call: CallExpression, event: number): boolean {
  const [object] = call.arguments;
  if (calledName(call) !== 'KeSetEvent' || object === undefined) return false;
  const at = pointerIntoContext(definition, object);
  return at !== undefined && at !== event;
}

/** A local of the routine's, its context, or its IRP. */
function isOwn(definition: FunctionDefinition, target: Expression): boolean {
  return (
    isLocalVariable(target) ||
    placeInContext(definition, target) !== undefined ||
    isOfIrp(definition, target) !== undefined
  );
}

/** The member of the IRP that the expression is, or a part of. */
function isOfIrp(definition: FunctionDefinition, e: Expression): string | undefined {
  const place = stripConversions(e);
  if (place.kind !== 'member') return undefined;
  if (!place.isArrow) return isOfIrp(definition, place.object);
  const object = stripConversions(place.object, { casts: true });
  return object.kind === 'name' && object.symbol === definition.parameters[COMPLETION.irp] ? place.name : undefined;
}

/** On which of its branches a condition holds what is asked: 'either', where both of them lack something of the other. */
type Asking = (condition: Expression) => 'then' | 'otherwise' | 'either' | undefined;

/** It stands in a branch, or behind a return for the other one. */
function isOnlyWhere(definition: FunctionDefinition, call: CallExpression, asked: Asking): boolean {
  const at = nodePlace(call);
  const holds = (node: NodeBase): boolean => {
    const { start, end } = nodePlace(node);
    return start <= at.start && at.end <= end;
  };
  return nodesIn(definition, 'if').some((one) => {
    const where = asked(one.condition);
    if (where === undefined) return false;
    if (where !== 'otherwise' && holds(one.then)) return true;
    if (where === 'then') return false;
    if (one.otherwise !== undefined && holds(one.otherwise)) return true;
    return endsWithReturn(one.then) && nodePlace(one).end <= at.start && definition.body.items.includes(one);
  });
}

/** What holds where the condition does, of PendingReturned. */
function pendingAsked(condition: Expression): 'then' | 'otherwise' | undefined {
  const e = stripConversions(condition, { casts: true });
  if (e.kind === 'member') return e.name === 'PendingReturned' ? 'then' : undefined;
  if (e.kind === 'logical' && e.operator === '&&')
    return [e.left, e.right].some((side) => pendingAsked(side) === 'then') ? 'then' : undefined;
  if (e.kind === 'unary' && e.operator === '!') return opposite(pendingAsked(e.operand));
  if (e.kind !== 'binary' || (e.operator !== '==' && e.operator !== '!=')) return undefined;
  const [side, number] =
    constantValue(e.left) === undefined ? [e.left, constantValue(e.right)] : [e.right, constantValue(e.left)];
  const asked = pendingAsked(side);
  if (number === undefined || (number !== 0n && number !== 1n)) return undefined;
  return (number === 1n) === (e.operator === '==') ? asked : opposite(asked);
}

function opposite(asked: 'then' | 'otherwise' | undefined): 'then' | 'otherwise' | undefined {
  if (asked === undefined) return undefined;
  return asked === 'then' ? 'otherwise' : 'then';
}

/** The condition asks for nothing but the IRP's IoStatus, itself or in a local that was given it. */
function statusAsked(definition: FunctionDefinition, condition: Expression): 'either' | undefined {
  const isStatus = (node: TreeNode): boolean =>
    node.kind === 'member' && isOfIrp(definition, node as Expression) === 'IoStatus';
  const isOfStatus = (node: TreeNode): boolean => {
    if (node.kind !== 'name' || node.symbol.kind !== 'variable') return false;
    const value = onlyValueOf(definition, node.symbol);
    return value !== undefined && isStatus(value);
  };
  const asks = someNode(condition, (node) => isStatus(node) || isOfStatus(node));
  const asksElse = someNode(condition, (node) => {
    if (node.kind === 'call') return true;
    if (node.kind === 'member') return !isStatus(node);
    return node.kind === 'name' && node.symbol !== definition.parameters[COMPLETION.irp] && !isOfStatus(node);
  });
  return asks && !asksElse ? 'either' : undefined;
}

function endsWithReturn(node: TreeNode): boolean {
  if (node.kind === 'compound') {
    const last = node.items.at(-1);
    return last !== undefined && endsWithReturn(last);
  }
  return node.kind === 'return';
}
