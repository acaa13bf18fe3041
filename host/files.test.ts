/** What the store makes of paths: on Windows all spellings of one are one file. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import nodePath, { join } from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { createFileStore, type FileReading } from './files.ts';

const fileOf = (reading: FileReading) => (reading.kind === 'file' ? reading.file : undefined);

test('what the editor holds is found under every spelling of a Windows path, and under its own elsewhere', () => {
  const cases = [
    ['win32', 'c:\\drv\\Driver.h', 'C:\\DRV\\inc\\..\\driver.h', true],
    ['win32', '\\\\srv\\Share\\a.h', '\\\\SRV\\share\\A.h', true],
    ['win32', 'c:\\drv\\a.h', 'C:/drv/a.h', true],
    ['win32', 'c:\\drv\\a.h', 'd:\\drv\\a.h', false],
    ['posix', '/drv/Driver.h', '/drv/driver.h', false],
    ['posix', '/drv/driver.h', '/drv/driver.h', true],
  ] as const;
  for (const [flavour, open, asked, isFound] of cases) {
    const store = createFileStore(nodePath[flavour]);
    const file = sourceFile(open, 'int unsaved;');
    store.overlay(open, file);
    assert.equal(fileOf(store.read(asked)), isFound ? file : undefined, `${flavour} ${asked}`);
    store.overlay(asked, undefined);
    assert.equal(fileOf(store.read(open)), isFound ? undefined : file, `${flavour} ${asked}`);
  }
});

test('two spellings of a path are one file on Windows: #pragma once counts by it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'wsk-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  // One file under two names, as a disk that minds no case has it.
  writeFileSync(join(folder, 'shared.h'), '#pragma once\nint x;\n');
  for (const flavour of ['win32', 'posix'] as const) {
    const store = createFileStore(nodePath[flavour]);
    const first = fileOf(store.read(join(folder, 'shared.h')));
    const again = fileOf(store.read(`${folder}/./shared.h`));
    assert.ok(first !== undefined && again !== undefined);
    assert.equal(first === again, flavour === 'win32', flavour);
  }
});
