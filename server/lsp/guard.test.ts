import assert from 'node:assert/strict';
import test from 'node:test';
import { CancellationToken } from 'vscode-languageserver';
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

test('what is only drawn comes behind messages that wait, and costs nothing where it was taken back', async () => {
  const guard = createGuard(() => {});
  const log: string[] = [];
  const draw = (token: CancellationToken): Promise<string> =>
    guard.late('symbols', 'nothing', token, () => {
      log.push('drawn');
      return 'symbols';
    });
  const answer = draw(CancellationToken.None);
  setImmediate(() => setImmediate(() => log.push('key')));
  assert.equal(await answer, 'symbols');
  assert.deepEqual(log, ['key', 'drawn']);
  assert.equal(await draw(CancellationToken.Cancelled), 'nothing');
  assert.equal(log.length, 2);
});
