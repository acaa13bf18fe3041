/** R104: detaching succeeds at once, or later with NmrClientDetachProviderComplete; never both, and it never fails. */
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { leadsOutside } from '../../reach.ts';
import { callsOf, roleOf } from '../../roles.ts';
import type { Report, Rule } from '../../rule.ts';

export const nmrDetachStatus: Rule = {
  id: 'nmr-detach-status',
  severity: 'error',
  docRules: ['R104'],
  also: [],
  summary: 'NmrClientDetachProviderComplete follows a ClientDetachProvider that returned STATUS_PENDING, and no other.',
  exit: (exit, { fn, session, report }) => {
    if (roleOf(session, fn) !== ROLE || exit.value?.kind !== 'integer') return;
    if (exit.value.value === 0n || exit.value.value === STATUS_PENDING) return;
    report({
      where: exit.where,
      message: `${fn.definition.symbol.name} returns a failure, but a client cannot refuse to detach: the registrar takes it for an answer that it is not, and the provider stays bound for ever.`,
      path: [],
      once: siteKey(exit.where),
    });
  },
  finish: ({ session, report }) => {
    const callbacks = session.functions.filter((fn) => fn.isUsers && roleOf(session, fn) === ROLE);
    const completes = callsOf(session, 'NmrClientDetachProviderComplete');
    const [call] = completes;
    if (call === undefined) return tellPutOff(session, callbacks, report);
    const isDone = (fn: FunctionInfo): boolean => exitsOf(session, fn).every((exit) => isStatus(exit, 0n));
    const [callback] = callbacks;
    if (callback === undefined || !callbacks.every(isDone)) return;
    report({
      where: whereOf(call),
      message: `NmrClientDetachProviderComplete is called although ${callback.definition.symbol.name} always returns STATUS_SUCCESS: the binding is gone by then, and the registrar stops the machine.`,
      path: exitsOf(session, callback).flatMap(({ where }) => pathTo(where, 'The client has detached here')),
    });
  },
};

/** Nothing that is known here ever ends what was put off. */
function tellPutOff(session: Session, callbacks: readonly FunctionInfo[], report: (report: Report) => void): void {
  for (const fn of callbacks) {
    if (session.functions.some((other) => other.isUsers && leadsOutside(session, other))) return;
    for (const exit of exitsOf(session, fn)) {
      if (!isStatus(exit, STATUS_PENDING)) continue;
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} puts the detaching off by returning STATUS_PENDING, and nothing in these files calls NmrClientDetachProviderComplete: the registrar waits for that, and NmrWaitForClientDeregisterComplete never returns.`,
        path: [],
        once: siteKey(exit.where),
      });
    }
  }
}

const ROLE = 'NPI_CLIENT_DETACH_PROVIDER_FN';

function exitsOf(session: Session, fn: FunctionInfo): readonly Exit[] {
  return analysisOf(session, fn)?.exits ?? [];
}

function isStatus({ value }: Exit, status: bigint): boolean {
  return value?.kind === 'integer' && value.value === status;
}
