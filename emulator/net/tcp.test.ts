// TCP between scripted ends: the whole conversation as the notes of the wire, and what each end has been told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishPeers, startPeers } from './peer.ts';
import type { PeerStep } from './peer-types.ts';
import { abort, canSend, closeListener, connect, disown, receive, send, setKeepAlive, shutdown } from './tcp.ts';
import {
  acceptAt,
  act,
  bytesOf,
  clientOf,
  createWorld,
  expectBytes,
  listenAt,
  run,
  textOf,
  type World,
} from './testing.ts';

function start(world: World, steps: readonly PeerStep[], port = 80, host = '127.0.0.1'): void {
  act(world, (network) => startPeers(network, [clientOf(steps, port, host)]));
}

const server = '127.0.0.1:80 -> 127.0.0.1:50000';
const client = '127.0.0.1:50000 -> 127.0.0.1:80';
const second = 1_000_000_000;

test('handshake, data, and a graceful end from both sides', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, [
    { kind: 'send', bytes: bytesOf('ping') },
    expectBytes('pong'),
    { kind: 'shutdown' },
    { kind: 'expect-close', how: 'fin' },
  ]);
  run(world, 1000_000);
  const side = acceptAt(world, listener);
  assert.equal(textOf(act(world, (network) => receive(network, side, 100))), 'ping');
  act(world, (network) => send(network, side, 7, bytesOf('pong')));
  run(world, 2000_000);
  act(world, (network) => shutdown(network, side));
  run(world);
  assert.deepEqual(world.notes, [
    `${client} SYN`,
    `${server} SYN ACK`,
    `${client} 4 bytes`,
    `${server} 4 bytes`,
    `${client} FIN`,
    `${server} FIN`,
  ]);
  assert.deepEqual(world.told, ['arrival 1', 'sent 2', 'fin 2', 'fin-acknowledged 2']);
  assert.equal(side.state, 'closed');
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
  assert.equal(world.network.connections.size, 0);
});

test('nobody listens: refused; nobody there: given up after 21 s; cut off: unreachable', () => {
  const refused = createWorld();
  start(refused, [], 9);
  run(refused);
  const attempt = ['127.0.0.1:50000 -> 127.0.0.1:9 SYN', '127.0.0.1:9 -> 127.0.0.1:50000 RST (nobody listens there)'];
  assert.deepEqual(refused.notes, [...attempt, ...attempt, ...attempt, ...attempt]);
  assert.equal(refused.network.failures[0]?.got, 'refused');
  const lost = createWorld();
  start(lost, [], 80, '10.0.0.9');
  run(lost);
  const syn = '192.0.2.20:50000 -> 10.0.0.9:80 SYN';
  assert.deepEqual(lost.notes, [syn, `${syn} again`, `${syn} again`]);
  assert.equal(lost.network.failures[0]?.got, 'timeout');
  assert.equal(lost.network.nowNs, 21 * second);
  const cut = createWorld({ partitions: [{ fromNs: 0, untilNs: second, hosts: ['10.0.0.9'], how: 'unreachable' }] });
  start(cut, [], 80, '10.0.0.9');
  run(cut);
  assert.equal(cut.network.failures[0]?.got, 'unreachable');
});

test('a lost SYN is sent again', () => {
  const world = createWorld({ partitions: [{ fromNs: 0, untilNs: second, hosts: undefined, how: 'silent' }] });
  listenAt(world);
  start(world, []);
  run(world, 20 * second);
  assert.deepEqual(world.notes, [`${client} SYN`, `${client} SYN (lost)`, `${client} SYN again`, `${server} SYN ACK`]);
  assert.deepEqual(world.told, ['arrival 1']);
});

test('a full backlog refuses', () => {
  const world = createWorld({ backlogMax: 2 });
  listenAt(world);
  for (let i = 0; i < 3; i++) {
    start(world, []);
    run(world, (i + 1) * 1000_000);
  }
  assert.deepEqual(world.told, ['arrival 1', 'arrival 1']);
  assert.deepEqual(
    world.network.failures.map(({ got }) => got),
    ['refused'],
  );
});

test('a receiver that does not read stops the sender at its window, and is asked until it reads', () => {
  const world = createWorld({ receiveWindow: 10, segmentSize: 4 });
  const listener = listenAt(world);
  start(world, [{ kind: 'send', bytes: bytesOf('abcdefghijklmnop') }]);
  run(world, 10 * second);
  const side = acceptAt(world, listener);
  assert.equal(side.receivedLength, 10);
  assert.ok(world.notes.includes(`${client} probe`));
  assert.equal(textOf(act(world, (network) => receive(network, side, 10))), 'abcdefghij');
  run(world, 20 * second);
  assert.equal(textOf(act(world, (network) => receive(network, side, 100))), 'klmnop');
});

