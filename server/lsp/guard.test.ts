import assert from 'node:assert/strict';
import test from 'node:test';
import { Bug } from '../../base/assert.ts';
import { createGuard } from './guard.ts';

test('a bug gives the empty answer and is reported once', async () => {
  const reports: string[] = [];
  const guard = createGuard((text) => reports.push(text));
  const fail = (): never => {
    throw new Bug('injected');
  };
  for (let i = 0; i < 3; i++) assert.equal(guard.now('hover', null, fail), null);
  assert.equal(reports.length, 1);
  assert.match(reports[0] ?? '', /in hover; .*\n.*injected/);
  assert.equal(
    guard.now('hover', null, () => 'answer' as string | null),
    'answer',
  );
  assert.deepEqual(await guard.run('settings', [], async () => fail()), []);
  assert.equal(reports.length, 2, 'the same bug in another request is another report');
});
