/** R02: every successful WskCaptureProviderNPI has its WskReleaseProviderNPI, before WskDeregister. */
import { memo } from '../../../../base/memo.ts';
import type { DeclarationNode } from '../../../../cfront/parse/ast.ts';
import { someNode } from '../../../../cfront/parse/walk.ts';
import type { Session } from '../../flow/run/session.ts';
import { hasFailed, outcomeOf } from '../../flow/state/outcome.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { isCleanedUp, leadsOutside, mayCall } from '../../reach.ts';
import { callsOf, isHandedOn } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const npiLeak: Rule = {
  id: 'npi-leak',
  severity: 'error',
  docRules: ['R02'],
  also: [],
  summary: 'WskReleaseProviderNPI comes before WskDeregister wherever the NPI was captured.',
  events: ['registration'],
  event: (event, { state, session, report }) => {
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
    report({ where: captured.where, message: NEVER, path: [], when: () => isNeverReleased(session) });
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
        when: () => fn.callers === 0 && mayCall(session, fn, RELEASE) && !isCleanedUp(session, RELEASE),
      });
    }
  },
  finish: ({ session, report }) => {
    const [call] = callsOf(session, 'WskCaptureProviderNPI');
    if (call !== undefined && isNeverReleased(session) && deregistersAnyhow(session))
      report({ where: whereOf(call), message: NEVER, path: [] });
  },
};

const NEVER =
  'The provider NPI is captured here and nothing in these files calls WskReleaseProviderNPI: WskDeregister waits for that and never returns.';

/** No function names what releases it, and those that deregister give the work to nobody who is not here. */
function isNeverReleased(session: Session): boolean {
  if (callsOf(session, 'WskReleaseProviderNPI').length > 0) return false;
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const units = new Set(users.map(({ unit }) => unit));
  if ([...units].some(({ declarations }) => declarations.some(namesRelease))) return false;
  return users.every((fn) => !mayCall(session, fn, ['WskDeregister']) || !leadsOutside(session, fn));
}

const namesRelease = memo((declaration: DeclarationNode): boolean =>
  someNode(declaration, (node) => node.kind === 'name' && node.symbol.name === 'WskReleaseProviderNPI'),
);

/** Some way to WskDeregister begins without the capture, as an unload routine does; on the others the path tells. */
function deregistersAnyhow(session: Session): boolean {
  return session.functions.some(
    (fn) =>
      fn.isUsers &&
      (fn.callers === 0 || isHandedOn(session, fn)) &&
      mayCall(session, fn, ['WskDeregister']) &&
      !mayCall(session, fn, ['WskCaptureProviderNPI']),
  );
}

const RELEASE = ['WskReleaseProviderNPI'];
