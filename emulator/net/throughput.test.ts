// What the wire costs: request and answer of 64 bytes over many connections. The bound is far below what it does; it
// would notice work per byte, or queues that are searched or moved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMs, slowness } from '../../test/support/effort.ts';
import { connect, receive, send } from './tcp.ts';
import type { Side } from './tcp-side.ts';
import { acceptAt, act, createWorld, listenAt, run } from './testing.ts';

const CONNECTIONS = 100;
const ROUNDS = 500;

test('request and answer over a hundred connections', (t) => {
  const world = createWorld();
  const listener = listenAt(world);
  const sides = new Map<number, Side>();
  const request = new Uint8Array(64);
  const sent = new Map<number, number>();
  let segments = 0;
  world.onTold = (indication) => {
    if (indication.kind === 'arrival') {
      const accepted = 10_000 + sides.size;
      sides.set(accepted, acceptAt(world, listener, accepted));
      // The first request has come along with the end of the handshake.
      world.onTold({ kind: 'data', socket: accepted });
      return;
    }
    const side = sides.get(indication.socket);
    if (side === undefined || (indication.kind !== 'data' && indication.kind !== 'connected')) return;
    const isServer = indication.socket >= 10_000;
    const round = sent.get(indication.socket) ?? 0;
    if (indication.kind === 'data' && side.receivedLength > 0) {
      const bytes = act(world, (network) => receive(network, side, side.receivedLength));
      segments++;
      if (isServer) act(world, (network) => send(network, side, round + 1, bytes));
    }
    if (isServer || round === ROUNDS) return;
    sent.set(indication.socket, round + 1);
    act(world, (network) => send(network, side, round + 1, request));
  };
  for (let i = 0; i < CONNECTIONS; i++) {
    const local = { host: '192.0.2.20', port: 1000 + i };
    const remote = { host: '192.0.2.10', port: 80 };
    const side = act(world, (network) => connect(network, { kind: 'socket', id: i }, local, remote, 65_536));
    assert.ok(side !== undefined);
    sides.set(i, side);
  }
  const seconds = cpuMs(() => run(world)) / 1000;
  assert.equal(segments, 2 * CONNECTIONS * ROUNDS);
  t.diagnostic(`${Math.round(segments / seconds)} data segments a second`);
  assert.ok(seconds < 10 * slowness(), `${segments} segments took ${seconds.toFixed(1)} s of CPU`);
});
