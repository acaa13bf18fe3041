/**
 * Locals that only their names write: besides, their address goes to calls that do nothing but read there. In: a
 * function and a local of its own. What is written otherwise (by a function that gets the address, through another
 * pointer, as a whole) no cell of a state tells for sure, so that nothing is said of such locals.
 */
import type { Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { children, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import type { FunctionParameter } from '../../../../cfront/types/types.ts';
import { calledFunction, calledName, isUnknownCall } from '../../callee.ts';
import { calledType, recognise } from '../../flow/calls/recognise.ts';
import type { Session } from '../../flow/run/session.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import { localVariable } from '../../nodes.ts';
import { pointsTo } from '../../record-type.ts';
import { functionNamed } from '../../roles.ts';

/** The prototype says that the call reads there, and does nothing else. */
export function isInput(api: string, { type, annotations }: FunctionParameter): boolean {
  // Of what makes an object, and of where an IRP's result goes, the prototypes say less than what is done.
  if (type.kind !== 'pointer' || type.target.kind === 'function' || /Init/.test(api)) return false;
  if (pointsTo(type, '_IO_STATUS_BLOCK')) return false;
  const names = annotations.map(({ name }) => name);
  if (names.some((name) => !/^_In_|^_Const_|^_Notnull_/.test(name))) return false;
  if (type.target.kind === 'void') return names.some((name) => name.startsWith('_In_reads_'));
  return type.target.isConst || names.length > 0;
}

/** The parameter that says how many bytes are read. */
export function bytesParameter({ annotations }: FunctionParameter): string | undefined {
  const bytes = annotations.find(({ name }) => name.startsWith('_In_reads_bytes_'))?.arguments[0];
  return bytes?.map(({ text }) => text).join('');
}

export function keptUnshared(session: Session, definition: FunctionDefinition, local: VariableSymbol): boolean {
  return !local.isParameter && local.duration === 'automatic' && !isWrittenUnseen(session, definition.body, local);
}

function isWrittenUnseen(session: Session, node: TreeNode, local: VariableSymbol): boolean {
  const inside = (one: TreeNode): boolean => isWrittenUnseen(session, one, local);
  switch (node.kind) {
    case 'sizeof':
      return false;
    case 'variable-declaration':
      if (node.symbol === local && node.initializer !== undefined) return true;
      break;
    case 'call':
      return inside(node.callee) || node.arguments.some((e, index) => !isRead(session, node, index) && inside(e));
    case 'address-of':
      if (localIn(node.operand) === local) return true;
      break;
    case 'name':
    case 'member':
    case 'dereference':
      if (localIn(node) === local) return node.type.kind === 'record' || node.type.kind === 'array';
      break;
    default:
  }
  return children(node).some(inside);
}

/** The argument is an address behind which the call only reads. */
function isRead(session: Session, call: Extract<Expression, { kind: 'call' }>, index: number): boolean {
  const given = stripConversions(call.arguments[index] ?? call.callee, { casts: true });
  const parameter = calledType(call)?.parameters[index];
  if (given.kind !== 'address-of' || localIn(given.operand) === undefined || parameter === undefined) return false;
  if (!isInput(calledName(call) ?? '', parameter)) return false;
  const isWsk = functionNamed(call.callee) === undefined && recognise(session, call, ANYTHING).kind === 'wsk';
  return isWsk || (calledFunction(session, call) === undefined && !isUnknownCall(session, call));
}

/** The local that an expression names, itself or a part of it, also as `(&local)->member`. */
function localIn(e: Expression): VariableSymbol | undefined {
  const inner = stripConversions(e);
  if (inner.kind === 'name') return localVariable(inner);
  if (inner.kind === 'member' && !inner.isArrow) return localIn(inner.object);
  if (inner.kind !== 'member' && inner.kind !== 'dereference') return undefined;
  const pointer = stripConversions(inner.kind === 'member' ? inner.object : inner.operand, { casts: true });
  return pointer.kind === 'address-of' ? localIn(pointer.operand) : undefined;
}
