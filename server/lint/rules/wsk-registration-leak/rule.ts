/** R01: what WskRegister made is given back with WskDeregister before the driver goes, also when its start fails. */
import { outcomeOf } from '../../flow/state/outcome.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { callsOf, roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const wskRegistrationLeak: Rule = {
  id: 'wsk-registration-leak',
  severity: 'error',
  docRules: ['R01'],
  also: [],
  summary: 'Every WskRegister has its WskDeregister, also when the start of the driver fails.',
  exit: (exit, { state, fn, report }) => {
    const isFailure = exit.value?.kind === 'integer' && exit.value.value < 0n;
    const range = exit.value === undefined ? undefined : state.ranges.get(exit.value.key)?.range;
    if (!isFailure && !(range?.max !== undefined && range.max < 0n)) return;
    for (const { registered } of state.wsk.registrations.values()) {
      if (registered === undefined || outcomeOf(state, registered) !== 'made') continue;
      report({
        where: registered.where,
        message:
          'The function fails and stays registered with WSK: when the driver is unloaded because of that, WSK keeps pointers into memory that is gone.',
        path: [
          ...pathTo(registered.where, 'WskRegister has succeeded here'),
          ...pathTo(exit.where, 'The function returns an error here, without WskDeregister'),
        ],
        once: siteKey(registered.where),
        // Callers may clean up after it; they are looked at themselves.
        when: () => fn.callers === 0,
      });
    }
  },
  finish: ({ session, report }) => {
    const hasUnload = session.functions.some((fn) => roleOf(session, fn) === 'DRIVER_UNLOAD');
    const [call] = callsOf(session, 'WskRegister');
    if (!hasUnload || call === undefined || callsOf(session, 'WskDeregister').length > 0) return;
    report({
      where: whereOf(call),
      message:
        'The driver registers with WSK and can be unloaded, but nothing in these files calls WskDeregister: after the unload WSK keeps pointers into memory that is gone.',
      path: [],
    });
  },
};
