/** A scenario on a disk: what it names is there, or is a problem at its place. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { placeText } from '../base/source.ts';
import { loadCatalog } from './catalog-file.ts';
import { createFileStore } from './files.ts';
import { readScenarioFile } from './scenario-file.ts';

const catalog = loadCatalog(path.join(String(process.env.WSK_ROOT), 'dist'));
const folder = mkdtempSync(path.join(tmpdir(), 'wsk-scenario-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(path.join(folder, 'driver.c'), '');
writeFileSync(path.join(folder, 'page.bin'), 'abc');

function read(text: string) {
  const name = path.join(folder, 'a.wsk.yaml');
  writeFileSync(name, text);
  return readScenarioFile(name, createFileStore(), catalog);
}

function problemsOf(text: string): readonly string[] {
  const reading = read(text);
  if (reading.kind !== 'problems') return [];
  return reading.problems.map(({ span, code, message }) => {
    const [, place] = placeText(span).split('a.wsk.yaml');
    return `${place} ${code}: ${message}`;
  });
}

test('paths are absolute, bytes are fetched', () => {
  const reading = read('files: [driver.c]\npeers:\n  - listen: 1.2.3.4:5\n    steps: [{ send: { file: page.bin } }]\n');
  assert.equal(reading.kind, 'scenario');
  if (reading.kind !== 'scenario') return;
  assert.deepEqual(reading.files, [path.join(folder, 'driver.c')]);
  assert.deepEqual([...reading.dataFiles.keys()], ['page.bin']);
});

test('paths may have backslashes, on any machine', () => {
  const reading = read(
    'files: [sub\\..\\driver.c]\npeers:\n  - listen: 1.2.3.4:5\n    steps: [{ send: { file: .\\page.bin } }]\n',
  );
  assert.equal(reading.kind, 'scenario');
  if (reading.kind !== 'scenario') return;
  assert.deepEqual(reading.files, [path.join(folder, 'driver.c')]);
  assert.deepEqual([...reading.dataFiles.keys()], ['.\\page.bin']);
});

test('what is not there is named at its place', () => {
  assert.deepEqual(problemsOf('files: [driver.c, gone.c]\nstubs:\n  - none/stub.c\n'), [
    ':1:19 missing-file: "gone.c" does not exist; a path is relative to the scenario\'s folder',
    ':3:5 missing-file: "none/stub.c" does not exist; a path is relative to the scenario\'s folder',
  ]);
  assert.deepEqual(problemsOf('fileSystem:\n  \\??\\C:\\a: { file: none.bin }\n'), [
    ':2:21 missing-file: "none.bin" does not exist; a path is relative to the scenario\'s folder',
  ]);
  assert.deepEqual(problemsOf('faults:\n  - call: WskSokcet\n  - call: WskSocket\n    status: STATUS_XYZZY_PLUGH\n'), [
    ':2:11 unknown-name: no bundled header declares the function WskSokcet; did you mean "WskSocket"?',
    ':4:13 unknown-name: no bundled header defines STATUS_XYZZY_PLUGH',
  ]);
});

test('what can be found is not doubted', () => {
  for (const call of [
    'WskSocket',
    'WskReceiveFrom',
    'IoAllocateIrp',
    'ExAllocatePool2',
    'MmGetSystemAddressForMdlSafe',
  ])
    assert.deepEqual(problemsOf(`faults: [{ call: ${call}, status: STATUS_NO_MEMORY }]`), [], call);
  assert.deepEqual(problemsOf('files: ["*.c"]'), []);
  assert.deepEqual(problemsOf('callers: [{ steps: [{ open: { device: a, status: any } }] }]'), []);
});

test('a file that is not there', () => {
  assert.equal(readScenarioFile(path.join(folder, 'none.yaml'), createFileStore(), catalog).kind, 'unreadable');
});
