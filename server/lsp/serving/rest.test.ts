import assert from 'node:assert/strict';
import test from 'node:test';
import type { InPieces } from '../../../base/in-pieces.ts';
import { afterRest, createRestingWork, inTurns } from './rest.ts';

/** Messages as the connection handles them: one a turn, each for longer than the rest lasts. */
function handle(left: number, log: string[]): void {
  const end = performance.now() + 3;
  while (performance.now() < end);
  log.push('message');
  if (left > 1) setImmediate(handle, left - 1, log);
}

const done = (log: readonly string[], last: string): Promise<void> =>
  new Promise((resolve) => {
    const look = (): unknown => (log.includes(last) ? resolve() : setTimeout(look, 1));
    look();
  });

test('work comes behind the messages that wait, but not behind those of somebody who never rests', async () => {
  const log: string[] = [];
  afterRest(1, () => log.push('work'));
  handle(6, log);
  await done(log, 'work');
  assert.deepEqual(log, [...Array(6).fill('message'), 'work']);

  const busy: string[] = [];
  afterRest(1, () => busy.push('work'));
  handle(60, busy);
  await done(busy, 'work');
  assert.ok(busy.length < 60, 'there are messages still to come');
});

test('work that was called off is not done', async () => {
  const log: string[] = [];
  afterRest(0, () => log.push('early'))();
  const off = afterRest(0, () => log.push('late'));
  setTimeout(off, 0);
  afterRest(5, () => log.push('done'));
  await done(log, 'done');
  assert.ok(!log.includes('early'));
});

test('of two pieces of work on a document the later one is done; what is called off is not', async () => {
  const log: string[] = [];
  const work = createRestingWork((uri) => {
    log.push(uri);
    return 'done';
  });
  work.soon('twice', 0);
  work.soon('off', 0);
  work.soon('twice', 0);
  work.callOff('off');
  work.soon('done', 5);
  await done(log, 'done');
  assert.deepEqual(log, ['twice', 'done']);
  work.soon('again', 0);
  await done(log, 'again');
});

test('work that is always long waits for a longer rest, and for the usual one when it is short again', async () => {
  let spinMs = 0;
  const log: string[] = [];
  const work = createRestingWork((uri) => {
    const end = performance.now() + spinMs;
    while (performance.now() < end);
    log.push(uri);
    return 'done';
  });
  /** How long the work waited. */
  const waitedFor = async (durationMs: number): Promise<number> => {
    spinMs = durationMs;
    log.length = 0;
    const start = performance.now();
    work.soon('document', 0);
    await done(log, 'document');
    return performance.now() - start - durationMs;
  };
  const waited = [];
  for (const durationMs of [300, 300, 0, 0]) waited.push(await waitedFor(durationMs));
  assert.deepEqual(
    waited.map((ms) => ms >= 290),
    [false, false, true, false],
    waited.join(),
  );
});

test('of work in pieces the next one comes behind messages, and none when it is called off', async () => {
  const log: string[] = [];
  let left = 3;
  const work = createRestingWork((uri) => {
    log.push(uri);
    left--;
    setImmediate(() => log.push(left === 0 ? 'end' : 'message'));
    return left === 0 ? 'done' : 'more';
  });
  work.soon('a', 0);
  await done(log, 'end');
  assert.deepEqual(log, ['a', 'message', 'a', 'message', 'a', 'end']);
  log.length = 0;
  left = 3;
  work.soon('b', 0);
  await done(log, 'message');
  work.callOff('b');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(log.at(-1), 'message');
  assert.ok(left > 0);
});

test('between two turns of long work messages are handled, and it can be called off', async () => {
  const log: string[] = [];
  function* work(): InPieces<string> {
    for (let i = 0; i < 3; i++) {
      // As long as a turn at least.
      for (const end = performance.now() + 20; performance.now() < end; );
      log.push('piece');
      yield;
    }
    return 'done';
  }
  const messages = (left: number): void => {
    log.push('message');
    if (left > 1) setImmediate(messages, left - 1);
  };
  setImmediate(messages, 60);
  assert.equal(await inTurns(work(), () => false), 'done');
  const runs = log.join(' ').split('piece');
  assert.deepEqual(
    runs.slice(0, 3).map((between) => between.split('message').length - 1 > 8),
    [true, true, true],
    log.join(' '),
  );
  let asked = 0;
  const off = await inTurns(work(), () => ++asked > 1);
  assert.equal(off, undefined);
  assert.equal(log.filter((what) => what === 'piece').length, 4);
});
