// Reading scenario files: what comes out, what is refused and where, and the JSON schema beside it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeText, sourceFile } from '../../base/source.ts';
import { readScenario } from './read.ts';
import { dataFiles, defaultScenario, type ScenarioStep } from './scenario.ts';
import { scenarioSchema } from './schema.ts';

const root = process.env.WSK_ROOT ?? '.';

/** Each problem as "line:column code message". */
function problemsOf(text: string): string[] {
  const reading = readScenario(sourceFile('x.wsk.yaml', text));
  if (reading.kind === 'scenario') return [];
  return reading.problems.map((p) => `${placeText(p.span).replace('x.wsk.yaml:', '')} ${p.code} ${p.message}`);
}

/** A step as it is meant, wherever it stands. */
function withoutPlace(step: ScenarioStep): Omit<ScenarioStep, 'span'> {
  const { span, ...rest } = step;
  assert.ok(span !== undefined);
  return rest;
}

test('programs, devices and files are read', () => {
  const reading = readScenario(
    sourceFile(
      'x',
      `callers:
  - name: app
    as: kernel
    steps:
      - open: \\\\.\\Echo
      - open: { device: \\Device\\B, handle: b, access: read, options: [directory], overlapped: true }
      - ioctl: { code: IOCTL_A, input: { file: in.bin }, output: { hex: "0102" }, status: STATUS_SUCCESS }
      - ioctl: { function: 0x801, method: neither, access: read-write, async: one, outputLength: 3 }
      - waitFor: one
      - cancel: one
      - close: b
      - exit: true
devices:
  - name: \\Device\\L
    inOrder: true
    answers:
      - { to: read, output: x, outputAt: 4 }
      - { code: 0x1234, pends: true }
      - { to: write, when: a, expect: { file: page.bin, repeat: 2 }, expectData: { pattern: 'a+' } }
fileSystem:
  \\??\\C:\\a.txt: { file: a.txt }
`,
    ),
  );
  assert.equal(reading.kind, 'scenario', JSON.stringify(reading));
  if (reading.kind !== 'scenario') return;
  const { callers, devices, fileSystem } = reading.scenario;
  const [caller] = callers;
  assert.equal(caller?.mode, 'kernel');
  assert.deepEqual(
    caller?.steps.map(({ kind }) => kind),
    ['open', 'open', 'ioctl', 'ioctl', 'wait-for', 'cancel', 'close', 'exit'],
  );
  const [first, second, third, fourth] = caller?.steps ?? [];
  assert.ok(first?.kind === 'open' && first.device === '\\\\.\\Echo' && first.access === 'read-write');
  assert.equal(first?.span === undefined ? '' : placeText(first.span), 'x:5:9');
  assert.ok(second?.kind === 'open' && second.isOverlapped && second.handle === 'b');
  // An answer that is expected makes room for itself.
  assert.ok(third?.kind === 'ioctl' && third.outputLength === 2);
  assert.deepEqual(fourth?.kind === 'ioctl' ? fourth.code : undefined, {
    kind: 'parts',
    device: 'FILE_DEVICE_UNKNOWN',
    function: '0x801',
    method: 'neither',
    access: 'read-write',
  });
  const [device] = devices;
  assert.ok(device?.isInOrder);
  const [read, control, write] = device.answers;
  assert.deepEqual([read?.outputAt, read?.delayMs, read?.expect], [4, 0, undefined]);
  assert.deepEqual([control?.code, control?.delayMs], [{ kind: 'name', text: '0x1234' }, undefined]);
  assert.deepEqual(
    [write?.expect, write?.expectData],
    [
      { kind: 'file', path: 'page.bin', repeat: 2 },
      { kind: 'pattern', text: 'a+' },
    ],
  );
  assert.deepEqual(fileSystem[0]?.path, '\\??\\C:\\a.txt');
  assert.deepEqual(dataFiles(reading.scenario), ['in.bin', 'page.bin', 'a.txt']);
});

