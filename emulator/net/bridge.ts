/**
 * The emulated end of a bridge: for each connection with a program outside there is a side on the wire, which does
 * what that program does. An event from outside becomes a call of TCP or UDP; what the driver answers becomes orders.
 * Everything that happens here follows from the events and their times, so a recorded run can be had again without
 * anybody outside.
 */
import { unreachable } from '../../base/assert.ts';
import type { Endpoint } from './address.ts';
import { addChannel, type Bridge, type Channel, type OutsideEvent } from './bridge-types.ts';
import type { Network, SideEvent } from './network.ts';
import { abort, connect, disown, receive, send, shutdown } from './tcp.ts';
import { answerSyn } from './tcp-arrive.ts';
import { connectionKey, forgetSide, type Side } from './tcp-side.ts';
import { sendDatagram } from './udp.ts';

/** Bytes of one channel that may be on their way out; the driver's sends stay pending beyond that and the window. */
const OUTSTANDING_MAX = 256 * 1024;
/** Ports are tried from here where a client's own is still in TIME-WAIT on the wire. */
const FIRST_SPARE_PORT = 1024;

/** Something has happened outside. What it says of a channel that is gone is too late and changes nothing. */
export function outsideHappened(network: Network, event: OutsideEvent): void {
  const { bridge } = network;
  if (bridge === undefined || bridge.isClosed) return;
  if (event.kind === 'datagram') {
    sendDatagram(network, event.from, event.to, event.bytes);
    return;
  }
  if (event.kind === 'open') {
    open(network, bridge, event);
    return;
  }
  const channel = bridge.channels.get(event.channel);
  const side = network.sides.get(channel?.side ?? -1);
  if (channel === undefined || side === undefined) return;
  switch (event.kind) {
    case 'opened':
      if (side.isHeld) answerSyn(network, side);
      return;
    case 'refused':
    case 'reset':
      abort(network, side);
      forget(network, bridge, channel, side);
      return;
    case 'bytes':
      // The token tells how many bytes the sender may read further.
      send(network, side, event.bytes.length, event.bytes);
      return;
    case 'taken':
      channel.outstanding = Math.max(0, channel.outstanding - event.length);
      drain(network, bridge, channel, side);
      return;
    case 'end':
      channel.hasEnded = true;
      // The program outside is connected already; here its end must wait until the driver has answered.
      if (side.state === 'syn-sent') return;
      shutdown(network, side);
      finish(network, bridge, channel, side);
      return;
    default:
      unreachable(event);
  }
}

/** Something has happened to the connection of a channel. */
export function channelHears(network: Network, id: number, event: SideEvent): void {
  const { bridge } = network;
  const channel = bridge?.channels.get(id);
  const side = network.sides.get(channel?.side ?? -1);
  if (bridge === undefined || channel === undefined || side === undefined) return;
  switch (event.kind) {
    case 'connected':
      if (channel.hasEnded) shutdown(network, side);
      return;
    case 'fin-acknowledged':
      return;
    case 'data':
      drain(network, bridge, channel, side);
      return;
    case 'fin':
      channel.hasHeardFin = true;
      drain(network, bridge, channel, side);
      return;
    case 'sent':
      bridge.orders.push({ kind: 'taken', channel: id, length: event.token });
      return;
    case 'connect-failed':
    case 'reset':
      bridge.orders.push({ kind: 'reset', channel: id });
      forget(network, bridge, channel, side);
      return;
    default:
      unreachable(event);
  }
}

/** Somebody outside can still make something happen. */
export function isBridgeOpen(network: Network): boolean {
  const { bridge } = network;
  return bridge !== undefined && !bridge.isClosed && bridge.exposed.size + bridge.channels.size > 0;
}

function open(network: Network, bridge: Bridge, event: Extract<OutsideEvent, { readonly kind: 'open' }>): void {
  const { channel, to } = event;
  const from = freeEndpoint(network, event.from, to);
  const side = connect(network, { kind: 'channel', id: channel }, from, to, network.options.receiveWindow);
  if (side === undefined) bridge.orders.push({ kind: 'reset', channel });
  else addChannel(bridge, channel, side.id);
}

/** The client's own address, with another port where the wire still remembers a connection of that one. */
function freeEndpoint(network: Network, from: Endpoint, to: Endpoint): Endpoint {
  const isTaken = (port: number): boolean => network.connections.has(connectionKey({ host: from.host, port }, to));
  if (!isTaken(from.port)) return from;
  for (let port = FIRST_SPARE_PORT; port <= 0xffff; port++) if (!isTaken(port)) return { host: from.host, port };
  return from;
}

/** Orders out what has arrived, as far as the edge keeps up; then the end, where it has come. */
function drain(network: Network, bridge: Bridge, channel: Channel, side: Side): void {
  const length = Math.min(side.receivedLength, OUTSTANDING_MAX - channel.outstanding);
  if (length > 0) {
    channel.outstanding += length;
    bridge.orders.push({ kind: 'bytes', channel: channel.id, bytes: receive(network, side, length) });
  }
  if (!channel.hasHeardFin || channel.hasToldEnd || side.receivedLength > 0) return;
  channel.hasToldEnd = true;
  bridge.orders.push({ kind: 'end', channel: channel.id });
  finish(network, bridge, channel, side);
}

/** Both directions have ended: TCP does the rest alone. */
function finish(network: Network, bridge: Bridge, channel: Channel, side: Side): void {
  if (channel.hasToldEnd && channel.hasEnded) forget(network, bridge, channel, side);
}

function forget(network: Network, bridge: Bridge, channel: Channel, side: Side): void {
  bridge.channels.delete(channel.id);
  if (side.state === 'closed') {
    side.owner = undefined;
    forgetSide(network, side);
  } else disown(network, side);
}
