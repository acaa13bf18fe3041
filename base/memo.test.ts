/** Answers are worked out once for each object, whatever they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memo } from './memo.ts';

test('an answer is worked out once for an object, undefined too', () => {
  const asked: string[] = [];
  const nameOf = memo(({ name }: { readonly name: string }) => {
    asked.push(name);
    return name === '' ? undefined : name;
  });
  const [a, b] = [{ name: 'a' }, { name: '' }];
  assert.deepEqual([nameOf(a), nameOf(b), nameOf(a), nameOf(b)], ['a', undefined, 'a', undefined]);
  assert.deepEqual(asked, ['a', '']);
});
