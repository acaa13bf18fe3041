import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHitCondition } from './hit-condition.ts';

test('hit conditions: the hits from 1 to 10 at which they stop', () => {
  const cases: readonly (readonly [string, readonly number[] | undefined])[] = [
    ['3', [3]],
    ['== 3', [3]],
    ['=3', [3]],
    ['> 8', [9, 10]],
    [' >= 8 ', [8, 9, 10]],
    ['<3', [1, 2]],
    ['<= 3', [1, 2, 3]],
    ['% 4', [4, 8]],
    ['% 0', undefined],
    ['', undefined],
    ['often', undefined],
    ['-1', undefined],
    ['3 4', undefined],
  ];
  for (const [text, wanted] of cases) {
    const condition = readHitCondition(text);
    const stops = condition && [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter(condition);
    assert.deepEqual(stops, wanted, text);
  }
});
