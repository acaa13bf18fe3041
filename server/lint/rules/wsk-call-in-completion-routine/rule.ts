/** A WSK call in a completion routine may complete at once and call the next routine on the same stack. */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction } from '../../driver/callee.ts';
import { roleOf } from '../../driver/roles.ts';
import { recognise } from '../../flow/calls/recognise.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Registration, Rule } from '../../rule.ts';

export const wskCallInCompletionRoutine: Rule = {
  id: 'wsk-call-in-completion-routine',
  severity: 'warning',
  docRules: ['R24'],
  also: [],
  summary: 'A completion routine leaves the next WSK call to a work item.',
  events: ['send'],
  event: (event, { fn, session, report }) => {
    if (event.kind !== 'send' || !event.isWsk || roleOf(session, fn) !== 'IO_COMPLETION_ROUTINE') return;
    report({
      where: event.where,
      message: toldOf(event.api, fn),
      path: event.where.inside === undefined ? [] : pathTo(event.where, `${event.api} is called here`),
    });
  },
  // A helper that sets the routine again asks for the routine before it is known itself: no path shows the round.
  finish: ({ session, registrations, report }) => {
    for (const routine of new Set(registrations.map((r) => r.routine))) {
      if (!routine.isUsers) continue;
      for (const call of nodesIn(routine.definition, 'call')) {
        const helper = calledFunction(session, call);
        if (helper === undefined || !leadsBack(session, registrations, helper, routine)) continue;
        const send = nodesIn(helper.definition, 'call').find((node) => wskFunction(session, node) !== undefined);
        if (send === undefined) continue;
        const api = wskFunction(session, send) ?? '';
        report({
          where: whereOf(call),
          message: toldOf(api, routine),
          path: [
            ...pathTo(whereOf(call), `${helper.definition.symbol.name} is called here`),
            ...pathTo(whereOf(send), `${api} is called here`),
          ],
        });
      }
    }
  },
};

/** The helper sets the routine, or one that sets it in turn, itself or in a helper of its own. */
function leadsBack(
  session: Session,
  registrations: readonly Registration[],
  helper: FunctionInfo,
  routine: FunctionInfo,
): boolean {
  const seen = new Set([helper]);
  for (const by of seen) {
    for (const { routine: set } of registrations.filter((r) => r.by === by)) {
      if (set === routine) return true;
      seen.add(set);
      for (const call of nodesIn(set.definition, 'call')) {
        const called = calledFunction(session, call);
        if (called !== undefined) seen.add(called);
      }
    }
  }
  return false;
}

function toldOf(api: string, { definition }: FunctionInfo): string {
  return `${api} is called in ${definition.symbol.name}, a completion routine: the new call may complete at once and run the next routine on the same stack, again and again, until the stack overflows.`;
}

/** The WSK function that a call with an IRP calls. */
function wskFunction(session: Session, call: CallExpression): string | undefined {
  const target = recognise(session, call, ANYTHING);
  const hasIrp = call.arguments.some((given) => isIrpPointer(stripConversions(given, { casts: true }).type));
  return target.kind === 'wsk' && hasIrp ? target.facts.name : undefined;
}
