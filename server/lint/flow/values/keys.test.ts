/** Numbers of keys: the same for the same keys in the same order, and what a key mentions has its bit in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, addNumber, digestOf, headBit, numberOf, scanOf } from './keys.ts';
import { element, integerValue, OTHER, shift, symbolValue, type Value } from './values.ts';

const made = symbolValue('12:result', OTHER);
const changed = symbolValue(`~7:*${made.key}+8`, OTHER);
const joined = symbolValue(`j3back:*${made.key}+16`, OTHER);

function numberOfAll(values: readonly Value[]): number {
  const digest = digestOf('kind');
  for (const [index, value] of values.entries()) {
    addNumber(digest, index);
    add(digest, scanOf(value));
  }
  return numberOf(digest);
}

test('what a key mentions has its bit in it', () => {
  const rows: readonly (readonly [Value, readonly string[]])[] = [
    [made, ['<12:', '<12:result>']],
    [changed, ['<~7:', '<12:', '<~7:*<12:result>+8>']],
    [joined, ['<j3back:', '<12:']],
    [symbolValue(`9/${changed.key}`, OTHER), ['<9/', '<~7:', '<12:']],
    [element(shift(made, 24), joined, 8), ['<12:', '<j3back:']],
  ];
  for (const [value, starts] of rows)
    for (const start of starts) assert.notEqual(scanOf(value).heads & headBit(start), 0, `${value.key} ${start}`);
});

test('keys without symbols mention nothing', () => {
  assert.equal(scanOf(integerValue(-3n)).heads, 0);
  assert.equal(scanOf({ key: 'g:count;+8' }).heads, 0);
});

test('states with the same keys in the same order have one number', () => {
  const again = [shift(made, 8), symbolValue('12:result', OTHER)];
  assert.equal(numberOfAll(again), numberOfAll([shift(made, 8), made]));
  const others = [[], [made], [made, shift(made, 8)], [shift(made, 8), changed], [shift(made, 9), made]];
  assert.equal(new Set([again, ...others].map(numberOfAll)).size, 6);
});

test('no two of many keys that differ in a digit have one number', () => {
  const numbers = new Set<number>();
  for (let site = 0; site < 300; site++)
    for (let at = 0; at < 100; at++) numbers.add(numberOfAll([symbolValue(`${site}:*<p0>+${at}`, OTHER)]));
  assert.equal(numbers.size, 30_000);
});
