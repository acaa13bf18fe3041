/**
 * A segment arrives: section 3.10.7 of RFC 9293, in its order. An acknowledgement that is owed afterwards goes out
 * with whatever the owner answers, or alone (`deliver.ts`).
 */
import { unreachable } from '../../base/assert.ts';
import { isLoopback } from './address.ts';
import { findBinding } from './binding.ts';
import { addChannel } from './bridge-types.ts';
import { hostExists } from './hosts.ts';
import type { Binding, Network, Segment } from './network.ts';
import { startKeepAlive, startTimeWait } from './tcp-clock.ts';
import { oweAck } from './tcp-delayed-ack.ts';
import { isAcceptable, takePayload } from './tcp-receive.ts';
import { acknowledged, answerWithReset, push, retransmit, sendReset, sendSyn } from './tcp-send.ts';
import { connectionKey, createSide, endSide, forgetSide, type Side } from './tcp-side.ts';
import { tellListener, tellOwner } from './tell.ts';

/** Duplicate acknowledgements after which a segment is taken for lost. */
const FAST_RETRANSMIT_AFTER = 3;

/** Returns the side that it was for. */
export function segmentArrives(network: Network, segment: Segment): Side | undefined {
  const side = network.connections.get(segment.key);
  if (side === undefined) {
    withoutConnection(network, segment);
    return undefined;
  }
  if (side.state === 'time-wait' && segment.syn && segment.ack === undefined && segment.seq > side.rcvNxt) {
    // A new connection between the same addresses takes the place of the one that is over.
    endSide(network, side);
    withoutConnection(network, segment);
    return undefined;
  }
  if (side.state === 'syn-sent') inSynSent(network, side, segment);
  else synchronised(network, side, segment);
  return side;
}

/** Answers a connection that was held for inspection. */
export function answerSyn(network: Network, side: Side): void {
  side.isHeld = false;
  sendSyn(network, side);
}

/** The connection is gone without our doing. */
export function breakDown(network: Network, side: Side, why: 'reset' | 'timeout'): void {
  const { state, isHeld } = side;
  side.wasReset = true;
  endSide(network, side);
  const listener = network.bindings.get(side.listener ?? -1);
  // One that was let in and never got as far as being accepted is over for its inspector as well.
  const isInspected = isHeld || (state === 'syn-received' && listener?.isConditional === true);
  if (isInspected && listener !== undefined) tellListener(network, listener, side, 'inspect-abort');
  if (state === 'syn-sent') {
    tellOwner(network, side, { kind: 'connect-failed', why: why === 'reset' ? 'refused' : 'timeout' });
  } else tellOwner(network, side, { kind: 'reset', why });
}

function withoutConnection(network: Network, segment: Segment): void {
  if (segment.rst) return;
  let why = '';
  if (segment.syn && segment.ack === undefined) {
    const listener = findBinding(network, 'tcp', segment.to, (binding) => binding.isListening);
    if (listener !== undefined && listener.backlog.length < network.options.backlogMax) {
      openPassively(network, listener, segment);
      return;
    }
    why = listener === undefined ? ' (nobody listens there)' : ' (its backlog is full)';
  }
  if (bridgeTakes(network, segment)) return;
  // From a machine that is not there nothing comes back.
  if (hostExists(network, segment.to.host)) answerWithReset(network, segment, why);
}

function openPassively(network: Network, listener: Binding, segment: Segment): void {
  const side = createSide(network, {
    owner: undefined,
    listener: listener.id,
    local: segment.to,
    remote: segment.from,
    state: 'syn-received',
    window: network.options.receiveWindow,
  });
  synReceived(side, segment);
  if (!listener.isConditional) {
    answerSyn(network, side);
    return;
  }
  side.isHeld = true;
  tellListener(network, listener, side, 'inspect');
}

