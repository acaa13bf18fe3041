/** A network that runs by itself, for tests: what sockets are told goes to a handler, notes are kept. */
import assert from 'node:assert/strict';
import { bind } from './binding.ts';
import { deliverDue, nextDueNs } from './deliver.ts';
import { type Binding, createNetwork, type Indication, type Network } from './network.ts';
import { defaultNetwork, type NetworkOptions } from './options.ts';
import type { PeerScript, PeerStep } from './peer-types.ts';
import { adopt, takeConnection } from './tcp.ts';
import type { Side } from './tcp-side.ts';

export interface World {
  readonly network: Network;
  readonly notes: string[];
  /** "data 2": every indication and its socket. */
  readonly told: string[];
  onTold: (indication: Indication) => void;
}

export function createWorld(options: Partial<NetworkOptions> = {}): World {
  const network = createNetwork({ ...defaultNetwork, ...options });
  return { network, notes: [], told: [], onTold: () => {} };
}

/** Does something and hands on what it led to. */
export function act<T>(world: World, operation: (network: Network) => T): T {
  const { network } = world;
  const result = operation(network);
  world.notes.push(...network.notes.splice(0));
  for (const indication of network.indications.splice(0)) {
    world.told.push(`${indication.kind} ${indication.socket}`);
    world.onTold(indication);
  }
  return result;
}

/** Lets time pass until nothing is under way any more, or until `untilNs`. */
export function run(world: World, untilNs = Number.POSITIVE_INFINITY): void {
  for (let steps = 0; steps < 1_000_000; steps++) {
    const dueNs = nextDueNs(world.network);
    if (dueNs === undefined || dueNs > untilNs) {
      if (Number.isFinite(untilNs)) world.network.nowNs = Math.max(world.network.nowNs, untilNs);
      return;
    }
    world.network.nowNs = Math.max(world.network.nowNs, dueNs);
    act(world, deliverDue);
  }
  assert.fail('the network never comes to rest');
}

/** A listening socket. */
export function listenAt(world: World, port = 80, host = '0.0.0.0', socket = 1): Binding {
  const result = bindSocket(world, 'tcp', host, port, socket);
  result.isListening = true;
  return result;
}

export function bindSocket(world: World, protocol: 'tcp' | 'udp', host: string, port: number, socket = 1): Binding {
  const result = bind(world.network, {
    protocol,
    address: { host, port },
    owner: { kind: 'socket', id: socket },
    isDual: false,
    sharing: 'none',
  });
  assert.ok(result.kind === 'bound', result.kind);
  return result.binding;
}

/** The oldest connection of a listener's backlog, as socket `socket`. */
export function acceptAt(world: World, listener: Binding, socket = 2): Side {
  const side = takeConnection(world.network, listener.id);
  assert.ok(side !== undefined, 'a connection waits');
  act(world, (network) => adopt(network, side, { kind: 'socket', id: socket }, side.window));
  return side;
}

export function clientOf(steps: readonly PeerStep[], port = 80, host = '127.0.0.1'): PeerScript {
  return { name: 'client', role: { kind: 'connect', to: { host, port } }, afterMs: 0, steps };
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export function textOf(data: Uint8Array): string {
  return String.fromCharCode(...data);
}

export function expectBytes(text: string): PeerStep {
  return { kind: 'expect', what: { kind: 'bytes', bytes: bytesOf(text) } };
}
