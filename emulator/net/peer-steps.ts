/** What each step of a peer's script does, and the failures that come of it. */
import { unreachable } from '../../base/assert.ts';
import { type Endpoint, endpointText, familyOf, isLoopback, isMulticast, isWildcard } from './address.ts';
import { appendBytes, bufferBytes, bufferLength, dropBytes } from './byte-buffer.ts';
import { fifoFirst, fifoShift } from './fifo.ts';
import { type Network, peerHosts } from './network.ts';
import { bytesText, differenceText, expectationText, lookAtDatagram, lookAtStream } from './peer-expect.ts';
import type { Expectation, Peer, PeerStep } from './peer-types.ts';
import { queueTimer } from './queue.ts';
import { abort, disown, receive, send, shutdown } from './tcp.ts';
import type { Side } from './tcp-side.ts';
import { sendDatagram } from './udp.ts';

export const NS_PER_MS = 1_000_000;

/** Runs steps until one has to wait. */
export function advancePeer(network: Network, peer: Peer): void {
  drain(network, peer);
  while (!peer.isDone && !peer.isWaiting) {
    const step = peer.script.steps[peer.step];
    if (step === undefined) {
      peer.isDone = true;
      return;
    }
    if (!perform(network, peer, step)) return;
    peer.step++;
    peer.looked = 0;
    peer.matching = undefined;
  }
}

export function wakePeerIn(network: Network, peer: Peer, ms: number): void {
  peer.isWaiting = true;
  queueTimer(network.queue, network.nowNs + ms * NS_PER_MS, { kind: 'peer', peer: peer.id });
}

/** Ends a script with a failure, and its connection with a reset. */
export function failPeer(network: Network, peer: Peer, expected: string, got: string, difference?: string): void {
  const step = peer.script.steps[peer.step];
  const isConnected = peer.side !== undefined && network.sides.get(peer.side)?.state !== 'syn-sent';
  const hasBegun = isConnected || peer.script.role.kind === 'datagram';
  network.failures.push({
    peer: peer.script.name,
    step: hasBegun ? peer.step + 1 : 0,
    span: (hasBegun ? step?.span : undefined) ?? peer.script.span,
    expected,
    got,
    difference,
  });
  peer.isDone = true;
  const side = network.sides.get(peer.side ?? -1);
  if (side !== undefined) abort(network, side);
}

/** At the end of the run: a step that still waits for the driver has failed, and so has all that never had its turn. */
export function finishPeer(network: Network, peer: Peer): void {
  const missing = missingConnection(network, peer);
  if (missing !== undefined) {
    if (peer.script.steps.some(isExpectation)) failPeer(network, peer, 'a connection', missing);
    else network.idlePeers.push({ peer: peer.script.name, why: missing });
    return;
  }
  const step = peer.script.steps[peer.step];
  if (step?.kind === 'expect') {
    const datagram = fifoFirst(peer.datagrams)?.bytes;
    failPeer(network, peer, expectationText(step.what), bytesText(datagram ?? bufferBytes(peer.buffer)));
  } else if (step?.kind === 'expect-from') {
    failPeer(network, peer, `${expectationText(step.what)} from ${endpointText(step.from)}`, 'nothing');
  } else if (step?.kind === 'expect-close') {
    failPeer(network, peer, `the connection to end by ${step.how}`, 'it stayed open');
  }
}

/** Why there has been no connection for a script to run on; undefined where there has, or where it needs none. */
function missingConnection(network: Network, peer: Peer): string | undefined {
  const { role } = peer.script;
  if (role.kind === 'datagram') return undefined;
  if (peer.side === undefined) return role.kind === 'listen' ? 'none from the driver' : 'no time for it before the end';
  // Where the wire loses packets, a handshake that the end has overtaken says nothing of the driver.
  const isUnanswered = network.sides.get(peer.side)?.state === 'syn-sent' && network.isFaultless;
  return isUnanswered ? 'no answer before the end' : undefined;
}

export function isExpectation({ kind }: PeerStep): boolean {
  return kind === 'expect' || kind === 'expect-close';
}

/** The address from which a peer talks to `to`: loopback talks to loopback. */
export function hostTowards(to: Endpoint): string {
  if (isLoopback(to.host)) return familyOf(to.host) === 'inet6' ? '::1' : '127.0.0.1';
  return peerHosts[familyOf(to.host)];
}

