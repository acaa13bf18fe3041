/** R103: a client of the network module registrar is gone only when its deregistration is complete. */
import { whereOf } from '../../flow/state/where.ts';
import { nodesIn } from '../../nodes.ts';
import { leadsOutside, mayCall, runsByItself } from '../../reach.ts';
import { callsOf, unloadRoutine } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const WAIT = 'NmrWaitForClientDeregisterComplete';

export const deregisterWaitMissing: Rule = {
  id: 'deregister-wait-missing',
  severity: 'error',
  docRules: ['R103'],
  also: [],
  summary: 'NmrWaitForClientDeregisterComplete follows NmrDeregisterClient.',
  finish: ({ session, report }) => {
    const unload = unloadRoutine(session);
    const calls = callsOf(session, 'NmrDeregisterClient');
    if (unload === undefined || calls.length === 0) return;
    const isNever = callsOf(session, WAIT).length === 0;
    // Where a start that fails waits, the unload may have forgotten it all the same.
    const own = calls.find((call) => nodesIn(unload.definition, 'call').includes(call));
    const isForgotten =
      !mayCall(session, unload, [WAIT]) && !runsByItself(session, unload, [WAIT]) && !leadsOutside(session, unload);
    const call = isNever ? calls[0] : isForgotten ? own : undefined;
    if (call === undefined) return;
    report({
      where: whereOf(call),
      message: `NmrDeregisterClient may return STATUS_PENDING, and nothing ${isNever ? 'in these files' : 'that the unload routine does'} calls NmrWaitForClientDeregisterComplete: the driver is unloaded while providers still call its detach callback.`,
      path: [],
    });
  },
};
