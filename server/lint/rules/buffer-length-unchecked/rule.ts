/**
 * A routine for IRP_MJ_DEVICE_CONTROL that works on SystemBuffer asks how long it is. Sure where neither it nor anything that
 * it leads to names one of the two lengths.
 */
import type { Expression, FunctionDefinition, MemberExpression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { throughLocal } from '../../body/given-values.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { pointsTo } from '../../body/record-type.ts';
import { calledName, isUnknownCall } from '../../driver/callee.ts';
import { ownLedTo } from '../../driver/reach.ts';
import { majorsOf, withRole } from '../../driver/roles.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const bufferLengthUnchecked: Rule = {
  id: 'buffer-length-unchecked',
  severity: 'error',
  docRules: [],
  also: ['CWE-20', 'CWE-125', 'CWE-787', 'bug check 0x3B'],
  summary: 'Who works on the buffer of a control code asks how long it is.',
  finish: ({ session, report }) => {
    for (const fn of withRole(session, 'DRIVER_DISPATCH')) {
      if (majorsOf(session, fn)?.has(IRP_MJ_DEVICE_CONTROL) !== true) continue;
      const parts = ownLedTo(session, fn);
      if (parts.some((part) => asksForLength(part.definition) || givesAway(session, part))) continue;
      const [use] = parts.flatMap(({ definition }) => usesOfBuffer(definition));
      if (use === undefined) continue;
      const where = whereOf(use);
      report({
        where,
        span: nodePlace(use),
        message: `The buffer is as long as the program says, or not there at all, and nothing that ${fn.definition.symbol.name} leads to asks for InputBufferLength or OutputBufferLength: a program that gives less has the driver read or write beyond its end, or at address 0, and the machine stops.`,
        path: pathTo(where, 'It is read or written here'),
      });
    }
  },
};

const IRP_MJ_DEVICE_CONTROL = 0x0en;

/** One of the lengths of a control code, by whatever name, or of a request of another kind that has a buffer there too. */
function asksForLength(definition: FunctionDefinition): boolean {
  return nodesIn(definition, 'member').some(
    ({ name, object }) =>
      name === 'InputBufferLength' ||
      name === 'OutputBufferLength' ||
      name === 'Others' ||
      (name === 'Length' && object.kind === 'member' && /^(?:Read|Write|Query|Set)/.test(object.name)),
  );
}

/** Code that is not here gets the request, and may ask. */
function givesAway(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some(
    (call) =>
      isUnknownCall(session, call) &&
      call.arguments.some((e) => {
        const { type } = stripConversions(e, { casts: true });
        return isIrpPointer(type) || pointsTo(type, '_IO_STACK_LOCATION');
      }),
  );
}

/** Where memory behind SystemBuffer is read or written, in the order of the text. */
function usesOfBuffer(definition: FunctionDefinition): readonly Expression[] {
  if (!nodesIn(definition, 'member').some(isBuffer)) return [];
  const leadsThere = (e: Expression): boolean => {
    const from = throughLocal(definition, e);
    return from.kind === 'member' && isBuffer(from);
  };
  const uses: Expression[] = [];
  walk(definition.body, (node) => {
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

function isBuffer({ name, object }: MemberExpression): boolean {
  return name === 'SystemBuffer' && object.kind === 'member' && object.name === 'AssociatedIrp';
}
