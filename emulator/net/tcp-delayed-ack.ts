/**
 * Data has arrived in order: when it is acknowledged (RFC 9293, 3.8.6.3; RFC 5681, 4.2).
 *
 * A Windows machine lets the acknowledgement wait until data of its own can take it along, until a second segment has
 * come, or for a while at most. Everything else (a gap, a gap that has been filled, a FIN, what came a second time) is
 * acknowledged at once, by who finds it. So do the scripted peers, which stand for any machine. The driver's machine
 * does not wait with what it has sent itself, where a WskSend would be pending longer for no packet that is saved, nor
 * with what comes through a bridge, where the acknowledgement says how much more may come.
 */
import type { Network, Owner } from './network.ts';
import { startDelayedAck } from './tcp-clock.ts';
import type { Side } from './tcp-side.ts';

export function oweAck(network: Network, side: Side): void {
  side.segmentsWaiting++;
  // Into a window that is full no second segment comes.
  const isLast = side.segmentsWaiting >= network.options.delayedAckSegments || side.rcvNxt >= side.rcvEdge;
  if (isLast || !mayWait(network, side)) side.owesAck = true;
  else if (side.segmentsWaiting === 1) startDelayedAck(network, side);
}

function mayWait(network: Network, side: Side): boolean {
  if (ownerOf(network, side) !== 'socket') return false;
  const other = network.connections.get(side.otherKey);
  const kind = other === undefined ? undefined : ownerOf(network, other);
  if (kind === 'socket') return !network.ownHosts.includes(side.remote.host);
  return kind !== 'channel';
}

/** Who has it, or will have it once the listener that it has come to accepts it. */
function ownerOf(network: Network, { owner, listener }: Side): Owner['kind'] | undefined {
  return (owner ?? network.bindings.get(listener ?? -1)?.owner)?.kind;
}