test('an empty file and a comment are the default scenario', () => {
  for (const text of ['', '# nothing\n']) {
    assert.deepEqual(readScenario(sourceFile('x', text)), { kind: 'scenario', scenario: defaultScenario, names: [] });
  }
});

test('every setting is read', () => {
  const reading = readScenario(
    sourceFile(
      'x',
      `files: [a.c, b.c]
unloadAfterMs: 5
completionDelayUs: 7
wskReadyAfterMs: 3
network:
  delayUs: 1
  names: { printer: [192.0.2.20] }
  partitions: [{ fromMs: 1, hosts: [192.0.2.20], how: unreachable }]
peers:
  - name: client
    connect: "[::1]:40007"
    afterMs: 10
    steps:
      - send: hé
      - expect: { hex: "01 02" }
      - send: { text: ab, repeat: 2 }
      - send: { file: page.bin }
      - expect: { length: 5 }
      - expect: { pattern: 'a+\\r\\n' }
      - shutdown: send
      - stall: true
      - waitMs: 4
      - expectClose: fin
      - close: rst
  - listen: 192.0.2.20:80
  - datagram: 192.0.2.20:53
    to: 192.0.2.10:5000
    groups: [239.1.1.1]
    steps:
      - sendTo: { to: "192.0.2.10:1", text: a }
      - expectFrom: { from: "192.0.2.10:1", length: 1 }
faults:
  - call: IoAllocateIrp
  - { call: WskSocket, occurrence: 2, status: STATUS_ACCESS_DENIED }
expect:
  log: [one, "2"]
  findings: []
`,
    ),
  );
  assert.equal(reading.kind, 'scenario');
  if (reading.kind !== 'scenario') return;
  const { scenario } = reading;
  assert.deepEqual(scenario.files, ['a.c', 'b.c']);
  assert.equal(scenario.unloadAfterMs, 5);
  assert.equal(scenario.network.delayUs, 1);
  assert.equal(scenario.network.segmentSize, defaultScenario.network.segmentSize);
  assert.deepEqual(scenario.network.names, { printer: ['192.0.2.20'] });
  const [client, server, datagram] = scenario.peers;
  assert.deepEqual(client?.role, {
    kind: 'connect',
    to: { host: '::1', port: 40007 },
    from: undefined,
    patienceMs: undefined,
  });
  const places = client?.steps.map(({ span }) => (span === undefined ? '' : placeText(span)));
  assert.deepEqual(places?.slice(0, 2), ['x:14:9', 'x:15:9']);
  const withoutSpan = client?.steps.map(withoutPlace);
  assert.deepEqual(withoutSpan, [
    { kind: 'send', bytes: { kind: 'bytes', bytes: Uint8Array.from([0x68, 0xc3, 0xa9]) } },
    { kind: 'expect', what: { kind: 'bytes', bytes: Uint8Array.from([1, 2]) } },
    { kind: 'send', bytes: { kind: 'bytes', bytes: Uint8Array.from([0x61, 0x62, 0x61, 0x62]) } },
    { kind: 'send', bytes: { kind: 'file', path: 'page.bin', repeat: 1 } },
    { kind: 'expect', what: { kind: 'length', length: 5 } },
    { kind: 'expect', what: { kind: 'pattern', text: 'a+\\r\\n' } },
    { kind: 'shutdown' },
    { kind: 'stall', isOn: true },
    { kind: 'wait', ms: 4 },
    { kind: 'expect-close', how: 'fin' },
    { kind: 'close', how: 'rst' },
  ]);
  assert.deepEqual(dataFiles(scenario), ['page.bin']);
  assert.deepEqual(server, {
    name: 'peer 2',
    span: server?.span,
    role: { kind: 'listen', at: { host: '192.0.2.20', port: 80 } },
    afterMs: 0,
    steps: [],
  });
  assert.deepEqual(datagram?.role, {
    kind: 'datagram',
    at: { host: '192.0.2.20', port: 53 },
    to: { host: '192.0.2.10', port: 5000 },
    groups: ['239.1.1.1'],
  });
  assert.deepEqual(datagram?.steps.map(withoutPlace), [
    {
      kind: 'send-to',
      to: { host: '192.0.2.10', port: 1 },
      bytes: { kind: 'bytes', bytes: Uint8Array.from([0x61]) },
    },
    { kind: 'expect-from', from: { host: '192.0.2.10', port: 1 }, what: { kind: 'length', length: 1 } },
  ]);
  assert.deepEqual(scenario.network.partitions, [{ fromMs: 1, hosts: ['192.0.2.20'], how: 'unreachable' }]);
  assert.deepEqual(scenario.faults, [
    { call: 'IoAllocateIrp', occurrence: 1, status: 'STATUS_INSUFFICIENT_RESOURCES' },
    { call: 'WskSocket', occurrence: 2, status: 'STATUS_ACCESS_DENIED' },
  ]);
  const { places: expected, ...expect } = scenario.expect;
  assert.deepEqual(expect, { log: ['one', '2'], findings: [], registry: [], fileSystem: [] });
  assert.deepEqual(
    expected.log.map(({ file, start, end }) => file.text.slice(start, end)),
    ['one', '"2"'],
  );
});

