/**
 * A function that waits for a request and then returns what the call returned, which is STATUS_PENDING still. In: the
 * waits and the ways out of a function. Out: the returns that say so.
 *
 * A wait counts where it is for what the completion routine is given, for as long as it takes. Who asks for the status
 * anywhere, the function itself or those that call it, may well know what has become of the request.
 */
import { memo } from '../../../../base/memo.ts';
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction } from '../../driver/callee.ts';
import { mayCall } from '../../driver/reach.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import type { IrpFact } from '../../flow/facts/irp.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import type { Exit, FunctionInfo, Session } from '../../flow/run/session.ts';
import { isNull, rangeOf, resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { contains } from '../../flow/values/ranges.ts';
import { ANYTHING, placeAt } from '../../flow/values/values.ts';
import type { CheckContext } from '../../rule.ts';

/** Remembers the results of the calls whose requests are done when this wait is over. */
export function noteWait({ api, arguments: values }: ApiCall, { state }: CheckContext): void {
  const [object, , , , timeout] = values;
  if (api !== 'KeWaitForSingleObject' || object === undefined || !isNull(state, timeout ?? ANYTHING)) return;
  const waited = placeAt(resolve(state, object))?.root.key;
  if (waited === undefined) return;
  for (const { life, routine, origin } of state.facts.values()) {
    // What a dispatch routine returns has rules of its own.
    if (origin === 'received') continue;
    if (life.kind !== 'sent' || routine.kind !== 'set' || life.frees.kind !== 'never') continue;
    if (placeAt(resolve(state, routine.context))?.root.key === waited) state.marks.add(markOf(life.result.key));
  }
}

export function checkReturn(exit: Exit, { state, fn, session, report }: CheckContext): void {
  const { given, value } = exit;
  if (given === undefined || value === undefined || !state.marks.has(markOf(given.key))) return;
  if (!contains(rangeOf(state, given), STATUS_PENDING)) return;
  const fact = [...state.facts.values()].find(({ life }) => life.kind === 'sent' && life.result.key === given.key);
  report({
    where: exit.where,
    message:
      'The function has waited for the request, and still returns the STATUS_PENDING of the call, which counts as success: what has become of the request says its IoStatus.Status.',
    path: pathTo(exit.where, 'It returns the old status here'),
    docRules: ['R27'],
    once: siteKey(exit.where),
    when: () => !asksForStatus(fn.definition) && !callersAsk(session, fn) && !marksPending(session, fact),
  });
}

function markOf(result: string): string {
  return `waited-for@${result}`;
}

/** Its completion routine marks the request pending where the driver below has: STATUS_PENDING is right then. */
function marksPending(session: Session, fact: IrpFact | undefined): boolean {
  const routine = fact?.routine.kind === 'set' ? fact.routine.value : undefined;
  const info = routine?.kind === 'function' ? session.functionOf(routine.symbol) : undefined;
  return info !== undefined && mayCall(session, info, ['IoMarkIrpPending']);
}

function callersAsk(session: Session, fn: FunctionInfo): boolean {
  return session.functions.some(
    ({ isUsers, definition }) =>
      isUsers &&
      asksForStatus(definition) &&
      nodesIn(definition, 'call').some((call) => calledFunction(session, call) === fn),
  );
}

/** Some member that it names sounds like a status. */
const asksForStatus = memo((definition: FunctionDefinition): boolean =>
  nodesIn(definition, 'member').some(({ name }) => /stat|result|iosb/i.test(name)),
);
