/** A client or provider of the network module registrar is gone only when its deregistration is complete. */
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { leadsOutside, ledTo, mayCall, runsByItself } from '../../driver/reach.ts';
import { callsOf, isHandedOn, roleOf, unloadRoutine } from '../../driver/roles.ts';
import { hasPended } from '../../flow/calls/kernel.ts';
import { givesFailure } from '../../flow/state/outcome.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { FinishContext, Rule } from '../../rule.ts';

/** The function that takes a registration back, and the one that waits for it. */
interface Side {
  readonly leave: string;
  readonly wait: string;
  /** Who calls the driver meanwhile. */
  readonly others: string;
}

const sides: readonly Side[] = [
  { leave: 'NmrDeregisterClient', wait: 'NmrWaitForClientDeregisterComplete', others: 'providers' },
  { leave: 'NmrDeregisterProvider', wait: 'NmrWaitForProviderDeregisterComplete', others: 'clients' },
];

export const deregisterWaitMissing: Rule = {
  id: 'deregister-wait-missing',
  severity: 'error',
  docRules: ['R103'],
  also: [],
  summary: 'NmrWaitForClientDeregisterComplete follows NmrDeregisterClient, as for providers.',
  calls: sides.map(({ wait }) => wait),
  call: ({ api }, { state }) => {
    for (const { leave, wait } of sides) if (wait === api) state.marks.delete(hasPended(leave));
  },
  exit: (exit, { state, fn, session, report }) => {
    for (const { leave, wait, others } of sides) {
      // Who returns the status leaves the wait to the caller.
      if (!state.marks.has(hasPended(leave)) || (exit.value !== undefined && exit.given?.kind !== 'integer')) continue;
      const call = nodesIn(fn.definition, 'call').find((one) => calledName(one) === leave);
      if (call === undefined) continue;
      report({
        where: exit.where,
        message: `${leave} may have returned STATUS_PENDING on this way, and it does not come to ${wait}: the driver is unloaded while ${others} still call its detach callback.`,
        path: [...pathTo(whereOf(call), 'It is deregistered here'), ...pathTo(exit.where, 'The function returns here')],
        once: siteKey(exit.where),
        when: () => {
          if (leadsOutside(session, fn)) return false;
          const waiters = session.functions.filter(({ definition }) => calls(definition, wait));
          if (givesFailure(exit) && roleOf(session, fn) === 'DRIVER_INITIALIZE') {
            const led = ledTo(session, fn);
            return waiters.every((other) => other === fn || !led.has(other.key) || isHandedOn(session, other));
          }
          return waiters.length === 1 && waiters[0] === fn;
        },
      });
    }
  },
  finish: (context) => {
    for (const side of sides) checkUnload(side, context);
  },
};

function calls(definition: FunctionDefinition, name: string): boolean {
  return nodesIn(definition, 'call').some((call) => calledName(call) === name);
}

function checkUnload({ leave, wait, others }: Side, { session, report }: FinishContext): void {
  const unload = unloadRoutine(session);
  const own = callsOf(session, leave);
  if (unload === undefined || own.length === 0) return;
  const isNever = callsOf(session, wait).length === 0;
  // Where a start that fails waits, the unload may have forgotten it all the same.
  const direct = own.find((call) => nodesIn(unload.definition, 'call').includes(call));
  const isForgotten =
    !mayCall(session, unload, [wait]) && !runsByItself(session, unload, [wait]) && !leadsOutside(session, unload);
  const call = isNever ? own[0] : isForgotten ? direct : undefined;
  if (call === undefined) return;
  report({
    where: whereOf(call),
    message: `${leave} may return STATUS_PENDING, and nothing ${isNever ? 'in these files' : 'that the unload routine does'} calls ${wait}: the driver is unloaded while ${others} still call its detach callback.`,
    path: [],
  });
}
