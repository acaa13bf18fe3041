// Going back needs a run that does not change when it is looked at: stopping at every statement gives the same trace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../emulator/index.ts';
import { fileAt, planOf, readyRun } from '../emulator/testing.ts';

const listen = fileAt('samples/listen/listen.c');

function atOnce(run: Run): void {
  while (run.advance(1_000_000).kind !== 'ended');
}

function inPieces(run: Run): void {
  while (run.advance(3).kind !== 'ended');
}

function stopping(run: Run): void {
  do run.requestPause();
  while (run.advance(50_000).kind !== 'ended');
}

test('a run in pieces, and one that stops before every statement, give the same events', () => {
  for (const seed of [undefined, 1]) {
    const [whole, ...others] = [atOnce, inPieces, stopping].map((go) => {
      const run = readyRun(planOf([listen], { seed }));
      go(run);
      return JSON.stringify(run.trace(0).map(({ span, ...event }) => ({ ...event, at: span?.start })));
    });
    for (const other of others) assert.equal(other, whole, `seed ${seed}`);
  }
});
