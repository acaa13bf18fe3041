/** Who names the lengths of a control code, and who works on its SystemBuffer. In: functions, and parts of them. */
import type { CallExpression, Expression, FunctionDefinition, MemberExpression } from '../../../../cfront/parse/ast.ts';
import { stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { throughLocal } from '../../body/given-values.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { pointsTo } from '../../body/record-type.ts';
import { calledName, isUnknownCall } from '../../driver/callee.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

/** One of the lengths of a control code, by whatever name, or of a request of another kind that has a buffer there too. */
export function asksForLength(definition: FunctionDefinition): boolean {
  return nodesIn(definition, 'member').some(isLength);
}

export function isLength(e: Expression): boolean {
  return (
    e.kind === 'member' &&
    (e.name === 'InputBufferLength' ||
      e.name === 'OutputBufferLength' ||
      e.name === 'Others' ||
      (e.name === 'Length' && e.object.kind === 'member' && /^(?:Read|Write|Query|Set)/.test(e.object.name)))
  );
}

/** Code that is not here gets the request, and may ask. */
export function givesAway(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) => isUnknownWithRequest(session, call));
}

export function isUnknownWithRequest(session: Session, call: CallExpression): boolean {
  return (
    isUnknownCall(session, call) &&
    !/^Wsk[A-Z]/.test(calledName(call) ?? '') &&
    call.arguments.some((e) => {
      const { type } = stripConversions(e, { casts: true });
      return isIrpPointer(type) || pointsTo(type, '_IO_STACK_LOCATION');
    })
  );
}

/** Where memory behind SystemBuffer is read or written, in the order of the text: in all of a function, or in a part. */
export function usesOfBuffer(definition: FunctionDefinition, part: TreeNode = definition.body): readonly Expression[] {
  if (!nodesIn(definition, 'member').some(isBuffer)) return [];
  const leadsThere = (e: Expression): boolean => {
    const from = throughLocal(definition, e);
    return from.kind === 'member' && isBuffer(from);
  };
  const uses: Expression[] = [];
  walk(part, (node) => {
    if (node.kind === 'sizeof') return false;
    if (node.kind === 'member' && node.isArrow && leadsThere(node.object)) uses.push(node);
    if (node.kind === 'dereference' && leadsThere(node.operand)) uses.push(node);
    if (node.kind === 'index' && leadsThere(node.base)) uses.push(node);
    if (node.kind === 'call' && touchesMemory(calledName(node) ?? '') && node.arguments.slice(0, 2).some(leadsThere))
      uses.push(node);
    return undefined;
  });
  return uses;
}

export function isBuffer({ name, object }: MemberExpression): boolean {
  return name === 'SystemBuffer' && object.kind === 'member' && object.name === 'AssociatedIrp';
}
