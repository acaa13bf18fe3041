// Datagrams: who gets them, who hears that they did not arrive, groups, sizes, and a wire with faults.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Indication } from './network.ts';
import { act, bindSocket, bytesOf, createWorld, run, type World } from './testing.ts';
import { datagramBytesMax, joinGroup, leaveGroup, sendDatagram } from './udp.ts';

const own = '192.0.2.10';
const from = { host: '192.0.2.20', port: 5000 };

function receivers(world: World, host: string, port: number, sender = from): number[] {
  const told: number[] = [];
  world.onTold = (indication) => {
    if (indication.kind === 'datagram') told.push(indication.socket);
  };
  act(world, (network) => sendDatagram(network, sender, { host, port }, bytesOf('hello')));
  run(world);
  return told;
}

test('the longest match, broadcast to all, groups to their members', () => {
  const world = createWorld();
  bindSocket(world, 'udp', own, 53, 2);
  const any = bindSocket(world, 'udp', '0.0.0.0', 53, 1);
  bindSocket(world, 'udp', '::', 53, 3);
  bindSocket(world, 'udp', '0.0.0.0', 54, 4);
  assert.deepEqual(receivers(world, own, 53), [2]);
  assert.deepEqual(receivers(world, '127.0.0.1', 53), [1]);
  assert.deepEqual(receivers(world, '2001:db8::10', 53), [3]);
  assert.deepEqual(receivers(world, '255.255.255.255', 53), [2, 1]);
  assert.deepEqual(receivers(world, '192.0.2.255', 54), [4]);
  assert.deepEqual(receivers(world, '239.1.1.1', 53), []);
  assert.equal(joinGroup(any, '239.1.1.1', 'ethernet'), true);
  assert.equal(joinGroup(any, '239.1.1.1', 'ethernet'), false);
  assert.deepEqual(receivers(world, '239.1.1.1', 53), [1]);
  assert.deepEqual(receivers(world, '239.1.1.1', 53, { host: '127.0.0.1', port: 1 }), []);
  assert.equal(leaveGroup(any, '239.1.1.1', 'ethernet'), true);
  assert.deepEqual(receivers(world, '239.1.1.1', 53), []);
});

test('an IPv6 socket that takes IPv4 sees mapped addresses', () => {
  const world = createWorld();
  const binding = bindSocket(world, 'udp', '::', 53, 1);
  Object.assign(binding, { isDual: true });
  let seen: Indication | undefined;
  world.onTold = (indication) => {
    seen = indication;
  };
  act(world, (network) => sendDatagram(network, from, { host: own, port: 53 }, bytesOf('x')));
  run(world);
  assert.ok(seen?.kind === 'datagram');
  assert.deepEqual([seen.from.host, seen.to.host], ['::ffff:192.0.2.20', '::ffff:192.0.2.10']);
});

test('nobody at the port: the sender hears of it; nobody at the address: silence; too long: not sent', () => {
  const world = createWorld();
  bindSocket(world, 'udp', '0.0.0.0', 5000, 7);
  const send = (host: string, length = 1): boolean =>
    act(world, (network) =>
      sendDatagram(network, { host: own, port: 5000 }, { host, port: 9 }, new Uint8Array(length)),
    );
  send('127.0.0.1');
  run(world);
  assert.deepEqual(world.told, ['unreachable 7']);
  send('203.0.113.5');
  run(world);
  assert.deepEqual(world.told, ['unreachable 7']);
  assert.deepEqual([datagramBytesMax(own), datagramBytesMax('::1')], [65_507, 65_527]);
  assert.equal(send('127.0.0.1', 65_507), true);
  assert.equal(send('127.0.0.1', 65_508), false);
});

test('loss, duplicates and order, as the seed says', () => {
  const arrivals = (seed: number, options: Parameters<typeof createWorld>[0]): string => {
    const world = createWorld({ seed, ...options });
    bindSocket(world, 'udp', own, 53, 1);
    const got: number[] = [];
    world.onTold = (one) => {
      if (one.kind === 'datagram') got.push(one.bytes[0] ?? 0);
    };
    for (let i = 0; i < 100; i++) {
      act(world, (network) => sendDatagram(network, from, { host: own, port: 53 }, Uint8Array.of(i)));
    }
    run(world);
    return got.join(' ');
  };
  const all = Array.from({ length: 100 }, (_, i) => i).join(' ');
  assert.equal(arrivals(1, {}), all);
  assert.equal(arrivals(1, { jitterNs: 1_000_000 }), all);
  assert.equal(arrivals(1, { lossPercent: 100 }), '');
  assert.equal(arrivals(1, { duplicatePercent: 100 }).split(' ').length, 200);
  const lossy = { lossPercent: 20, reorderPercent: 20 };
  assert.equal(arrivals(5, lossy), arrivals(5, lossy));
  assert.notEqual(arrivals(5, lossy), arrivals(6, lossy));
  const reordered = arrivals(5, { reorderPercent: 20 }).split(' ').map(Number);
  assert.equal(reordered.length, 100);
  assert.notDeepEqual(
    reordered,
    [...reordered].sort((a, b) => a - b),
  );
});
