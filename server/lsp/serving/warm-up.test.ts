import assert from 'node:assert/strict';
import test from 'node:test';
import { analyse, analyseDriver, INCLUDES } from '../../features/testing.ts';
import { afterRest } from './rest.ts';
import { createWarmUp, placesIn, warmUp } from './warm-up.ts';

test('the work is done once, for the first document', async () => {
  const done: string[] = [];
  const first = await new Promise((resolve) => {
    const soon = createWarmUp((uri) => {
      done.push(uri);
      resolve(uri);
    });
    for (const uri of ['file:///a.c', 'file:///b.c']) soon(uri);
    assert.deepEqual(done, [], 'it waits until nobody else does');
  });
  // Whatever else was asked for has had its turns, too.
  await new Promise((resolve) => afterRest(0, () => resolve(undefined)));
  assert.equal(first, 'file:///a.c');
  assert.deepEqual(done, ['file:///a.c']);
});

test('names are taken evenly over the whole text', () => {
  const text = Array.from({ length: 1000 }, (_, i) => `name${i} = 1;`).join('\n');
  const places = placesIn(text, 10);
  assert.equal(places.length, 10);
  assert.deepEqual(places.map(({ start, end }) => text.slice(start, end)).slice(0, 2), ['name0', 'name100']);
  assert.deepEqual(placesIn('a = b;', 10), []);
});

test('whatever the text, nothing comes of it', () => {
  for (const text of [' ', 'int', '#include <', 'void f(PIRP Irp) { Irp->', '#define A(', '}}}} "abcd', '\u0000\u0001'])
    for (const { analysis } of [analyse(text), analyseDriver(text), analyse(`${INCLUDES}${text}`)])
      assert.equal(warmUp(analysis), undefined);
});
