// Scripted peers: each kind of step, several at once, and what a failed expectation says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliverLast } from './deliver.ts';
import type { Indication } from './network.ts';
import { compilePattern } from './pattern.ts';
import { finishPeers, startPeers } from './peer.ts';
import type { Expectation, PeerScript, PeerStep } from './peer-types.ts';
import { abort, connect, receive, send } from './tcp.ts';
import {
  acceptAt,
  act,
  bindSocket,
  bytesOf,
  clientOf,
  createWorld,
  expectBytes,
  listenAt,
  run,
  textOf,
  type World,
} from './testing.ts';
import { sendDatagram } from './udp.ts';

function pattern(text: string): Expectation {
  const compiled = compilePattern(text);
  assert.ok('program' in compiled);
  return { kind: 'pattern', pattern: compiled };
}

/** A driver that echoes everything on port 80, each connection as a socket of its own. */
function echo(world: World): void {
  const listener = listenAt(world);
  let sockets = 1;
  const sides = new Map<number, ReturnType<typeof acceptAt>>();
  world.onTold = (indication: Indication) => {
    // The first data may have come along with the end of the handshake.
    const isArrival = indication.kind === 'arrival';
    if (isArrival) sides.set(++sockets, acceptAt(world, listener, sockets));
    const side = sides.get(isArrival ? sockets : indication.socket);
    if (side === undefined || side.state === 'closed' || side.receivedLength === 0) return;
    act(world, (network) => send(network, side, 0, receive(network, side, side.receivedLength)));
  };
}

/** The failures of a client with these steps against an echo, as text. */
function failuresOf(steps: readonly PeerStep[]): string[] {
  const world = createWorld();
  echo(world);
  act(world, (network) => startPeers(network, [clientOf(steps)]));
  run(world);
  finishPeers(world.network);
  return world.network.failures.map(
    ({ step, expected, got, difference }) =>
      `${step}: ${expected} / ${got}${difference === undefined ? '' : ` / ${difference}`}`,
  );
}

const hello: PeerStep = { kind: 'send', bytes: bytesOf('hello, world') };
const cases: readonly (readonly [string, readonly PeerStep[], readonly string[]])[] = [
  ['bytes, in pieces of their own', [hello, expectBytes('hello'), expectBytes(', world')], []],
  [
    'a length, then a pattern',
    [hello, { kind: 'expect', what: { kind: 'length', length: 7 } }, { kind: 'expect', what: pattern('w.r\\w{2}') }],
    [],
  ],
  [
    'another byte',
    [hello, expectBytes('hello; world')],
    [
      '2: 12 bytes "hello; world" [68 65 6c 6c 6f >3b< 20 77 6f 72 6c 64] / 12 bytes "hello, world" [68 65 6c 6c 6f >2c< 20 77 6f 72 6c 64] / byte 5 is 2c instead of 3b',
    ],
  ],
  [
    'too little until the end of the run',
    [{ kind: 'send', bytes: bytesOf('a\n') }, expectBytes('a\nb')],
    ['2: 3 bytes "a\\nb" [61 0a 62] / 2 bytes "a\\n" [61 0a]'],
  ],
  [
    'a pattern that does not fit',
    [hello, { kind: 'expect', what: pattern('hello \\d') }],
    [
      '2: bytes that match /hello \\d/ / 12 bytes "hello, world" [68 65 6c 6c 6f >2c< 20 77 6f 72 6c 64] / byte 5 (2c) does not fit',
    ],
  ],
  ['no end', [{ kind: 'expect-close', how: 'fin' }], ['1: the connection to end by fin / it stayed open']],
];
for (const [name, steps, failures] of cases) {
  test(`expect: ${name}`, () => assert.deepEqual(failuresOf(steps), failures));
}

