// Real time as virtual time, and what waits for events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutsidePort, Run, RunEvent } from '../emulator/index.ts';
import type { Bridge } from './bridge.ts';
import { createEvents } from './events.ts';
import { createPace } from './pace.ts';
import { createWatch } from './watch.ts';

const MS = 1_000_000;

test('virtual time goes with real time, a millisecond ahead, and stands while somebody looks', () => {
  let ms = 0;
  const pace = createPace(() => ms);
  assert.equal(pace.limitNs(0), MS);
  ms = 10;
  assert.equal(pace.limitNs(0), 11 * MS);
  pace.restart();
  ms = 5000;
  assert.equal(pace.limitNs(0), 11 * MS);
  ms = 5001;
  assert.equal(pace.limitNs(0), 12 * MS);
  // Virtual time that has gone ahead by itself is where real time goes on from.
  assert.equal(pace.limitNs(100 * MS), 100 * MS);
  ms = 5002;
  assert.equal(pace.limitNs(100 * MS), 101 * MS);
});

test('who waits is woken once: by an event, or by the clock', async () => {
  const events = createEvents();
  let woken = 0;
  const wakes = (ms: number): Promise<void> => new Promise((resolve) => events.wait(ms, () => resolve(void woken++)));
  const first = wakes(60_000);
  events.push({ kind: 'unload' });
  events.push({ kind: 'close' });
  await first;
  assert.deepEqual(events.take(), [{ kind: 'unload' }, { kind: 'close' }]);
  await wakes(1);
  events.push({ kind: 'unload' });
  await wakes(60_000);
  assert.equal(woken, 3);
  events.giveBack([{ kind: 'close' }]);
  assert.deepEqual(events.take(), [{ kind: 'close' }, { kind: 'unload' }]);
  events.stop();
});

interface Told {
  readonly pushed: RunEvent[];
  readonly said: string[];
}

function watching(
  clockMs: () => number,
  told: Told,
): { readonly run: Run; readonly watch: ReturnType<typeof createWatch> } {
  const bridge: Bridge = {
    events: createEvents(),
    perform: () => {},
    push: (event) => told.pushed.push(event),
    close: () => {},
  };
  const outside: OutsidePort = {
    limitNs: 0,
    takeOrders: () => ({ first: 0, orders: [] }),
    pass: () => {},
    takeBack: () => [],
    record: () => [],
    repeat: () => {},
  };
  // Nothing else of the run is looked at.
  const run = { outside } as unknown as Run;
  return { run, watch: createWatch({ bridge, clockMs, say: (line) => told.said.push(line) }) };
}

test('a run that waits is looked at again when its time has come', () => {
  let ms = 0;
  const { run, watch } = watching(() => ms, { pushed: [], said: [] });
  const waiting = { kind: 'waiting', nowNs: 0, untilNs: 50 * MS, isUnloading: false } as const;
  assert.equal(watch.after(run, { kind: 'running' }), undefined);
  assert.equal(watch.after(run, waiting), 49);
  ms = 50;
  assert.equal(watch.after(run, waiting), undefined);
});

test('an unload that clients keep from ending is waited for ten seconds', () => {
  let ms = 0;
  const told: Told = { pushed: [], said: [] };
  const { run, watch } = watching(() => ms, told);
  const waiting = { kind: 'waiting', nowNs: 0, untilNs: Number.POSITIVE_INFINITY, isUnloading: true } as const;
  assert.equal(watch.after(run, waiting), 1000);
  ms = 9999;
  watch.after(run, waiting);
  assert.deepEqual(told.pushed, []);
  ms = 10_000;
  watch.after(run, waiting);
  ms = 30_000;
  watch.after(run, waiting);
  assert.deepEqual(told.pushed, [{ kind: 'close' }]);
  assert.equal(told.said.length, 1);
});
