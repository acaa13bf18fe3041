/** One open file of a driver: what is run for it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import { definesEntry, driverAmong, driverOf } from './driver-files.ts';
import { createFileStore } from './files.ts';

const entry = '#include <ntddk.h>\nNTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r)\n{\n  return 0;\n}\n';
const helper = '/* called by DriverEntry() { } */\nNTSTATUS Helper(void) { return 0; }\n';

const shared = '#include "own.h"\n';
const shares = { 'own.h': '', 'driver.c': shared + entry, 'helper.c': shared + helper };
const inFolder = (folder: string, files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

test('a file of a driver stands for its project, itself, or the folder of its only DriverEntry', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'driver-files-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const cases: [files: Record<string, string>, open: string, runs: string][] = [
    [{ 'one/driver.c': entry, 'one/helper.c': helper }, 'one/driver.c', 'one/driver.c'],
    [{ 'two/driver.c': entry, 'two/helper.c': helper }, 'two/helper.c', 'two'],
    [{ 'three/a.c': entry, 'three/b.c': entry, 'three/helper.c': helper }, 'three/helper.c', 'three/helper.c'],
    [{ 'four/helper.c': helper, 'four/below/driver.c': entry }, 'four/helper.c', 'four/helper.c'],
    [{ 'five/driver.c': entry, 'five/project/helper.c': helper }, 'five/project/helper.c', 'five/driver.vcxproj'],
    [inFolder('seven', shares), 'seven/driver.c', 'seven'],
    [
      inFolder('eight', { ...shares, 'tool.c': `${shared}int wmain(void) { return 0; }\n` }),
      'eight/driver.c',
      'eight/driver.c',
    ],
    [
      inFolder('nine', { ...shares, 'driver.c': `#include "helper.c"\n${shared}${entry}` }),
      'nine/driver.c',
      'nine/driver.c',
    ],
    [inFolder('ten', { ...shares, 'other.c': entry }), 'ten/driver.c', 'ten/driver.c'],
    [{}, 'six/not-there.c', 'six/not-there.c'],
  ];
  const projectOf = (file: string): string | undefined =>
    file.includes('project') ? path.join(root, 'five/driver.vcxproj') : undefined;
  for (const [files, open, runs] of cases) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    assert.equal(driverOf(path.join(root, open), { projectOf }, createFileStore()), path.join(root, runs), open);
  }
});

test('a DriverEntry counts where it is defined', () => {
  assert.equal(definesEntry(entry), true);
  for (const text of [helper, 'DRIVER_INITIALIZE DriverEntry;', '"DriverEntry(x) {"', 'int a;'])
    assert.equal(definesEntry(text), false, text);
});

test('a folder holds one driver, with programs beside it, or several', () => {
  const among = (texts: readonly string[]): string => {
    const found = driverAmong(texts.map((text, i) => sourceFile(`${i}.c`, text)));
    const names = (files: readonly { readonly path: string }[]): string => files.map((file) => file.path).join(' ');
    return found.kind === 'several'
      ? `several ${names(found.entries)}`
      : `${names(found.files)} | ${names(found.programs)}`;
  };
  const app = '#include <windows.h>\nint main(int argc, char *argv[])\n{\n  return 0;\n}\n';
  assert.equal(among([entry, helper, app]), '0.c 1.c | 2.c');
  assert.equal(among([entry, 'int _tmain(int n, _TCHAR *a[]) { return 0; }', '// int main() { }\n']), '0.c 2.c | 1.c');
  assert.equal(among([app, helper]), '0.c 1.c | ');
  assert.equal(among([entry, helper, entry, app]), 'several 0.c 2.c');
});
