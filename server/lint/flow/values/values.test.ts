/** Values and ranges: addresses are normal forms, ranges are exact where they can be. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { between, contains, exactly, except, hull, intersect, moved, rangeKey, single, widen } from './ranges.ts';
import { ANYTHING, element, integerValue, shift, symbolValue, type Value } from './values.ts';

const p = symbolValue('p', { kind: 'other' });
const i = symbolValue('i', { kind: 'other' });

test('an address has one key however it was reached', () => {
  const same: readonly (readonly [Value, Value])[] = [
    [shift(shift(p, 8), 16), shift(p, 24)],
    [shift(shift(p, 8), -8), p],
    [element(p, integerValue(3n), 8), shift(p, 24)],
    [shift(element(p, i, 56), 0), element(p, i, 56)],
    [shift(integerValue(0n), 40), integerValue(40n)],
  ];
  for (const [a, b] of same) assert.equal(a.key, b.key);
  assert.notEqual(element(p, i, 56).key, element(p, i, 48).key);
  assert.equal(element(p, ANYTHING, 8).kind, 'anything');
});

test('keys do not grow without end', () => {
  let value: Value = p;
  for (let n = 0; n < 200; n++) value = element(value, i, 8);
  assert.equal(value.kind, 'anything');
});

test('ranges', () => {
  const text = (r: ReturnType<typeof intersect>): string => (r === undefined ? 'none' : rangeKey(r));
  assert.equal(text(intersect(between(0n, 9n), except(0n))), '1..9!');
  assert.equal(text(intersect(exactly(5n), except(5n))), 'none');
  assert.equal(text(intersect(between(undefined, -1n), exactly(259n))), 'none');
  assert.equal(text(hull(exactly(1n), exactly(5n))), '1..5!=1,5');
  assert.equal(text(hull(exactly(-1n), exactly(5n))), '-1..5!0=-1,5');
  assert.equal(text(hull(between(1n, 2n), exactly(5n))), '1..5!');
  assert.equal(text([2n, 3n, 4n, 5n].map(exactly).reduce(hull, exactly(1n))), '1..5!', 'too many to keep');
  assert.equal(text(widen(between(0n, 1n), exactly(2n))), '0..!');
  assert.equal(text(widen(exactly(0n), exactly(1n))), '0..!', 'a counter');
  assert.equal(single(exactly(7n)), 7n);
  assert.equal(contains(except(0n), 0n), false);
});

test('a few statuses stay apart in a loop', () => {
  const [success, failure] = [exactly(0n), exactly(-1073741670n)];
  const either = widen(success, failure);
  assert.equal(rangeKey(either), '-1073741670..0!=-1073741670,0');
  assert.equal(rangeKey(widen(either, success)), rangeKey(either));
  assert.equal(contains(either, -1n), false);
  assert.deepEqual(intersect(either, between(undefined, -1n)), { ...failure, of: undefined });
  assert.equal(intersect(either, exactly(259n)), undefined);
  assert.equal(rangeKey(moved(either, 1n)), '-1073741669..1!0=-1073741669,1');
});