/** A connection of the driver's to a program outside is held until that has answered. */
function bridgeTakes(network: Network, segment: Segment): boolean {
  const { bridge } = network;
  if (bridge === undefined || bridge.isClosed || !segment.syn || segment.ack !== undefined) return false;
  const sender = network.connections.get(connectionKey(segment.from, segment.to));
  if (sender?.owner?.kind !== 'socket' || !isLoopback(segment.to.host)) return false;
  const id = bridge.nextChannel;
  bridge.nextChannel += 2;
  const side = createSide(network, {
    owner: { kind: 'channel', id },
    listener: undefined,
    local: segment.to,
    remote: segment.from,
    state: 'syn-received',
    window: network.options.receiveWindow,
  });
  synReceived(side, segment);
  side.isHeld = true;
  addChannel(bridge, id, side.id);
  bridge.orders.push({ kind: 'connect', channel: id, to: segment.to });
  return true;
}

function inSynSent(network: Network, side: Side, segment: Segment): void {
  const { ack } = segment;
  if (ack !== undefined && (ack <= side.iss || ack > side.sndNxt)) {
    if (!segment.rst) answerWithReset(network, segment);
    return;
  }
  if (segment.rst) {
    if (ack !== undefined) breakDown(network, side, 'reset');
    return;
  }
  if (!segment.syn) return;
  synReceived(side, segment);
  if (ack === undefined) {
    // Both ends have called each other.
    side.state = 'syn-received';
    sendSyn(network, side);
    return;
  }
  side.state = 'established';
  side.owesAck = true;
  acknowledged(network, side, ack);
  startKeepAlive(network, side);
  tellOwner(network, side, { kind: 'connected' });
  push(network, side);
}

function synReceived(side: Side, segment: Segment): void {
  side.rcvNxt = segment.seq + 1;
  side.rcvEdge = side.rcvNxt + side.window;
  side.sndWnd = segment.window;
  side.sndWl1 = segment.seq;
  side.sndWl2 = segment.ack ?? side.iss;
}

/** Every state from SYN-RECEIVED on. */
function synchronised(network: Network, side: Side, segment: Segment): void {
  if (side.keepAlive !== undefined) startKeepAlive(network, side);
  side.keepAliveProbes = 0;
  const length = segment.bytes.length + (segment.fin ? 1 : 0) + (segment.syn ? 1 : 0);
  if (!isAcceptable(side, segment.seq, length)) {
    notAcceptable(network, side, segment);
    return;
  }
  if (segment.rst) {
    // A reset that does not hit the exact number may be an old one: the other end is asked (RFC 5961).
    if (segment.seq !== side.rcvNxt) side.owesAck = true;
    else if (side.state === 'time-wait') endSide(network, side);
    else breakDown(network, side, 'reset');
    return;
  }
  if (segment.syn) {
    side.owesAck = true;
    return;
  }
  if (segment.ack === undefined || !takeAcknowledgement(network, side, segment, segment.ack)) return;
  takeData(network, side, segment);
}

function notAcceptable(network: Network, side: Side, segment: Segment): void {
  if (segment.rst || side.isHeld) return;
  if (side.state === 'syn-received' && segment.syn) {
    if (segment.ack === side.sndNxt) establish(network, side, segment);
    else if (segment.ack === undefined) retransmit(network, side);
    return;
  }
  if (side.state === 'time-wait' && segment.fin) startTimeWait(network, side);
  side.owesAck = true;
}

