// Addresses: canonical spelling, bytes, endpoints, families.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asFamily,
  hostBytes,
  hostFromBytes,
  isBroadcast,
  isLoopback,
  isMulticast,
  parseEndpoint,
  parseHost,
  unmapped,
} from './address.ts';

/** As written, and its canonical spelling; undefined for what is no address. */
const hosts: readonly (readonly [string, string | undefined])[] = [
  ['127.0.0.1', '127.0.0.1'],
  ['010.1.1.1', '10.1.1.1'],
  ['256.1.1.1', undefined],
  ['1.2.3', undefined],
  ['::', '::'],
  ['::1', '::1'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['2001:DB8::0:10', '2001:db8::10'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
  ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ['::ffff:102:304', '::ffff:1.2.3.4'],
  ['fe80::1::2', undefined],
  ['1:2:3:4:5:6:7:8:9', undefined],
  ['12345::', undefined],
  ['localhost', undefined],
];
test('hosts in their canonical spelling', () => {
  for (const [text, wanted] of hosts) {
    assert.equal(parseHost(text), wanted, text);
    if (wanted !== undefined) assert.equal(hostFromBytes(hostBytes(wanted)), wanted, text);
  }
});

test('endpoints', () => {
  assert.deepEqual(parseEndpoint('127.0.0.1:80'), { host: '127.0.0.1', port: 80 });
  assert.deepEqual(parseEndpoint('[::1]:80'), { host: '::1', port: 80 });
  for (const text of ['::1:80', '[127.0.0.1]:80', '127.0.0.1', '127.0.0.1:70000', '[::1]', 'x:1']) {
    assert.equal(parseEndpoint(text), undefined, text);
  }
});

test('kinds of hosts and IPv4-mapped ones', () => {
  assert.deepEqual(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.0.0.1'].map(isLoopback), [
    true,
    true,
    true,
    true,
    false,
  ]);
  assert.deepEqual(['224.0.0.1', '239.1.1.1', 'ff02::1', '240.0.0.1'].map(isMulticast), [true, true, true, false]);
  assert.deepEqual(['255.255.255.255', '10.0.0.255'].map(isBroadcast), [true, false]);
  assert.equal(unmapped('::ffff:10.0.0.1'), '10.0.0.1');
  assert.equal(asFamily('10.0.0.1', 'inet6'), '::ffff:10.0.0.1');
  assert.equal(asFamily('::ffff:10.0.0.1', 'inet'), '10.0.0.1');
});
