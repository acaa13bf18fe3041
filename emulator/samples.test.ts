/** samples/echo: clean with its clients, in whatever order things happen and whichever call fails. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileAt, findingsOf, finish, planOf, readyRun, root, scenarioText } from './testing.ts';

const echo = fileAt('samples/echo/echo.c');
const clients = readFileSync(join(root, 'samples/echo/clients.wsk.yaml'), 'utf8');

test('samples/echo serves its four clients, under the usual order and under thirty seeds', () => {
  const scenario = scenarioText(clients);
  for (let seed = 0; seed <= 30; seed++) {
    const result = finish(readyRun(planOf([echo], seed === 0 ? { scenario } : { scenario, seed })));
    assert.deepEqual(findingsOf(result), [], `seed ${seed}`);
    assert.equal(result.outcome, 'clean', `seed ${seed}`);
    assert.equal(result.log.at(-1), 'echo: unloaded, 300006 bytes sent back', `seed ${seed}`);
  }
});

test('samples/echo takes everything down when a call fails at its start', () => {
  for (const call of [
    'IoAllocateIrp',
    'WskRegister',
    'WskCaptureProviderNPI',
    'WskControlClient',
    'WskSocket',
    'WskBind',
  ]) {
    const result = finish(readyRun(planOf([echo], { scenario: scenarioText(`faults: [{ call: ${call} }]`) })));
    assert.deepEqual(findingsOf(result), [], call);
    assert.equal(result.entryResult, 0xc000009a | 0, call);
  }
});

test('samples/echo lives with what fails later: nothing leaks, and other clients are served', () => {
  const withoutExpectations = clients.slice(0, clients.indexOf('expect:\n'));
  for (const [call, first] of [
    ['ExAllocatePool2', 2],
    ['IoAllocateIrp', 2],
    ['WskSend', 1],
    ['WskReceiveEvent', 1],
  ] as const) {
    for (let occurrence = first; occurrence < first + 6; occurrence++) {
      const faults = `faults: [{ call: ${call}, occurrence: ${occurrence} }]\n`;
      const result = finish(readyRun(planOf([echo], { scenario: scenarioText(withoutExpectations + faults) })));
      // A client whose data was not accepted misses its answer; nothing else may be found.
      const serious = result.findings.filter(({ rule }) => rule !== 'peer-expectation').map(({ message }) => message);
      assert.deepEqual(serious, [], `${call} ${occurrence}`);
    }
  }
});
