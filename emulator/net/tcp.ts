/**
 * TCP between two sides of the simulated wire: the states and segments of RFC 9293 without loss and retransmission.
 *
 * A send is over when its last byte has been acknowledged, as in Windows, where WSK does not buffer. A side takes no
 * more than its window, so a receiver that stops reading leaves the sender's requests pending. Nothing here knows of
 * sockets or scripts: what their owners must hear goes through `tell`.
 */
import { type Endpoint, endpointText, unmapped } from './address.ts';
import { findBinding } from './binding.ts';
import {
  type Binding,
  type Network,
  type NetworkTimer,
  newId,
  type Owner,
  ownHosts,
  packetDelayNs,
  type Segment,
  type Side,
} from './network.ts';

/** What an owner hears. */
export type SideEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'connect-failed'; readonly why: 'refused' | 'timeout' | 'unreachable' }
  | { readonly kind: 'data' }
  | { readonly kind: 'sent'; readonly token: number }
  | { readonly kind: 'fin' }
  | { readonly kind: 'fin-acknowledged' }
  | { readonly kind: 'reset' };

/** Tells the owner of a side, or the owner of a listener. Given by `deliver`, which knows peers and sockets. */
export interface Ears {
  readonly side: (owner: Owner, side: Side, event: SideEvent) => void;
  readonly listener: (binding: Binding, side: Side, event: 'arrival' | 'inspect' | 'inspect-abort') => void;
}

/** Windows gives up on an unanswered SYN after about 21 s. */
const CONNECT_TIMEOUT_NS = 21_000_000_000;
const BACKLOG_MAX = 200;

/** Sends a SYN from `local` to `remote`. */
export function connect(network: Network, owner: Owner, local: Endpoint, remote: Endpoint, window: number): Side {
  const side = createSide(network, { owner, listener: undefined, local, remote, state: 'syn-sent', window });
  note(network, local, remote, 'SYN');
  after(network, packetDelayNs(network), { kind: 'syn', from: side.id, remote });
  return side;
}

export function synArrives(network: Network, ears: Ears, from: number, remote: Endpoint): void {
  const client = network.sides.get(from);
  if (client === undefined || client.state !== 'syn-sent') return;
  const listener = findBinding(network, 'tcp', remote, (binding) => binding.isListening);
  if (listener === undefined) {
    const exists = ownHosts.includes(unmapped(remote.host)) || isPeerHost(network, remote.host);
    if (exists || unmapped(remote.host).startsWith('127.')) refuse(network, client);
    else after(network, CONNECT_TIMEOUT_NS, { kind: 'connect-timeout', side: client.id });
    return;
  }
  if (listener.backlog.length >= BACKLOG_MAX) {
    refuse(network, client);
    return;
  }
  const server = createSide(network, {
    owner: undefined,
    listener: listener.id,
    local: remote,
    remote: client.local,
    state: 'syn-received',
    window: network.options.receiveWindow,
  });
  server.other = client.id;
  client.other = server.id;
  if (listener.isConditional) ears.listener(listener, server, 'inspect');
  else answer(network, server);
}

/** Answers a connection that was held for inspection. */
export function inspected(network: Network, side: Side, isAccepted: boolean): void {
  if (side.state !== 'syn-received') return;
  if (isAccepted) answer(network, side);
  else abort(network, side);
}

export function connectTimeout(network: Network, ears: Ears, id: number): void {
  const side = network.sides.get(id);
  if (side === undefined || side.state !== 'syn-sent' || side.owner === undefined) return;
  side.state = 'closed';
  ears.side(side.owner, side, { kind: 'connect-failed', why: 'timeout' });
}

/** Queues bytes; `token` comes back in a `sent` event when all are acknowledged. */
export function send(network: Network, side: Side, token: number, bytes: Uint8Array): void {
  side.unsent.push({ token, bytes, offset: 0 });
  push(network, side);
}

/** True while the side's own direction is open. */
export function canSend(side: Side): boolean {
  return (side.state === 'established' || side.state === 'close-wait') && !side.wantsFin;
}