test('a long difference is shown around its place', () => {
  const sent = new Uint8Array(1000).fill(0x61);
  const wanted = sent.slice();
  wanted[500] = 0x62;
  const [failure] = failuresOf([
    { kind: 'send', bytes: sent },
    { kind: 'expect', what: { kind: 'bytes', bytes: wanted } },
  ]);
  assert.match(failure ?? '', /^2: 1000 bytes "…a{8}ba{23}…" \[…(61 ){8}>62< /);
  assert.match(failure ?? '', /byte 500 is 61 instead of 62$/);
});

test('what was expected of a connection that never was has failed at the end', () => {
  const at = { host: '192.0.2.20', port: 80 };
  const rows: readonly (readonly [string, Partial<PeerScript>, readonly string[]])[] = [
    ['a server without a caller', { role: { kind: 'listen', at } }, ['0: a connection / none from the driver']],
    ['a server that would only speak', { role: { kind: 'listen', at }, steps: [hello] }, []],
    ['a client that comes too late', { afterMs: 5000 }, ['0: a connection / no time for it before the end']],
    ['a client without an answer', {}, ['0: a connection / no answer before the end']],
    ['a client that only speaks', { steps: [hello] }, []],
  ];
  for (const [name, changes, failures] of rows) {
    const world = createWorld({ delayNs: 2_000_000 });
    act(world, (network) => startPeers(network, [{ ...clientOf([hello, expectBytes('hello')]), ...changes }]));
    run(world, 1_000_000);
    finishPeers(world.network);
    const texts = world.network.failures.map(({ step, expected, got }) => `${step}: ${expected} / ${got}`);
    assert.deepEqual(texts, failures, name);
  }
});

test('a hundred clients at once', () => {
  const world = createWorld();
  echo(world);
  const scripts = Array.from(
    { length: 100 },
    (_, i): PeerScript => ({
      ...clientOf([
        { kind: 'send', bytes: bytesOf(`client ${i}`) },
        expectBytes(`client ${i}`),
        { kind: 'close', how: 'rst' },
      ]),
      afterMs: i % 7,
    }),
  );
  act(world, (network) => startPeers(network, scripts));
  run(world);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
  assert.equal(world.network.connections.size, 0);
});

test('a client waits a little for its listener', () => {
  const world = createWorld();
  act(world, (network) => startPeers(network, [clientOf([])]));
  run(world, 2_000_000);
  listenAt(world);
  run(world);
  assert.deepEqual(world.told, ['arrival 1']);
  assert.deepEqual(world.network.failures, []);
});

test('a server that starts late refuses connections until then', () => {
  const world = createWorld();
  const server: PeerScript = {
    ...clientOf([expectBytes('late')]),
    role: { kind: 'listen', at: { host: '192.0.2.20', port: 80 } },
    afterMs: 50,
  };
  act(world, (network) => startPeers(network, [server]));
  const local = { host: '192.0.2.10', port: 0 };
  const open = (port: number) =>
    act(world, (network) =>
      connect(network, { kind: 'socket', id: 9 }, { ...local, port }, { host: '192.0.2.20', port: 80 }, 1000),
    );
  open(1001);
  run(world, 10_000_000);
  assert.deepEqual(world.told, ['connect-failed 9']);
  run(world, 60_000_000);
  const side = open(1002);
  run(world, 70_000_000);
  if (side !== undefined) act(world, (network) => send(network, side, 0, bytesOf('late')));
  run(world);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
});

test('a stalled peer stops the driver; it reads on when told', () => {
  const world = createWorld({ receiveWindow: 10 });
  const listener = listenAt(world);
  act(world, (network) =>
    startPeers(network, [
      clientOf([
        { kind: 'stall', isOn: true },
        { kind: 'wait', ms: 5 },
        { kind: 'stall', isOn: false },
        expectBytes('a'.repeat(30)),
      ]),
    ]),
  );
  run(world, 1_000_000);
  const side = acceptAt(world, listener);
  act(world, (network) => send(network, side, 5, bytesOf('a'.repeat(30))));
  run(world, 4_000_000);
  assert.deepEqual(world.told, ['arrival 1']);
  run(world, 10_000_000);
  assert.deepEqual(world.told, ['arrival 1', 'sent 2']);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
});

test('datagram peers: one datagram for each expectation, senders, groups', () => {
  const world = createWorld();
  bindSocket(world, 'udp', '192.0.2.10', 100, 1);
  const driver = { host: '192.0.2.10', port: 100 };
  const at = { host: '192.0.2.20', port: 53 };
  const got: string[] = [];
  world.onTold = (one) => {
    if (one.kind === 'datagram') got.push(`${one.from.host}:${one.from.port} ${textOf(one.bytes)}`);
  };
  const peer: PeerScript = {
    name: 'dns',
    role: { kind: 'datagram', at, to: undefined, groups: ['239.1.1.1'] },
    afterMs: 0,
    steps: [
      { kind: 'expect', what: { kind: 'bytes', bytes: bytesOf('one') } },
      { kind: 'send', bytes: bytesOf('answer') },
      { kind: 'expect-from', from: driver, what: pattern('t.*') },
      { kind: 'send-to', to: driver, bytes: bytesOf('more') },
      { kind: 'expect-from', from: { host: '192.0.2.10', port: 9 }, what: { kind: 'length', length: 5 } },
    ],
  };
  act(world, (network) => startPeers(network, [peer]));
  for (const [host, text] of [
    [at.host, 'one'],
    [at.host, 'two'],
    ['239.1.1.1', 'three'],
  ] as const) {
    act(world, (network) => sendDatagram(network, driver, { host, port: 53 }, bytesOf(text)));
  }
  run(world);
  assert.deepEqual(got, ['192.0.2.20:53 answer', '192.0.2.20:53 more']);
  assert.deepEqual(
    world.network.failures.map(({ expected, got: what }) => `${expected} / ${what}`),
    ['a datagram from 192.0.2.10:9 / 5 bytes "three" [74 68 72 65 65] from 192.0.2.10:100'],
  );
});

test('a place that is taken, a step that cannot be', () => {
  const world = createWorld();
  const at = { host: '192.0.2.20', port: 80 };
  const script: PeerScript = { name: 'x', role: { kind: 'datagram', at, to: undefined }, afterMs: 0, steps: [] };
  act(world, (network) => startPeers(network, [script, script]));
  assert.deepEqual(
    world.network.failures.map(({ expected }) => expected),
    ['to use 192.0.2.20:80'],
  );
  assert.deepEqual(failuresOf([{ kind: 'impossible', expected: 'the file x', got: 'none' }]), ['1: the file x / none']);
});

test('each connection has a run of its listener of its own, and listeners at one address take turns', () => {
  const at = { host: '192.0.2.20', port: 80 };
  const server = (text: string): PeerScript => ({
    name: text,
    role: { kind: 'listen', at },
    afterMs: 0,
    steps: [expectBytes('go'), { kind: 'send', bytes: bytesOf(text) }],
  });
  const answersOf = (servers: readonly PeerScript[], connections: number): string[] => {
    const world = createWorld();
    act(world, (network) => startPeers(network, servers));
    const sides = Array.from({ length: connections }, (_, i) =>
      act(world, (network) =>
        connect(network, { kind: 'socket', id: i + 1 }, { host: '192.0.2.10', port: 1000 + i }, at, 1000),
      ),
    );
    run(world);
    // The last one to be connected speaks first: the runs do not wait for each other.
    for (const side of sides.toReversed())
      if (side !== undefined) act(world, (network) => send(network, side, 0, bytesOf('go')));
    run(world);
    finishPeers(world.network);
    const failures = world.network.failures.map(({ peer, got }) => `${peer}: ${got}`);
    const texts = sides.map((side) =>
      side === undefined ? '' : textOf(act(world, (network) => receive(network, side, side.receivedLength))),
    );
    return [...texts, ...failures];
  };
  assert.deepEqual(answersOf([server('a')], 3), ['a', 'a', 'a']);
  assert.deepEqual(answersOf([server('a'), server('b'), server('c')], 5), ['a', 'b', 'c', 'c', 'c']);
  assert.deepEqual(answersOf([server('a'), server('b')], 1), ['a', 'b: none from the driver']);
});

test('what was under way at the end still arrives', () => {
  const world = createWorld({ delayNs: 1_000_000 });
  const listener = listenAt(world);
  act(world, (network) => startPeers(network, [clientOf([{ kind: 'expect-close', how: 'rst' }])]));
  run(world, 5_000_000);
  const side = acceptAt(world, listener);
  act(world, (network) => abort(network, side));
  act(world, deliverLast);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
});

test('a client that expects to be refused fails only where it is let in', () => {
  const steps: PeerStep[] = [{ kind: 'expect-close', how: 'rst' }];
  const world = createWorld();
  act(world, (network) => startPeers(network, [clientOf(steps)]));
  run(world);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
  assert.deepEqual(failuresOf(steps), ['1: the connection to end by rst / it stayed open']);
});

test('a client whose patience ends before it is let in gives up', () => {
  const world = createWorld();
  const listener = listenAt(world);
  listener.isConditional = true;
  const client = clientOf([{ kind: 'wait', ms: 1 }]);
  const script: PeerScript = {
    ...client,
    role: { kind: 'connect', to: { host: '127.0.0.1', port: 80 }, patienceMs: 5 },
  };
  act(world, (network) => startPeers(network, [script]));
  run(world, 4_000_000);
  assert.deepEqual(world.told, ['inspect 1']);
  run(world);
  assert.deepEqual(world.told, ['inspect 1', 'inspect-abort 1']);
  finishPeers(world.network);
  assert.deepEqual(world.network.failures, []);
});

test('patience has an end without anybody there, and none once a client is connected', () => {
  const role: PeerScript['role'] = { kind: 'connect', to: { host: '192.0.2.10', port: 80 }, patienceMs: 5 };
  const script = (steps: readonly PeerStep[]): PeerScript => ({ ...clientOf(steps), role });
  const world = createWorld();
  listenAt(world).isConditional = true;
  act(world, (network) => startPeers(network, [script([expectBytes('x')])]));
  run(world);
  finishPeers(world.network);
  assert.deepEqual(
    world.network.failures.map(({ step, expected, got }) => `${step} ${expected} / ${got}`),
    ['0 a connection / none within 5 ms'],
  );
  const other = createWorld();
  echo(other);
  act(other, (network) =>
    startPeers(network, [script([{ kind: 'wait', ms: 10 }, { kind: 'send', bytes: bytesOf('x') }, expectBytes('x')])]),
  );
  run(other);
  finishPeers(other.network);
  assert.deepEqual(other.network.failures, []);
});
