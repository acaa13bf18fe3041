/** R72: after WskCloseSocket nothing else is done with the socket, and it is not closed again. */
import { socketOf } from '../../flow/facts/events.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const socketAfterClose: Rule = {
  id: 'socket-after-close',
  severity: 'error',
  docRules: ['R72'],
  also: ['CWE-416'],
  summary: 'After WskCloseSocket the socket is neither used nor closed again.',
  event: (event, { state, report }) => {
    if (event.kind !== 'send') return;
    const socket = socketOf(event);
    const closed = socket === undefined ? undefined : state.wsk.closed.get(socket.key);
    if (closed === undefined) return;
    const mark = `socket-after-close@${siteKey(closed)}`;
    if (state.marks.has(mark)) return;
    state.marks.add(mark);
    const what = event.api === 'WskCloseSocket' ? 'closed a second time' : `given to ${event.api}`;
    report({
      where: event.where,
      message: `The socket is ${what} after WskCloseSocket: WSK frees it as soon as the close is done, so the call works with memory that may belong to somebody else.`,
      path: [...pathTo(closed, 'The socket is closed here'), ...pathTo(event.where, `It is ${what} here`)],
    });
  },
};
