/** A device that is made after DriverEntry opens only when its DO_DEVICE_INITIALIZING flag has been cleared. */
import { place } from '../../../../cfront/tokenize/token.ts';
import { isWhole } from '../../blocks.ts';
import { whereOf } from '../../flow/state/where.ts';
import { mayCall } from '../../reach.ts';
import { callsOf, roleOf } from '../../roles.ts';
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
    const adds = session.functions.some(
      (fn) => fn.isUsers && roleOf(session, fn) === 'DRIVER_ADD_DEVICE' && mayCall(session, fn, ['IoCreateDevice']),
    );
    if (!adds) return;
    const files = new Set(session.functions.flatMap((fn) => (fn.isUsers ? [place(fn.definition.nameToken).file] : [])));
    // The flag may be cleared anywhere, by any expression that names it, or its number.
    if ([...files].some(({ text }) => /DO_DEVICE_INITIALIZING|Flags\s*(?:&=|=[^=])/.test(text))) return;
    report({
      where: whereOf(call),
      message:
        'AddDevice makes a device, and nothing in these files clears its DO_DEVICE_INITIALIZING flag: the I/O manager does so for devices of DriverEntry alone, and nobody can open this one.',
      path: [],
    });
  },
};
