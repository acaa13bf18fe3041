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
