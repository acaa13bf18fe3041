/**
 * Scripted peers: how they begin, what they hear, how they end. What a step does is in peer-steps.ts.
 *
 * A peer runs its steps as far as it can, then waits for bytes, for the end of the connection or for a timer. The
 * first expectation that does not come true ends the script with a failure that has both sides' bytes.
 */
import { unreachable } from '../../base/assert.ts';
import { type Endpoint, endpointText, familyOf, isLoopback, isMulticast, isWildcard, unmapped } from './address.ts';
import { bind, bindingsOfPort, findBinding } from './binding.ts';
import { createByteBuffer } from './byte-buffer.ts';
import { createFifo, fifoPush } from './fifo.ts';
import { type Network, newId, peerHosts, type SideEvent } from './network.ts';
import { advancePeer, failPeer, finishPeer, hostTowards, isExpectation, NS_PER_MS, wakePeerIn } from './peer-steps.ts';
import type { Peer, PeerScript } from './peer-types.ts';
import { queueTimer } from './queue.ts';
import { adopt, connect, giveUp, takeConnection } from './tcp.ts';
import { forgetSide, type Side } from './tcp-side.ts';
import { joinGroup } from './udp.ts';

/** Local ports of connecting peers count up from here. */
const FIRST_PEER_PORT = 50_000;
/** A client that finds no listener tries again after 1, 2 and 4 ms: the driver may not be ready yet when it begins. */
const refusalsMax = 3;

/** Sets every script going; each begins `afterMs` from now. */
export function startPeers(network: Network, scripts: readonly PeerScript[]): void {
  for (const script of scripts) {
    const peer = createPeer(network, script);
    const { role, afterMs } = script;
    // A machine whose server is started later refuses connections until then.
    const isLate = role.kind === 'listen' && afterMs > 0;
    if (isLate) network.hosts.add(hostOf(role.at));
    // Any other listening peer, and a datagram peer, is there from the start, so that the driver finds it.
    else if (role.kind !== 'connect' && !takePlace(network, peer, role)) continue;
    if (role.kind !== 'listen' || isLate) wakePeerIn(network, peer, afterMs);
  }
}

/** A timer of the peer has come: its start, or the end of a `wait`. */
export function peerTimer(network: Network, id: number): void {
  const peer = network.peers.get(id);
  if (peer === undefined || peer.isDone) return;
  peer.isWaiting = false;
  const { role } = peer.script;
  if (role.kind === 'listen' && peer.side === undefined) {
    takePlace(network, peer, role);
    return;
  }
  if (role.kind !== 'connect' || peer.side !== undefined) {
    advancePeer(network, peer);
    return;
  }
  const local: Endpoint = { host: role.from ?? hostTowards(role.to), port: FIRST_PEER_PORT + peer.index };
  network.hosts.add(unmapped(local.host));
  const side = connect(network, { kind: 'peer', id }, local, role.to, network.options.receiveWindow);
  if (side === undefined) {
    failPeer(network, peer, 'a connection', `${endpointText(local)} is in use`);
    return;
  }
  peer.side = side.id;
  if (role.patienceMs === undefined || peer.refusals > 0) return;
  queueTimer(network.queue, network.nowNs + role.patienceMs * NS_PER_MS, { kind: 'patience', peer: id });
}

/** The end of a connecting peer's patience: without a connection it gives up, which fails what it was to expect. */
export function peerGivesUp(network: Network, id: number): void {
  const peer = network.peers.get(id);
  if (peer === undefined || peer.isDone || peer.script.role.kind !== 'connect') return;
  const side = network.sides.get(peer.side ?? -1);
  if (side !== undefined && side.state !== 'syn-sent') return;
  if (side !== undefined) giveUp(network, side);
  // Its script has not begun: the failure is the peer's, not that of a step.
  peer.side = undefined;
  const { patienceMs } = peer.script.role;
  if (peer.script.steps.some(isExpectation)) failPeer(network, peer, 'a connection', `none within ${patienceMs} ms`);
  peer.isDone = true;
}

/**
 * A connection has arrived at a listening peer: a fresh run of its script serves it. Where several listen at one address,
 * connections are served by their scripts in turn, and by the last one from then on.
 */
export function peerAccepts(network: Network, listenerPeer: number, side: Side): void {
  const listener = network.peers.get(listenerPeer);
  if (listener?.binding === undefined) return;
  takeConnection(network, listener.binding);
  const { serves } = listener;
  const script = (serves.length > 1 ? serves.shift() : serves[0]) ?? listener.script;
  const peer = createPeer(network, script);
  peer.side = side.id;
  adopt(network, side, { kind: 'peer', id: peer.id }, side.window);
  advancePeer(network, peer);
}

