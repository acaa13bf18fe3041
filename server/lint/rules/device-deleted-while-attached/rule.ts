/**
 * A device is detached before it is deleted. Sure of a way that attaches and deletes it, and of a whole driver that
 * attaches devices, deletes them when requests say so, and detaches none.
 */

import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { isWholeDriver, liveFunctions } from '../../driver/reach.ts';
import { callsOf, roleOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { mayBeNull, resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const deviceDeletedWhileAttached: Rule = {
  id: 'device-deleted-while-attached',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C9/0x201'],
  summary: 'A device is detached before it is deleted.',
  calls: ['IoDeleteDevice'],
  call: ({ arguments: [given = ANYTHING], where }, { state, report }) => {
    if (state.isVague) return;
    const device = resolve(state, given);
    for (const { kind, life, base, made, value } of state.kernel.blocks.values()) {
      if (kind !== 'attachment' || life !== 'live' || made === undefined || base?.key !== device.key) continue;
      // Whether it was attached has to be known.
      if (device.kind === 'anything' || mayBeNull(state, value)) continue;
      report({
        where,
        message:
          'The device is deleted while it is attached to another one, which goes on sending requests to memory that is gone: IoDetachDevice comes first.',
        path: [...pathTo(made.where, 'It is attached here'), ...pathTo(where, 'It is deleted here')],
        once: siteKey(where),
      });
    }
  },
  finish: ({ session, report }) => {
    const [attached] = attachers.flatMap((name) => callsOf(session, name));
    if (attached === undefined || !isWholeDriver(session)) return;
    const detaches = callsIn(session, 'IoDetachDevice');
    // What gives up a device that it has made detaches it there, or not at all: it may not be attached yet.
    if (detaches.some(({ isMaker }) => !isMaker)) return;
    const deletes = callsIn(session, 'IoDeleteDevice').flatMap(({ fn, call, isMaker }) =>
      !isMaker && roleOf(session, fn) === 'DRIVER_DISPATCH' ? call : [],
    );
    for (const call of deletes)
      report({
        where: whereOf(call, call.arguments),
        message: `The device is deleted while it is attached to another one, since ${callsOf(session, 'IoDetachDevice').length > 0 ? 'nothing but a start that fails' : 'nothing in the driver'} calls IoDetachDevice: the stack goes on sending requests to memory that is gone.`,
        path: [...pathTo(whereOf(attached), 'It is attached here'), ...pathTo(whereOf(call), 'It is deleted here')],
      });
  },
};

const attachers = ['IoAttachDeviceToDeviceStack', 'IoAttachDeviceToDeviceStackSafe', 'IoAttachDevice'];

/** The calls of that name in functions that may run; a maker creates devices itself. */
function callsIn(session: Session, name: string): readonly Located[] {
  return liveFunctions(session).flatMap((fn) => {
    const calls = nodesIn(fn.definition, 'call');
    const named = calls.filter((call) => calledName(call) === name);
    const isMaker = named.length > 0 && calls.some((call) => calledName(call)?.startsWith('IoCreateDevice') === true);
    return named.map((call) => ({ fn, call, isMaker }));
  });
}

interface Located {
  readonly fn: FunctionInfo;
  readonly call: CallExpression;
  readonly isMaker: boolean;
}
