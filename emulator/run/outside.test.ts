// What comes from outside, handed in by hand: when it happens, how the run waits, and that its trace repeats it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutsideOrder } from '../net/bridge-types.ts';
import { traceLine } from '../sim/index.ts';
import { fileAt, findingsOf, finish, planOf, readyRun, scenarioText } from '../testing.ts';
import { type RecordedEvent, type RunEvent, readRecorded, recordOf } from './outside-state.ts';
import type { Advance, OutsidePort, Run, RunPlan, RunResult } from './types.ts';

const scenario = scenarioText('network: { bridge: true }');

function planWith(changes: Partial<RunPlan>): RunPlan {
  return planOf([fileAt('test/cli/drivers/keeper.c')], { scenario, ...changes });
}

interface Live {
  readonly run: Run;
  readonly outside: OutsidePort;
  readonly orders: OutsideOrder[];
}

function live(changes: Partial<RunPlan> = {}): Live {
  const run = readyRun(planWith({ outside: { recorded: [], isLive: true }, ...changes }));
  assert.ok(run.outside !== undefined);
  return { run, outside: run.outside, orders: [] };
}

/** Goes on until the run waits or has ended; `budget` is the size of a slice. */
function rest({ run, outside, orders }: Live, budget = 100_000): Advance {
  for (;;) {
    const advance = run.advance(budget);
    orders.push(...outside.takeOrders().orders);
    if (advance.kind === 'waiting' || advance.kind === 'ended') return advance;
  }
}

/** Hands in an event a millisecond later, and lets the run come to rest. */
function give(one: Live, event: RunEvent, budget?: number): Advance {
  const waiting = rest(one, budget);
  assert.ok(waiting.kind === 'waiting');
  one.outside.pass(waiting.nowNs + 1_000_000, [event]);
  one.run.advance(1);
  one.outside.pass(waiting.nowNs + 3_000_000, []);
  return rest(one, budget);
}

const open: RunEvent = {
  kind: 'open',
  channel: 1,
  from: { host: '127.0.0.1', port: 50_001 },
  to: { host: '127.0.0.1', port: 40_007 },
};
const bytes = (text: string): RunEvent => ({ kind: 'bytes', channel: 1, bytes: new TextEncoder().encode(text) });
const conversation: readonly RunEvent[] = [
  open,
  bytes('a'),
  bytes('bcd'),
  { kind: 'end', channel: 1 },
  { kind: 'unload' },
];

const lines = (run: Run): string[] => {
  const names = { path: () => 'keeper.c', status: () => undefined };
  return run.trace(0).map((event) => traceLine(event, names));
};

function converse(budget?: number, changes: Partial<RunPlan> = {}): Live & { readonly result: RunResult } {
  const one = live(changes);
  let last: Advance = { kind: 'running' };
  for (const event of conversation) last = give(one, event, budget);
  assert.ok(last.kind === 'ended');
  return { ...one, result: last.result };
}

test('a conversation, from listening to unload', () => {
  const { orders, result } = converse();
  assert.deepEqual(findingsOf(result), []);
  const text = new TextDecoder();
  const told = orders.map((order) => (order.kind === 'bytes' ? `bytes ${text.decode(order.bytes)}` : order.kind));
  assert.deepEqual(
    told.filter((one) => one !== 'taken'),
    ['listen', 'bytes a', 'bytes b', 'bytes c', 'bytes d', 'reset', 'unlisten'],
  );
});

test('the trace is the same whatever the slices, and a replay’s is the same again', () => {
  const first = converse();
  assert.deepEqual(lines(converse(7).run), lines(first.run));
  const replay = readyRun(planWith({ outside: { recorded: recordOf(first.run.trace(0)), isLive: false } }));
  assert.equal(finish(replay).outcome, 'clean');
  assert.deepEqual(lines(replay), lines(first.run));
  // The orders too, so that those which were carried out already can be told from new ones.
  assert.deepEqual(replay.outside?.takeOrders().orders, first.orders);
});

for (const seed of [1, 2, 3]) {
  test(`a run with seed ${seed} repeats`, () => {
    const first = converse(undefined, { seed });
    const replay = readyRun(planWith({ seed, outside: { recorded: recordOf(first.run.trace(0)), isLive: false } }));
    finish(replay);
    assert.deepEqual(lines(replay), lines(first.run));
  });
}

