/** Virtual time, random numbers, choices and their replay, lines of the trace. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import {
  advanceTo,
  createClock,
  createRandom,
  nextBelow,
  nextUint32,
  randomStrategy,
  recordChoices,
  replayChoices,
  statementsUntil,
  type TraceEvent,
  type TraceNames,
  timeAt,
  timelineText,
  traceLine,
  usualStrategy,
  type VirtualTimeNs,
} from './index.ts';

test('time moves with statements, and by jumps that never go back', () => {
  const clock = createClock();
  assert.equal(timeAt(clock, 100), 1000);
  advanceTo(clock, 5000, 100);
  assert.equal(timeAt(clock, 101), 5010);
  assert.equal(statementsUntil(clock, 5100, 101), 9);
  assert.equal(statementsUntil(clock, 0, 101), 1);
  assert.throws(() => advanceTo(clock, 10, 101), /never goes back/);
});

test('random numbers depend on the seed alone, and are spread evenly', () => {
  const draw = (seed: number): number[] => {
    const state = createRandom(seed);
    return Array.from({ length: 8 }, () => nextUint32(state));
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const state = createRandom(7);
  const even = [0, 0, 0, 0, 0];
  for (let i = 0; i < 5000; i++) {
    const at = nextBelow(state, 5);
    even[at] = (even[at] as number) + 1;
  }
  for (const count of even) assert.ok(count > 850 && count < 1150, even.join(' '));
});

test('choices are recorded, but for those that are none', () => {
  const choices = recordChoices(usualStrategy);
  assert.equal(choices.choose({ name: 'a', options: 1 }), 0);
  assert.equal(choices.choose({ name: 'b', options: 3 }), 0);
  assert.deepEqual(choices.record, [0]);
  assert.deepEqual(choices.recorded, [{ point: 'b', options: 3, chosen: 0 }]);
});

test('a record replays, and the strategy goes on after it', () => {
  const first = recordChoices(randomStrategy(3));
  const points = Array.from({ length: 20 }, (_, i) => ({ name: `p${i}`, options: 2 + (i % 3) }));
  const answers = points.map((point) => first.choose(point));
  const again = replayChoices(first.recorded.slice(0, 10), usualStrategy);
  const replayed = points.map((point) => again.choose(point));
  assert.deepEqual(replayed.slice(0, 10), answers.slice(0, 10));
  assert.deepEqual(replayed.slice(10), new Array(10).fill(0));
  assert.equal(again.mismatch, undefined);
});

test('a record that does not fit says where', () => {
  const prefix = [
    { point: 'a', options: 2, chosen: 1 },
    { point: 'b', options: 2, chosen: 1 },
  ];
  const rows: readonly (readonly [string, number])[] = [
    ['c', 2],
    ['b', 3],
  ];
  for (const [name, options] of rows) {
    const choices = replayChoices(prefix, randomStrategy(1));
    assert.equal(choices.choose({ name: 'a', options: 2 }), 1);
    assert.equal(choices.choose({ name, options }), 0);
    assert.equal(choices.mismatch?.code, 'replay-mismatch');
    assert.equal(choices.mismatch?.at, 1);
    assert.match(choices.mismatch?.message ?? '', /decision 2 is "b" among 2/);
    assert.equal(choices.choose({ name: 'x', options: 5 }) < 5, true);
  }
});

const file = sourceFile('/drivers/listen.c', 'int a;\nint b;\n');
const names: TraceNames = {
  path: () => 'src/listen.c',
  status: (code) => (code === 0 ? 'STATUS_SUCCESS' : code === 0x103 ? 'STATUS_PENDING' : undefined),
};
const base = {
  sequence: 4,
  timeNs: 1_234_567 as VirtualTimeNs,
  statements: 99,
  thread: { id: 2, name: 'ListenThread' },
  irql: 2,
  span: { file, start: 7, end: 10 },
};

test('a trace line is JSON with keys in a fixed order and a relative place', () => {
  const event: TraceEvent = { ...base, kind: 'irp-sent', irp: 1, call: 'WskSocket', object: '' };
  assert.equal(
    traceLine(event, names),
    '{"sequence":4,"timeNs":1234567,"statements":99,"thread":2,"threadName":"ListenThread","irql":2,' +
      '"place":"src/listen.c:2:1","kind":"irp-sent","irp":1,"call":"WskSocket","object":""}',
  );
});

test('the timeline says what happened in aligned columns', () => {
  const rows: readonly (readonly [TraceEvent, string | undefined])[] = [
    [
      { ...base, kind: 'irp-sent', irp: 1, call: 'WskSocket', object: '' },
      '    1.235 ms  ListenThread        DISPATCH  IRP #1 → WskSocket (listen.c:2)',
    ],
    [
      { ...base, kind: 'irp-sent', irp: 1, call: 'IoCallDriver', subject: 'IOCTL_DOT4_READ', object: '\\Device\\D' },
      '    1.235 ms  ListenThread        DISPATCH  IRP #1 → IoCallDriver(IOCTL_DOT4_READ) on \\Device\\D (listen.c:2)',
    ],
    [
      { ...base, irql: 0, span: undefined, kind: 'irp-returned', irp: 1, call: 'WskSocket', status: 0x103 },
      '    1.235 ms  ListenThread        PASSIVE   IRP #1   WskSocket returns STATUS_PENDING',
    ],
    [
      { ...base, kind: 'irp-completed', irp: 1, status: 0, information: 'socket #1' },
      '    1.235 ms  ListenThread        DISPATCH  IRP #1 completes STATUS_SUCCESS, Information = socket #1',
    ],
    [
      { ...base, kind: 'completion-returned', irp: 1, routine: 'Done', status: -1 },
      '    1.235 ms  ListenThread        DISPATCH  IRP #1 ← Done returns 0xFFFFFFFF',
    ],
    [
      { ...base, thread: { id: 3, name: 'AVeryLongNameOfAThread' }, kind: 'log', text: 'hi' },
      '    1.235 ms  AVeryLongNameOfAT…  DISPATCH  "hi"',
    ],
    [{ ...base, kind: 'choice', point: 'x', chosen: 0, options: 2 }, undefined],
  ];
  for (const [event, text] of rows) assert.equal(timelineText(event, names), text);
});
