import assert from 'node:assert/strict';
import test from 'node:test';
import type { Finding } from '../../../base/finding.ts';
import { lint, syntaxFindings } from '../../lint/lint.ts';
import { analyse } from '../testing.ts';
import { patterns } from './index.ts';
import { expand, type Pattern } from './pattern.ts';

function findingsIn(text: string): readonly string[] {
  const { unit, catalog } = analyse(text).analysis;
  const found: readonly Finding[] = [...syntaxFindings(unit), ...lint([unit], catalog).findings];
  return found.map(({ rule, message, span }) => `${rule} at ${unit.file.text.slice(span.start, span.end)}: ${message}`);
}

const includes = (headers: readonly string[]): string => headers.map((name) => `#include <${name}>\n`).join('');

for (const pattern of patterns) {
  test(`${pattern.label} is understood by the front end and has no finding`, () => {
    assert.deepEqual(findingsIn(includes(pattern.headers) + expand(pattern.body)), []);
  });
}

test('all patterns fit into one file, used as they say', () => {
  const headers = [...new Set(patterns.flatMap((pattern) => pattern.headers))];
  const [registration, ...others] = patterns;
  assert.ok(registration !== undefined);
  const provider = 'DriverProvider';
  const start = `status = ListenerStart(&Listening, &${provider}, 7);
    if (!NT_SUCCESS(status)) { WskReleaseProviderNPI(&DriverRegistration); WskDeregister(&DriverRegistration); return status; }
    status = EchoStart(&Echoing, &${provider}, 7);
    if (!NT_SUCCESS(status)) { ListenerStop(&Listening); WskReleaseProviderNPI(&DriverRegistration); WskDeregister(&DriverRegistration); return status; }`;
  const driver = expand(registration.body.replace('$0', start)).replace(
    '    /* Every socket',
    '    EchoStop(&Echoing);\n    ListenerStop(&Listening);\n    /* Every socket',
  );
  const globals = 'static LISTENER Listening;\nstatic ECHO_STATE Echoing;\n';
  const rest = others.map((pattern) => expand(pattern.body)).join('\n');
  assert.deepEqual(findingsIn(includes(headers) + rest + globals + driver), []);
});

test('placeholders: each has a name to begin with, and nothing else begins with a dollar sign', () => {
  for (const { label, body } of patterns) {
    const numbers = new Set([...body.matchAll(/\$\{(\d+)/g)].map((m) => m[1]));
    for (const number of numbers) {
      assert.equal([...body.matchAll(new RegExp(`\\$\\{${number}:`, 'g'))].length, 1, `${label}: ${number}`);
    }
    assert.equal(
      body
        .replace(/\$\{\d+(:\w+)?\}/g, '')
        .replace('$0', '')
        .includes('$'),
      false,
      label,
    );
  }
});

test('labels say what they belong to', () => {
  const wrong = (pattern: Pattern): boolean => !/^(?:wsk|dot4)[a-z]+$/.test(pattern.label);
  assert.deepEqual(patterns.filter(wrong), []);
});
