/**
 * What has been under way arrives, and timers run down: everything that is due is handed to TCP, UDP, a peer or a
 * channel, in order. Peers act on an event before the next one; an acknowledgement that is still owed then goes out
 * alone.
 */
import { unreachable } from '../../base/assert.ts';
import { channelHears } from './bridge.ts';
import { clear } from './fifo.ts';
import type { Network, NetworkEvent } from './network.ts';
import { peerAccepts, peerDatagram, peerGivesUp, peerHears, peerTimer } from './peer.ts';
import { lastOf, queueDueNs, queueTake } from './queue.ts';
import { segmentArrives } from './tcp-arrive.ts';
import { sendAck } from './tcp-send.ts';
import { connectionKey, endSide } from './tcp-side.ts';
import { sideTimer } from './tcp-timers.ts';
import { tellOwner } from './tell.ts';
import { datagramArrives, datagramUnreachable } from './udp.ts';

/** When `deliverDue` is to be called next; undefined when nothing is under way. */
export function nextDueNs(network: Network): number | undefined {
  return queueDueNs(network.queue);
}

/** Lets everything happen that is due at `network.nowNs`. */
export function deliverDue(network: Network): void {
  for (;;) {
    const event = queueTake(network.queue, network.nowNs);
    if (event === undefined) return;
    deliver(network, event);
  }
}

/**
 * At the end of a run: what has been sent by now still arrives, so that a peer hears the last word of a driver that has
 * gone. Nothing later than the last of it happens any more.
 */
export function deliverLast(network: Network): void {
  const untilNs = lastOf(network.queue, ({ kind }) => kind === 'segment' || kind === 'datagram');
  if (untilNs === undefined || untilNs <= network.nowNs) return;
  network.nowNs = untilNs;
  deliverDue(network);
}

function deliver(network: Network, event: NetworkEvent): void {
  switch (event.kind) {
    case 'segment': {
      const side = segmentArrives(network, event);
      tellPeers(network);
      if (side?.owesAck) sendAck(network, side);
      return;
    }
    case 'datagram':
      datagramArrives(network, event.from, event.to, event.bytes);
      break;
    case 'unreachable':
      if (event.protocol === 'udp') datagramUnreachable(network, event.from, event.to, event.what);
      else connectionUnreachable(network, event);
      break;
    case 'timer':
      sideTimer(network, event.side, event.atNs);
      break;
    case 'peer':
      peerTimer(network, event.peer);
      break;
    case 'patience':
      peerGivesUp(network, event.peer);
      break;
    default:
      unreachable(event);
  }
  tellPeers(network);
}

/** An attempt to connect fails at once; an open connection goes on trying. */
function connectionUnreachable(network: Network, event: Extract<NetworkEvent, { kind: 'unreachable' }>): void {
  const side = network.connections.get(connectionKey(event.from, event.to));
  if (side?.state !== 'syn-sent') return;
  endSide(network, side);
  tellOwner(network, side, {
    kind: 'connect-failed',
    why: event.what === 'network' ? 'network-unreachable' : 'unreachable',
  });
}

/** What peers do may give them more to hear. */
function tellPeers(network: Network): void {
  const { heard } = network;
  if (heard.length === 0) return;
  for (let i = 0; i < heard.length; i++) {
    const one = heard[i];
    switch (one?.kind) {
      case 'side':
        peerHears(network, one.peer, one.event);
        break;
      case 'channel':
        channelHears(network, one.channel, one.event);
        break;
      case 'arrival':
        peerAccepts(network, one.peer, one.side);
        break;
      case 'datagram':
        peerDatagram(network, one.peer, one.from, one.bytes);
        break;
      case undefined:
        break;
    }
  }
  clear(heard);
}
