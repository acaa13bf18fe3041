/**
 * Random right programs must print the same with gcc -O0 and on the emulated machine. The seeds are fixed;
 * `node scripts/fuzz.mjs programs --seed N --count N` does more of them, `… shrink --seed N` makes a failing one small.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder, needs } from '../support/compilers.ts';
import { compareProgram } from './differential.ts';
import { randomProgram } from './program/program.ts';

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

test(`${seeds.length} random programs`, (t) => {
  if (!needs(t, 'gcc')) return;
  const wrong = inFolder((folder) =>
    seeds.flatMap((seed) => {
      const verdict = compareProgram(folder, `program${seed}`, randomProgram(seed), { crossCheck: 'on difference' });
      return verdict.kind === 'same' ? [] : [`seed ${seed} ${verdict.kind}: ${verdict.message}`];
    }),
  );
  assert.deepEqual(wrong, []);
});
