import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPump, laterOn, type Pump } from './pump.ts';

/** An event loop turned by hand. */
function createLoop(): { readonly later: (task: () => void) => void; turn(): boolean } {
  const tasks: (() => void)[] = [];
  return {
    later: (task) => tasks.push(task),
    turn: () => {
      const task = tasks.shift();
      task?.();
      return task !== undefined;
    },
  };
}

function counting(pieces: number): { pump: Pump; turn: () => boolean; done: () => number; errors: unknown[] } {
  const loop = createLoop();
  const errors: unknown[] = [];
  let done = 0;
  const pump = createPump({
    piece: () => (++done % pieces === 0 ? 'stop' : 'more'),
    failed: (error) => errors.push(error),
    later: loop.later,
  });
  return { pump, turn: loop.turn, done: () => done, errors };
}

test('one piece for each turn, until one says stop', () => {
  const { pump, turn, done } = counting(3);
  assert.equal(pump.isRunning, false);
  pump.start();
  pump.start();
  assert.equal(done(), 0);
  while (turn());
  assert.deepEqual([done(), pump.isRunning], [3, false]);
  pump.start();
  while (turn());
  assert.equal(done(), 6);
});

test('a stop between two pieces holds, and a later start begins anew', () => {
  const { pump, turn, done } = counting(1000);
  pump.start();
  turn();
  pump.stop();
  while (turn());
  assert.deepEqual([done(), pump.isRunning], [1, false]);
  pump.start();
  turn();
  turn();
  assert.equal(done(), 3);
});

test('a piece that throws is reported and ends the pumping', () => {
  const loop = createLoop();
  const errors: unknown[] = [];
  const pump = createPump({
    piece: () => {
      throw new Error('a bug');
    },
    failed: (error) => errors.push(error),
    later: loop.later,
  });
  pump.start();
  while (loop.turn());
  assert.deepEqual([errors.length, pump.isRunning], [1, false]);
});

test('a client that does not take its output makes the run wait', async () => {
  const stream = { writableLength: 100_000_000 };
  let ran = false;
  laterOn(stream)(() => {
    ran = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(ran, false);
  stream.writableLength = 0;
  while (!ran) await new Promise((resolve) => setTimeout(resolve, 10));
});