/** Takes up to `length` received bytes, and opens the window again. */
export function receive(network: Network, side: Side, length: number): Uint8Array {
  const result = new Uint8Array(Math.min(length, side.receivedLength));
  let at = 0;
  while (at < result.length) {
    const chunk = side.received[0] as Uint8Array;
    const part = chunk.subarray(0, result.length - at);
    result.set(part, at);
    at += part.length;
    if (part.length === chunk.length) side.received.shift();
    else side.received[0] = chunk.subarray(part.length);
  }
  side.receivedLength -= result.length;
  if (result.length > 0 && side.state !== 'closed') transmit(network, side, { kind: 'window' });
  return result;
}

/** Sends a FIN after what is queued: the graceful end of the side's own direction. */
export function shutdown(network: Network, side: Side): void {
  if (!canSend(side)) return;
  side.wantsFin = true;
  push(network, side);
}

/** Ends the connection at once with an RST; queued bytes are dropped. */
export function abort(network: Network, side: Side): void {
  if (side.state === 'closed') return;
  transmit(network, side, { kind: 'rst' });
  close(side);
}

/** Both directions have been ended in good order: closing the socket needs no RST. */
export function isFinished(side: Side): boolean {
  return side.state === 'closed' || side.state === 'last-ack' || (side.finReceived && side.wantsFin);
}

export function segmentArrives(network: Network, ears: Ears, to: number, segment: Segment): void {
  const side = network.sides.get(to);
  if (side === undefined) return;
  const hears = (event: SideEvent): void => {
    if (side.owner !== undefined) ears.side(side.owner, side, event);
  };
  if (side.state === 'closed') {
    // The socket is gone: data and connection attempts for it are answered with a reset.
    if (segment.kind === 'data' && !side.wasReset) transmit(network, side, { kind: 'rst' });
    return;
  }
  switch (segment.kind) {
    case 'syn-ack':
      side.state = 'established';
      transmit(network, side, { kind: 'established' });
      hears({ kind: 'connected' });
      push(network, side);
      return;
    case 'established': {
      if (side.state !== 'syn-received') return;
      side.state = 'established';
      const listener = network.bindings.get(side.listener ?? -1);
      if (listener === undefined) {
        abort(network, side);
        return;
      }
      listener.backlog.push(side.id);
      ears.listener(listener, side, 'arrival');
      return;
    }
    case 'data':
      side.received.push(segment.bytes);
      side.receivedLength += segment.bytes.length;
      transmit(network, side, { kind: 'ack', bytes: segment.bytes.length });
      hears({ kind: 'data' });
      return;
    case 'ack':
      side.inFlight -= segment.bytes;
      acknowledge(side, segment.bytes, hears);
      push(network, side);
      return;
    case 'window':
      push(network, side);
      return;
    case 'fin':
      side.finReceived = true;
      if (side.state === 'established') side.state = 'close-wait';
      else if (side.state === 'fin-wait-1') side.state = 'closing';
      else if (side.state === 'fin-wait-2') side.state = 'closed';
      transmit(network, side, { kind: 'fin-ack' });
      hears({ kind: 'fin' });
      return;
    case 'fin-ack':
      if (side.state === 'fin-wait-1') side.state = 'fin-wait-2';
      else if (side.state === 'closing' || side.state === 'last-ack') side.state = 'closed';
      hears({ kind: 'fin-acknowledged' });
      return;
    case 'rst': {
      const wasConnecting = side.state === 'syn-sent';
      const wasInspected = side.state === 'syn-received';
      side.wasReset = true;
      close(side);
      const listener = network.bindings.get(side.listener ?? -1);
      if (wasInspected && listener?.isConditional) ears.listener(listener, side, 'inspect-abort');
      hears(wasConnecting ? { kind: 'connect-failed', why: 'refused' } : { kind: 'reset' });
      return;
    }
  }
}

