/** Records by address: what is inside a block of memory, whatever the number of pages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestAddress } from '../machine/native.ts';
import { AddressMap } from './address-map.ts';

const base = 0xffff8000_00001000n;
const at = (offset: number): GuestAddress => (base + BigInt(offset)) as GuestAddress;

function mapOf(...offsets: readonly number[]): AddressMap<number> {
  const map = new AddressMap<number>();
  for (const offset of offsets) map.set(at(offset), offset);
  return map;
}

const rows: readonly (readonly [what: string, start: number, size: number, inside: readonly number[]])[] = [
  ['the first byte counts, the one behind the end does not', 16, 16, [16]],
  ['nothing there', 40, 8, []],
  ['no bytes', 16, 0, []],
  ['two pages', 32, 4096, [32, 4100]],
  ['more pages than records', 0, 1 << 20, [16, 32, 4100, 9000]],
];
for (const [what, start, size, inside] of rows) {
  test(`records within a block: ${what}`, () => {
    assert.deepEqual(mapOf(16, 32, 4100, 9000).within(at(start), size), inside.map(at));
  });
}

test('what is deleted is not found any more, what is set again is found once', () => {
  const map = mapOf(16, 32);
  map.set(at(32), 1);
  map.delete(at(16));
  assert.deepEqual(map.within(at(0), 64), [at(32)]);
  assert.equal(map.get(at(32)), 1);
  map.clear();
  assert.deepEqual(map.within(at(0), 64), []);
});

test('addresses of user memory, NULL and numbers that are no address are told apart', () => {
  const addresses = [
    0n,
    1n,
    base,
    0x21c_0000_1000n,
    0x21c_0000_1ff8n,
    0x21c_0000_2000n,
    0x1234_5678_9abc_def0n,
    2n ** 64n - 1n,
  ];
  const map = new AddressMap<bigint>();
  for (const address of addresses) map.set(address as GuestAddress, address);
  assert.deepEqual([...map.values()], addresses);
  for (const address of addresses) assert.equal(map.get(address as GuestAddress), address);
  assert.equal(map.get(0x1234_5678_9abc_def1n as GuestAddress), undefined);
  assert.deepEqual(map.within(0x21c_0000_1000n, 4096), [0x21c_0000_1000n, 0x21c_0000_1ff8n]);
  assert.deepEqual(map.within(0x21c_0000_1ff0n, 64), [0x21c_0000_1ff8n, 0x21c_0000_2000n]);
  assert.equal(map.delete(0x21c_0000_1ff8n as GuestAddress), true);
  assert.deepEqual(map.within(0x21c_0000_1000n, 4097), [0x21c_0000_1000n, 0x21c_0000_2000n]);
});

test('an answer is not out of date: asked, changed, asked again', () => {
  const map = mapOf(16);
  assert.equal(map.get(at(16)), 16);
  map.set(at(16), 1);
  assert.equal(map.get(at(16)), 1);
  map.delete(at(16));
  assert.equal(map.get(at(16)), undefined);
  map.set(at(16), 2);
  assert.equal(map.get(at(16)), 2);
  map.clear();
  assert.equal(map.get(at(16)), undefined);
});