const refused: readonly (readonly [string, readonly string[]])[] = [
  ['unlodAfterMs: 5', ['1:1 unknown-key "unlodAfterMs" is no setting of a scenario; did you mean "unloadAfterMs"?']],
  ['unloadAfterMs: soon', ['1:16 wrong-type unloadAfterMs must be a number, but is the text "soon"']],
  [
    'a: 1\nunloadAfterMs: -1',
    [
      '1:1 unknown-key "a" is no setting of a scenario; it may be files, stubs, unloadAfterMs, completionDelayUs, wskReadyAfterMs, network, callers, devices, fileSystem, registry, peers, faults, expect',
      '2:16 wrong-value unloadAfterMs must be a number from 0 to 3600000, but is -1',
    ],
  ],
  ['files: a.c', ['1:8 wrong-type files must be a list, but is the text "a.c"']],
  ['faults:\n  - occurrence: 1', ['2:5 missing-key faults[0] needs "call": Name of the function, as WskSocket.']],
  [
    'faults:\n  - { call: X, status: WRONG }',
    ['2:24 wrong-value faults[0].status must be the name of an NTSTATUS, but is "WRONG"'],
  ],
  [
    'callers:\n  - steps:\n      - ioctl: { input: a }',
    ['3:16 missing-key callers[0].steps[0].ioctl needs one of code, function'],
  ],
  [
    'devices:\n  - name: Lower',
    ['2:11 wrong-value devices[0].name must be the name of a device, as \\Device\\Lower0, but is "Lower"'],
  ],
  ['files: *all', ['1:8 unknown-alias files names *all, but no earlier place of the file is marked &all']],
  [
    'peers:\n  - connect: 127.0.0.1:1\n    steps: &s\n      - send: *s',
    ['4:15 unknown-alias peers[0].steps[0].send names *s, in which it stands itself'],
  ],
  [
    'peers:\n  - { connect: 127.0.0.1:1, <<: *gone }',
    ['2:33 unknown-alias peers[0].<< names *gone, but no earlier place of the file is marked &gone'],
  ],
  [
    'peers:\n  - &p\n    connect: 127.0.0.1:1\n    <<: { <<: *p }',
    ['4:15 unknown-alias peers[0].<< names *p, in which it stands itself'],
  ],
  [
    'peers:\n  - { <<: 3, connect: 127.0.0.1:1 }',
    ['2:11 wrong-type peers[0].<< must be the name of a mapping, as *peer, but is number 3'],
  ],
  [
    'peers:\n  - { "<<": 3, connect: 127.0.0.1:1 }',
    [
      '2:7 unknown-key "peers[0].<<" is no setting of a scenario; it may be name, connect, listen, datagram, to, from, patienceMs, groups, afterMs, steps',
    ],
  ],
  ['expect: { findings: [IRP leak] }', ['1:22 wrong-value expect.findings[0] is wrong: no run finds "IRP leak"']],
  [
    'expect: { findings: [irp-leek] }',
    ['1:22 wrong-value expect.findings[0] is wrong: no run finds "irp-leek"; did you mean "irp-leak"?'],
  ],
  [
    'expect: { findings: [irp-leak, of-nobody] }',
    ['1:32 wrong-value expect.findings[1] is wrong: no run finds "of-nobody"'],
  ],
  [
    'network: { changes: [{ transports: [tcp5] }] }',
    [
      '1:37 wrong-type network.changes[0].transports[0] must be tcp4 or udp4 or raw4 or tcp6 or udp6 or raw6, but is the text "tcp5"',
    ],
  ],
  ['unload: 5', ['1:1 unknown-key "unload" is no setting of a scenario; did you mean "unloadAfterMs"?']],
  ['network:\n  loss: 5', ['2:3 unknown-key "network.loss" is no setting of a scenario; did you mean "lossPercent"?']],
  [
    // What is meant is not missed as well.
    'peers:\n  - connct: 127.0.0.1:7',
    ['2:5 unknown-key "peers[0].connct" is no setting of a scenario; did you mean "connect"?'],
  ],
  [
    // A key of another place is told where it belongs.
    'network:\n  peers: []',
    ['2:3 unknown-key "network.peers" is no setting of a scenario; it stands at the top of the file, not indented'],
  ],
  [
    'callers:\n  - open: \\\\.\\Echo',
    ['2:5 unknown-key "callers[0].open" is no setting of a scenario; it goes into the list "steps"'],
  ],
  ['delayUs: 5', ['1:1 unknown-key "delayUs" is no setting of a scenario; it goes into "network"']],
  [
    'callers:\n  - steps:\n      - close: {}',
    ['3:16 wrong-type callers[0].steps[0].close must be the name of a handle, or nothing, but is a mapping'],
  ],
  ['faults:\n  - cal: WskSend', ['2:5 unknown-key "faults[0].cal" is no setting of a scenario; did you mean "call"?']],
  ['peers:\n  - name: x', ['2:5 missing-key peers[0] needs one of connect, listen, datagram']],
  [
    'peers:\n  - connect: 127.0.0.1:65536',
    ['2:14 wrong-value peers[0].connect is wrong: a port is a number from 0 to 65535'],
  ],
  [
    'peers:\n  - connect: 256.1.1.1:1',
    ['2:14 wrong-value peers[0].connect is wrong: 256.1.1.1 is no IPv4 address: each of its numbers is from 0 to 255'],
  ],
  ['peers:\n  - connect: "[1::2::3]:1"', ['2:14 wrong-value peers[0].connect is wrong: 1::2::3 is no IPv6 address']],
  [
    'peers:\n  - connect: nowhere',
    [
      '2:14 wrong-value peers[0].connect must be an address and a port, as 127.0.0.1:40007 or [::1]:40007, but is "nowhere"',
    ],
  ],
  [
    'peers:\n  - connect: 127.0.0.1:1\n    steps:\n      - expect: { pattern: "(a" }',
    ['4:28 wrong-value peers[0].steps[0].expect.pattern is wrong: a group is not closed (at character 3)'],
  ],
  [
    'peers:\n  - connect: 127.0.0.1:1\n    steps:\n      - { send: a, close: fin }',
    ['4:9 conflicting-keys peers[0].steps[0] has send and close; only one of them can be'],
  ],
  [
    'peers:\n  - connect: 127.0.0.1:1\n    steps:\n      - stall',
    ['4:9 wrong-type peers[0].steps[0] must be a mapping, but is the text "stall"; did you mean "stall:"?'],
  ],
  [
    'devices:\n  - name: \\Device\\A\n    changes:\n      - surprise-removal',
    [
      '4:9 wrong-type devices[0].changes[0] must be a mapping, but is the text "surprise-removal"; did you mean "what: surprise-removal"?',
    ],
  ],
  [
    '- 1',
    [
      '1:1 wrong-type the scenario must be a mapping with the keys files, stubs, unloadAfterMs, completionDelayUs, wskReadyAfterMs, network, callers, devices, fileSystem, registry, peers, faults, expect, but is a list',
    ],
  ],
];
for (const [text, expected] of refused) {
  test(`refused: ${JSON.stringify(text)}`, () => assert.deepEqual(problemsOf(text), expected));
}

