/**
 * Broken texts: nothing throws, nothing takes a second, every place lies in its text, and problems stay few. The seeds
 * are fixed and short here; `node scripts/fuzz.mjs mutants --count 100000 --corpus DIR` is the long form.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertQuick } from '../support/effort.ts';
import { corpusGroups } from './corpus.ts';
import { checkMutant } from './mutant-check.ts';
import { checkMutants, mutantOf } from './mutants.ts';

const root = process.env.WSK_ROOT ?? '.';
const count = 300;

test(`${count} mutants of our own sources and of the documentation`, () => {
  const groups = corpusGroups(root, []);
  assert.ok(groups.length >= 3, 'there are samples, programs and headers');
  const summary = checkMutants(groups, { from: 1, count, limitMs: 1000 });
  assert.deepEqual(summary.failures, []);
  assert.ok(summary.problems > count && summary.runs > 10, `${summary.problems} problems, ${summary.runs} runs`);
});

test('a seed means the same mutant each time', () => {
  const groups = corpusGroups(root, []);
  assert.equal(mutantOf(groups, 5).text, mutantOf(groups, 5).text);
});

/** Texts that were too much once, and must not be again. */
const once: readonly (readonly [name: string, text: string])[] = [
  ['an array larger than memory', 'int a[8589935620]; int main(void) { return a[0]; }'],
  ['a thousand unreadable statements', `int f(int x) {\n${'  if (x == @) { x = x + 1; }\n'.repeat(1000)}}`],
];

for (const [name, text] of once) {
  test(name, () => {
    assertQuick(1000, () => {
      assert.equal(checkMutant(text, { rereads: true, lints: true, runs: true }).breakage, undefined);
    });
  });
}
