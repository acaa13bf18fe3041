/**
 * TCP between two ends of the simulated wire, as its users call it: the user calls of RFC 9293, section 3.10.
 *
 * A side takes no more than its window, so a receiver that stops reading leaves the sender's requests pending. Nothing
 * here knows of sockets or scripts: what their owners must hear goes through `tell.ts`.
 */
import { type Endpoint, unmapped } from './address.ts';
import { unbind } from './binding.ts';
import { fifoFirst, fifoItems, fifoPush, fifoReplaceFirst, fifoShift } from './fifo.ts';
import type { Network, Owner } from './network.ts';
import { answerSyn } from './tcp-arrive.ts';
import { NEVER, startKeepAlive, startTimeWait } from './tcp-clock.ts';
import { push, sendAck, sendReset, sendSyn } from './tcp-send.ts';
import { connectionKey, createSide, endSide, forgetSide, type KeepAlive, type Side } from './tcp-side.ts';
import { tellOwner } from './tell.ts';

/** Sends a SYN. Undefined when a connection between the two addresses exists, be it only in TIME-WAIT. */
export function connect(
  network: Network,
  owner: Owner,
  local: Endpoint,
  remote: Endpoint,
  window: number,
): Side | undefined {
  const from = { host: unmapped(local.host), port: local.port };
  const to = { host: unmapped(remote.host), port: remote.port };
  if (network.connections.has(connectionKey(from, to))) return undefined;
  const side = createSide(network, { owner, listener: undefined, local: from, remote: to, state: 'syn-sent', window });
  sendSyn(network, side);
  return side;
}

/** Takes the oldest connection of a listener's backlog; it belongs to `adopt`'s owner then, or is to be aborted. */
export function takeConnection(network: Network, listener: number): Side | undefined {
  const binding = network.bindings.get(listener);
  for (;;) {
    const id = binding?.backlog.shift();
    if (id === undefined) return undefined;
    const side = network.sides.get(id);
    if (side === undefined) continue;
    side.isQueued = false;
    return side;
  }
}

export function adopt(network: Network, side: Side, owner: Owner, window: number): void {
  side.owner = owner;
  setReceiveBuffer(network, side, window);
}

/** Takes a listener's address away. Connections that it has not accepted are reset. */
export function closeListener(network: Network, listener: number): void {
  for (let side = takeConnection(network, listener); side !== undefined; side = takeConnection(network, listener)) {
    abort(network, side);
    forgetSide(network, side);
  }
  for (const side of network.connections.values()) if (side.isHeld && side.listener === listener) abort(network, side);
  unbind(network, listener);
}

/** Answers a connection that was held for inspection. */
export function inspected(network: Network, side: Side, isAccepted: boolean): void {
  if (!side.isHeld) return;
  if (isAccepted) answerSyn(network, side);
  else abort(network, side);
}

/** Queues bytes; `token`, unless it is 0, comes back in a `sent` event when all are acknowledged. */
export function send(network: Network, side: Side, token: number, bytes: Uint8Array): void {
  if (bytes.length === 0) {
    if (token !== 0) tellOwner(network, side, { kind: 'sent', token });
    return;
  }
  fifoPush(side.unsent, { token, bytes, start: side.queuedEnd });
  side.queuedEnd += bytes.length;
  push(network, side);
}

/** As `send`, for an owner that is told at once that the bytes have arrived. */
export function sendPromised(network: Network, side: Side, bytes: Uint8Array): void {
  send(network, side, 0, bytes);
  side.promisedSeq = side.queuedEnd;
}

/** True while the side's own direction is open. */
export function canSend(side: Side): boolean {
  return (side.state === 'established' || side.state === 'close-wait') && !side.wantsFin;
}

