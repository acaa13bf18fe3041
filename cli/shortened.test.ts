/** Floods and odd text: what people see of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceEvent } from '../emulator/index.ts';
import { folded, shortened, visible } from './shortened.ts';
import { createTimeline } from './timeline-output.ts';

const NOTE = { head: 2, tail: 1, note: (count: number): string => `(${count})` };

for (const [count, expected] of [
  [0, ''],
  [3, '0 1 2'],
  [4, '0 1 2 3'],
  [5, '0 1 (2) 4'],
  [300, '0 1 (297) 299'],
] as const) {
  test(`a list of ${count} lines`, () => {
    const lines = Array.from({ length: count }, (_, i) => String(i));
    assert.equal(shortened(lines, NOTE).join(' '), expected);
  });
}

for (const [lines, expected] of [
  ['a b c', 'a b c'],
  ['a a b', 'a a b'],
  ['a a a a b', 'a|… 3 more of the same|b'],
  ['x a b a b a b a y', 'x|a|b|… 4 more of these 2 in turn|a|y'],
  ['a b c a b c', 'a b c a b c'],
] as const) {
  test(`calls ${lines}`, () => {
    assert.equal(folded(lines.split(' ')).join('|'), expected.replaceAll(' ', expected.includes('|') ? ' ' : '|'));
  });
}

test('what a terminal would obey is shown', () => {
  assert.equal(visible('a\tb\r\n\u001b[31mc\u0000\u009bdé…'), 'a\tb\\r\\n\\x1B[31mc\\x00\\x9Bdé…');
});

test('packets that are alike and follow each other are one line and a count', () => {
  const written: string[] = [];
  const timeline = createTimeline({ path: () => 'x.c', status: () => undefined }, (line) => written.push(line.trim()));
  const thread = { id: 0, name: 'kernel' };
  let timeNs = 0;
  const add = (detail: object): void =>
    timeline.add({ sequence: 0, timeNs: (timeNs += 1e6), statements: 0, thread, irql: 0, ...detail } as TraceEvent);
  for (const [detail, times] of [
    ['one', 5],
    ['two', 3],
    ['one', 4],
  ] as const)
    for (let i = 0; i < times; i++) add({ kind: 'network', detail });
  add({ kind: 'log', text: 'said' });
  add({ kind: 'network', detail: 'one' });
  timeline.end();
  assert.deepEqual(
    written.map((line) => line.replace(/ +/g, ' ').replace(' kernel PASSIVE network:', '')),
    [
      '1.000 ms one',
      '… 4 more of the same, until 5.000 ms',
      '6.000 ms two',
      '7.000 ms two',
      '8.000 ms two',
      '9.000 ms one',
      '… 3 more of the same, until 12.000 ms',
      '13.000 ms kernel PASSIVE "said"',
      '14.000 ms one',
    ],
  );
});

test('a timeline that floods goes on with phases and findings, and counts the rest', () => {
  const written: string[] = [];
  const timeline = createTimeline({ path: () => 'x.c', status: () => undefined }, (line) => written.push(line));
  const base = { sequence: 0, timeNs: 0, statements: 0, thread: { id: 0, name: 'kernel' }, irql: 0, span: undefined };
  const add = (detail: object): void => timeline.add({ ...base, ...detail } as unknown as TraceEvent);
  for (let i = 0; i < 2100; i++) add({ kind: 'log', text: `${i}` });
  add({ kind: 'finding', rule: 'leak', message: 'lost' });
  add({ kind: 'log', text: 'late' });
  timeline.end();
  assert.equal(written.length, 2003);
  assert.match(written[1999] ?? '', /"1999"$/);
  assert.match(written[2000] ?? '', /… 100 more; `--trace file` keeps them all/);
  assert.match(written[2001] ?? '', /✗ leak: lost/);
  assert.match(written[2002] ?? '', /… 1 more/);
});
