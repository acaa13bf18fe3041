/**
 * The compilers that judge us: gcc for this machine, and mingw-w64's gcc, which has Windows' data model.
 *
 * scripts/test.mjs installs them where it may. On a developer's machine without them the tests that need one say so;
 * in CI a missing one is a failure, because a check that never runs proves nothing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const packages = { gcc: 'gcc libc6-dev', 'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64-win32' } as const;
export type Compiler = keyof typeof packages;

const known = new Map<Compiler, boolean>();

function has(compiler: Compiler): boolean {
  const found = known.get(compiler) ?? spawnSync(compiler, ['--version']).status === 0;
  known.set(compiler, found);
  return found;
}

/** True where the compiler is there; otherwise the test is skipped with the reason, and fails in CI. */
export function needs(t: TestContext, compiler: Compiler): boolean {
  if (has(compiler)) return true;
  assert.notEqual(process.env.CI, 'true', `${compiler} is not installed in CI`);
  t.skip(`${compiler} is not installed (apt-get install ${packages[compiler]})`);
  return false;
}

/**
 * How gcc must compile what it shares with us: signed arithmetic wraps, types may be punned, floating operations are
 * not contracted, wchar_t has 16 bits, and Microsoft's unnamed members are known.
 */
export const gccOptions: readonly string[] =
  '-O0 -std=gnu11 -fwrapv -fno-strict-aliasing -ffp-contract=off -fshort-wchar -fms-extensions -w'.split(' ');

/** A folder that is gone after `use`. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-test-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a compiler writes to its standard output for a text on its standard input. */
export function compilerOutput(compiler: Compiler, args: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(compiler, args, { input, encoding: 'utf8', maxBuffer: 1 << 27 });
  assert.equal(status, 0, stderr.slice(0, 2000));
  return stdout;
}
