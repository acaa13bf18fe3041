/**
 * Scripted peers: what the scenario's other machines do.
 *
 * A peer runs its steps as far as it can, then waits for bytes, for the end of the connection or for a timer. The
 * first expectation that does not come true ends the script with a failure that has both sides' bytes.
 */
import { type Endpoint, familyOf, isLoopback, WILDCARD } from './address.ts';
import { bind } from './binding.ts';
import { type Network, newId, type Peer, type PeerScript, peerHosts, type Side } from './network.ts';
import { abort, connect, receive, type SideEvent, send, shutdown } from './tcp.ts';
import { sendDatagram } from './udp.ts';

/** Local ports of connecting peers count up from here. */
const FIRST_PEER_PORT = 50_000;

/** Sets every script going; each begins `afterMs` from now. */
export function startPeers(network: Network, scripts: readonly PeerScript[]): void {
  for (const script of scripts) {
    const peer = createPeer(network, script);
    const { role } = script;
    // A listening or datagram peer is there from the start, so that the driver finds it.
    if (role.kind !== 'connect') {
      const result = bind(network, {
        protocol: role.kind === 'listen' ? 'tcp' : 'udp',
        address: role.at,
        owner: { kind: 'peer', id: peer.id },
        isDual: false,
        sharing: 'none',
      });
      if (result.kind !== 'bound') {
        fail(network, peer, `to use ${role.at.host}:${role.at.port}`, 'the address is in use');
        continue;
      }
      peer.binding = result.binding.id;
      result.binding.isListening = role.kind === 'listen';
      if (role.kind === 'listen') continue;
    }
    peer.isWaiting = true;
    network.timers.push({ afterNs: script.afterMs * 1_000_000, event: { kind: 'peer', peer: peer.id } });
  }
}

/** A timer of the peer has come: its start, or the end of a `wait`. */
export function peerTimer(network: Network, id: number): void {
  const peer = network.peers.find((p) => p.id === id);
  if (peer === undefined || peer.isDone) return;
  peer.isWaiting = false;
  const { role } = peer.script;
  if (role.kind === 'connect' && peer.side === undefined) {
    const local: Endpoint = { host: hostTowards(role.to), port: FIRST_PEER_PORT + network.peers.indexOf(peer) };
    peer.side = connect(network, { kind: 'peer', id }, local, role.to, network.options.receiveWindow).id;
    return;
  }
  advance(network, peer);
}

/** A connection has arrived at a listening peer: a fresh run of its script serves it. */
export function peerAccepts(network: Network, listenerPeer: number, side: Side): void {
  const listener = network.peers.find((p) => p.id === listenerPeer);
  if (listener === undefined) return;
  const peer = createPeer(network, listener.script);
  peer.side = side.id;
  side.owner = { kind: 'peer', id: peer.id };
  advance(network, peer);
}

/** Something has happened to a peer's connection. */
export function peerHears(network: Network, id: number, event: SideEvent): void {
  const peer = network.peers.find((p) => p.id === id);
  if (peer === undefined) return;
  switch (event.kind) {
    case 'fin':
      peer.closed ??= 'fin';
      break;
    case 'reset':
      peer.closed = 'rst';
      break;
    case 'connect-failed':
      if (!peer.isDone) fail(network, peer, 'a connection', event.why);
      return;
    case 'connected':
    case 'data':
    case 'sent':
    case 'fin-acknowledged':
      break;
  }
  advance(network, peer);
}

export function peerDatagram(network: Network, id: number, from: Endpoint, bytes: Uint8Array): void {
  const peer = network.peers.find((p) => p.id === id);
  if (peer === undefined) return;
  peer.datagramPeer = from;
  for (const byte of bytes) peer.buffer.push(byte);
  advance(network, peer);
}

/** At the end of a run: scripts that still wait for something have failed. A listener without a caller has not. */
export function finishPeers(network: Network): void {
  for (const peer of network.peers) {
    const step = peer.script.steps[peer.step];
    const isIdleListener = peer.script.role.kind === 'listen' && peer.side === undefined;
    if (peer.isDone || step === undefined || isIdleListener) continue;
    if (step.kind === 'expect') fail(network, peer, bytesText(step.bytes), bytesText(peer.buffer));
    else if (step.kind === 'expect-close')
      fail(network, peer, `the connection to end by ${step.how}`, 'it stayed open');
  }
}

