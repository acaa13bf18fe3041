/**
 * What has been under way arrives: hands a timer's event to TCP, UDP or a peer, and turns what sockets must hear into
 * indications for the network's owner.
 */
import type { Binding, Network, NetworkTimer, Side } from './network.ts';
import { peerAccepts, peerDatagram, peerHears, peerTimer } from './peer.ts';
import { connectTimeout, type Ears, inspected, type SideEvent, segmentArrives, synArrives } from './tcp.ts';
import { datagramReceivers, seenBy } from './udp.ts';

export function deliver(network: Network, event: NetworkTimer): void {
  const ears = earsOf(network);
  switch (event.kind) {
    case 'segment':
      segmentArrives(network, ears, event.to, event.segment);
      return;
    case 'syn':
      synArrives(network, ears, event.from, event.remote);
      return;
    case 'connect-timeout':
      connectTimeout(network, ears, event.side);
      return;
    case 'peer':
      peerTimer(network, event.peer);
      return;
    case 'datagram':
      for (const binding of datagramReceivers(network, event.to)) {
        if (binding.owner.kind === 'peer') peerDatagram(network, binding.owner.id, event.from, event.bytes);
        else {
          network.indications.push({
            kind: 'datagram',
            socket: binding.owner.id,
            from: seenBy(binding, event.from),
            to: seenBy(binding, event.to),
            bytes: event.bytes,
          });
        }
      }
  }
}

function earsOf(network: Network): Ears {
  return {
    side: (owner, _side, event) => {
      if (owner.kind === 'peer') peerHears(network, owner.id, event);
      else indicate(network, owner.id, event);
    },
    listener: (binding, side, event) => atListener(network, binding, side, event),
  };
}

function atListener(
  network: Network,
  binding: Binding,
  side: Side,
  event: 'arrival' | 'inspect' | 'inspect-abort',
): void {
  const { owner } = binding;
  if (owner.kind === 'socket') {
    network.indications.push({ kind: event, socket: owner.id, side: side.id });
  } else if (event === 'arrival') {
    binding.backlog.splice(binding.backlog.indexOf(side.id), 1);
    peerAccepts(network, owner.id, side);
  } else if (event === 'inspect') inspected(network, side, true);
}

function indicate(network: Network, socket: number, event: SideEvent): void {
  network.indications.push({ ...event, socket });
}