/** Does a step; false when it has to wait, or has failed. */
function perform(network: Network, peer: Peer, step: PeerStep): boolean {
  switch (step.kind) {
    case 'send': {
      const side = sideOf(network, peer);
      if (side !== undefined) send(network, side, 0, step.bytes);
      else if (peer.datagramPeer !== undefined) return sendTo(network, peer, peer.datagramPeer, step.bytes);
      return true;
    }
    case 'send-to':
      return sendTo(network, peer, step.to, step.bytes);
    case 'expect':
      return peer.script.role.kind === 'datagram'
        ? expectDatagram(network, peer, step.what, undefined)
        : expectStream(network, peer, step.what);
    case 'expect-from':
      return expectDatagram(network, peer, step.what, step.from);
    case 'expect-close':
      if (peer.closed === undefined) return false;
      if (peer.closed === step.how) return true;
      failPeer(network, peer, `the connection to end by ${step.how}`, peer.closed);
      return false;
    case 'wait':
      wakePeerIn(network, peer, step.ms);
      return true;
    case 'shutdown': {
      const side = sideOf(network, peer);
      if (side !== undefined) shutdown(network, side);
      return true;
    }
    case 'close': {
      const side = sideOf(network, peer);
      if (side !== undefined) close(network, peer, side, step.how);
      return true;
    }
    case 'stall':
      peer.isStalled = step.isOn;
      drain(network, peer);
      return true;
    case 'impossible':
      failPeer(network, peer, step.expected, step.got);
      return false;
    default:
      return unreachable(step);
  }
}

function sideOf(network: Network, peer: Peer): Side | undefined {
  return network.sides.get(peer.side ?? -1);
}

function close(network: Network, peer: Peer, side: Side, how: 'fin' | 'rst'): void {
  if (how === 'rst') {
    abort(network, side);
    return;
  }
  shutdown(network, side);
  // A script that still expects something has only said that it sends no more.
  const isOver = peer.script.steps.slice(peer.step + 1).every(({ kind }) => !kind.startsWith('expect'));
  if (isOver) disown(network, side);
}

function sendTo(network: Network, peer: Peer, to: Endpoint, bytes: Uint8Array): boolean {
  if (sendDatagram(network, localOf(network, peer, to), to, bytes)) return true;
  failPeer(network, peer, `to send ${bytes.length} bytes`, 'they do not fit into a datagram');
  return false;
}

function expectStream(network: Network, peer: Peer, what: Expectation): boolean {
  const result = lookAtStream(peer, what);
  switch (result.kind) {
    case 'match':
      dropBytes(peer.buffer, result.length);
      return true;
    case 'more': {
      if (peer.closed === undefined) return false;
      const got = bufferBytes(peer.buffer);
      failPeer(network, peer, expectationText(what), `${bytesText(got)}, then ${peer.closed}`, difference(what, got));
      return false;
    }
    case 'mismatch': {
      const got = bufferBytes(peer.buffer);
      const { at } = result;
      failPeer(network, peer, expectationText(what, at), bytesText(got, at), differenceText(what, got, at));
      return false;
    }
    default:
      return unreachable(result);
  }
}

function difference(what: Expectation, got: Uint8Array): string | undefined {
  return got.length === 0 ? undefined : differenceText(what, got, got.length);
}

function expectDatagram(network: Network, peer: Peer, what: Expectation, from: Endpoint | undefined): boolean {
  const datagram = fifoShift(peer.datagrams);
  if (datagram === undefined) return false;
  if (from !== undefined && (from.host !== datagram.from.host || from.port !== datagram.from.port)) {
    const expected = `a datagram from ${endpointText(from)}`;
    failPeer(network, peer, expected, `${bytesText(datagram.bytes)} from ${endpointText(datagram.from)}`);
    return false;
  }
  const result = lookAtDatagram(datagram.bytes, what);
  if (result.kind !== 'mismatch') return true;
  const { at } = result;
  const got = bytesText(datagram.bytes, at);
  failPeer(network, peer, expectationText(what, at), got, differenceText(what, datagram.bytes, at));
  return false;
}

/** Reads what has arrived, so that the window stays open. */
function drain(network: Network, peer: Peer): void {
  const side = network.sides.get(peer.side ?? -1);
  if (side === undefined || peer.isStalled || side.receivedLength === 0) return;
  const bytes = receive(network, side, side.receivedLength);
  // Nobody asks any more what a finished script was sent.
  if (peer.isDone) dropBytes(peer.buffer, bufferLength(peer.buffer));
  else appendBytes(peer.buffer, bytes);
}

/** Where datagrams of a peer come from. */
function localOf(network: Network, peer: Peer, to: Endpoint): Endpoint {
  const binding = network.bindings.get(peer.binding ?? -1);
  if (binding === undefined) return { host: hostTowards(to), port: 0 };
  const isNoSource = isWildcard(binding.host) || isMulticast(binding.host);
  return { host: isNoSource ? hostTowards(to) : binding.host, port: binding.port };
}
