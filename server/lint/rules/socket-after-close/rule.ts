/** After WskCloseSocket nothing else is done with the socket, and it is not closed again. */
import { socketOf } from '../../flow/facts/events.ts';
import { pathTo, siteKey, type Where } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';

export const socketAfterClose: Rule = {
  id: 'socket-after-close',
  severity: 'error',
  docRules: ['R72'],
  also: ['CWE-416'],
  summary: 'After WskCloseSocket the socket is neither used nor closed again.',
  events: ['send'],
  event: (event, context) => {
    const socket = event.kind === 'send' ? socketOf(event) : undefined;
    if (event.kind === 'send' && socket !== undefined) checkClosed(socket, event, context);
  },
  // It takes no IRP, and so is no event.
  seesThroughHelpers: true,
  calls: ['WskRelease'],
  call: (call, context) => {
    const [socket] = call.arguments;
    if (socket !== undefined) checkClosed(socket, call, context);
  },
};

function checkClosed(
  socket: Value,
  { api, where }: { readonly api: string; readonly where: Where },
  { state, report }: CheckContext,
): void {
  const closed = state.wsk.closed.get(socket.key);
  if (closed === undefined) return;
  const mark = `socket-after-close@${siteKey(closed)}`;
  if (state.marks.has(mark)) return;
  state.marks.add(mark);
  const what = api === 'WskCloseSocket' ? 'closed a second time' : `given to ${api}`;
  report({
    where,
    message: `The socket is ${what} after WskCloseSocket: WSK frees it as soon as the close is done, so the call works with memory that may belong to somebody else.`,
    path: [...pathTo(closed, 'The socket is closed here'), ...pathTo(where, `It is ${what} here`)],
  });
}
