/** R65, R83: data goes over a connection, which a listening socket never has. */
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { runsByItself } from '../../reach.ts';
import type { Rule } from '../../rule.ts';
import { socketCall, storyOfSocket } from '../../sockets.ts';

const needsConnection = new Set([
  'WskSend',
  'WskSendEx',
  'WskReceive',
  'WskReceiveEx',
  'WskDisconnect',
  'WskGetRemoteAddress',
]);

export const socketNotConnected: Rule = {
  id: 'socket-not-connected',
  severity: 'error',
  docRules: ['R65', 'R83'],
  also: [],
  summary: 'Data is sent and received on a socket that has been connected.',
  event: (event, { state, fn, session, report }) => {
    const call = socketCall(event, state);
    if (call === undefined || !needsConnection.has(call.send.api) || call.socket.did.includes('connect')) return;
    const { send, socket, category } = call;
    if (category !== 'connection' && category !== 'stream') return;
    const isListener = socket.did.includes('listen');
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
      once: siteKey(socket.where),
      when: () => !runsByItself(session, fn, ['WskConnect', 'WskConnectEx']),
    });
  },
};