test('lines of a trace are read back', () => {
  const { run } = converse();
  const read = lines(run).map((line) => readRecorded(JSON.parse(line)));
  assert.deepEqual(
    read.filter((one) => one !== undefined),
    recordOf(run.trace(0)),
  );
});

const broken: readonly unknown[] = [
  { kind: 'outside' },
  { kind: 'outside', timeNs: 1, statements: 1, what: 'nothing' },
  { kind: 'outside', timeNs: 1, statements: 1, what: 'bytes', channel: 1, bytes: 'xyz' },
  { kind: 'outside', timeNs: 1, statements: 1, what: 'open', channel: 1, from: 'here', to: 'there' },
  { kind: 'outside', timeNs: 1, statements: 1, what: 'taken', channel: 1, length: -1 },
];
for (const line of broken) {
  test(`no event: ${JSON.stringify(line)}`, () => assert.equal(readRecorded(line), 'broken'));
}
test('other lines of a trace are no concern', () => {
  for (const line of [null, 5, 'x', {}, { kind: 'log' }]) assert.equal(readRecorded(line), undefined);
});

test('a record that does not fit is a finding', () => {
  const first = recordOf(converse().run.trace(0));
  const late: readonly RecordedEvent[] = first.map((one, i) => (i === 1 ? { ...one, statements: 1 } : one));
  const more: readonly RecordedEvent[] = [...first, { timeNs: 1e15, statements: 0, event: { kind: 'close' } }];
  for (const recorded of [late, more]) {
    const result = finish(readyRun(planWith({ outside: { recorded, isLive: false } })));
    assert.deepEqual(
      result.findings.map(({ rule }) => rule),
      ['replay-mismatch'],
    );
  }
});

test('virtual time keeps to what real time allows', () => {
  const one = live({ scenario: scenarioText('network: { bridge: true }\nunloadAfterMs: 50') });
  one.outside.pass(20_000_000, []);
  const waiting = rest(one);
  assert.ok(waiting.kind === 'waiting' && !waiting.isUnloading);
  assert.ok(waiting.untilNs >= 50_000_000, 'it is the unload that is waited for');
  assert.equal(rest(one).kind, 'waiting');
  one.outside.pass(waiting.untilNs, []);
  const ended = rest(one);
  assert.ok(ended.kind === 'ended');
  assert.ok(ended.result.virtualTimeMs >= 50);
});

test('a client that stays keeps the unload until the bridge is closed', () => {
  const one = live();
  give(one, open);
  give(one, bytes('a'));
  const unloading = give(one, { kind: 'unload' });
  assert.ok(unloading.kind === 'waiting' && unloading.isUnloading);
  const ended = give(one, { kind: 'close' });
  assert.ok(ended.kind === 'ended');
  assert.deepEqual(
    ended.result.findings.map(({ rule }) => rule),
    ['unload-blocked'],
  );
});

test('an unload that is asked for while DriverEntry runs happens as soon as the driver is loaded', () => {
  const one = live();
  one.outside.pass(1_000_000_000, [{ kind: 'unload' }]);
  const ended = rest(one);
  assert.ok(ended.kind === 'ended');
  assert.deepEqual([ended.result.outcome, ended.result.entryResult], ['clean', 0]);
});

test('what was handed in and has not happened can be had back', () => {
  const one = live();
  one.outside.pass(0, [open, bytes('a')]);
  assert.deepEqual(one.outside.takeBack(), [open, bytes('a')]);
  assert.deepEqual(one.outside.takeBack(), []);
});

test('nobody outside: a scenario with a bridge runs as one without', () => {
  const run = readyRun(planWith({}));
  assert.equal(run.outside, undefined);
  assert.equal(finish(run).outcome, 'clean');
});

test('a record without an unload: the driver is unloaded by itself', () => {
  const recorded = recordOf(converse().run.trace(0)).filter(({ event }) => event.kind !== 'unload');
  const result = finish(readyRun(planWith({ outside: { recorded, isLive: false } })));
  assert.equal(result.outcome, 'clean');
});