/** Something has happened to a peer's connection. */
export function peerHears(network: Network, id: number, event: SideEvent): void {
  const peer = network.peers.get(id);
  if (peer === undefined) return;
  switch (event.kind) {
    case 'fin':
      peer.closed ??= 'fin';
      break;
    case 'reset':
      peer.closed = 'rst';
      break;
    case 'connect-failed':
      // Its script has not begun: the failure is the peer's, not that of a step.
      peer.side = undefined;
      if (event.why === 'refused' && wasNobodyThere(network, peer) && peer.refusals < refusalsMax) {
        wakePeerIn(network, peer, 2 ** peer.refusals++);
        return;
      }
      if (event.why !== 'refused' || !expectsRefusal(peer)) {
        failPeer(network, peer, 'a connection', event.why);
        return;
      }
      peer.closed = 'rst';
      break;
    case 'connected':
    case 'data':
    case 'sent':
    case 'fin-acknowledged':
      break;
    default:
      unreachable(event);
  }
  advancePeer(network, peer);
  const side = network.sides.get(peer.side ?? -1);
  if (side?.state !== 'closed' || !peer.isDone) return;
  side.owner = undefined;
  forgetSide(network, side);
}

export function peerDatagram(network: Network, id: number, from: Endpoint, bytes: Uint8Array): void {
  const peer = network.peers.get(id);
  if (peer === undefined) return;
  peer.datagramPeer = from;
  fifoPush(peer.datagrams, { from, bytes });
  advancePeer(network, peer);
}

/**
 * At the end of a run: scripts that still wait for something have failed, and so have those that wanted something of a
 * connection that never was.
 */
export function finishPeers(network: Network): void {
  const peers = [...network.peers.values()];
  const called = new Set(peers.flatMap(({ side, script }) => (side === undefined ? [] : [script])));
  for (const peer of peers) {
    // Each connection of a listener has a run of the script of its own.
    const hasServed = peer.script.role.kind === 'listen' && peer.side === undefined && called.has(peer.script);
    if (!peer.isDone && !hasServed) finishPeer(network, peer);
  }
}

/** Binds a peer to its address; false when that is taken. */
function takePlace(
  network: Network,
  peer: Peer,
  role: Exclude<PeerScript['role'], { readonly kind: 'connect' }>,
): boolean {
  const { host } = role.at;
  const isDatagram = role.kind === 'datagram';
  const first = isDatagram ? undefined : listenerAt(network, role.at);
  if (first !== undefined) {
    first.serves.push(peer.script);
    return true;
  }
  const result = bind(network, {
    protocol: isDatagram ? 'udp' : 'tcp',
    address: role.at,
    owner: { kind: 'peer', id: peer.id },
    isDual: false,
    sharing: isDatagram && isMulticast(host) ? 'reuse' : 'none',
  });
  if (result.kind !== 'bound') {
    failPeer(network, peer, `to use ${endpointText(role.at)}`, 'the address is in use');
    return false;
  }
  peer.binding = result.binding.id;
  result.binding.isListening = !isDatagram;
  network.hosts.add(hostOf(role.at));
  if (!isDatagram) return true;
  const by = isLoopback(host) ? 'loopback' : 'ethernet';
  for (const group of role.groups ?? []) joinGroup(result.binding, group, by);
  if (isMulticast(host)) joinGroup(result.binding, host, by);
  return true;
}

/** The peer that listens at exactly this address. */
function listenerAt(network: Network, { host, port }: Endpoint): Peer | undefined {
  const binding = bindingsOfPort(network, 'tcp', port).find((one) => one.owner.kind === 'peer' && one.host === host);
  return binding?.owner.kind === 'peer' ? network.peers.get(binding.owner.id) : undefined;
}

/** A script that begins with the end by rst is that of a client who is not let in. */
function expectsRefusal({ script: { steps } }: Peer): boolean {
  const [first] = steps;
  return first?.kind === 'expect-close' && first.how === 'rst';
}

/** Whether a client was refused for want of a listener, which may be there by now; not by one that is full or chooses. */
function wasNobodyThere(network: Network, { script: { role } }: Peer): boolean {
  if (role.kind !== 'connect') return false;
  const listener = findBinding(network, 'tcp', role.to, (one) => one.isListening);
  if (listener === undefined) return true;
  return !listener.isConditional && listener.backlog.length < network.options.backlogMax;
}

/** The machine that a peer runs on. */
function hostOf({ host }: Endpoint): string {
  return isWildcard(host) || isMulticast(host) ? peerHosts[familyOf(host)] : unmapped(host);
}

function createPeer(network: Network, script: PeerScript): Peer {
  const peer: Peer = {
    id: newId(network),
    index: network.peers.size,
    script,
    serves: [script],
    side: undefined,
    binding: undefined,
    step: 0,
    refusals: 0,
    buffer: createByteBuffer(),
    looked: 0,
    matching: undefined,
    datagrams: createFifo(),
    datagramPeer: script.role.kind === 'datagram' ? script.role.to : undefined,
    isStalled: false,
    isWaiting: false,
    closed: undefined,
    isDone: false,
  };
  network.peers.set(peer.id, peer);
  return peer;
}
