/**
 * Locals that only their names write, and pointers that lead nowhere else: besides, their address goes to calls that do nothing but read there. In: a
 * function and a local of its own. What is written otherwise (by a function that gets the address, through another
 * pointer, as a whole) no cell of a state tells for sure, so that nothing is said of such locals.
 */
import type { CallExpression, Expression, FunctionDefinition, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { children, stripConversions, type TreeNode } from '../../../../cfront/parse/walk.ts';
import type { FunctionParameter } from '../../../../cfront/types/types.ts';
import { localVariable, nodesIn } from '../../body/nodes.ts';
import { pointsTo } from '../../body/record-type.ts';
import { calledFunction, calledName, isUnknownCall } from '../../driver/callee.ts';
import { functionNamed } from '../../driver/roles.ts';
import { calledType, recognise } from '../../flow/calls/recognise.ts';
import { isUnshared } from '../../flow/lower/liveness.ts';
import type { Session } from '../../flow/run/session.ts';
import { ANYTHING } from '../../flow/values/values.ts';

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
  if (local.isParameter || local.duration !== 'automatic') return false;
  return !isWrittenUnseen({ session, local, pointers: pointersTo(definition, local) }, definition.body);
}

/** Who speaks of it: the local by its name, and pointers that lead nowhere else. */
interface Names {
  readonly session: Session;
  readonly local: VariableSymbol;
  readonly pointers: ReadonlySet<VariableSymbol>;
}

/** Pointers that are declared with the local's address, or as such a pointer, and get no other. */
function pointersTo(definition: FunctionDefinition, local: VariableSymbol): ReadonlySet<VariableSymbol> {
  const changed = new Set([
    ...nodesIn(definition, 'assign').map(({ target }) => localVariable(target)),
    ...nodesIn(definition, 'increment').map(({ operand }) => localVariable(operand)),
  ]);
  const pointers = new Set<VariableSymbol>();
  for (const { symbol, initializer } of nodesIn(definition, 'variable-declaration')) {
    if (initializer?.kind !== 'expression' || !isUnshared(symbol) || changed.has(symbol)) continue;
    const value = stripConversions(initializer.value, { casts: true });
    const source = localVariable(value.kind === 'address-of' ? value.operand : value);
    if (value.kind === 'address-of' ? source === local : source !== undefined && pointers.has(source))
      pointers.add(symbol);
  }
  return pointers;
}

function isWrittenUnseen(names: Names, node: TreeNode): boolean {
  const { local, pointers } = names;
  const inside = (one: TreeNode): boolean => isWrittenUnseen(names, one);
  switch (node.kind) {
    case 'sizeof':
      return false;
    case 'variable-declaration':
      if (pointers.has(node.symbol)) return false;
      if (node.symbol === local && node.initializer !== undefined) return true;
      break;
    case 'call':
      return inside(node.callee) || node.arguments.some((e, index) => !isRead(names, node, index) && inside(e));
    case 'address-of':
      if (isIn(names, node.operand)) return true;
      break;
    case 'name':
    case 'member':
    case 'dereference':
      if (isPointer(names, node)) return true;
      if (isIn(names, node)) return node.type.kind === 'record' || node.type.kind === 'array';
      break;
    default:
  }
  return children(node).some(inside);
}

/** The argument is an address behind which the call only reads. */
function isRead(names: Names, call: CallExpression, index: number): boolean {
  const { session } = names;
  const given = stripConversions(call.arguments[index] ?? call.callee, { casts: true });
  const parameter = calledType(call)?.parameters[index];
  const isAddress = given.kind === 'address-of' ? localIn(names, given.operand) !== undefined : isPointer(names, given);
  if (!isAddress || parameter === undefined || !isInput(calledName(call) ?? '', parameter)) return false;
  const isWsk = functionNamed(call.callee) === undefined && recognise(session, call, ANYTHING).kind === 'wsk';
  return isWsk || (calledFunction(session, call) === undefined && !isUnknownCall(session, call));
}

function isPointer({ pointers }: Names, e: Expression): boolean {
  return e.kind === 'name' && e.symbol.kind === 'variable' && pointers.has(e.symbol);
}

function isIn(names: Names, e: Expression): boolean {
  return localIn(names, e) === names.local;
}

/** The local that an expression names, itself or a part of it, also as `(&local)->member` or through a pointer to it. */
function localIn(names: Names, e: Expression): VariableSymbol | undefined {
  const inner = stripConversions(e);
  if (inner.kind === 'name') return localVariable(inner);
  if (inner.kind === 'member' && !inner.isArrow) return localIn(names, inner.object);
  if (inner.kind !== 'member' && inner.kind !== 'dereference') return undefined;
  const pointer = stripConversions(inner.kind === 'member' ? inner.object : inner.operand, { casts: true });
  if (isPointer(names, pointer)) return names.local;
  return pointer.kind === 'address-of' ? localIn(names, pointer.operand) : undefined;
}
