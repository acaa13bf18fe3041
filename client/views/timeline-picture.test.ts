/** The picture of a run: which lane each IRP has, how long, what it looks like, and what is still to come after a step back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProtocolStep, TimelineResponse } from '../../debugger/protocol.ts';
import { noTimeline, type Timeline, timelineOf, timelinePicture } from './timeline-picture.ts';

const MORE_PROCESSING_REQUIRED = -1073741802;
const CANCELLED = -1073741536;
const UNSUCCESSFUL = -1073741823;

const place = (line: number) => ({ path: '/d/a.c', line, column: 5 });

type Row = readonly [kind: string, irp?: number, status?: number];

const stepsOf = (rows: readonly Row[]): ProtocolStep[] =>
  rows.map(([kind, irp, status], row) => ({
    sequence: 10 + row,
    kind,
    ...(irp === undefined ? {} : { irp }),
    ...(status === undefined ? {} : { status }),
    text: `${kind} ${irp ?? ''}`,
    line: `${row} ms  ${kind}`,
    statements: 100 + row,
    place: place(row),
  }));

const answer = (rows: readonly Row[], more: Partial<TimelineResponse> = {}): TimelineResponse => ({
  steps: stepsOf(rows),
  changes: 0,
  ...more,
});

const drawn = (rows: readonly Row[]): string => timelinePicture(timelineOf(answer(rows), noTimeline));

/** Each piece of a lane: "slot: first row to last row, what it looks like". */
const lanes = (picture: string): string[] =>
  [...picture.matchAll(/<path class="([^"]*)" d="M(\d+) (\d+)V(\d+)"/g)].map(
    ([, look, x, from, to]) => `${Number(x) / 12 - 1}: ${(Number(from) - 10) / 20}-${(Number(to) - 10) / 20} ${look}`,
  );

test('a lane goes from the first event of an IRP to its end, and what it looks like is what the IRP has come to', () => {
  const rows: Row[] = [
    ['irp-allocated', 1],
    ['irp-sent', 1],
    ['phase'],
    ['irp-returned', 1, 0x103],
    ['irp-completed', 1, 0],
    ['completion-routine', 1],
    ['irp-freed', 1],
    ['completion-returned', 1, MORE_PROCESSING_REQUIRED],
    ['log'],
  ];
  assert.deepEqual(lanes(drawn(rows)), [
    '0: 0-1 irp-allocated',
    '0: 1-3 irp-sent',
    '0: 3-4 irp-returned',
    '0: 4-5 irp-completed',
    '0: 5-6 completion-routine',
    '0: 6-7 irp-freed',
    '0: 7-7 completion-returned',
  ]);
});

test('an IRP that is not over has its lane to the bottom, and one that is leaves its lane to another', () => {
  const cases: [string, readonly Row[], readonly string[]][] = [
    ['pending', [['irp-sent', 1], ['log']], ['0: 0-2 irp-sent']],
    ['kept', [['completion-returned', 1, MORE_PROCESSING_REQUIRED], ['log']], ['0: 0-2 completion-returned']],
    ['not kept', [['completion-returned', 1, 0], ['log']], ['0: 0-0 completion-returned']],
    ['failed', [['irp-completed', 1, UNSUCCESSFUL], ['log']], ['0: 0-0 irp-completed failed']],
    ['cancelled', [['irp-completed', 1, CANCELLED], ['log']], ['0: 0-0 irp-completed cancelled']],
    [
      'side by side',
      [
        ['irp-sent', 1],
        ['irp-sent', 2],
      ],
      ['0: 0-2 irp-sent', '1: 1-2 irp-sent'],
    ],
    [
      'one after the other',
      [
        ['irp-freed', 1],
        ['irp-sent', 2],
      ],
      ['0: 0-0 irp-freed', '0: 1-2 irp-sent'],
    ],
  ];
  for (const [name, rows, expected] of cases) assert.deepEqual(lanes(drawn(rows)), expected, name);
});

test('what the driver is called by does not become markup', () => {
  const [step] = stepsOf([['log']]);
  assert.ok(step !== undefined);
  const picture = timelinePicture({ ...noTimeline, steps: [{ ...step, text: '"<b>&', line: '<script>' }] });
  assert.ok(!/<b>|<script>|"<|&[^#]/.test(picture), picture);
  assert.ok(picture.includes('&#34;&#60;b&#62;&#38;'));
});

test('who goes back sees what came after it, until something is changed by hand', () => {
  const rows: Row[] = [
    ['irp-allocated', 1],
    ['irp-sent', 1],
    ['irp-completed', 1, 0],
  ];
  const before = timelineOf(answer(rows), noTimeline);
  const cases: [string, TimelineResponse, Pick<Timeline, 'happened' | 'now'> & { readonly length: number }][] = [
    ['on', answer(rows), { length: 3, happened: 3, now: 2 }],
    ['back between two', answer(rows.slice(0, 1), { place: place(77) }), { length: 3, happened: 1, now: 0 }],
    ['back to one', answer(rows.slice(0, 1), { place: place(1) }), { length: 3, happened: 1, now: 1 }],
    ['changed', answer(rows.slice(0, 1), { place: place(1), changes: 1 }), { length: 1, happened: 1, now: 0 }],
    ['to the beginning', answer([]), { length: 3, happened: 0, now: -1 }],
  ];
  for (const [name, now, expected] of cases) {
    const { steps, happened, now: at } = timelineOf(now, before);
    assert.deepEqual({ length: steps.length, happened, now: at }, expected, name);
  }
  const picture = timelinePicture(timelineOf(answer(rows.slice(0, 1), { place: place(1) }), before));
  assert.deepEqual(
    [...picture.matchAll(/<g class="step ([^"]*)"/g)].map(([, look]) => look),
    ['irp-allocated', 'irp-sent ahead now', 'irp-completed ahead'],
  );
  assert.match(picture, /aria-label="irp-sent 1" aria-current="step"/);
});
