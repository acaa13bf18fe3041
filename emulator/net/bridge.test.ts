// The emulated end of a bridge: events from outside in, orders out, with the driver's sockets played by the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind, listen, unbind } from './binding.ts';
import { outsideHappened } from './bridge.ts';
import type { Bridge, OutsideOrder } from './bridge-types.ts';
import { abort, adopt, connect, receive, send, shutdown, takeConnection } from './tcp.ts';
import type { Side } from './tcp-side.ts';
import { act, bytesOf, createWorld, run, textOf, type World } from './testing.ts';
import { sendDatagram } from './udp.ts';

function bridgeOf(world: World): Bridge {
  const { bridge } = world.network;
  assert.ok(bridge !== undefined);
  return bridge;
}

/** Orders since the last call, as text: "bytes 1 hello". */
function orders(world: World): string[] {
  const bridge = bridgeOf(world);
  const list = bridge.orders;
  bridge.orders = [];
  return list.map(orderText);
}

function orderText(order: OutsideOrder): string {
  switch (order.kind) {
    case 'listen': {
      const doors = order.doors.map(({ host, to }) => `${host}=${to.host}`).join(' ');
      return `listen ${order.protocol} ${order.port} ${doors}`;
    }
    case 'unlisten':
      return 'unlisten';
    case 'connect':
      return `connect ${order.channel} ${order.to.host} ${order.to.port}`;
    case 'bytes':
      return `bytes ${order.channel} ${textOf(order.bytes)}`;
    case 'taken':
      return `taken ${order.channel} ${order.length}`;
    case 'datagram':
      return `datagram ${order.to.host} ${order.to.port} ${textOf(order.bytes)}`;
    case 'end':
    case 'reset':
      return `${order.kind} ${order.channel}`;
  }
}

function happened(world: World, ...events: readonly Parameters<typeof outsideHappened>[1][]): void {
  for (const event of events) act(world, (network) => outsideHappened(network, event));
  run(world, world.network.nowNs + 1_000_000);
}

const client = { host: '127.0.0.1', port: 50_123 };
const server = { host: '127.0.0.1', port: 80 };
const open = { kind: 'open', channel: 1, from: client, to: server } as const;
const bytes = (text: string) => ({ kind: 'bytes', channel: 1, bytes: bytesOf(text) }) as const;

/** A listening driver, its first connection accepted. */
function accepted(): { readonly world: World; readonly side: Side } {
  const world = createWorld({ isBridged: true });
  const result = bind(world.network, {
    protocol: 'tcp',
    address: { host: '0.0.0.0', port: 80 },
    owner: { kind: 'socket', id: 1 },
    isDual: false,
    sharing: 'none',
  });
  assert.ok(result.kind === 'bound');
  listen(world.network, result.binding);
  assert.deepEqual(orders(world), ['listen tcp 80 127.0.0.1=127.0.0.1']);
  happened(world, open);
  const side = takeConnection(world.network, result.binding.id);
  assert.ok(side !== undefined, 'the client has arrived');
  act(world, (network) => adopt(network, side, { kind: 'socket', id: 2 }, side.window));
  assert.deepEqual(side.remote, client);
  return { world, side };
}

const doorRows: readonly (readonly [string, 'tcp' | 'udp', boolean, string])[] = [
  ['0.0.0.0', 'tcp', false, '127.0.0.1=127.0.0.1'],
  ['::', 'tcp', false, '::1=::1'],
  ['::', 'tcp', true, '127.0.0.1=127.0.0.1 ::1=::1'],
  ['::1', 'tcp', false, '::1=::1'],
  ['127.0.0.1', 'udp', false, '127.0.0.1=127.0.0.1'],
  ['192.0.2.10', 'tcp', false, '127.0.0.1=192.0.2.10'],
  ['::', 'udp', true, '127.0.0.1=127.0.0.1 ::1=::1'],
];
for (const [host, protocol, isDual, doors] of doorRows) {
  test(`${protocol} on ${host}${isDual ? ', dual' : ''} is reached through ${doors}`, () => {
    const world = createWorld({ isBridged: true });
    const address = { host, port: 7 };
    const owner = { kind: 'socket', id: 1 } as const;
    const result = bind(world.network, { protocol, address, owner, isDual, sharing: 'none' });
    assert.ok(result.kind === 'bound');
    if (protocol === 'tcp') {
      assert.deepEqual(orders(world), [], 'a bound socket that does not listen is nobody’s business');
      listen(world.network, result.binding);
    }
    assert.deepEqual(orders(world), [`listen ${protocol} 7 ${doors}`]);
    assert.deepEqual(orders(world), []);
    unbind(world.network, result.binding.id);
    assert.deepEqual(orders(world), ['unlisten']);
  });
}

test('bytes go both ways, and each way says what was taken', () => {
  const { world, side } = accepted();
  happened(world, bytes('hello'));
  assert.equal(textOf(receive(world.network, side, 100)), 'hello');
  assert.deepEqual(orders(world), ['taken 1 5']);
  act(world, (network) => send(network, side, 1, bytesOf('world')));
  run(world, world.network.nowNs + 1_000_000);
  assert.deepEqual(orders(world), ['bytes 1 world']);
  assert.ok(world.told.includes('sent 2'));
});

test('what the driver does not read is not taken', () => {
  const { world, side } = accepted();
  happened(world, bytes('x'.repeat(70_000)));
  assert.equal(side.receivedLength, 65_536);
  assert.deepEqual(orders(world), []);
  receive(world.network, side, 65_536);
  run(world, world.network.nowNs + 1_000_000);
  assert.deepEqual(orders(world), ['taken 1 70000']);
});