/** Bytes for people: quoted text where they are printable, hex otherwise. */
export function bytesText(bytes: ArrayLike<number>): string {
  const list = Array.from(bytes).slice(0, 64);
  const rest = bytes.length > list.length ? ` … ${bytes.length} bytes` : '';
  if (list.length === 0) return 'nothing';
  const isText = list.every((b) => (b >= 0x20 && b < 0x7f) || b === 9 || b === 10 || b === 13);
  if (isText) return JSON.stringify(String.fromCharCode(...list)) + rest;
  return list.map((b) => b.toString(16).padStart(2, '0')).join(' ') + rest;
}

function advance(network: Network, peer: Peer): void {
  drain(network, peer);
  while (!peer.isDone && !peer.isWaiting) {
    const step = peer.script.steps[peer.step];
    if (step === undefined) {
      peer.isDone = true;
      return;
    }
    const side = network.sides.get(peer.side ?? -1);
    switch (step.kind) {
      case 'send':
        if (side !== undefined) send(network, side, 0, step.bytes);
        else if (peer.datagramPeer !== undefined)
          sendDatagram(network, localOf(network, peer), peer.datagramPeer, step.bytes);
        break;
      case 'expect': {
        const got = peer.buffer.slice(0, step.bytes.length);
        if (got.some((byte, i) => byte !== step.bytes[i])) {
          fail(network, peer, bytesText(step.bytes), bytesText(peer.buffer));
          return;
        }
        if (got.length < step.bytes.length) {
          if (peer.closed !== undefined)
            fail(network, peer, bytesText(step.bytes), `${bytesText(got)}, then ${peer.closed}`);
          return;
        }
        peer.buffer.splice(0, got.length);
        break;
      }
      case 'expect-close':
        if (peer.closed === undefined) return;
        if (peer.closed !== step.how) {
          fail(network, peer, `the connection to end by ${step.how}`, peer.closed);
          return;
        }
        break;
      case 'wait':
        peer.isWaiting = true;
        network.timers.push({ afterNs: step.ms * 1_000_000, event: { kind: 'peer', peer: peer.id } });
        break;
      case 'close':
        if (side !== undefined && step.how === 'fin') shutdown(network, side);
        else if (side !== undefined) abort(network, side);
        break;
      case 'stall':
        peer.isStalled = step.isOn;
        drain(network, peer);
        break;
    }
    peer.step++;
  }
}

/** Reads what has arrived, so that the window stays open. */
function drain(network: Network, peer: Peer): void {
  const side = network.sides.get(peer.side ?? -1);
  if (side === undefined || peer.isStalled || side.receivedLength === 0) return;
  for (const byte of receive(network, side, side.receivedLength)) peer.buffer.push(byte);
}

function fail(network: Network, peer: Peer, expected: string, got: string): void {
  network.failures.push({ peer: peer.script.name, step: peer.step + 1, expected, got });
  peer.isDone = true;
  const side = network.sides.get(peer.side ?? -1);
  if (side !== undefined) abort(network, side);
}

function createPeer(network: Network, script: PeerScript): Peer {
  const peer: Peer = {
    id: newId(network),
    script,
    side: undefined,
    binding: undefined,
    step: 0,
    buffer: [],
    datagramPeer: script.role.kind === 'datagram' ? script.role.to : undefined,
    isStalled: false,
    isWaiting: false,
    closed: undefined,
    isDone: false,
  };
  network.peers.push(peer);
  return peer;
}

function localOf(network: Network, peer: Peer): Endpoint {
  const binding = network.bindings.get(peer.binding ?? -1);
  const { role } = peer.script;
  const towards = peer.datagramPeer ?? { host: WILDCARD.inet, port: 0 };
  if (role.kind !== 'datagram' || binding === undefined) return { host: hostTowards(towards), port: 0 };
  return { host: binding.host, port: binding.port };
}

/** The address from which a peer talks to `to`: loopback talks to loopback. */
function hostTowards(to: Endpoint): string {
  if (isLoopback(to.host)) return familyOf(to.host) === 'inet6' ? '::1' : '127.0.0.1';
  return peerHosts[familyOf(to.host)];
}
