/** The compact trace gives back what was put in: every property, in its order, whatever the kind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { createTraceLog, type TraceMoment, traceLine } from './index.ts';
import type { TraceDetail, TraceEvent, VirtualTimeNs } from './trace.ts';

const file = sourceFile('/drivers/listen.c', 'int a;\nint b;\n');
const names = { path: () => 'listen.c', status: () => undefined };

function moment(n: number): TraceMoment {
  return {
    timeNs: (n * 1_000_000_007) as VirtualTimeNs,
    statements: n * 3,
    thread: { id: n % 5, name: `thread ${n % 5}` },
    irql: n % 3,
    span: n % 4 === 0 ? undefined : { file, start: 7, end: 10 },
  };
}

const details: readonly TraceDetail[] = [
  { kind: 'phase', phase: 'driver-entry' },
  { kind: 'phase', phase: 'driver-loaded', status: -1073741823 },
  { kind: 'log', text: '' },
  { kind: 'irp-sent', irp: 1, call: 'WskSocket', object: 'WSK' },
  { kind: 'irp-completed', irp: 1, status: -5, information: '17' },
  { kind: 'choice', point: 'scheduler.next', chosen: 0, options: 3 },
  { kind: 'finding', rule: 'leak', message: 'IRP #1 is left' },
];

test('an event comes out as it went in', () => {
  const log = createTraceLog('kept');
  const expected: TraceEvent[] = [];
  for (const [i, detail] of details.entries()) {
    const at = moment(i);
    log.push(at, detail);
    const { timeNs, statements, thread, irql, span } = at;
    expected.push({ sequence: i, timeNs, statements, thread, irql, span, ...detail });
  }
  assert.deepEqual(log.slice(0), expected);
  assert.deepEqual(log.slice(5), expected.slice(5));
  assert.deepEqual(log.at(3), expected[3]);
  assert.equal(log.at(-1), undefined);
  assert.equal(log.at(details.length), undefined);
  const lines = (events: readonly TraceEvent[]): readonly string[] => events.map((event) => traceLine(event, names));
  assert.deepEqual(lines(log.slice(0)), lines(expected));
});

test('many events, and how many of a kind there are', () => {
  const log = createTraceLog('kept');
  const total = 60_000;
  for (let i = 0; i < total; i++) log.push(moment(i), details[i % details.length] as TraceDetail);
  assert.equal(log.length, total);
  assert.equal(log.count('phase'), Math.ceil(total / 7) * 2 - (total % 7 === 1 ? 1 : 0));
  assert.equal(log.count('socket'), 0);
  for (const i of [0, 1, 7281, 9362, 30_000, total - 1]) {
    const event = log.at(i);
    assert.equal(event?.sequence, i);
    assert.equal(event?.timeNs, i * 1_000_000_007);
    assert.equal(event?.kind, details[i % details.length]?.kind);
    assert.equal(event?.thread.name, `thread ${i % 5}`);
  }
});

test('a log that only counts keeps no event', () => {
  const log = createTraceLog('counted');
  for (const { kind } of [...details, ...details]) log.tally(kind);
  assert.equal(log.length, 0);
  assert.deepEqual(log.slice(0), []);
  assert.equal(log.count('irp-sent'), 2);
  assert.equal(log.count('socket'), 0);
});
