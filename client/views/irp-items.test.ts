/** The nodes of the IRP tree: what a user reads, where a click goes, and that ids survive every step of a run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProtocolIrp } from '../../debugger/protocol.ts';
import { type IrpMood, type IrpNode, irpNodes, irpSummary, irpsLeftOut, spokenText } from './irp-items.ts';

const place = (line: number) => ({ path: 'C:\\drivers\\listen.c', line, column: 5 });

const accept: ProtocolIrp = {
  id: 2,
  address: '0xFFFF800000012340',
  state: 'pending',
  call: 'WskAccept',
  issuedAt: place(274),
  allocatedAt: place(265),
  stackLocations: [
    {
      index: 1,
      isCurrent: true,
      major: 'WSK',
      completionRoutine: { name: 'AcceptComplete', place: place(83) },
      invokeOn: ['success', 'error', 'cancel'],
      context: '0xFFFF800000010000',
    },
  ],
  history: [{ what: 'allocated', place: place(265) }, { what: 'returned STATUS_PENDING' }],
};

const completed: ProtocolIrp = {
  ...accept,
  state: 'completed',
  status: { code: 0, name: 'STATUS_SUCCESS' },
  information: 'socket 3',
};

/** The tree as text, two spaces a level, what a user sees before opening anything being marked with its opened parents. */
const drawn = (nodes: readonly IrpNode[], indent = ''): string[] =>
  nodes.flatMap((node) => [
    `${indent}${node.label}${node.description ? ` | ${node.description}` : ''}${node.place ? ` -> ${node.place.line}` : ''}`,
    ...drawn(node.children, `${indent}  `),
  ]);

const ids = (nodes: readonly IrpNode[]): string[] => nodes.flatMap((node) => [node.id, ...ids(node.children)]);

test('an IRP shows what it asks for, where its call alone does not say', () => {
  const [node] = irpNodes([{ ...completed, call: 'IoCallDriver', subject: 'IOCTL_DOT4_READ' }]);
  assert.equal(node?.label, 'IRP #2  IoCallDriver(IOCTL_DOT4_READ)');
});

test('an IRP shows its call, its state and everything that is known of it', () => {
  assert.deepEqual(drawn(irpNodes([completed])), [
    'IRP #2  WskAccept | STATUS_SUCCESS -> 274',
    '  issued at | listen.c:274 -> 274',
    '  allocated at | listen.c:265 -> 265',
    '  address | 0xFFFF800000012340',
    '  IoStatus.Status | STATUS_SUCCESS (0x00000000)',
    '  IoStatus.Information | socket 3',
    '  stack locations | 1',
    '    > [1] WSK | AcceptComplete  success  error  cancel -> 83',
    '      completion routine | AcceptComplete -> 83',
    '      invoked on | success, error, cancel',
    '      context | 0xFFFF800000010000',
    '  history | 2 events',
    '    allocated | listen.c:265 -> 265',
    '    returned STATUS_PENDING',
  ]);
});

test('what is not known is left out', () => {
  const bare: ProtocolIrp = { id: 1, address: '0x10', state: 'idle', stackLocations: [], history: [] };
  assert.deepEqual(drawn(irpNodes([bare])), ['IRP #1 | not sent', '  address | 0x10']);
});

test('the state decides words, icon and summary', () => {
  const cancelled = { code: 0xc0000120, name: 'STATUS_CANCELLED' };
  const failed = { code: -1073741670, name: 'STATUS_INSUFFICIENT_RESOURCES' };
  const success = { code: 0, name: 'STATUS_SUCCESS' };
  const cases: [ProtocolIrp['state'], ProtocolIrp['status'], string, IrpMood, string][] = [
    ['idle', undefined, 'not sent', 'idle', '0 pending, 3 completions'],
    ['sent', undefined, 'sent', 'pending', '1 pending, 3 completions'],
    ['pending', undefined, 'pending', 'pending', '1 pending, 3 completions'],
    ['completing', success, 'completing STATUS_SUCCESS', 'completing', '1 pending, 3 completions'],
    ['completed', success, 'STATUS_SUCCESS', 'succeeded', '0 pending, 3 completions'],
    ['completed', failed, 'STATUS_INSUFFICIENT_RESOURCES', 'failed', '0 pending, 3 completions'],
    ['freed', cancelled, 'STATUS_CANCELLED, freed', 'cancelled', '0 pending, 3 completions'],
    ['freed', undefined, 'freed', 'freed', '0 pending, 3 completions'],
  ];
  for (const [state, status, words, mood, summary] of cases) {
    const irp: ProtocolIrp = { ...accept, state, ...(status ? { status } : {}) };
    const [node] = irpNodes([irp]);
    assert.equal(node?.description, words);
    assert.equal(node?.mood, mood);
    const told = state === 'completed' || state === 'freed' ? /completed STATUS|freed/ : new RegExp(words);
    assert.match(node?.tooltip ?? '', told);
    assert.equal(irpSummary({ irps: [irp], completions: 3 }), summary);
  }
  assert.equal(irpSummary({ irps: [accept], completions: 1 }), '1 pending, 1 completion');
  assert.equal(irpSummary({ irps: [], completions: 0 }), '');
});

test('ids are unique, and those of a step before are still there after it', () => {
  const other: ProtocolIrp = { ...accept, id: 3 };
  const before = ids(irpNodes([accept, other]));
  assert.equal(new Set(before).size, before.length);
  const after = new Set(ids(irpNodes([completed, other])));
  assert.deepEqual(
    before.filter((id) => !after.has(id)),
    [],
  );
});

test('a location that is not the current one, or has no routine, says so', () => {
  const irp: ProtocolIrp = {
    ...accept,
    stackLocations: [{ index: 2, isCurrent: false, major: 'IRP_MJ_DEVICE_CONTROL', invokeOn: [], context: '0' }],
  };
  const lines = drawn(irpNodes([irp])).map((line) => line.trimEnd());
  assert.ok(lines.includes('      [2] IRP_MJ_DEVICE_CONTROL | no completion routine'), lines.join('\n'));
  assert.ok(lines.includes('      invoked on | never'));
});

test('a screen reader hears a row as it stands there, not its tooltip', () => {
  const rows = (nodes: readonly IrpNode[]): string[] =>
    nodes.flatMap((node) => [spokenText(node), ...rows(node.children)]);
  const said = rows(irpNodes([completed]));
  for (const text of [
    'IRP #2 WskAccept: STATUS_SUCCESS',
    'issued at: listen.c:274',
    'current location [1] WSK: AcceptComplete success error cancel',
    'returned STATUS_PENDING',
  ])
    assert.ok(said.includes(text), `${text} in ${said.join('\n')}`);
});

test('IRPs that are no longer told of are counted', () => {
  const rows: [readonly number[], number][] = [
    [[], 0],
    [[1, 2], 0],
    [[3, 1001, 1002], 999],
  ];
  for (const [numbers, leftOut] of rows) assert.equal(irpsLeftOut(numbers.map((id) => ({ ...accept, id }))), leftOut);
});