test('what the edge does not take stays with the driver', () => {
  const { world, side } = accepted();
  act(world, (network) => send(network, side, 1, new Uint8Array(1_000_000)));
  run(world, world.network.nowNs + 1_000_000);
  const bridge = bridgeOf(world);
  const out = (): number => bridge.orders.reduce((sum, one) => sum + (one.kind === 'bytes' ? one.bytes.length : 0), 0);
  assert.equal(out(), 256 * 1024);
  assert.ok(!world.told.includes('sent 2'), 'the send is pending');
  for (let i = 0; i < 20; i++) happened(world, { kind: 'taken', channel: 1, length: 65_536 });
  assert.equal(out(), 1_000_000);
  assert.ok(world.told.includes('sent 2'));
});

test('each end ends its own direction', () => {
  const { world, side } = accepted();
  happened(world, bytes('last'), { kind: 'end', channel: 1 });
  assert.ok(side.finReceived);
  act(world, (network) => send(network, side, 1, bytesOf('more')));
  act(world, (network) => shutdown(network, side));
  run(world, world.network.nowNs + 1_000_000);
  assert.deepEqual(orders(world), ['taken 1 4', 'bytes 1 more', 'end 1']);
  assert.equal(bridgeOf(world).channels.size, 0);
});

test('a client that says everything at once and ends', () => {
  const world = createWorld({ isBridged: true });
  const address = { host: '0.0.0.0', port: 80 };
  const owner = { kind: 'socket', id: 1 } as const;
  const result = bind(world.network, { protocol: 'tcp', address, owner, isDual: false, sharing: 'none' });
  assert.ok(result.kind === 'bound');
  listen(world.network, result.binding);
  happened(world, open, bytes('a'), bytes('b'), { kind: 'end', channel: 1 });
  const side = takeConnection(world.network, result.binding.id);
  assert.ok(side?.finReceived);
  assert.equal(textOf(receive(world.network, side, 100)), 'ab');
});

test('a reset goes through, whoever makes it', () => {
  const outside = accepted();
  happened(outside.world, { kind: 'reset', channel: 1 });
  assert.ok(outside.side.wasReset);
  assert.equal(bridgeOf(outside.world).channels.size, 0);
  const inside = accepted();
  act(inside.world, (network) => abort(network, inside.side));
  run(inside.world, inside.world.network.nowNs + 1_000_000);
  assert.deepEqual(orders(inside.world), ['reset 1']);
});

test('a client that nobody listens for is cut off; events that come too late are nothing', () => {
  const world = createWorld({ isBridged: true });
  happened(world, open, bytes('x'), { kind: 'end', channel: 1 });
  assert.deepEqual(orders(world), ['reset 1']);
  happened(world, bytes('y'), { kind: 'taken', channel: 9, length: 1 }, { kind: 'opened', channel: 2 });
  assert.deepEqual(orders(world), []);
});

test('the same client port twice: the wire may still know the first connection', () => {
  const { world, side } = accepted();
  happened(world, { ...open, channel: 3 });
  assert.equal(bridgeOf(world).channels.size, 2);
  assert.equal(side.state, 'established');
});

const answers: readonly (readonly ['opened' | 'refused', string])[] = [
  ['opened', 'connected 5'],
  ['refused', 'connect-failed 5'],
];
for (const [kind, told] of answers) {
  test(`the driver calls a program outside, which is ${kind}`, () => {
    const world = createWorld({ isBridged: true });
    const owner = { kind: 'socket', id: 5 } as const;
    act(world, (network) => connect(network, owner, { host: '127.0.0.1', port: 50_000 }, server, 65_536));
    run(world, world.network.nowNs + 1_000_000);
    assert.deepEqual(orders(world), ['connect 2 127.0.0.1 80']);
    assert.deepEqual(world.told, []);
    happened(world, { kind, channel: 2 });
    assert.deepEqual(world.told, [told]);
  });
}

test('other machines are not outside', () => {
  const world = createWorld({ isBridged: true });
  const to = { host: '192.0.2.20', port: 80 };
  const owner = { kind: 'socket', id: 5 } as const;
  act(world, (network) => connect(network, owner, { host: '192.0.2.10', port: 50_000 }, to, 65_536));
  run(world, world.network.nowNs + 1_000_000);
  assert.deepEqual(orders(world), []);
});

test('datagrams', () => {
  const world = createWorld({ isBridged: true });
  const owner = { kind: 'socket', id: 5 } as const;
  const address = { host: '0.0.0.0', port: 7 };
  bind(world.network, { protocol: 'udp', address, owner, isDual: false, sharing: 'none' });
  assert.deepEqual(orders(world), ['listen udp 7 127.0.0.1=127.0.0.1']);
  const here = { host: '127.0.0.1', port: 7 };
  happened(world, { kind: 'datagram', from: client, to: here, bytes: bytesOf('ping') });
  assert.deepEqual(world.told, ['datagram 5']);
  act(world, (network) => sendDatagram(network, here, client, bytesOf('pong')));
  run(world, world.network.nowNs + 1_000_000);
  assert.deepEqual(orders(world), ['datagram 127.0.0.1 50123 pong']);
});

test('a closed bridge takes nothing and lets nothing in', () => {
  const { world } = accepted();
  bridgeOf(world).isClosed = true;
  happened(world, { ...open, channel: 5 });
  assert.equal(bridgeOf(world).channels.size, 1);
  const owner = { kind: 'socket', id: 5 } as const;
  act(world, (network) =>
    connect(network, owner, { host: '127.0.0.1', port: 50_000 }, { ...server, port: 81 }, 65_536),
  );
  run(world, world.network.nowNs + 1_000_000);
  assert.ok(world.told.includes('connect-failed 5'));
});
