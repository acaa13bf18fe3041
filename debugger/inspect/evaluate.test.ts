import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitAssignment } from './evaluate.ts';

test('assignments in the console are told from comparisons', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['a = 1', '1'],
    ['p->x=y == 3', 'y == 3'],
    ['list[2].Flink = &other', '&other'],
    ['a == 1', undefined],
    ['a != 1', undefined],
    ['a <= 1', undefined],
    ['a >= 1', undefined],
    ['a += 1', undefined],
    ['a |= 1', undefined],
    ["c == '='", undefined],
    ["'='", undefined],
    ['a', undefined],
  ];
  for (const [text, value] of cases) assert.equal(splitAssignment(text)[1], value, text);
  assert.equal(splitAssignment(' p->x = 3')[0], 'p->x');
});
