/** A request that goes to the driver below has no cancel routine of this driver's any more. */
import { isNull } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const sentWithCancelRoutine: Rule = {
  id: 'sent-with-cancel-routine',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C9/0x203'],
  summary: 'IoSetCancelRoutine with NULL comes before IoCallDriver wherever a cancel routine was set.',
  events: ['send'],
  event: (event, { state, report }) => {
    if (event.kind !== 'send' || isNull(state, event.irp)) return;
    const cancel = state.facts.get(event.irp.key)?.cancel;
    if (cancel?.kind !== 'set') return;
    const { routine } = cancel;
    report({
      where: event.where,
      message: `${event.api} gets the request while ${routine} is still its cancel routine: cancelled now, that completes a request which the driver below is working on and completes too.`,
      path: [
        ...pathTo(cancel.where, `${routine} becomes its cancel routine here`),
        ...pathTo(event.where, 'It is sent on here'),
      ],
      once: siteKey(event.where),
    });
  },
};