test('some steps need nothing behind them', () => {
  const reading = readScenario(
    sourceFile(
      'x',
      'callers:\n  - steps: [{ flush: }, { close: }, { exit: }]\npeers:\n  - { listen: "127.0.0.1:1", steps: [{ stall: }] }',
    ),
  );
  assert.ok(reading.kind === 'scenario');
  const steps = reading.scenario.callers[0]?.steps ?? [];
  assert.deepEqual(
    steps.map((step) => [step.kind, 'handle' in step ? step.handle : '-']),
    [
      ['flush', undefined],
      ['close', undefined],
      ['exit', '-'],
    ],
  );
  assert.deepEqual(
    reading.scenario.peers[0]?.steps.map((step) => step.kind === 'stall' && step.isOn),
    [true],
  );
});

test('a mapping takes over what it does not say itself, from the first that says it', () => {
  const reading = readScenario(
    sourceFile(
      'x',
      `peers:
  - &one { connect: 127.0.0.1:1, name: one, patienceMs: 3 }
  - &two { <<: *one, name: two, afterMs: 7 }
  - { <<: [*two, { name: three, from: 127.0.0.9 }], patienceMs: 4 }
registry: { A: &a { X: 1 }, B: { <<: *a, Y: 2 } }
`,
    ),
  );
  assert.ok(reading.kind === 'scenario', JSON.stringify(reading));
  const { peers, registry } = reading.scenario;
  assert.deepEqual(
    peers.map(({ name, role }) => [name, role.kind === 'connect' ? [role.to.port, role.from, role.patienceMs] : role]),
    [
      ['one', [1, undefined, 3]],
      ['two', [1, undefined, 3]],
      ['two', [1, '127.0.0.9', 4]],
    ],
  );
  assert.deepEqual(
    registry.map(({ path, values }) => [path, ...values.map((value) => value.name)]),
    [
      ['A', 'X'],
      ['B', 'Y', 'X'],
    ],
  );
});

