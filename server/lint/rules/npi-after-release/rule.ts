/** The provider table is the driver's from WskCaptureProviderNPI to WskReleaseProviderNPI. */
import { functionsNamed } from '../../driver/named.ts';
import { mayCall } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import type { Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, type Where } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { releaseIn, runningUntil, stopping } from './still-running.ts';

const ofClient = new Set(['WskSocket', 'WskSocketConnect', 'WskGetAddressInfo', 'WskGetNameInfo']);

export const npiAfterRelease: Rule = {
  id: 'npi-after-release',
  severity: 'error',
  docRules: ['R03'],
  also: ['CWE-416'],
  summary: 'Nothing is called through the provider NPI after WskReleaseProviderNPI.',
  events: ['send', 'registration'],
  event: (event, context) => {
    if (event.kind === 'registration') {
      if (event.what === 'release') context.state.marks.add(RELEASED);
      else if (event.what === 'capture') context.state.marks.delete(RELEASED);
    }
    if (event.kind !== 'send' || !event.isWsk || !ofClient.has(event.api)) return;
    checkReleased(event.api, event.where, context);
  },
  // Without an IRP it is no event, or none that a helper's callers hear of.
  seesThroughHelpers: true,
  calls: ['WskFreeAddressInfo', 'WskControlClient', ...stopping],
  call: (call, context) => {
    if (call.isWsk) checkReleased(call.api, call.where, context);
    else checkStopped(call, context);
  },
};

function isOfClient(name: string): boolean {
  return ofClient.has(name) || name === 'WskFreeAddressInfo' || name === 'WskControlClient';
}

/** Who uses the NPI is stopped after the release. Where somebody was waited for before it, he may have stopped then. */
function checkStopped(call: ApiCall, { state, fn, session, report }: CheckContext): void {
  if (!state.marks.has(RELEASED) || callsOf(session, 'WskCaptureProviderNPI').length > 1) return;
  const running = runningUntil(session, fn, call, isOfClient);
  const release = releaseIn(session, fn);
  if (running === undefined || release === undefined) return;
  const { name } = running.definition.symbol;
  report({
    where: release,
    message: `The NPI is released while ${name} may be at work with it, which is stopped only after this: until then it calls through a table that may be gone.`,
    path: [...pathTo(release, 'The NPI is released here'), ...pathTo(call.where, `${name} is stopped here`)],
    severity: 'warning',
    once: `${name} ${siteKey(release)}`,
  });
}

/** The mark of a way on which the NPI was released. */
const RELEASED = 'npi-released';

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
  const [fn] = functionsNamed(session, helper);
  return fn === undefined || mayCall(session, fn, ['WskCaptureProviderNPI']);
}
