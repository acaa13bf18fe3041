import assert from 'node:assert/strict';
import test from 'node:test';
import { CancellationToken, CancellationTokenSource } from 'vscode-languageserver';
import { createWhenRead, type ReadState, type WhenRead } from './reading.ts';

/** Documents by name with the slices that are left to read, and what happened in which order. */
function documentsOf(slices: Readonly<Record<string, number>>) {
  const left = new Map(Object.entries(slices));
  const versions = new Map<string, number>();
  const log: string[] = [];
  const whenRead = createWhenRead({
    readOn(uri) {
      const slice = left.get(uri) ?? 0;
      if (slice === 0) return true;
      log.push(uri);
      left.set(uri, slice - 1);
      if (uri === 'broken' && slice === 1) throw new Error('injected');
      return slice === 1;
    },
    version: (uri) => versions.get(uri) ?? 1,
  });
  return { whenRead, log, change: (uri: string) => versions.set(uri, 2) };
}

const ask = (whenRead: WhenRead, uri: string, token = CancellationToken.None): Promise<ReadState> =>
  whenRead(uri, token);

test('a short text is read at once; documents that somebody waits for take turns', async () => {
  const { whenRead, log } = documentsOf({ short: 1, long: 3, other: 2 });
  const answers = [ask(whenRead, 'short'), ask(whenRead, 'long'), ask(whenRead, 'other'), ask(whenRead, 'long')];
  assert.deepEqual(log, ['short', 'long'], 'what comes behind one that waits is not begun in the turn of its message');
  assert.deepEqual(await Promise.all(answers), ['read', 'read', 'read', 'read']);
  assert.deepEqual(log, ['short', 'long', 'long', 'other', 'long', 'other']);
  assert.equal(await ask(whenRead, 'long'), 'read');
});

test('messages are handled between two slices', async () => {
  const { whenRead, log } = documentsOf({ long: 4 });
  const answer = ask(whenRead, 'long');
  setImmediate(() => log.push('message'));
  await answer;
  assert.deepEqual(log, ['long', 'message', 'long', 'long', 'long']);
});

test('who asks when others have just been answered waits for one slice at a time, too', async () => {
  const { whenRead, log } = documentsOf({ first: 2, long: 4 });
  await ask(whenRead, 'first');
  let isOver = false;
  const tick = (): void => {
    log.push('message');
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  await ask(whenRead, 'long');
  isOver = true;
  const between = log
    .join('')
    .split('long')
    .slice(1, -1)
    .map((messages) => messages.split('message').length - 1);
  assert.ok(between.length === 3 && between.every((messages) => messages > 8), between.join(' '));
});

test('what is taken back is not waited for, and a text that has changed is not that of the request', async () => {
  const { whenRead, log, change } = documentsOf({ long: 4 });
  const source = new CancellationTokenSource();
  const taken = ask(whenRead, 'long', source.token);
  source.cancel();
  assert.equal(await taken, 'taken-back');
  assert.deepEqual(log, ['long']);
  const changed = ask(whenRead, 'long');
  change('long');
  assert.equal(await changed, 'changed');
});

test('a reading that fails is told to whoever waits for it, and to nobody else', async () => {
  const { whenRead } = documentsOf({ broken: 3, long: 5 });
  const answers = [ask(whenRead, 'broken'), ask(whenRead, 'long'), ask(whenRead, 'broken')];
  const settled = await Promise.allSettled(answers);
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected'],
  );
});