test('a window that opens unseen is found by a probe', () => {
  const world = createWorld({
    receiveWindow: 4,
    partitions: [{ fromNs: second, untilNs: 2 * second, hosts: undefined, how: 'silent' }],
  });
  const listener = listenAt(world);
  start(world, [{ kind: 'send', bytes: bytesOf('abcdefgh') }]);
  run(world, 1.5 * second);
  const side = acceptAt(world, listener);
  act(world, (network) => receive(network, side, 4));
  run(world, 10 * second);
  assert.equal(side.receivedLength, 4);
});

test('a reset drops what is queued and tells the other end', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, [
    { kind: 'wait', ms: 1 },
    { kind: 'close', how: 'rst' },
  ]);
  run(world, 500_000);
  const side = acceptAt(world, listener);
  run(world);
  assert.equal(side.wasReset, true);
  assert.equal(canSend(side), false);
  assert.deepEqual(world.told, ['arrival 1', 'reset 2']);
  act(world, (network) => abort(network, side));
  assert.equal(world.notes.filter((note) => note.endsWith('RST')).length, 1);
});

test('data to a program that has closed its socket is answered with a reset', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, [{ kind: 'close', how: 'fin' }]);
  run(world, second);
  const side = acceptAt(world, listener);
  act(world, (network) => send(network, side, 1, bytesOf('anybody?')));
  run(world, 2 * second);
  assert.deepEqual(world.notes.slice(-2), [`${server} 8 bytes`, `${client} RST`]);
  assert.equal(side.wasReset, true);
});

test('half a close: the other direction goes on', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, [{ kind: 'shutdown' }, expectBytes('still here'), { kind: 'expect-close', how: 'fin' }]);
  run(world, second);
  const side = acceptAt(world, listener);
  assert.equal(side.state, 'close-wait');
  act(world, (network) => send(network, side, 1, bytesOf('still here')));
  act(world, (network) => shutdown(network, side));
  run(world);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
  assert.equal(side.state, 'closed');
});

test('both ends close at once: CLOSING, then TIME-WAIT for two minutes', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, [{ kind: 'wait', ms: 1 }, { kind: 'shutdown' }]);
  run(world, 1_035_000);
  const side = acceptAt(world, listener);
  act(world, (network) => shutdown(network, side));
  run(world, 1_062_000);
  assert.equal(side.state, 'closing');
  run(world, second);
  assert.equal(side.state, 'time-wait');
  run(world);
  assert.equal(side.state, 'closed');
  assert.ok(world.network.nowNs >= 120 * second);
});

test('an address in TIME-WAIT: no second connection from here, a new SYN from there is welcome', () => {
  const world = createWorld();
  const listener = listenAt(world);
  const local = { host: '192.0.2.20', port: 1000 };
  const remote = { host: '192.0.2.10', port: 80 };
  const open = () => act(world, (network) => connect(network, { kind: 'socket', id: 9 }, local, remote, 1000));
  const first = open();
  assert.ok(first !== undefined);
  run(world, second);
  const side = acceptAt(world, listener);
  act(world, (network) => shutdown(network, first));
  run(world, 2 * second);
  act(world, (network) => shutdown(network, side));
  run(world, 3 * second);
  assert.equal(first.state, 'time-wait');
  assert.equal(open(), undefined);
  run(world);
  assert.ok(open() !== undefined);
  // The other way round: the listening end has closed first.
  run(world, 200 * second);
  const again = acceptAt(world, listener);
  act(world, (network) => shutdown(network, again));
  run(world, 201 * second);
  const mine = world.network.connections.get('192.0.2.20 1000 192.0.2.10 80');
  assert.ok(mine !== undefined);
  act(world, (network) => shutdown(network, mine));
  run(world, 202 * second);
  assert.equal(again.state, 'time-wait');
  assert.ok(open() !== undefined);
  run(world, 203 * second);
  assert.equal(again.state, 'closed');
  assert.equal(acceptAt(world, listener).state, 'established');
});

test('simultaneous open', () => {
  const world = createWorld();
  const a = { host: '192.0.2.10', port: 1000 };
  const b = { host: '192.0.2.20', port: 2000 };
  const one = act(world, (network) => connect(network, { kind: 'socket', id: 1 }, a, b, 1000));
  const two = act(world, (network) => connect(network, { kind: 'socket', id: 2 }, b, a, 1000));
  run(world, second);
  assert.deepEqual([one?.state, two?.state], ['established', 'established']);
  assert.deepEqual([...world.told].sort(), ['connected 1', 'connected 2']);
});

test('keep-alive: ten unanswered questions end the connection, an answer does not', () => {
  const keepAlive = { idleNs: 5 * second, intervalNs: second, probesMax: 10 };
  const world = createWorld({
    partitions: [{ fromNs: 20 * second, untilNs: Number.POSITIVE_INFINITY, hosts: undefined, how: 'silent' }],
  });
  const listener = listenAt(world);
  start(world, []);
  run(world, second);
  const side = acceptAt(world, listener);
  act(world, (network) => setKeepAlive(network, side, keepAlive));
  run(world, 19 * second);
  assert.equal(side.state, 'established');
  run(world, 60 * second);
  assert.equal(side.state, 'closed');
  assert.deepEqual(world.told, ['arrival 1', 'reset 2']);
});

