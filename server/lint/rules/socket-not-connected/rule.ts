/** Data goes over a connection, which a listening socket never has; and a connection accepts none. */
import { placeText } from '../../../../base/source.ts';
import { runsByItself } from '../../driver/reach.ts';
import { pathTo, whereSpan } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { socketCall, storyOfSocket } from '../../ways/sockets.ts';

const needsConnection = new Set([
  'WskSend',
  'WskSendEx',
  'WskReceive',
  'WskReceiveEx',
  'WskDisconnect',
  'WskGetRemoteAddress',
]);
const makesConnection = new Set(['WskConnect', 'WskConnectEx']);
const needsListener = new Set(['WskListen', 'WskAccept', 'WskInspectComplete']);

export const socketNotConnected: Rule = {
  id: 'socket-not-connected',
  severity: 'error',
  docRules: ['R65', 'R83'],
  also: [],
  summary:
    'Data is sent and received on a socket that has been connected; connections are accepted on one that listens.',
  events: ['send'],
  event: (event, { state, fn, session, report }) => {
    const call = socketCall(event, state);
    if (call === undefined) return;
    const { send, socket, category } = call;
    const isListener = socket.did.includes('listen');
    const isConnected = socket.did.includes('connect');
    if (isConnected && !isListener && category !== 'connection' && needsListener.has(send.api)) {
      report({
        where: send.where,
        message: `${send.api} is called on a socket that is a connection: it can listen no more, and the call fails with STATUS_INVALID_DEVICE_STATE.`,
        path: [...storyOfSocket(socket), ...pathTo(send.where, `${send.api} is called here`)],
        docRules: ['R83'],
      });
      return;
    }
    if (isListener && category === 'stream' && makesConnection.has(send.api)) {
      report({
        where: send.where,
        message: `${send.api} is called on a socket that listens: it can connect no more, and the call fails with STATUS_INVALID_DEVICE_STATE.`,
        path: [...storyOfSocket(socket), ...pathTo(send.where, `${send.api} is called here`)],
        docRules: ['R83'],
      });
      return;
    }
    if (!needsConnection.has(send.api) || isConnected) return;
    if (category !== 'connection' && category !== 'stream' && !(isListener && category === undefined)) return;
    report({
      where: send.where,
      message: isListener
        ? `${send.api} is called on a socket that listens: it accepts connections and has none itself, so the call fails with STATUS_INVALID_DEVICE_STATE.`
        : `${send.api} is called on a socket that was never connected: the call fails with STATUS_INVALID_DEVICE_STATE.`,
      path: [
        ...storyOfSocket(socket),
        ...pathTo(send.where, `${send.api} is called here, without WskConnect before it`),
      ],
      docRules: [isListener ? 'R83' : 'R65'],
      once: placeText(whereSpan(socket.where)),
      when: () => !runsByItself(session, fn, ['WskConnect', 'WskConnectEx']),
    });
  },
};