/** False when the segment is done with. */
function takeAcknowledgement(network: Network, side: Side, segment: Segment, ack: number): boolean {
  if (side.state === 'syn-received') {
    if (ack <= side.sndUna || ack > side.sndNxt) {
      answerWithReset(network, segment);
      return false;
    }
    if (!establish(network, side, segment)) return false;
  }
  if (ack > side.sndNxt) {
    side.owesAck = true;
    return false;
  }
  const hadWindow = side.sndWnd;
  const isNewWindow = side.sndWl1 < segment.seq || (side.sndWl1 === segment.seq && side.sndWl2 <= ack);
  if (isNewWindow && ack >= side.sndUna) {
    side.sndWnd = segment.window;
    side.sndWl1 = segment.seq;
    side.sndWl2 = ack;
  }
  if (ack > side.sndUna) {
    acknowledged(network, side, ack);
    if (side.isAborting && ack >= side.promisedSeq) {
      sendReset(network, side);
      endSide(network, side);
      forgetSide(network, side);
      return false;
    }
    if (side.finSent && ack === side.sndNxt && !finAcknowledged(network, side)) return false;
  } else if (ack === side.sndUna && side.sndNxt > ack && segment.bytes.length === 0 && hadWindow === side.sndWnd) {
    duplicateAck(network, side);
  }
  push(network, side);
  return true;
}

/** From SYN-RECEIVED to ESTABLISHED; false when the listener is gone. */
function establish(network: Network, side: Side, segment: Segment): boolean {
  side.state = 'established';
  acknowledged(network, side, segment.ack ?? side.sndNxt);
  side.sndWnd = segment.window;
  side.sndWl1 = segment.seq;
  side.sndWl2 = segment.ack ?? 0;
  startKeepAlive(network, side);
  if (side.listener === undefined) {
    side.owesAck = true;
    tellOwner(network, side, { kind: 'connected' });
    push(network, side);
    return true;
  }
  const listener = network.bindings.get(side.listener);
  if (listener === undefined) {
    sendReset(network, side);
    endSide(network, side);
    return false;
  }
  side.isQueued = true;
  listener.backlog.push(side.id);
  tellListener(network, listener, side, 'arrival');
  return true;
}

/** Our FIN has arrived; false when that was the end. */
function finAcknowledged(network: Network, side: Side): boolean {
  if (!side.finAcknowledged) tellOwner(network, side, { kind: 'fin-acknowledged' });
  side.finAcknowledged = true;
  switch (side.state) {
    case 'fin-wait-1':
      side.state = 'fin-wait-2';
      if (isAbandoned(side)) startTimeWait(network, side);
      return true;
    case 'closing':
      side.state = 'time-wait';
      startTimeWait(network, side);
      return true;
    case 'last-ack':
      endSide(network, side);
      return false;
    case 'fin-wait-2':
    case 'time-wait':
    case 'established':
    case 'close-wait':
    case 'syn-sent':
    case 'syn-received':
    case 'closed':
      return true;
    default:
      return unreachable(side.state);
  }
}

function duplicateAck(network: Network, side: Side): void {
  side.duplicateAcks++;
  if (side.duplicateAcks !== FAST_RETRANSMIT_AFTER || side.sndUna < side.recoverSeq) return;
  side.recoverSeq = side.sndNxt;
  retransmit(network, side);
}

function takeData(network: Network, side: Side, segment: Segment): void {
  if (segment.bytes.length === 0 && !segment.fin) return;
  const { state } = side;
  if (state !== 'established' && state !== 'fin-wait-1' && state !== 'fin-wait-2') return;
  if (segment.bytes.length > 0 && isAbandoned(side)) {
    // Nobody will ever read this.
    sendReset(network, side);
    endSide(network, side);
    return;
  }
  const isNext = segment.seq === side.rcvNxt && side.outOfOrder.length === 0;
  if (takePayload(side, segment.seq, segment.bytes, segment.fin)) tellOwner(network, side, { kind: 'data' });
  if (isNext && !segment.fin) oweAck(network, side);
  else side.owesAck = true;
  if (side.finSeq !== side.rcvNxt || side.finReceived) return;
  side.finReceived = true;
  side.rcvNxt++;
  if (state === 'established') side.state = 'close-wait';
  else if (state === 'fin-wait-1') side.state = 'closing';
  else {
    side.state = 'time-wait';
    startTimeWait(network, side);
  }
  tellOwner(network, side, { kind: 'fin' });
}

/** The program that had the connection has closed it. */
function isAbandoned(side: Side): boolean {
  return side.owner === undefined && !side.isQueued;
}
