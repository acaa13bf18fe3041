/**
 * The machine against gcc: random well-defined programs must say the same in both. The seeds are fixed; a failing one
 * is reported by number, and `randomProgram(seed)` gives its text.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { link } from './index.ts';
import { randomProgram } from './testing/random-program.ts';
import { runProgram } from './testing/run-source.ts';

const SEEDS = 24;
const hasGcc = spawnSync('gcc', ['--version']).status === 0;

/** What the programs themselves leave out. `run` is called by name in the machine. */
const HOST_MAIN = `
#include <stdio.h>
void print(u64 value) { printf("%llu\\n", value); }
int main(void) { printf("= %llu\\n", run()); return 0; }
`;

test('random programs give the same values as with gcc -O0', { skip: hasGcc ? false : 'gcc is not installed' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-gcc-'));
  try {
    for (let seed = 0; seed < SEEDS; seed++) compare(folder, seed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function compare(folder: string, seed: number): void {
  const text = randomProgram(seed);
  const source = join(folder, `${seed}.c`);
  const executable = join(folder, `${seed}.out`);
  writeFileSync(source, text + HOST_MAIN);
  const compiled = spawnSync('gcc', ['-O0', '-w', '-fwrapv', '-ffp-contract=off', source, '-o', executable], {
    encoding: 'utf8',
  });
  assert.equal(compiled.status, 0, `seed ${seed}: ${compiled.stderr}`);
  const expected = spawnSync(executable, { encoding: 'utf8', timeout: 10_000 }).stdout.trim().split('\n');
  const unit = parseTranslationUnit(sourceFile(`${seed}.c`, text), {
    include: () => ({ kind: 'missing', searched: [] }),
  });
  const { program, problems } = link([unit]);
  assert.deepEqual(
    problems.map((p) => p.message),
    [],
    `seed ${seed}`,
  );
  const run = runProgram(program, { entry: 'run', budget: 10_000_000 });
  assert.equal(run.fault, undefined, `seed ${seed}: ${run.fault?.kind} ${run.fault?.detail}`);
  assert.deepEqual([...run.output, `= ${run.result}`], expected, `seed ${seed}`);
}
