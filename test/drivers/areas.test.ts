/**
 * Drivers that check the system below them, one for an area: areas/NAME.c, and areas/NAME.wsk.yaml where it needs
 * surroundings (registry, files, callers, peers), whose `files` are replaced by the driver.
 *
 * Each prints "ok N - what" or "not ok N - what" for what Microsoft documents (areas/check.h). A driver passes when it
 * says no "not ok", its numbers have no gap, it ends without a finding, and other orders of events make no difference.
 *
 * AREA=words runs only the drivers whose names contain one of the words; AREA_SHOW=1 prints their logs.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import type { RunFinding } from '../../emulator/kernel/kernel-types.ts';
import type { RunResult } from '../../emulator/run/types.ts';
import { defaultScenario, type Scenario } from '../../emulator/scenario/scenario.ts';
import { finish, parseOptions, planOf, readyRun, root, scenarioText } from '../../emulator/testing.ts';

/** All drivers together check at least this much; raised as they grow, so that none falls away unseen. */
const checksMin = 2000;
/** Orders of events beside the usual one. */
const seeds = [1, 2];

const folder = join(root, 'test/drivers/areas');
const wanted = (process.env.AREA ?? '').split(/[ ,]+/).filter((word) => word !== '');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.c'))
  .map((name) => name.slice(0, -2))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

/** Headers beside the drivers; one object for one file, because `#pragma once` goes by it. */
const headers = new Map<string, SourceFile>();
const include: typeof parseOptions.include = (request) => {
  const beside = join(folder, request.name);
  if (request.form === 'angled' || !existsSync(beside)) return parseOptions.include(request);
  const file = headers.get(request.name) ?? sourceFile(request.name, readFileSync(beside, 'utf8'));
  headers.set(request.name, file);
  return { kind: 'found', file, isSystem: false };
};

function scenarioOf(name: string): Scenario {
  const path = join(folder, `${name}.wsk.yaml`);
  return existsSync(path) ? scenarioText(readFileSync(path, 'utf8')) : defaultScenario;
}

function run(name: string, seed: number | undefined): RunResult {
  const file = sourceFile(`${name}.c`, readFileSync(join(folder, `${name}.c`), 'utf8'));
  const plan = planOf([file], { scenario: scenarioOf(name), seed, parse: { ...parseOptions, include } });
  return finish(readyRun({ ...plan, statementsMax: 20_000_000 }));
}

function lineOf({ span }: RunFinding): number {
  return span.file.text.slice(0, span.start).split('\n').length;
}

function foundText(finding: RunFinding): string {
  return `${finding.span.file.path}:${lineOf(finding)}: ${finding.rule}: ${finding.message}`;
}

/** What the driver said, judged; the number of its checks. */
function checksOf(name: string, result: RunResult, under: string): number {
  const failed = result.log.filter((line) => line.startsWith('not ok'));
  const found = result.findings.map(foundText);
  assert.deepEqual([...failed, ...found], [], `${name} ${under}; last: ${result.log.slice(-3).join(' | ')}`);
  assert.equal(result.outcome, 'clean', `${name} ${under}; entry result ${result.entryResult}`);
  const numbers = result.log.flatMap((line) => {
    const [, number] = /^ok (\d+) - ./.exec(line) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  assert.ok(numbers.length > 0, `${name} checks nothing`);
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    numbers.map((_, index) => index + 1),
    `${name}: numbers of checks`,
  );
  return numbers.length;
}

let total = 0;

for (const name of names) {
  test(`${name} finds the system as it is documented`, (t) => {
    const result = run(name, undefined);
    if (process.env.AREA_SHOW === '1') t.diagnostic(`\n${result.log.join('\n')}`);
    const checks = checksOf(name, result, 'usually');
    total += checks;
    t.diagnostic(`${checks} checks`);
    for (const seed of seeds)
      assert.equal(checksOf(name, run(name, seed), `under seed ${seed}`), checks, `${name} under seed ${seed}`);
  });
}

test('the areas together check what they should', (t) => {
  t.diagnostic(`${total} checks in ${names.length} areas`);
  if (wanted.length === 0) assert.ok(total >= checksMin, `${total} checks`);
  else assert.ok(total > 0, `no driver of ${folder} is named like ${wanted.join(' or ')}`);
});
