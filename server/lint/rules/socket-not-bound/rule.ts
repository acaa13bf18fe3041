/** A socket has a local address before anything else is done with it. */
import { placeText } from '../../../../base/source.ts';
import { runsByItself } from '../../driver/reach.ts';
import { pathTo, whereSpan } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { socketCall, storyOfSocket } from '../../ways/sockets.ts';

const needsAddress = new Set([
  'WskConnect',
  'WskConnectEx',
  'WskListen',
  'WskAccept',
  'WskSendTo',
  'WskSendMessages',
  'WskReceiveFrom',
  'WskGetLocalAddress',
]);

export const socketNotBound: Rule = {
  id: 'socket-not-bound',
  severity: 'error',
  docRules: ['R64'],
  also: [],
  summary: 'WskBind comes before connecting, listening, accepting, and before datagrams are sent or received.',
  events: ['send'],
  event: (event, { state, fn, session, report }) => {
    const call = socketCall(event, state);
    if (call === undefined || !needsAddress.has(call.send.api) || call.socket.did.includes('bind')) return;
    const { send, socket, category } = call;
    if (category === undefined || category === 'basic') return;
    report({
      where: send.where,
      message: `${send.api} is called on a socket that was never bound: it has no local address yet, and the call fails with STATUS_INVALID_DEVICE_STATE.`,
      path: [...storyOfSocket(socket), ...pathTo(send.where, `${send.api} is called here, without WskBind before it`)],
      once: placeText(whereSpan(socket.where)),
      when: () => !runsByItself(session, fn, ['WskBind']),
    });
  },
};