/** Takes up to `length` received bytes, and opens the window again. */
export function receive(network: Network, side: Side, length: number): Uint8Array {
  const first = fifoFirst(side.received);
  const wanted = Math.min(length, side.receivedLength);
  if (first !== undefined && first.length === wanted) {
    fifoShift(side.received);
    side.receivedLength -= wanted;
    openWindow(network, side);
    return first;
  }
  const result = new Uint8Array(wanted);
  for (let at = 0; at < wanted; ) {
    const chunk = fifoFirst(side.received) as Uint8Array;
    const part = Math.min(chunk.length, wanted - at);
    result.set(part === chunk.length ? chunk : chunk.subarray(0, part), at);
    at += part;
    if (part === chunk.length) fifoShift(side.received);
    else fifoReplaceFirst(side.received, chunk.subarray(part));
  }
  side.receivedLength -= wanted;
  openWindow(network, side);
  return result;
}

/** What has arrived, without taking it; not to be written to. */
export function peek(side: Side): Uint8Array {
  const first = fifoFirst(side.received);
  if (first?.length === side.receivedLength) return first;
  const result = new Uint8Array(side.receivedLength);
  let at = 0;
  for (const chunk of fifoItems(side.received)) {
    result.set(chunk, at);
    at += chunk.length;
  }
  return result;
}

/** Sends a FIN after what is queued: the graceful end of the side's own direction. */
export function shutdown(network: Network, side: Side): void {
  if (side.state === 'syn-sent') {
    endSide(network, side);
    return;
  }
  if (!canSend(side) && side.state !== 'syn-received') return;
  side.wantsFin = true;
  push(network, side);
}

/** Ends the connection at once with an RST; queued bytes are dropped. */
export function abort(network: Network, side: Side): void {
  switch (side.state) {
    case 'syn-received':
    case 'established':
    case 'fin-wait-1':
    case 'fin-wait-2':
    case 'close-wait':
      sendReset(network, side);
      break;
    case 'syn-sent':
    case 'closing':
    case 'last-ack':
    case 'time-wait':
    case 'closed':
      break;
  }
  if (side.state !== 'closed') endSide(network, side);
}

/** Ends an attempt to connect, and says so by an RST, so that who has not answered yet need not answer any more. */
export function giveUp(network: Network, side: Side): void {
  sendReset(network, side);
  endSide(network, side);
}

/** As `abort`, but what the owner was told has arrived arrives before that. */
export function abortAfterPromised(network: Network, side: Side): void {
  if (side.sndUna < side.promisedSeq) side.isAborting = true;
  else abort(network, side);
}

/** The owner will not look at the side any more; what is under way goes on without it. */
export function disown(network: Network, side: Side): void {
  side.owner = undefined;
  side.keepAlive = undefined;
  side.keepAliveAtNs = NEVER;
  if (side.state === 'fin-wait-2') startTimeWait(network, side);
  forgetSide(network, side);
}

/** Both directions have been ended in good order: closing the socket needs no RST. */
export function isFinished(side: Side): boolean {
  const { state } = side;
  return state === 'closed' || state === 'last-ack' || state === 'time-wait' || (side.finReceived && side.wantsFin);
}

/** Changes the size of the receive buffer. The window that was promised already stays. */
export function setReceiveBuffer(network: Network, side: Side, window: number): void {
  side.window = window;
  openWindow(network, side);
}

/** Undefined switches keep-alive off. */
export function setKeepAlive(network: Network, side: Side, keepAlive: KeepAlive | undefined): void {
  side.keepAlive = keepAlive;
  side.keepAliveAtNs = NEVER;
  startKeepAlive(network, side);
}

/** Tells the other side of a larger window once it is worth a segment (RFC 9293, 3.8.6.2.2). */
function openWindow(network: Network, side: Side): void {
  if (side.state !== 'established' && side.state !== 'fin-wait-1' && side.state !== 'fin-wait-2') return;
  const grown = side.rcvNxt + side.window - side.receivedLength - side.rcvEdge;
  if (grown >= Math.max(1, Math.min(network.options.segmentSize, side.window >> 1))) sendAck(network, side);
}