test('a partition that heals costs time, one that lasts ends the connection', () => {
  for (const [untilNs, told] of [
    [3 * second, ['arrival 1', 'data 2']],
    [600 * second, ['arrival 1']],
  ] as const) {
    const world = createWorld({ partitions: [{ fromNs: second, untilNs, hosts: undefined, how: 'silent' }] });
    const listener = listenAt(world);
    start(world, [
      { kind: 'wait', ms: 1500 },
      { kind: 'send', bytes: bytesOf('x') },
      { kind: 'expect-close', how: 'fin' },
    ]);
    run(world, second);
    acceptAt(world, listener);
    run(world, 500 * second);
    assert.deepEqual(world.told, told);
    assert.equal(world.network.failures.length, untilNs === 3 * second ? 0 : 1);
  }
});

test('a listener that goes resets what it has not accepted', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, [{ kind: 'expect-close', how: 'rst' }]);
  run(world, second);
  act(world, (network) => closeListener(network, listener.id));
  run(world);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
  assert.equal(world.network.connections.size, 0);
});

test('FIN-WAIT-2 of a program that has gone does not last', () => {
  const world = createWorld();
  const listener = listenAt(world);
  start(world, []);
  run(world, second);
  const side = acceptAt(world, listener);
  act(world, (network) => shutdown(network, side));
  run(world, 2 * second);
  assert.equal(side.state, 'fin-wait-2');
  act(world, (network) => disown(network, side));
  run(world);
  assert.equal(side.state, 'closed');
});

test('jitter keeps the order of a connection and repeats with the seed', () => {
  const once = (seed: number): string => {
    const world = createWorld({ seed, jitterNs: 500_000, segmentSize: 1 });
    const listener = listenAt(world);
    start(world, [{ kind: 'send', bytes: bytesOf('0123456789') }]);
    run(world, second);
    const side = acceptAt(world, listener);
    const received = textOf(act(world, (network) => receive(network, side, 100)));
    return `${received} ${world.network.choices.record.join(' ')}`;
  };
  assert.match(once(1), /^0123456789 /);
  assert.equal(once(1), once(1));
  assert.notEqual(once(1), once(2));
});

test('three duplicate acknowledgements bring the lost segment at once', () => {
  // The second of five segments is lost: with 20 µs under way, all is there long before any time-out.
  const world = createWorld({
    segmentSize: 1,
    partitions: [{ fromNs: 1_000_000, untilNs: 1_000_001, hosts: undefined, how: 'silent' }],
  });
  const listener = listenAt(world);
  start(world, []);
  run(world, 900_000);
  const side = acceptAt(world, listener);
  const peer = [...world.network.sides.values()].find((one) => one !== side);
  assert.ok(peer !== undefined);
  world.network.nowNs = 1_000_000;
  act(world, (network) => send(network, peer, 0, bytesOf('a')));
  world.network.nowNs = 1_000_001;
  act(world, (network) => send(network, peer, 0, bytesOf('bcde')));
  run(world, 2_000_000);
  assert.equal(textOf(act(world, (network) => receive(network, side, 10))), 'abcde');
  assert.ok(world.notes.includes(`${client} 1 byte again`));
});

test('the driver acknowledges every second segment at once, the last one after 40 ms, and nothing is repeated', () => {
  const world = createWorld();
  listenAt(world);
  start(
    world,
    ['a', 'b', 'c'].map((text): PeerStep => ({ kind: 'send', bytes: bytesOf(text) })),
  );
  const unacknowledged = (untilNs: number): number => {
    run(world, untilNs);
    const peer = [...world.network.sides.values()].find(({ owner }) => owner?.kind === 'peer');
    return (peer?.sndNxt ?? 0) - (peer?.sndUna ?? 0);
  };
  assert.equal(unacknowledged(1_000_000), 1);
  assert.equal(unacknowledged(39_000_000), 1);
  assert.equal(unacknowledged(41_000_000), 0);
  run(world);
  assert.deepEqual(
    world.notes.filter((note) => note.includes('again')),
    [],
  );
});

test('what the driver sends itself is acknowledged at once', () => {
  const world = createWorld();
  const listener = listenAt(world);
  const here = { host: '127.0.0.1', port: 1000 };
  const there = { host: '127.0.0.1', port: 80 };
  const side = act(world, (network) => connect(network, { kind: 'socket', id: 3 }, here, there, 1000));
  run(world);
  acceptAt(world, listener);
  assert.ok(side !== undefined);
  act(world, (network) => send(network, side, 7, bytesOf('a')));
  run(world, world.network.nowNs + 1_000_000);
  assert.ok(world.told.includes('sent 3'));
});
