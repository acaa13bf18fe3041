/**
 * Drivers with one bug each and their corrected twins: bugs/NAME/driver.c and, where one is needed, a scenario.wsk.yaml,
 * whose `files` are replaced by the driver. The macro WRONG makes the bug: `#ifdef WRONG` holds what the two differ in.
 *
 * A comment at the end of a line says which finding must stand on that line of the wrong driver: `finding: rule-id` or
 * `finding: rule-id 0xC4/0x81` with the bug check code and, where it matters, its first parameter. The findings of the
 * run must be exactly these. A bug that only another order of events shows names a seed: `seed: 3`. The right driver runs
 * without any finding, as Windows usually orders events and under other orders, and does what the scenario expects.
 *
 * BUG=words runs only the folders whose names contain one of the words; BUG_SHOW=1 prints what was found in each.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SourceFile, type Span, sourceFile } from '../../base/source.ts';
import type { RunFinding } from '../../emulator/kernel/kernel-types.ts';
import type { RunResult } from '../../emulator/run/types.ts';
import { defaultScenario, type Scenario } from '../../emulator/scenario/scenario.ts';
import { finish, parseOptions, planOf, readyRun, root, scenarioText } from '../../emulator/testing.ts';

const folder = join(root, 'test/drivers/bugs');
const wanted = (process.env.BUG ?? '').split(/[ ,]+/).filter((word) => word !== '');
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
  .sort();

/** Headers beside this file, which the drivers share; one object for one file, because `#pragma once` goes by it. */
const headers = new Map<string, SourceFile>();
const include: typeof parseOptions.include = (request) => {
  const beside = join(root, 'test/drivers', request.name);
  if (request.form === 'angled' || !existsSync(beside)) return parseOptions.include(request);
  const file = headers.get(request.name) ?? sourceFile(request.name, readFileSync(beside, 'utf8'));
  headers.set(request.name, file);
  return { kind: 'found', file, isSystem: false };
};

/** Orders of events, beside the usual one, under which a corrected driver must be clean. */
const rightSeeds = [1, 2, 3, 4, 5];

interface Expected {
  readonly line: number;
  readonly rule: string;
  /** "0xC4/0x81", "0xC4"; undefined where the marker has none. */
  readonly code: string | undefined;
}

const marker = /\/\*\s*finding:\s*([a-z0-9-]+)(?:\s+(0x[0-9A-Fa-f]+(?:\/\S+)?))?\s*\*\//g;

function expectedOf(file: SourceFile): Expected[] {
  return file.text
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(marker)].map(([, rule = '', code]) => ({ line: index + 1, rule, code })),
    );
}

function seedOf(file: SourceFile): number | undefined {
  const [, seed] = /\/\*\s*seed:\s*(\d+)\s*\*\//.exec(file.text) ?? [];
  return seed === undefined ? undefined : Number(seed);
}

function lineOf(span: Span): number {
  return span.file.text.slice(0, span.start).split('\n').length;
}

function placeOf(span: Span): string {
  return `${span.file.path}:${lineOf(span)}`;
}

/** The bug check as a marker writes it, with at most as many parts as the marker gives. */
function codeOf({ bugCheck }: RunFinding, parts: number): string {
  if (bugCheck === undefined) return '';
  const code = `0x${bugCheck.code.toString(16).toUpperCase()}`;
  return [code, ...bugCheck.parameters].slice(0, parts).join('/');
}

function agrees(expected: Expected, finding: RunFinding): boolean {
  if (expected.rule !== finding.rule || expected.line !== lineOf(finding.span) || finding.span.file.path !== 'driver.c')
    return false;
  if (expected.code === undefined) return true;
  return codeOf(finding, expected.code.split('/').length).toLowerCase() === expected.code.toLowerCase();
}

/** A finding as a reader of a failed test wants it: place, rule, code, words, and what led to it. */
function foundText(finding: RunFinding): string {
  const { rule, severity, message, history, span } = finding;
  const code = codeOf(finding, 2);
  const steps = history.map((step) => `      ${step.span === undefined ? '' : `${placeOf(step.span)}: `}${step.what}`);
  return [`  ${placeOf(span)}: ${severity} ${rule}${code === '' ? '' : ` ${code}`}`, `    ${message}`, ...steps].join(
    '\n',
  );
}

function difference(expected: readonly Expected[], result: RunResult): string {
  const missing = expected.filter((marked) => !result.findings.some((finding) => agrees(marked, finding)));
  const extra = result.findings.filter((finding) => !expected.some((marked) => agrees(marked, finding)));
  const lines = missing.map(({ line, rule, code }) => `  line ${line}: ${rule}${code === undefined ? '' : ` ${code}`}`);
  if (missing.length === 0 && extra.length === 0) return '';
  return [
    ...(lines.length === 0 ? [] : ['marked but not found:', ...lines]),
    ...(extra.length === 0 ? [] : ['found but not marked:', ...extra.map(foundText)]),
    `outcome ${result.outcome}; log: ${result.log.join(' | ')}`,
  ].join('\n');
}

function driverOf(name: string): SourceFile {
  return sourceFile('driver.c', readFileSync(join(folder, name, 'driver.c'), 'utf8'));
}

type Variant = 'wrong' | 'right';

function run(file: SourceFile, variant: Variant, scenario: Scenario, seed: number | undefined): RunResult {
  const defines = variant === 'wrong' ? { WRONG: '1' } : {};
  return finish(readyRun(planOf([file], { scenario, seed, parse: { ...parseOptions, include, defines } })));
}

function scenarioOf(name: string): Scenario {
  const path = join(folder, name, 'scenario.wsk.yaml');
  return existsSync(path) ? scenarioText(readFileSync(path, 'utf8')) : defaultScenario;
}

test('there are drivers to run', () => {
  assert.ok(names.length > 0, `no folder of ${folder} is named like ${wanted.join(' or ')}`);
});

for (const name of names) {
  test(`${name}: the bug is found where it is marked, and nothing else`, (t) => {
    const file = driverOf(name);
    const expected = expectedOf(file);
    assert.ok(expected.length > 0, `${name} marks no finding`);
    // What the driver should do is asked of the corrected twin only.
    const scenario = { ...scenarioOf(name), expect: defaultScenario.expect };
    const result = run(file, 'wrong', scenario, seedOf(file));
    if (process.env.BUG_SHOW === '1') t.diagnostic(`\n${result.findings.map(foundText).join('\n')}`);
    const text = difference(expected, result);
    assert.ok(text === '', `${name} with WRONG\n${text}`);
  });

  test(`${name}: the corrected driver is clean`, () => {
    const file = driverOf(name);
    const scenario = scenarioOf(name);
    for (const seed of [undefined, ...rightSeeds]) {
      const result = run(file, 'right', scenario, seed);
      const text = difference([], result);
      assert.ok(text === '', `${name}${seed === undefined ? '' : ` under seed ${seed}`}\n${text}`);
      const isDone = result.outcome === 'clean' || (result.outcome === 'entry-failed' && scenario.faults.length > 0);
      assert.ok(isDone, `${name}: outcome ${result.outcome}, entry result ${result.entryResult}`);
    }
  });
}
