/** R104: detaching succeeds at once, or later with NmrClientDetachProviderComplete; never both, and it never fails. */
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import { callsOf, roleOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

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
    const isDone = (fn: FunctionInfo): boolean => exitsOf(session, fn).every((exit) => isStatus(exit, 0n));
    const [callback] = callbacks;
    if (call === undefined || callback === undefined || !callbacks.every(isDone)) return;
    report({
      where: whereOf(call),
      message: `NmrClientDetachProviderComplete is called although ${callback.definition.symbol.name} always returns STATUS_SUCCESS: the binding is gone by then, and the registrar stops the machine.`,
      path: exitsOf(session, callback).flatMap(({ where }) => pathTo(where, 'The client has detached here')),
    });
  },
};

const ROLE = 'NPI_CLIENT_DETACH_PROVIDER_FN';

function exitsOf(session: Session, fn: FunctionInfo): readonly Exit[] {
  return analysisOf(session, fn)?.exits ?? [];
}

function isStatus({ value }: Exit, status: bigint): boolean {
  return value?.kind === 'integer' && value.value === status;
}
