/**
 * Timers of a side. They are times in its record; one event of the queue stands for the earliest of them. A timer that
 * is put off costs nothing: its event comes early, finds nothing due, and is scheduled again.
 */
import type { Network } from './network.ts';
import { queueTimer } from './queue.ts';
import type { Side } from './tcp-side.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/** Makes sure that an event comes for the earliest timer. */
export function schedule(network: Network, side: Side): void {
  const atNs = Math.min(side.retransmitAtNs, side.ackAtNs, side.timeWaitAtNs, side.keepAliveAtNs);
  if (atNs >= side.timerAtNs) return;
  side.timerAtNs = atNs;
  queueTimer(network.queue, atNs, { kind: 'timer', side: side.id, atNs });
}

/** Starts the retransmission timer anew, twice as long for each repetition. */
export function startRetransmit(network: Network, side: Side): void {
  const { retransmitNsMax } = network.options;
  side.retransmitAtNs = network.nowNs + Math.min(side.rtoNs * 2 ** side.retransmissions, retransmitNsMax);
  schedule(network, side);
}

/** An acknowledgement may wait from now on. */
export function startDelayedAck(network: Network, side: Side): void {
  side.ackAtNs = network.nowNs + network.options.delayedAckNs;
  schedule(network, side);
}

export function startTimeWait(network: Network, side: Side): void {
  side.retransmitAtNs = NEVER;
  side.keepAliveAtNs = NEVER;
  side.timeWaitAtNs = network.nowNs + network.options.timeWaitNs;
  schedule(network, side);
}

export function startKeepAlive(network: Network, side: Side): void {
  side.keepAliveProbes = 0;
  if (side.keepAlive === undefined || side.state !== 'established') return;
  side.keepAliveAtNs = network.nowNs + side.keepAlive.idleNs;
  schedule(network, side);
}

/** A round trip has been measured (RFC 6298). */
export function measured(network: Network, side: Side, roundTripNs: number): void {
  if (side.smoothedNs === 0) {
    side.smoothedNs = roundTripNs;
    side.variationNs = roundTripNs / 2;
  } else {
    side.variationNs = 0.75 * side.variationNs + 0.25 * Math.abs(side.smoothedNs - roundTripNs);
    side.smoothedNs = 0.875 * side.smoothedNs + 0.125 * roundTripNs;
  }
  const { retransmitNsMin, retransmitNsMax } = network.options;
  const wanted = Math.ceil(side.smoothedNs + 4 * side.variationNs);
  side.rtoNs = Math.min(Math.max(wanted, retransmitNsMin), retransmitNsMax);
}