test('what is marked is read again where it is named', () => {
  const reading = readScenario(
    sourceFile(
      'x',
      'files: [&one a.c]\npeers:\n  - { connect: 127.0.0.1:1, name: *one, patienceMs: 3 }\nstubs: [*one]',
    ),
  );
  assert.ok(reading.kind === 'scenario');
  assert.deepEqual(reading.scenario.stubs, ['a.c']);
  assert.equal(reading.scenario.peers[0]?.name, 'a.c');
  const role = reading.scenario.peers[0]?.role;
  assert.equal(role?.kind === 'connect' && role.patienceMs, 3);
});

test('broken YAML is a problem with a place', () => {
  const [first] = problemsOf('files: [a.c\nexpect: }');
  assert.match(first ?? '', /^\d+:\d+ yaml-syntax /);
});

test('a second document is not passed over', () => {
  assert.deepEqual(problemsOf('unloadAfterMs: 5\n---\nunloadAfterMs: 6\n'), [
    '2:1 yaml-syntax A second document begins here; the file holds one.',
  ]);
});

test('the JSON schema is in step with the reader', () => {
  const path = join(root, 'emulator/scenario/scenario.schema.json');
  const wanted = `${JSON.stringify(scenarioSchema(), undefined, 2)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, wanted);
  assert.equal(JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))), JSON.stringify(JSON.parse(wanted)));
});

test('a text of brackets is refused before the library reads it', () => {
  assert.deepEqual(problemsOf('['.repeat(100_000)), ['1:1 yaml-syntax This is nested too deeply.']);
});
