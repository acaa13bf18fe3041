/**
 * A request of KMDF that can be cancelled is the framework's until WdfRequestUnmarkCancelable: it is not marked again,
 * completed, or given to somebody else.
 */

import { nodesIn } from '../../body/nodes.ts';
import { calledFunction } from '../../driver/callee.ts';
import { leadsOutside, mayCall } from '../../driver/reach.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const MARK = 'WdfRequestMarkCancelable';
const UNMARK = 'WdfRequestUnmarkCancelable';

export const wdfRequestCancelable: Rule = {
  id: 'wdf-request-cancelable',
  severity: 'error',
  docRules: [],
  also: ['SDV MarkCancOnCancReqLocal', 'SDV ReqMarkCancelableSend', 'bug check 0x10D'],
  summary: 'WdfRequestUnmarkCancelable comes before a cancelable request is marked again, completed or passed on.',
  calls: /^Wdf(?:Request|IoQueue(?:Retrieve|Find))/,
  call: ({ api, arguments: [request], where }, { state, fn, session, report }) => {
    const key = resolve(state, request ?? ANYTHING).key;
    const mark = `cancelable@${key}`;
    // By the same name it may be the next one.
    if (api.startsWith('WdfIoQueue')) for (const one of [...state.marks].filter(isOurs)) state.marks.delete(one);
    else if (api === UNMARK) state.marks.delete(mark);
    else if (state.marks.has(mark) && effects.test(api)) {
      state.marks.delete(mark);
      report({
        where,
        message: `${api} gets a request that is cancelable still: its cancel callback may run at the same time, and the machine stops (WDF_VIOLATION).`,
        path: pathTo(where, `${UNMARK} has not been called`),
        when: () => !isUnmarkedElsewhere(session, fn),
      });
    } else if (api === MARK && key !== ANYTHING.key) state.marks.add(mark);
  },
};

const effects = /^WdfRequest(?:MarkCancelable|Complete|Send|ForwardTo|Requeue)/;

function isOurs(mark: string): boolean {
  return mark.startsWith('cancelable@');
}

/** A helper may do it. */
function isUnmarkedElsewhere(session: Session, fn: FunctionInfo): boolean {
  if (leadsOutside(session, fn)) return true;
  return nodesIn(fn.definition, 'call').some((call) => {
    const helper = calledFunction(session, call);
    return helper !== undefined && mayCall(session, helper, [UNMARK]);
  });
}
