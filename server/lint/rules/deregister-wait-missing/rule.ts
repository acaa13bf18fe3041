/** R103: a client of the network module registrar is gone only when its deregistration is complete. */
import { whereOf } from '../../flow/state/where.ts';
import { callsOf, roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const deregisterWaitMissing: Rule = {
  id: 'deregister-wait-missing',
  severity: 'error',
  docRules: ['R103'],
  also: [],
  summary: 'NmrWaitForClientDeregisterComplete follows NmrDeregisterClient.',
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'NmrDeregisterClient');
    const hasUnload = session.functions.some((fn) => fn.isUsers && roleOf(session, fn) === 'DRIVER_UNLOAD');
    if (call === undefined || !hasUnload || callsOf(session, 'NmrWaitForClientDeregisterComplete').length > 0) return;
    report({
      where: whereOf(call),
      message:
        'NmrDeregisterClient may return STATUS_PENDING, and nothing in these files calls NmrWaitForClientDeregisterComplete: the driver is unloaded while providers still call its detach callback.',
      path: [],
    });
  },
};
