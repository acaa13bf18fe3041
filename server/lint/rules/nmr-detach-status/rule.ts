/** Detaching succeeds at once or later, with Nmr{Client,Provider}Detach…Complete; never both, and it never fails. */
import { leadsOutside } from '../../driver/reach.ts';
import { callsOf, roleOf, withRole } from '../../driver/roles.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { FinishContext, Report, Rule } from '../../rule.ts';

/** The callback that is told to detach, and what says later that it is done. */
interface Side {
  readonly role: string;
  readonly complete: string;
}

const sides: readonly Side[] = [
  { role: 'NPI_CLIENT_DETACH_PROVIDER_FN', complete: 'NmrClientDetachProviderComplete' },
  { role: 'NPI_PROVIDER_DETACH_CLIENT_FN', complete: 'NmrProviderDetachClientComplete' },
];

export const nmrDetachStatus: Rule = {
  id: 'nmr-detach-status',
  severity: 'error',
  docRules: ['R104'],
  also: [],
  summary: 'NmrClientDetachProviderComplete follows a ClientDetachProvider that returned STATUS_PENDING, and no other.',
  calls: sides.map(({ complete }) => complete),
  call: ({ api }, { state }) => {
    state.marks.add(api);
  },
  exit: (exit, { state, fn, session, report }) => {
    const side = sides.find(({ role }) => role === roleOf(session, fn));
    if (side === undefined || exit.value?.kind !== 'integer' || isStatus(exit, STATUS_PENDING)) return;
    const { name } = fn.definition.symbol;
    const tell = (message: string, when: () => boolean): void =>
      report({ where: exit.where, message: `${name} ${message}`, path: [], once: siteKey(exit.where), when });
    if (exit.value.value !== 0n)
      tell(
        'returns a failure, but nobody can refuse to detach: the registrar takes it for an answer that it is not, and the binding stays for ever.',
        () => true,
      );
    else if (state.marks.has(side.complete))
      tell(
        `returns STATUS_SUCCESS after ${side.complete}: the binding ends twice, and the registrar stops the machine.`,
        // Where it never puts off, each of those calls is told.
        () => exitsOf(session, fn).some((other) => !isStatus(other, 0n)),
      );
  },
  finish: (context) => {
    for (const side of sides) checkAll(side, context);
  },
};

function checkAll({ role, complete }: Side, { session, report }: FinishContext): void {
  const callbacks = withRole(session, role);
  const [call] = callsOf(session, complete);
  if (call === undefined) {
    tellPutOff(session, callbacks, complete, report);
    return;
  }
  const isDone = (fn: FunctionInfo): boolean => exitsOf(session, fn).every((exit) => isStatus(exit, 0n));
  const [callback] = callbacks;
  if (callback === undefined || !callbacks.every(isDone)) return;
  report({
    where: whereOf(call),
    message: `${complete} is called although ${callback.definition.symbol.name} always returns STATUS_SUCCESS: the binding is gone by then, and the registrar stops the machine.`,
    path: exitsOf(session, callback).flatMap(({ where }) => pathTo(where, 'The detaching is done here')),
  });
}

/** Nothing that is known here ever ends what was put off. */
function tellPutOff(
  session: Session,
  callbacks: readonly FunctionInfo[],
  complete: string,
  report: (report: Report) => void,
): void {
  for (const fn of callbacks) {
    if (session.functions.some((other) => other.isUsers && leadsOutside(session, other))) return;
    for (const exit of exitsOf(session, fn)) {
      if (!isStatus(exit, STATUS_PENDING)) continue;
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} puts the detaching off by returning STATUS_PENDING, and nothing in these files calls ${complete}: the registrar waits for that, and the wait for the deregistration never returns.`,
        path: [],
        once: siteKey(exit.where),
      });
    }
  }
}

function exitsOf(session: Session, fn: FunctionInfo): readonly Exit[] {
  return analysisOf(session, fn)?.exits ?? [];
}

function isStatus({ value }: Exit, status: bigint): boolean {
  return value?.kind === 'integer' && value.value === status;
}
