/**
 * coverage.md says for each documented rule, for each row of what other tools check and for each bug of real drivers
 * which rule finds it, or why none does. It names rules that exist, and every number that a rule claims stands there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../testing.ts';
import { rules } from './index.ts';

const page = readFileSync(join(root, 'server/lint/rules/coverage.md'), 'utf8');

interface Row {
  readonly key: string;
  readonly rules: readonly string[];
  readonly reason: string;
}

const rows: readonly Row[] = [...page.matchAll(/^\| (R?\d+) \| (.*?) \| (.*?) ?\|$/gm)].map((match) => ({
  key: match[1] ?? '',
  rules: match[2] === '—' ? [] : (match[2] ?? '').split(', '),
  reason: match[3] ?? '',
}));

test('there is a row for every documented rule, every row of other tools and every real bug', () => {
  const documented = Array.from({ length: 118 }, (_, index) => `R${String(index + 1).padStart(2, '0')}`);
  const others = [65, 34].flatMap((count) => Array.from({ length: count }, (_, index) => String(index + 1)));
  assert.deepEqual(
    rows.map(({ key }) => key),
    [...documented, ...others],
  );
});

test('a row names rules, or says why there is none', () => {
  const ids = new Set(rules.map(({ id }) => id));
  for (const { key, rules: named, reason } of rows) {
    assert.deepEqual(
      named.filter((id) => !ids.has(id)),
      [],
      key,
    );
    assert.ok(named.length > 0 || reason.length > 10, `${key} has neither a rule nor a reason`);
  }
});

test('the numbers of each rule are those of its rows', () => {
  for (const { key, rules: named } of rows) {
    if (!key.startsWith('R')) continue;
    const claimed = rules.filter(({ docRules }) => docRules.includes(key)).map(({ id }) => id);
    assert.deepEqual([...named].sort(), claimed.sort(), key);
  }
});
