/** R02: every successful WskCaptureProviderNPI has its WskReleaseProviderNPI, before WskDeregister. */
import { hasFailed, outcomeOf } from '../../flow/state/outcome.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { mayCall } from '../../reach.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const npiLeak: Rule = {
  id: 'npi-leak',
  severity: 'error',
  docRules: ['R02'],
  also: [],
  summary: 'WskReleaseProviderNPI comes before WskDeregister wherever the NPI was captured.',
  event: (event, { state, report }) => {
    if (event.kind !== 'registration' || event.what !== 'deregister') return;
    const captured = state.wsk.registrations.get(event.block.key)?.captured;
    if (captured === undefined || outcomeOf(state, captured) === 'failed') return;
    // Where nobody looked at the result it may have failed; what is sure is told.
    if (outcomeOf(state, captured) !== 'made') return;
    report({
      where: event.where,
      message:
        'WskDeregister waits until the provider NPI is released, and nobody releases it any more: the call never returns.',
      path: [
        ...pathTo(captured.where, 'The NPI is captured here'),
        ...pathTo(event.where, 'The driver deregisters here, without WskReleaseProviderNPI'),
      ],
      once: siteKey(event.where),
    });
  },
  exit: (exit, { state, fn, session, report }) => {
    if (!hasFailed(exit, state) || state.isVague) return;
    for (const { captured, registered } of state.wsk.registrations.values()) {
      // With the registration it is lost as a whole, and told so.
      if (captured === undefined || registered !== undefined || outcomeOf(state, captured) !== 'made') continue;
      report({
        where: exit.where,
        message:
          'The function fails and keeps the provider NPI that it has captured: nobody releases it any more, and WskDeregister waits for that and never returns.',
        path: [
          ...pathTo(captured.where, 'The NPI is captured here'),
          ...pathTo(exit.where, 'The function returns an error here, without WskReleaseProviderNPI'),
        ],
        once: siteKey(exit.where),
        // On its other ways it does release what it captured; what it leaves to its callers, they are asked about.
        when: () => fn.callers === 0 && mayCall(session, fn, ['WskReleaseProviderNPI']),
      });
    }
  },
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'WskCaptureProviderNPI');
    const isLeft =
      callsOf(session, 'WskDeregister').length > 0 && callsOf(session, 'WskReleaseProviderNPI').length === 0;
    if (call === undefined || !isLeft) return;
    report({
      where: whereOf(call),
      message:
        'The provider NPI is captured here and nothing in these files calls WskReleaseProviderNPI: WskDeregister waits for that and never returns.',
      path: [],
    });
  },
};
