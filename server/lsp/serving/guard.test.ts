import assert from 'node:assert/strict';
import test from 'node:test';
import { CancellationToken, LSPErrorCodes, type ResponseError } from 'vscode-languageserver';
import { Bug } from '../../../base/assert.ts';
import { createGuard } from './guard.ts';

const isRead = () => Promise.resolve('read' as const);

test('a bug gives the empty answer and is reported once', async () => {
  const reports: string[] = [];
  const guard = createGuard((text) => reports.push(text), isRead);
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
  const guard = createGuard(() => {}, isRead);
  const log: string[] = [];
  const draw = (token: CancellationToken): Promise<string> =>
    guard.late('symbols', 'nothing', { uri: 'a', token }, () => {
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

test('an answer about a text that is being read: none where it was taken back, and an error where the text is another', async () => {
  const states = ['read', 'taken-back', 'changed'] as const;
  const reports: string[] = [];
  const answers = await Promise.all(
    states.map((state) => {
      const guard = createGuard(
        (text) => reports.push(text),
        () => Promise.resolve(state),
      );
      const asked = { uri: 'a', token: CancellationToken.None };
      return guard.read('hover', 'nothing', asked, () => 'hover').catch(({ code }: ResponseError) => code);
    }),
  );
  assert.deepEqual(answers, ['hover', 'nothing', LSPErrorCodes.ContentModified]);
  assert.deepEqual(reports, []);
});
