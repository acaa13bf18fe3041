import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedMap, SharedSet } from './shared.ts';

const entriesOf = (map: SharedMap<string, number>): string =>
  [...map].map(([key, value]) => `${key}${value}`).join(' ');
const membersOf = (set: SharedSet<string>): string => [...set].join(' ');

test('What is changed in one of two maps is not changed in the other', () => {
  const cases: readonly (readonly [string, (map: SharedMap<string, number>) => unknown, string])[] = [
    ['sets anew', (map) => map.set('b', 9), 'a1 b9 c3'],
    ['adds', (map) => map.set('d', 4), 'a1 b2 c3 d4'],
    ['deletes', (map) => map.delete('b'), 'a1 c3'],
    ['deletes what is not there', (map) => map.delete('x'), 'a1 b2 c3'],
    ['clears', (map) => map.clear(), ''],
    ['clears and adds', (map) => [map.clear(), map.set('d', 4)], 'd4'],
    ['deletes and adds again, at the end', (map) => [map.delete('a'), map.set('a', 1)], 'b2 c3 a1'],
  ];
  for (const [name, change, expected] of cases) {
    for (const changed of ['original', 'copy', 'copy of the copy'] as const) {
      const original = new SharedMap<string, number>();
      for (const [index, key] of ['a', 'b', 'c'].entries()) original.set(key, index + 1);
      const copy = new SharedMap(original);
      const all = { original, copy, 'copy of the copy': new SharedMap(copy) };
      change(all[changed]);
      for (const [which, map] of Object.entries(all))
        assert.equal(
          entriesOf(map),
          which === changed ? expected : 'a1 b2 c3',
          `${name}: ${changed}, seen in ${which}`,
        );
    }
  }
});

test('Sets are shared as maps are', () => {
  const original = new SharedSet<string>();
  original.add('a');
  const copy = new SharedSet(original);
  copy.add('b');
  const cleared = new SharedSet(copy);
  cleared.clear();
  cleared.add('c');
  copy.delete('a');
  assert.deepEqual([original, copy, cleared].map(membersOf), ['a', 'b', 'c']);
  assert.deepEqual([copy.size, copy.has('a'), copy.has('b')], [1, false, true]);
});

test('What is empty at first is nobody else’s', () => {
  const [a, b] = [new SharedMap<string, number>(), new SharedMap<string, number>()];
  a.set('a', 1);
  assert.deepEqual([entriesOf(a), entriesOf(b), entriesOf(new SharedMap())], ['a1', '', '']);
  a.clear();
  b.set('b', 2);
  assert.deepEqual([entriesOf(a), entriesOf(b), a.size, b.get('b'), a.has('b')], ['', 'b2', 0, 2, false]);
});

test('A table is shared until the first change, and the last who holds it changes it in place', () => {
  const first = new SharedMap<string, number>();
  first.set('a', 1);
  const second = new SharedMap(first);
  assert.equal(first.isSharedWith(second), true);
  second.delete('b');
  assert.equal(first.isSharedWith(second), true);
  second.set('b', 2);
  assert.equal(first.isSharedWith(second), false);
  const entries = first[Symbol.iterator]();
  first.set('c', 3);
  assert.deepEqual([...entries].length, 2, 'the loop goes over the same table');
});

test('A loop that changes the entries it is at comes to all of them, shared or not', () => {
  for (const isShared of [false, true]) {
    const map = new SharedMap<string, number>();
    for (let i = 0; i < 6; i++) map.set(`k${i}`, i);
    const copy = isShared ? new SharedMap(map) : undefined;
    for (const [key, value] of map) {
      if (value % 2 === 0) map.delete(key);
      else map.set(key, value * 10);
    }
    assert.equal(entriesOf(map), 'k110 k330 k550');
    if (copy !== undefined) assert.equal(copy.size, 6);
  }
});
