/** A timer of a side has run down: something is repeated, asked, or given up. */
import { fifoLength } from './fifo.ts';
import type { Network } from './network.ts';
import { breakDown } from './tcp-arrive.ts';
import { NEVER, schedule, startRetransmit } from './tcp-clock.ts';
import { retransmit, sendAck, sendProbe } from './tcp-send.ts';
import { endSide, type Side } from './tcp-side.ts';

export function sideTimer(network: Network, id: number, atNs: number): void {
  const side = network.sides.get(id);
  // The timer was set anew, or is not needed any more.
  if (side === undefined || side.timerAtNs !== atNs) return;
  side.timerAtNs = NEVER;
  const { nowNs } = network;
  if (nowNs >= side.timeWaitAtNs) {
    endSide(network, side);
    return;
  }
  if (nowNs >= side.retransmitAtNs) {
    side.retransmitAtNs = NEVER;
    if (side.sndUna === side.sndNxt) askForWindow(network, side);
    else repeat(network, side);
  }
  // Unless what was repeated has taken it along.
  if (nowNs >= side.ackAtNs) sendAck(network, side);
  if (nowNs >= side.keepAliveAtNs) keepAlive(network, side);
  schedule(network, side);
}

function repeat(network: Network, side: Side): void {
  const { connectRetriesMax, retransmissionsMax } = network.options;
  const isOpening = side.state === 'syn-sent' || side.state === 'syn-received';
  if (side.retransmissions >= (isOpening ? connectRetriesMax : retransmissionsMax)) {
    breakDown(network, side, 'timeout');
    return;
  }
  side.retransmissions++;
  // What follows the first segment is repeated as its acknowledgements come, if it was lost too.
  side.recoverSeq = side.sndNxt;
  retransmit(network, side);
  startRetransmit(network, side);
}

/** The window is closed, and the word that it has opened may have been lost. */
function askForWindow(network: Network, side: Side): void {
  if (fifoLength(side.unsent) === 0) return;
  if (side.keepAliveProbes >= network.options.retransmissionsMax) {
    breakDown(network, side, 'timeout');
    return;
  }
  side.keepAliveProbes++;
  side.retransmissions++;
  sendProbe(network, side);
  startRetransmit(network, side);
}

function keepAlive(network: Network, side: Side): void {
  side.keepAliveAtNs = NEVER;
  if (side.keepAlive === undefined || (side.state !== 'established' && side.state !== 'close-wait')) return;
  if (side.keepAliveProbes >= side.keepAlive.probesMax) {
    breakDown(network, side, 'timeout');
    return;
  }
  side.keepAliveProbes++;
  sendProbe(network, side);
  side.keepAliveAtNs = network.nowNs + side.keepAlive.intervalNs;
}
