import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runRules } from '../base/run-rules.ts';
import { root } from './testing.ts';

test('each id stands once, in order, and something in the emulator finds it', () => {
  assert.deepEqual([...new Set(runRules)].sort(), runRules);
  const text = readdirSync(join(root, 'emulator'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(root, 'emulator', name), 'utf8'))
    .join('');
  assert.deepEqual(
    runRules.filter((rule) => !text.includes(`'${rule}'`)),
    [],
  );
});