function createSide(
  network: Network,
  given: Pick<Side, 'owner' | 'listener' | 'local' | 'remote' | 'state' | 'window'>,
): Side {
  const side: Side = {
    ...given,
    id: newId(network),
    other: undefined,
    received: [],
    receivedLength: 0,
    unsent: [],
    unacknowledged: [],
    inFlight: 0,
    wantsFin: false,
    finReceived: false,
    wasReset: false,
    lastArrivalNs: 0,
  };
  network.sides.set(side.id, side);
  return side;
}

/** Puts as much of the queue on the wire as the other side's window takes, then the FIN. */
function push(network: Network, side: Side): void {
  const other = network.sides.get(side.other ?? -1);
  if (other === undefined || (side.state !== 'established' && side.state !== 'close-wait')) return;
  while (side.unsent.length > 0) {
    const next = side.unsent[0] as Side['unsent'][number];
    const room = other.window - other.receivedLength - side.inFlight;
    const length = Math.min(next.bytes.length - next.offset, room, network.options.segmentSize);
    if (length <= 0 && next.bytes.length > next.offset) return;
    if (next.offset === 0) side.unacknowledged.push({ token: next.token, left: next.bytes.length });
    if (length > 0) {
      transmit(network, side, { kind: 'data', bytes: next.bytes.slice(next.offset, next.offset + length) });
      side.inFlight += length;
    }
    next.offset += length;
    if (next.offset === next.bytes.length) side.unsent.shift();
  }
  if (!side.wantsFin) return;
  side.state = side.state === 'close-wait' ? 'last-ack' : 'fin-wait-1';
  transmit(network, side, { kind: 'fin' });
}

/** Counts acknowledged bytes against the sends in their order; one with nothing left is over. */
function acknowledge(side: Side, bytes: number, hears: (event: SideEvent) => void): void {
  let left = bytes;
  while (side.unacknowledged.length > 0) {
    const first = side.unacknowledged[0] as Side['unacknowledged'][number];
    const part = Math.min(first.left, left);
    first.left -= part;
    left -= part;
    if (first.left > 0) return;
    side.unacknowledged.shift();
    hears({ kind: 'sent', token: first.token });
  }
}

function answer(network: Network, side: Side): void {
  transmit(network, side, { kind: 'syn-ack' });
}

function refuse(network: Network, client: Side): void {
  note(network, client.remote, client.local, 'RST');
  after(network, packetDelayNs(network), { kind: 'segment', to: client.id, from: 0, segment: { kind: 'rst' } });
}

function close(side: Side): void {
  side.state = 'closed';
  side.unsent.length = 0;
  side.unacknowledged.length = 0;
}

/** Sends to the other side; segments of one direction never overtake each other. */
function transmit(network: Network, side: Side, segment: Segment): void {
  if (side.other === undefined) return;
  const text = segmentText(segment);
  if (text !== undefined) note(network, side.local, side.remote, text);
  const arrivalNs = Math.max(network.nowNs + packetDelayNs(network), side.lastArrivalNs);
  side.lastArrivalNs = arrivalNs;
  after(network, arrivalNs - network.nowNs, { kind: 'segment', to: side.other, from: side.id, segment });
}

/** What people read of it; acknowledgements would only be noise. */
function segmentText(segment: Segment): string | undefined {
  switch (segment.kind) {
    case 'syn-ack':
      return 'SYN ACK';
    case 'data':
      return segment.bytes.length === 1 ? '1 byte' : `${segment.bytes.length} bytes`;
    case 'fin':
      return 'FIN';
    case 'rst':
      return 'RST';
    default:
      return undefined;
  }
}

function note(network: Network, from: Endpoint, to: Endpoint, what: string): void {
  network.notes.push(`${endpointText(from)} -> ${endpointText(to)} ${what}`);
}

function after(network: Network, afterNs: number, event: NetworkTimer): void {
  network.timers.push({ afterNs, event });
}

function isPeerHost(network: Network, host: string): boolean {
  return [...network.bindings.values()].some((b) => b.owner.kind === 'peer' && unmapped(b.host) === unmapped(host));
}
