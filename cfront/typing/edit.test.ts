import assert from 'node:assert/strict';
import test from 'node:test';
import { editBetween } from './edit.ts';

const long = 'abc\n'.repeat(5000);

const edits: readonly (readonly [
  what: string,
  older: string,
  newer: string,
  stretch: readonly [number, number, number],
])[] = [
  ['nothing', 'abc', 'abc', [3, 3, 3]],
  ['a character more', 'abc', 'abxc', [2, 2, 3]],
  ['a character less', 'abxc', 'abc', [2, 3, 2]],
  ['one of several alike: the last', 'aaa', 'aaaa', [3, 3, 4]],
  ['all of it', 'abc', 'xyz', [0, 3, 3]],
  ['from nothing', '', 'abc', [0, 0, 3]],
  ['to nothing', 'abc', '', [0, 3, 0]],
  ...[0, 1, 4095, 4096, 4097, 9999, long.length].map(
    (at) => [`at ${at} of a long text`, long, `${long.slice(0, at)}x${long.slice(at)}`, [at, at, at + 1]] as const,
  ),
  ['two places', `a${long}b`, `A${long}B`, [0, long.length + 2, long.length + 2]],
];

for (const [what, older, newer, [start, olderEnd, newerEnd]] of edits) {
  test(`an edit of ${what}`, () => {
    assert.deepEqual(editBetween(older, newer), { start, olderEnd, newerEnd });
  });
}
