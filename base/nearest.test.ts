/** Names that are a slip of the hand away from a known one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distanceTo, nearestName } from './nearest.ts';

const cases: readonly (readonly [
  name: string,
  candidates: string,
  limit: number | undefined,
  near: string | undefined,
])[] = [
  ['IoFreeIrp', 'IoAllocateIrp IoFreeMdl IoFreeIrq', undefined, 'IoFreeIrq'],
  ['iofreeirp', 'IoFreeIrq IoFreeIrp', undefined, 'IoFreeIrp'],
  ['IoFreIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFreeeIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFereIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['oIFreeIrp', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFreeIpr', 'IoFreeIrp', 1, 'IoFreeIrp'],
  ['IoFeerIrp', 'IoFreeIrp', 1, undefined],
  ['IoFrIrp', 'IoFreeIrp', 1, undefined],
  ['IoFrIrp', 'IoFreeIrp', undefined, 'IoFreeIrp'],
  ['XoFreeIrq', 'IoFreeIrp', undefined, 'IoFreeIrp'],
  ['XoFreeIrq', 'IoFreeIrp', 1, undefined],
  ['length', 'lenght width', undefined, 'lenght'],
  ['aaab', 'aab aaaab', undefined, 'aab'],
  ['abc', 'abd', undefined, undefined],
];

for (const [name, candidates, limit, near] of cases) {
  test(`${name} among ${candidates}${limit === undefined ? '' : `, ${limit} edit`}`, () => {
    assert.equal(nearestName(name, candidates.split(' '), limit), near);
  });
}

test('edits are counted as the whole table of distances counts them', () => {
  const words = wordsOf('ab_', 4);
  for (const a of words) {
    for (const b of words) {
      const isSame = a.toLowerCase() === b.toLowerCase();
      const edits = isSame ? 0 : wholeTable(a, b);
      for (const limit of [1, 2, 3])
        assert.equal(distanceTo(a, b, limit), Math.min(edits, limit), `${a} ${b} ${limit}`);
    }
  }
  assert.equal(distanceTo('KeQueryTickCounter', 'KeQueryTickCount', 3), 2);
  assert.equal(distanceTo('xKeQueryTickCountx', 'KeQueryTickCount', 3), 2);
  assert.equal(distanceTo('KeQueryxTickCountxx', 'KeQueryTickCount', 3), 3);
});

/** All words of up to so many of the letters. */
function wordsOf(letters: string, length: number): readonly string[] {
  if (length === 0) return [''];
  return ['', ...[...letters].flatMap((letter) => wordsOf(letters, length - 1).map((rest) => letter + rest))];
}

function wholeTable(a: string, b: string): number {
  const table: number[][] = [];
  const at = (i: number, j: number): number => table[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 0; i <= a.length; i++) {
    table.push([]);
    for (let j = 0; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const ways = [
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      ];
      table[i]?.push(i === 0 && j === 0 ? 0 : Math.min(...ways));
    }
  }
  return at(a.length, b.length);
}
