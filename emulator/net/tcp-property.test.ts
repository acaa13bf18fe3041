// What must hold on any wire, under fixed seeds: every byte arrives once and in order, the FIN after all of them, both
// ends come to CLOSED, and nothing is left behind. What a partition cuts heals, or ends with a time-out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, nextBelow } from '../sim/index.ts';
import { fifoLength } from './fifo.ts';
import type { Indication } from './network.ts';
import type { NetworkOptions } from './options.ts';
import { connect, disown, receive, send, shutdown } from './tcp.ts';
import type { Side } from './tcp-side.ts';
import { acceptAt, act, createWorld, listenAt, run, type World } from './testing.ts';

const SEEDS = 60;
const second = 1_000_000_000;

const wires: Readonly<Record<string, Partial<NetworkOptions>>> = {
  'no faults': {},
  loss: { lossPercent: 10 },
  reorder: { reorderPercent: 20 },
  duplication: { duplicatePercent: 20 },
  jitter: { jitterNs: 2_000_000 },
  everything: { lossPercent: 8, reorderPercent: 15, duplicatePercent: 15, jitterNs: 500_000 },
  'small windows and everything': {
    lossPercent: 5,
    reorderPercent: 10,
    duplicatePercent: 10,
    jitterNs: 100_000,
    receiveWindow: 300,
  },
};

/** One end of the conversation: what it has received, and what happened to it. */
interface Program {
  side: Side | undefined;
  readonly received: number[];
  sentTokens: number[];
  finAfter: number | undefined;
  reset: string | undefined;
}

function newProgram(): Program {
  return { side: undefined, received: [], sentTokens: [], finAfter: undefined, reset: undefined };
}

/** Both ends send some thousand bytes in pieces, then close. Returns the two programs, after all has come to rest. */
function converse(world: World, seed: number): { client: Program; server: Program; lengths: readonly number[] } {
  const random = createRandom(seed);
  const client = newProgram();
  const server = newProgram();
  const listener = listenAt(world);
  const lengths = [nextBelow(random, 4000), nextBelow(random, 4000)];
  world.onTold = (indication) => {
    if (indication.kind === 'arrival') {
      server.side = acceptAt(world, listener, 2);
      talk(world, server, lengths[1] ?? 0, random);
      // What came along with the handshake was told to nobody.
      hear(world, server, { kind: server.side.finReceived ? 'fin' : 'data', socket: 2 });
      return;
    }
    const program = indication.socket === 2 ? server : client;
    if (indication.kind === 'connected') talk(world, program, lengths[0] ?? 0, random);
    else hear(world, program, indication);
  };
  const local = { host: '192.0.2.20', port: 1000 };
  const remote = { host: '192.0.2.10', port: 80 };
  client.side = act(world, (network) =>
    connect(network, { kind: 'socket', id: 3 }, local, remote, world.network.options.receiveWindow),
  );
  run(world);
  return { client, server, lengths };
}

function talk(world: World, program: Program, length: number, random: ReturnType<typeof createRandom>): void {
  let sent = 0;
  while (sent < length) {
    const part = Math.min(length - sent, 1 + nextBelow(random, 700));
    const bytes = Uint8Array.from({ length: part }, (_, i) => (sent + i) % 251);
    sent += part;
    const at = sent;
    act(world, (network) => program.side && send(network, program.side, at, bytes));
  }
  act(world, (network) => program.side && shutdown(network, program.side));
}

function hear(world: World, program: Program, indication: Indication): void {
  const { side } = program;
  if (side === undefined) return;
  if (indication.kind === 'sent') program.sentTokens.push(indication.token);
  if (indication.kind === 'reset') program.reset = indication.why;
  if (indication.kind === 'fin') program.finAfter = program.received.length + side.receivedLength;
  program.received.push(...act(world, (network) => receive(network, side, side.receivedLength)));
}

for (const [name, options] of Object.entries(wires)) {
  test(`any conversation over a wire with ${name}`, () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = createWorld({ seed, segmentSize: 100, retransmissionsMax: 30, connectRetriesMax: 20, ...options });
      const { client, server, lengths } = converse(world, seed);
      for (const [program, length] of [
        [server, lengths[0] ?? 0],
        [client, lengths[1] ?? 0],
      ] as const) {
        const expected = Array.from({ length }, (_, i) => i % 251);
        assert.deepEqual(program.received, expected, `seed ${seed}: every byte once and in order`);
        assert.equal(program.finAfter, length, `seed ${seed}: the FIN comes after all data`);
        assert.equal(program.reset, undefined, `seed ${seed}: nothing is reset`);
        assert.equal(program.side?.state, 'closed', `seed ${seed}: CLOSED`);
        assert.deepEqual(
          program.sentTokens,
          [...program.sentTokens].sort((a, b) => a - b),
          'sends end in their order',
        );
      }
      assert.equal(client.sentTokens.at(-1) ?? 0, lengths[0], `seed ${seed}: every send ends`);
      const { network } = world;
      assert.equal(network.connections.size, 0, `seed ${seed}: no connection is left`);
      assert.equal(network.queue.heap.length + fifoLength(network.queue.inOrder), 0, `seed ${seed}: no timer is left`);
      for (const side of [client.side, server.side]) if (side !== undefined) disown(network, side);
      assert.equal(network.sides.size, 0);
    }
  });
}

test('the same seed gives the same trace, another one another', () => {
  const traceOf = (seed: number): string => {
    const world = createWorld({ seed, segmentSize: 100, lossPercent: 10, reorderPercent: 10, jitterNs: 1000 });
    converse(world, 1);
    return [...world.notes, ...world.told, world.network.nowNs].join('\n');
  };
  for (let seed = 1; seed <= 20; seed++) assert.equal(traceOf(seed), traceOf(seed));
  assert.equal(new Set(Array.from({ length: 20 }, (_, seed) => traceOf(seed + 1))).size, 20);
});

test('a partition in the middle of a conversation heals, or both ends hear of it in time', () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = createRandom(seed);
    const fromNs = nextBelow(random, 2_000_000);
    const isShort = seed % 2 === 0;
    const untilNs = isShort ? fromNs + nextBelow(random, 2_000_000_000) : Number.POSITIVE_INFINITY;
    const world = createWorld({
      seed,
      segmentSize: 100,
      jitterNs: 100_000,
      partitions: [{ fromNs, untilNs, hosts: undefined, how: 'silent' }],
    });
    const { client, server, lengths } = converse(world, seed);
    const isWhole = server.received.length === lengths[0] && client.received.length === lengths[1];
    if (isShort) assert.ok(isWhole, `seed ${seed}: heals`);
    for (const program of [client, server]) {
      if (program.side === undefined) continue;
      assert.equal(program.side.state, 'closed', `seed ${seed}`);
      if (!isShort && program.sentTokens.length === 0) assert.equal(program.reset ?? 'timeout', 'timeout');
    }
    assert.ok(isShort || isWhole || world.network.nowNs < 400 * second, `seed ${seed}: given up in time`);
    assert.equal(world.network.connections.size, 0);
  }
});
