/** What the scenario has happen to a device of the driver: stopped and started, removed in good order, pulled out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from './run/types.ts';
import { fileAt, findingsOf, finish, planOf, readyRun, scenarioText } from './testing.ts';

const text = fileAt('emulator/fixtures/port-function.c').text;

function runPort(changes: string, { callers = '', defines = '' } = {}): RunResult {
  const scenario = scenarioText(`
devices:
  - name: \\Device\\Port0
    pnp: true
    changes: [${changes}]
    answers:
      - { to: read, output: first }
      - { to: read, pends: true }
${callers}`);
  const file = { ...fileAt('emulator/fixtures/port-function.c'), text: `${defines}${text}` };
  return finish(readyRun(planOf([file], { scenario })));
}

const minors: Readonly<Record<string, string>> = {
  0: 'start',
  1: 'query-remove',
  2: 'remove',
  3: 'cancel-remove',
  4: 'stop',
  5: 'query-stop',
  6: 'cancel-stop',
  17: 'surprise',
};

/** What the driver is asked, in words. */
function asked({ log }: RunResult): string {
  return log.map((line) => minors[line.replace('pnp ', '')] ?? line).join(' ');
}

const refuses = '#define REFUSES\n';
const end = 'query-remove remove';
const pulled = 'surprise remove';
const rows: readonly (readonly [changes: string, defines: string, asked: string])[] = [
  ['', '', `start ${end}`],
  ['{ what: stop, afterMs: 5 }', '', `start query-stop stop ${end}`],
  ['{ what: stop, afterMs: 5 }, { what: restart, afterMs: 9 }', '', `start query-stop stop start ${end}`],
  ['{ what: query-stop, afterMs: 5 }', '', `start query-stop cancel-stop ${end}`],
  ['{ what: query-remove, afterMs: 5 }', '', `start query-remove cancel-remove ${end}`],
  ['{ what: remove, afterMs: 5 }', '', `start ${end}`],
  ['{ what: surprise-removal, afterMs: 5 }', '', `start ${pulled}`],
  ['{ what: remove, afterMs: 5 }, { what: surprise-removal, afterMs: 9 }', '', `start ${end}`],
  // Who refuses is asked no more, until the end pulls the device out.
  ['{ what: stop, afterMs: 5 }', refuses, `start query-stop cancel-stop query-remove cancel-remove ${pulled}`],
  ['', refuses, `start query-remove cancel-remove ${pulled}`],
];

for (const [changes, defines, expected] of rows) {
  test(`a device with ${changes === '' ? 'no changes' : changes}${defines === '' ? '' : ', refused'}`, () => {
    const result = runPort(changes, { defines });
    assert.deepEqual(findingsOf(result), []);
    assert.equal(asked(result), expected);
  });
}

const reader = `callers:
  - steps:
      - open: \\Device\\Port0
      - read: { length: 8, output: first }
      - read: { length: 8, status: STATUS_NO_SUCH_DEVICE }
      - read: { length: 8, status: STATUS_DELETE_PENDING }
      - waitMs: 20
  - steps:
      - waitMs: 10
      - open: { device: \\Device\\Port0, status: STATUS_NO_SUCH_DEVICE }
`;

test('pulled out, a device refuses what waits and is not opened again; the driver is told of the removal by the last close', () => {
  const result = runPort('{ what: surprise-removal, afterMs: 5 }', { callers: reader });
  assert.deepEqual(
    result.findings.map(({ message }) => message),
    [],
  );
  assert.equal(asked(result), `start ${pulled}`);
});

test('a device that a program has open is not removed in good order', () => {
  const callers = `callers:
  - steps:
      - open: \\Device\\Port0
      - waitMs: 20
  - steps:
      - waitMs: 10
      - open: \\Device\\Port0
`;
  const result = runPort('{ what: remove, afterMs: 5 }', { callers });
  assert.deepEqual(findingsOf(result), []);
  assert.equal(asked(result), `start query-remove cancel-remove ${end}`);
});

test('who deletes the device when it is pulled out is told so', () => {
  const result = runPort('{ what: surprise-removal, afterMs: 5 }', { defines: '#define DELETES_ON_SURPRISE\n' });
  assert.deepEqual(
    result.findings.map(({ rule }) => rule),
    ['device-deleted-on-surprise'],
  );
});

test('who fails a surprise removal is told so', () => {
  const result = runPort('{ what: surprise-removal, afterMs: 5 }', { defines: '#define FAILS_SURPRISE\n' });
  assert.deepEqual(
    result.findings.map(({ rule }) => rule),
    ['pnp-request-refused'],
  );
});

test('who talks to a device that is not started yet is told so', () => {
  const result = runPort('', { defines: '#define READS_BEFORE_START\n' });
  assert.deepEqual(
    result.findings.map(({ rule }) => rule),
    ['device-not-started'],
  );
});

test('who waits for a work item while the device starts is waited for', () => {
  const result = runPort('', { defines: '#define STARTS_IN_WORKER\n' });
  assert.deepEqual(findingsOf(result), []);
  assert.equal(asked(result), `start ${end}`);
});

test('a device that does not start again is removed, once', () => {
  const changes = '{ what: stop }, { what: restart, afterMs: 5 }, { what: surprise-removal, afterMs: 5 }';
  const scenario = scenarioText(`
devices:
  - name: \\Device\\Port0
    pnp: true
    changes: [${changes}]
    answers: [{ to: pnp }, { to: pnp }, { to: pnp }, { to: pnp, status: STATUS_UNSUCCESSFUL }]
`);
  const result = finish(readyRun(planOf([fileAt('emulator/fixtures/port-function.c')], { scenario })));
  assert.deepEqual(findingsOf(result), []);
  assert.equal(asked(result), `start query-stop stop start ${pulled}`);
});

test('changes that the run is too short for are said', () => {
  const result = runPort('{ what: stop, afterMs: 5000 }');
  assert.deepEqual(result.untried, [
    'Not all changes of \\Device\\Port0 have happened: the driver was unloaded before; see unloadAfterMs.',
  ]);
});
