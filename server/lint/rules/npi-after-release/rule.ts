/** R03: the provider table is the driver's from WskCaptureProviderNPI to WskReleaseProviderNPI. */
import type { Session } from '../../flow/run/session.ts';
import { pathTo, type Where } from '../../flow/state/where.ts';
import { mayCall } from '../../reach.ts';
import { callsOf } from '../../roles.ts';
import type { CheckContext, Rule } from '../../rule.ts';

const ofClient = new Set(['WskSocket', 'WskSocketConnect', 'WskGetAddressInfo', 'WskGetNameInfo']);

export const npiAfterRelease: Rule = {
  id: 'npi-after-release',
  severity: 'error',
  docRules: ['R03'],
  also: ['CWE-416'],
  summary: 'Nothing is called through the provider NPI after WskReleaseProviderNPI.',
  events: ['send'],
  event: (event, context) => {
    if (event.kind !== 'send' || !event.isWsk || !ofClient.has(event.api)) return;
    checkReleased(event.api, event.where, context);
  },
  // Without an IRP it is no event, or none that a helper's callers hear of.
  seesThroughHelpers: true,
  calls: ['WskFreeAddressInfo', 'WskControlClient'],
  call: ({ api, where }, context) => checkReleased(api, where, context),
};

function checkReleased(api: string, where: Where, { state, session, report }: CheckContext): void {
  const released = [...state.wsk.registrations.values()].find((fact) => fact.released !== undefined)?.released;
  // With one NPI in all files there is no doubt which one this is.
  if (released === undefined || callsOf(session, 'WskCaptureProviderNPI').length > 1) return;
  if (helpersTo(where).some((helper) => mayCapture(session, helper))) return;
  report({
    where,
    message: `${api} is called through the provider NPI after WskReleaseProviderNPI: by then WSK may be gone, and the table with it.`,
    path: [...pathTo(released, 'The NPI is released here'), ...pathTo(where, `${api} is called through it here`)],
  });
}

/** Names of the helpers in which it happens. */
function helpersTo({ inside }: Where): readonly string[] {
  return inside === undefined ? [] : [inside.helper, ...helpersTo(inside.where)];
}

function mayCapture(session: Session, helper: string): boolean {
  const fn = session.functions.find(({ definition }) => definition.symbol.name === helper);
  return fn === undefined || mayCall(session, fn, ['WskCaptureProviderNPI']);
}
