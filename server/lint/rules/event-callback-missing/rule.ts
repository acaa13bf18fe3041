/** R56: an event that is enabled has its callback in the table that the socket was made with. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { eventCallbacks, lacks } from '../../client-tables.ts';
import { categoryOf } from '../../flow/facts/sockets.ts';
import { resolve } from '../../flow/state/state.ts';
import { siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { eventMaskAt } from '../../socket-controls.ts';

export const eventCallbackMissing: Rule = {
  id: 'event-callback-missing',
  severity: 'error',
  docRules: ['R56'],
  also: [],
  summary: 'Events that are enabled have their callback in the dispatch table of the socket.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: (call, { state, session, report }) => {
    const control = eventMaskAt(call, state);
    if (control?.mask === undefined || (control.mask & WSK_EVENT_DISABLE) !== 0n) return;
    const { mask, input, isStatic } = control;
    const socket = isStatic ? undefined : state.wsk.sockets.get(call.arguments[0]?.key ?? '');
    const category = socket === undefined ? undefined : categoryOf(resolve(state, socket.flags));
    const wanted = eventCallbacks.filter(
      ({ bit, table }) =>
        (mask & bit) !== 0n &&
        // What a listening socket enables for connections is in the tables of those that it accepts.
        !(category === 'listen' && !table.includes('LISTEN')),
    );
    const dispatch = category === 'stream' ? undefined : socket?.dispatch;
    const argument = call.where.inside === undefined ? call.where.arguments[input] : undefined;
    for (const callback of wanted) {
      report({
        where: call.where,
        span: argument === undefined ? undefined : nodePlace(argument),
        message: `${callback.event} is enabled, but the dispatch table has no ${callback.member}: the request fails with STATUS_INVALID_PARAMETER, or WSK calls address 0 when the event comes.`,
        path: [],
        once: `${siteKey(call.where)} ${callback.event}`,
        when: () => lacks(session, dispatch, callback),
      });
    }
  },
};

const WSK_EVENT_DISABLE = 0x80000000n;
