/**
 * Where a function works on the memory of the program whose request it has: through Irp->UserBuffer or Type3InputBuffer, as
 * they come. In: a function of the driver. Out: the uses outside of `__try`. Sure in what a routine for
 * IRP_MJ_DEVICE_CONTROL leads to and one for other drivers' requests does not, with a request that was given to it.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition, MemberExpression } from '../../../../cfront/parse/ast.ts';
import { stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { throughLocal, valuesGiven } from '../../body/given-values.ts';
import { localVariable, nodesIn, pointerBehind } from '../../body/nodes.ts';
import { isRecord, memberRecord } from '../../body/record-type.ts';
import { isInsideTry } from '../../body/tries.ts';
import { calledName } from '../../driver/callee.ts';
import { ledTo } from '../../driver/reach.ts';
import { majorsOf, roleOf, withRole } from '../../driver/roles.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';

interface Use {
  readonly node: Expression;
  readonly name: string;
}

export function usesOfProgram(session: Session, fn: FunctionInfo): readonly Use[] {
  const { definition } = fn;
  return takesProgramsMemory(definition) && isForPrograms(session, fn) ? usesIn(definition) : [];
}

/** It names such memory, and does not ask whose it is. */
const takesProgramsMemory = memo((definition: FunctionDefinition): boolean => {
  const members = nodesIn(definition, 'member');
  return members.some(({ name }) => isProgramName(name)) && !members.some(({ name }) => name === 'RequestorMode');
});

function isProgramName(name: string): boolean {
  return name === 'UserBuffer' || name === 'Type3InputBuffer';
}

/** A program's control codes come here, and no other request: a driver gives memory of the kernel. */
function isForPrograms(session: Session, fn: FunctionInfo): boolean {
  const majors = withRole(session, 'DRIVER_DISPATCH').flatMap((dispatch) =>
    ledTo(session, dispatch).has(fn.key) ? [majorsOf(session, dispatch)] : [],
  );
  const isRoutine = /^(?:IO_COMPLETION_ROUTINE|DRIVER_CANCEL)$/.test(roleOf(session, fn) ?? '');
  return (
    !isRoutine &&
    majors.length > 0 &&
    majors.every((one) => one?.has(IRP_MJ_DEVICE_CONTROL) === true && !one.has(IRP_MJ_INTERNAL))
  );
}

const IRP_MJ_DEVICE_CONTROL = 0x0en;
const IRP_MJ_INTERNAL = 0x0fn;

function usesIn(definition: FunctionDefinition): readonly Use[] {
  const uses: Use[] = [];
  const note = (node: Expression, pointer: Expression): void => {
    const from = throughLocal(definition, pointer);
    const isTheirs =
      from.kind === 'member' && isProgramName(from.name) && isOfIrp(from) && isGiven(definition, from.object);
    if (isTheirs && !isInsideTry(definition, node)) uses.push({ node, name: from.name });
  };
  walk(definition.body, (node) => {
    if (node.kind === 'sizeof' || node.kind === 'address-of') return false;
    if (node.kind === 'call' && touchesMemory(calledName(node) ?? ''))
      for (const to of node.arguments.slice(0, 2)) note(node, to);
    if (node.kind !== 'member' && node.kind !== 'dereference' && node.kind !== 'index') return;
    const pointer = pointerBehind(node);
    if (pointer !== undefined) note(node, pointer);
    return undefined;
  });
  return uses;
}

/** A record of the driver's own may have such a member too. */
function isOfIrp(member: MemberExpression): boolean {
  return member.name === 'Type3InputBuffer' || isRecord(memberRecord(member), '_IRP');
}

/** The request is a parameter, and the stack location the one that came with it. */
function isGiven(definition: FunctionDefinition, object: Expression): boolean {
  if (object.kind === 'member' && !object.isArrow) return isGiven(definition, object.object);
  const pointer = object.kind === 'member' ? object.object : object;
  const variable = localVariable(stripConversions(pointer));
  if (variable === undefined) return isCurrentLocation(pointer);
  return variable.isParameter || valuesGiven(definition, variable).every(isCurrentLocation);
}

function isCurrentLocation(value: Expression): boolean {
  const e = stripConversions(value, { casts: true });
  return e.kind === 'call' && calledName(e) === 'IoGetCurrentIrpStackLocation';
}
