/** A device that is made after DriverEntry opens only when its DO_DEVICE_INITIALIZING flag has been cleared. */
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, someNode } from '../../../../cfront/parse/walk.ts';
import { memberRecord, tagOf } from '../../body/record-type.ts';
import { isWhole } from '../../body/whole.ts';
import { mayCall } from '../../driver/reach.ts';
import { callsOf, withRole } from '../../driver/roles.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const deviceInitializingNotCleared: Rule = {
  id: 'device-initializing-not-cleared',
  severity: 'error',
  docRules: [],
  also: ['C28152', 'Driver Verifier C9/0x243'],
  summary: 'AddDevice clears DO_DEVICE_INITIALIZING in the device that it makes.',
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'IoCreateDevice');
    if (call === undefined || !session.functions.every((fn) => !fn.isUsers || isWhole(fn))) return;
    const adds = withRole(session, 'DRIVER_ADD_DEVICE').some((fn) => mayCall(session, fn, ['IoCreateDevice']));
    if (!adds) return;
    if (session.functions.some((fn) => fn.isUsers && mayClear(fn.definition))) return;
    report({
      where: whereOf(call),
      message:
        'AddDevice makes a device, and nothing in these files clears its DO_DEVICE_INITIALIZING flag: the I/O manager does so for devices of DriverEntry alone, and nobody can open this one.',
      path: [],
    });
  },
};

/** It clears bits of a device's Flags, by an expression that may name this one, writes all of them, or hands them on. */
function mayClear({ body }: FunctionDefinition): boolean {
  return someNode(body, (node) => {
    if (node.kind === 'address-of') return isFlags(node.operand);
    if (node.kind !== 'assign' || !isFlags(node.target)) return false;
    if (node.operator !== '&') return node.operator === undefined;
    const mask = constantValue(node.value);
    return mask === undefined || (mask & DO_DEVICE_INITIALIZING) === 0n;
  });
}

function isFlags(e: Expression): boolean {
  return e.kind === 'member' && e.name === 'Flags' && tagOf(memberRecord(e)) === '_DEVICE_OBJECT';
}

const DO_DEVICE_INITIALIZING = 0x80n;
