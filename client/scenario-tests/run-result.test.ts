/** From what `wsk run` prints to the outcome of a test. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scenarioResult } from './run-result.ts';

const resolve = (path: string): string => `/w/${path}`;
const run = (status: number | null, json: unknown, err = '') =>
  scenarioResult({ status, out: typeof json === 'string' ? json : JSON.stringify(json), err }, resolve);
const finding = {
  rule: 'wsk-deregister-blocked',
  severity: 'error',
  message: 'It waits.',
  file: 'd/a.c',
  line: 7,
  column: 3,
  bugCheck: { code: 0xc4, name: 'DRIVER_VERIFIER_DETECTED_VIOLATION' },
  stack: [{ functionName: 'Unload', file: 'd/a.c', line: 7 }, { functionName: 'IoUnload' }],
};

test('a clean run passes and shows what the driver printed', () => {
  const clean = {
    outcome: 'clean',
    log: ['one\n', 'two'],
    findings: [],
    completions: 5,
    virtualTimeMs: 1.5,
    untried: ['Nobody.'],
  };
  assert.deepEqual(run(0, clean), {
    kind: 'passed',
    output: 'one\ntwo\nclean: 5 IRP completions, 1.5 ms of virtual time\nNobody.',
  });
});

test('findings fail it, at their places; hints alone do not', () => {
  const result = run(1, { outcome: 'findings', findings: [finding, { ...finding, severity: 'hint' }] });
  assert.deepEqual(result.kind === 'failed' && result.messages, [
    {
      text: 'It waits. [wsk-deregister-blocked]\nBug check 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION\n    at Unload (d/a.c:7)\n    at IoUnload',
      place: { path: '/w/d/a.c', line: 6, column: 2 },
    },
  ]);
  assert.equal(run(0, { outcome: 'clean', findings: [{ ...finding, severity: 'info' }] }).kind, 'passed');
  const failed = run(1, { outcome: 'entry-failed', findings: [] });
  assert.deepEqual(failed.kind === 'failed' && failed.messages, [{ text: 'DriverEntry failed.' }]);
});

test('what could not run says why', () => {
  const cases: [number | null, unknown, string, RegExp][] = [
    [2, '', 'wsk: a.wsk.yaml:1:1: error\n', /^wsk: a\.wsk\.yaml:1:1: error$/],
    [2, { outcome: 'not-run', findings: [] }, 'a.c:1:1: error: x', /^a\.c:1:1/],
    [
      2,
      '',
      "wsk: The scenario can't be used.\na.wsk.yaml:1:9: no b.c\n",
      /^a\.wsk\.yaml:1:9: no b\.c\n\nwsk: The scenario/,
    ],
    [null, '{"outcome":', '', /ended before/],
    [3, '', 'wsk: this is a bug', /a bug/],
  ];
  for (const [status, json, err, expected] of cases) {
    const result = run(status, json, err);
    assert.match(result.kind === 'errored' ? result.message : '', expected);
  }
});
