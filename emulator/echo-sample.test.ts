// Microsoft's WSK echo sample, unmodified, under scripted peers. It is not part of the project: name a copy of
// network/wsk/echosrv/wsksmple.c (microsoft/Windows-driver-samples) in WSK_ECHO_SAMPLE to run these.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { finish, planOf, readyRun, scenarioText } from './testing.ts';

const path = process.env.WSK_ECHO_SAMPLE;

/** Scenario, then the rule ids of the findings. */
const scenarios: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  'a client by IPv4 and one by IPv6': [
    `peers:
  - { connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: four }, { expect: four }, { close: fin }, { expectClose: fin }] }
  - { connect: "[::1]:40007", afterMs: 5, steps: [{ send: six }, { expect: six }, { close: fin }, { expectClose: fin }] }`,
    [],
  ],
  'a client from another machine': [
    'peers: [{ connect: "192.0.2.10:40007", afterMs: 5, steps: [{ send: x }, { expect: x }, { close: fin }, { expectClose: fin }] }]',
    [],
  ],
  'more than the receives hold, in one go': [
    'peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: { text: 0123456789, repeat: 500 } }, { expect: { text: 0123456789, repeat: 500 } }, { close: fin }, { expectClose: fin }] }]',
    [],
  ],
  'small segments with jitter': [
    `network: { segmentSize: 100, jitterUs: 500 }
peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: { text: 0123456789, repeat: 100 } }, { expect: { text: 0123456789, repeat: 100 } }, { close: fin }, { expectClose: fin }] }]`,
    [],
  ],
  'a half close at once': [
    'peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ close: fin }, { expectClose: fin }] }]',
    [],
  ],
  'a reset with data on its way': [
    'peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: { text: x, repeat: 3000 } }, { close: rst }] }]',
    [],
  ],
  'the end of the stream while a send is pending': [
    'peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: { text: x, repeat: 3000 } }, { close: fin }, { expect: { text: x, repeat: 3000 } }] }]',
    [],
  ],
  'a client that stops reading, then resets': [
    `network: { receiveWindow: 1000 }
peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ stall: true }, { send: { text: x, repeat: 5000 } }, { waitMs: 20 }, { close: rst }] }]`,
    [],
  ],
  'a client that stays: the unload waits for it': [
    'peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: x }, { expect: x }] }]',
    ['unload-blocked'],
  ],
  'no memory for a connection': [
    `faults: [{ call: ExAllocatePoolZero, occurrence: 2 }]
peers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ expectClose: rst }] }]`,
    [],
  ],
  'the listening socket fails and is made again': [
    `faults: [{ call: WskAcceptEvent }]
peers:
  - { connect: "127.0.0.1:40007", afterMs: 5, steps: [{ expectClose: rst }] }
  - { connect: "127.0.0.1:40007", afterMs: 20, steps: [{ send: x }, { expect: x }, { close: fin }, { expectClose: fin }] }`,
    [],
  ],
  'unloaded before WSK has started': ['wskReadyAfterMs: 1000\nunloadAfterMs: 10', []],
};

for (const [name, [scenario, findings]] of Object.entries(scenarios)) {
  test(`echo sample: ${name}`, (t) => {
    if (path === undefined) {
      t.skip('WSK_ECHO_SAMPLE names no copy of wsksmple.c');
      return;
    }
    const file = sourceFile('wsksmple.c', readFileSync(path, 'utf8'));
    const unload = scenario.includes('unloadAfterMs') ? '' : 'unloadAfterMs: 100\n';
    const result = finish(readyRun(planOf([file], { scenario: scenarioText(unload + scenario) })));
    assert.deepEqual(
      result.findings.map((finding) => finding.rule),
      findings,
      result.findings.map((finding) => finding.message).join('\n'),
    );
  });
}

test('echo sample: clean or its known leak at unload under forty seeds', (t) => {
  if (path === undefined) {
    t.skip('WSK_ECHO_SAMPLE names no copy of wsksmple.c');
    return;
  }
  const file = sourceFile('wsksmple.c', readFileSync(path, 'utf8'));
  const scenario = scenarioText(
    'unloadAfterMs: 100\npeers: [{ connect: "127.0.0.1:40007", afterMs: 5, steps: [{ send: hello }, { expect: hello }, { close: fin }, { expectClose: fin }] }]',
  );
  for (let seed = 1; seed <= 40; seed++) {
    const { findings } = finish(readyRun(planOf([file], { scenario, seed })));
    const unknown = findings.filter(({ rule }) => !['pool-leak', 'irp-leak', 'mdl-leak'].includes(rule));
    assert.deepEqual(
      unknown.map((finding) => `${finding.rule}: ${finding.message}`),
      [],
      `seed ${seed}`,
    );
  }
});
