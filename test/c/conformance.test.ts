/**
 * Our conformance programs, one for each area of the language: each states what it expects, and both the emulated
 * machine and gcc must agree with that and print the same.
 *
 * A program whose first line says `gcc: no` is Microsoft's C only. The machine must also have nothing else to say: no
 * finding, no error of the front end.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { finish, parseOptions, planOf, readyRun, root } from '../../emulator/testing.ts';
import { gccOptions, inFolder, needs } from '../support/compilers.ts';

const folder = join(root, 'test/c');
const programs = readdirSync(folder)
  .filter((name) => name.endsWith('.c'))
  .sort();
const lastLine = /^(\d+) checks, 0 failed\n$/;

const headers = new Map<string, SourceFile>();
const include: typeof parseOptions.include = (request) => {
  const beside = join(folder, request.name);
  if (request.form === 'angled' || !existsSync(beside)) return parseOptions.include(request);
  // One object for one file: `#pragma once` goes by it.
  const file = headers.get(request.name) ?? sourceFile(request.name, readFileSync(beside, 'utf8'));
  headers.set(request.name, file);
  return { kind: 'found', file, isSystem: false };
};

function emulated(name: string): string {
  const file = sourceFile(name, readFileSync(join(folder, name), 'utf8'));
  const plan = planOf([file], { parse: { ...parseOptions, include }, entry: 'main', statementsMax: 5_000_000 });
  const { outcome, output, findings, entryResult } = finish(readyRun(plan));
  const said = findings.map(({ rule, message }) => `${rule}: ${message}`);
  assert.deepEqual({ said, output: output.replace(lastLine, ''), outcome }, { said: [], output: '', outcome: 'clean' });
  assert.equal(entryResult, 0);
  return output;
}

function native(name: string): string {
  return inFolder((build) => {
    const executable = join(build, 'program');
    // Run from its own folder, so that __FILE__ is the same for both.
    const { status, stderr } = spawnSync('gcc', [...gccOptions, name, '-o', executable], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const run = spawnSync(executable, { encoding: 'utf8', timeout: 10_000 });
    assert.equal(run.status, 0, run.stdout);
    return run.stdout;
  });
}

test('there is a program for each area', () => {
  assert.ok(programs.length >= 40, `${programs.length} programs`);
});

for (const name of programs) {
  const isShared = !readFileSync(join(folder, name), 'utf8').split('\n', 1)[0]?.includes('gcc: no');
  test(`${name}: the emulated machine`, () => {
    assert.match(emulated(name), lastLine);
  });
  if (isShared) {
    test(`${name}: gcc prints the same`, (t) => {
      if (needs(t, 'gcc')) assert.equal(native(name), emulated(name));
    });
  }
}
