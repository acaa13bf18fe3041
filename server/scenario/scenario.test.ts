/** Completion and hover in scenario files: `|` is the cursor. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { scenarioShape } from '../../emulator/scenario/shape.ts';
import { completeScenario } from './completion.ts';
import { hoverScenario } from './hover.ts';

const names = { functions: ['IoAllocateIrp', 'WskSocket'], statuses: ['STATUS_PENDING'] };

function at(fixture: string): readonly [text: string, offset: number] {
  const offset = fixture.indexOf('|');
  return [fixture.slice(0, offset) + fixture.slice(offset + 1), offset];
}

function labels(fixture: string): readonly string[] {
  const [text, offset] = at(fixture);
  return completeScenario(text, offset, names).items.map(({ label }) => label);
}

/** Everything in `expected` is offered, and nothing of `absent`. */
function offers(fixture: string, expected: readonly string[], absent: readonly string[] = []): void {
  const found = labels(fixture);
  for (const label of expected) assert.ok(found.includes(label), `${fixture}\nlacks ${label}: ${found.join(', ')}`);
  for (const label of absent) assert.ok(!found.includes(label), `${fixture}\nhas ${label}`);
}

const top = Object.keys(scenarioShape.fields);

test('keys of every mapping, without those that stand there', () => {
  offers('|', top);
  offers('un|', top);
  offers('files: [a.c]\n|', ['unloadAfterMs'], ['files']);
  offers('files: [a.c]\n|\npeers: []\n', ['unloadAfterMs'], ['files', 'peers']);
  offers('network:\n  |', ['delayUs', 'lossPercent'], ['files']);
  offers('network:\n  delayUs: 5\n  |\n  seed: 4\n', ['lossPercent'], ['delayUs', 'seed']);
  offers('network:\r\n  delayUs: 5\r\n  lo|\r\n  seed: 4\r\n', ['lossPercent'], ['delayUs', 'seed']);
  offers('network: {|}', ['delayUs']);
  offers('network: { delayUs: 5, | }', ['lossPercent'], ['delayUs']);
  offers('peers:\n  - |', ['connect', 'listen', 'datagram', 'steps']);
  offers('peers:\n  -|', ['connect']);
  offers('peers:\n  - name: a\n    |', ['connect', 'steps'], ['name']);
  offers('peers:\n  - connect: 127.0.0.1:1\n    steps:\n      - se|\n', ['send', 'close', 'waitMs']);
  offers('peers:\n  - steps:\n      - send: { |', ['text', 'hex', 'file'], ['send']);
  offers('peers:\n  - steps:\n      - sendTo:\n          |', ['to', 'text'], ['send']);
});

test('alternatives are gone when one is chosen', () => {
  offers('peers:\n  - connect: 127.0.0.1:1\n    |', ['steps', 'afterMs'], ['connect', 'listen', 'datagram']);
});

test('values of choices and names', () => {
  assert.deepEqual(labels('peers:\n  - steps:\n      - close: |'), ['fin', 'rst']);
  assert.deepEqual(labels('peers:\n  - steps:\n      - close: f|\n      - close: rst'), ['fin', 'rst']);
  assert.deepEqual(labels('peers:\n  - steps:\n      - close:|'), ['fin', 'rst']);
  assert.deepEqual(labels('peers: [{ steps: [{ stall: | }] }]'), ['true', 'false']);
  assert.deepEqual(labels('faults:\n  - call: Wsk|'), ['IoAllocateIrp', 'WskSocket']);
  assert.deepEqual(labels('faults:\n  - call: WskSocket\n    status: |'), ['STATUS_PENDING']);
  offers('peers:\n  - steps:\n      - send: |', ['{ text: … }', '{ hex: … }']);
});

test('findings that can be expected are offered by their ids', () => {
  for (const fixture of ['expect:\n  findings:\n    - irp-|', 'expect: { findings: [ir|'])
    assert.ok(labels(fixture).includes('irp-leak') && !labels(fixture).includes('expected-log'), fixture);
});

test('nothing where nothing of ours can stand', () => {
  for (const fixture of [
    'files:\n  - |',
    'unloadAfterMs: |',
    'network: |',
    'unknown:\n  |',
    '# comm|ent',
    'files: ["a|"]',
    'a: [b: |]',
    '"\\u|',
    '{{{ |',
    '&a *b |',
  ]) {
    assert.deepEqual(labels(fixture), [], fixture);
  }
});

test('what is inserted goes on with the value, in its column', () => {
  const inserted = (fixture: string, label: string): string | undefined => {
    const [text, offset] = at(fixture);
    return completeScenario(text, offset, names).items.find((item) => item.label === label)?.newText;
  };
  assert.equal(inserted('un|', 'unloadAfterMs'), 'unloadAfterMs: ');
  assert.equal(inserted('un|: 5', 'unloadAfterMs'), 'unloadAfterMs');
  assert.equal(inserted('|', 'network'), 'network:\n  ');
  assert.equal(inserted('peers:\n  - st|', 'steps'), 'steps:\n      - ');
  assert.equal(inserted('network: { na|', 'names'), 'names: ');
});

test('hover names the key, its value and the keys below', () => {
  const hover = (fixture: string): string => hoverScenario(...at(fixture))?.markdown ?? '';
  assert.equal(
    hover('unload|AfterMs: 5'),
    '**unloadAfterMs**: number from 0 to 3600000\n\nVirtual milliseconds after DriverEntry at which the driver is unloaded.',
  );
  assert.match(hover('peers:\n  - ste|ps:\n'), /^\*\*peers\.steps\*\*: list, each mapping/);
  assert.match(hover('pe|ers: []'), /Exactly one of connect, listen, datagram\./);
  for (const nothing of ['unloadAfterMs: |5', '# fi|les', 'nothing|: 5', '|', '[[|'])
    assert.equal(hover(nothing), '', nothing);
});

test('any cut of a scenario, at any place, is answered', () => {
  const whole =
    'files: [a.c, "b.c"]\nnetwork:\n  names: { host: [192.0.2.1] }\npeers:\n  - connect: 127.0.0.1:7\n    steps:\n' +
    '      - send: { text: "x\\n", repeat: 3 }\n      - expect: |\n          text\nfaults: [{ call: X }]\n';
  for (let end = 0; end <= whole.length; end++) {
    completeScenario(whole.slice(0, end), end, names);
    completeScenario(whole, end, names);
    hoverScenario(whole.slice(0, end), end);
    hoverScenario(whole, end);
  }
});
