/** The kernel's functions that are written in C, seen through drivers that call them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createHeaderCache } from '../../cfront/header-cache.ts';
import { root, runDriver, testCatalog } from './fixtures/run-driver.ts';
import { createLibrary, libraryFiles } from './library.ts';

const fixture = (name: string): string => readFileSync(`${root}/emulator/kernel/fixtures/${name}`, 'utf8');

for (const [file, names] of Object.entries(libraryFiles)) {
  test(`${file} defines the functions that the table names, and is right C`, () => {
    const unit = createLibrary(testCatalog(), createHeaderCache())(names[0] ?? '');
    const external = unit?.functions.filter(({ symbol }) => symbol.linkage === 'external' && !symbol.isInline);
    assert.deepEqual(external?.map(({ symbol }) => symbol.name).sort(), [...names].sort());
    assert.deepEqual(unit?.problems, []);
  });
}

test('generic tables keep order, balance and count through random insertions and deletions', () => {
  const run = runDriver(fixture('tables-driver.c'), { statementsMax: 20_000_000 });
  assert.deepEqual([run.log, run.messages], [['failures: 0'], []]);
});

test('a cancel-safe queue gives out every IRP once: cancelled, by its context, or in order', () => {
  const run = runDriver(fixture('cancel-safe-driver.c'));
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.log, ['2: C0000120', 'by context: 1, then 1', '3: C0000011', 'again: 1', '1: 0', '4: 0']);
});
