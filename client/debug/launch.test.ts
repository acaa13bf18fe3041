/** F5 without a launch.json: which file runs, which scenario goes with it, and what is said when there is nothing to run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ActiveFile, launchForFile } from './launch.ts';

const file = (path: string, more: Partial<ActiveFile> = {}): ActiveFile => ({
  path,
  languageId: 'c',
  onDisk: true,
  ...more,
});

test('an open C file becomes the program, and a scenario of exactly its name goes with it', () => {
  const cases: [path: string, files: string[], scenario: string | undefined][] = [
    ['/d/listen.c', [], undefined],
    ['/d/listen.c', ['/d/accept.wsk.yaml'], undefined],
    ['/d/listen.c', ['/d/listen.wsk.yaml'], '/d/listen.wsk.yaml'],
    ['C:\\my drivers\\echo.C', ['C:\\my drivers\\echo.wsk.yaml'], 'C:\\my drivers\\echo.wsk.yaml'],
    ['\\\\server\\share.d\\echo.c', ['\\\\server\\share.d\\echo.wsk.yaml'], '\\\\server\\share.d\\echo.wsk.yaml'],
    ['/dir.c/a.b.c', ['/dir.c/a.b.wsk.yaml'], '/dir.c/a.b.wsk.yaml'],
  ];
  for (const [path, files, scenario] of cases) {
    const result = launchForFile(file(path), (p) => files.includes(p));
    assert.equal(result.kind, 'launch', path);
    if (result.kind !== 'launch') continue;
    assert.equal(result.launch.program, path);
    assert.equal(result.launch.wholeDriver, true);
    assert.equal(result.launch.scenario, scenario);
    assert.equal('scenario' in result.launch, scenario !== undefined);
  }
});

test('what can not be run says what to do', () => {
  const cases: [ActiveFile | undefined, RegExp][] = [
    [undefined, /Open the driver's C file/],
    [file('/d/notes.md', { languageId: 'markdown' }), /notes\.md is not C/],
    [file('C:\\d\\driver.h'), /driver\.h is not C/],
    [file('Untitled-1', { onDisk: false }), /Save Untitled-1/],
  ];
  for (const [active, message] of cases) {
    const result = launchForFile(active, () => false);
    assert.equal(result.kind, 'refused');
    if (result.kind === 'refused') assert.match(result.message, message);
  }
});

test('an open scenario runs: it names its files itself', () => {
  const path = 'C:\\d\\accept.wsk.yaml';
  const result = launchForFile(file(path, { languageId: 'yaml' }), () => true);
  assert.deepEqual(result, {
    kind: 'launch',
    launch: { type: 'wsk', request: 'launch', name: 'WSK: run accept.wsk.yaml', scenario: path },
  });
});
