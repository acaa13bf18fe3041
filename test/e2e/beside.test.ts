/**
 * Beside another C/C++ extension, here a stub that goes by the name of a real one: what is wrong with the C text is told
 * once, by the other; our lint, our hover and no second inlay hint stand beside it. Alone, the C text is ours to check.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { installExtension } from '../../scripts/vscode-server.mjs';
import { type Setup, setup } from './support/setup.ts';
import { hoverOver, openFile, rowsWith, runCommand, withWorkbench } from './support/workbench.ts';

const prepared = setup();

const driver = `#include <ntddk.h>

PIRP Mistakes(VOID)
{
    int *wrongType = 1.5;
    int semicolonMissing = 1

    UNREFERENCED_PARAMETER(wrongType);
    return NULL;
}

PIRP Allocate(VOID)
{
    PIRP irp = IoAllocateIrp(0, FALSE);

    return irp;
}
`;

test('beside another C extension, nothing is told twice', async () => {
  const both = withStub(prepared);
  await withWorkbench(both, { name: 'beside', folder: driverFolder() }, async ({ page, shot }) => {
    const rows = page.locator('.markers-panel .monaco-list-row');
    await openFile(page, join(both.work, 'beside/driver.c'), 'IoAllocateIrp(', 'IoAllocateIrp');
    await runCommand(page, 'Problems: Focus on Problems View');
    await rowsWith(rows, 'irp-stack-size');
    const told = await rowsWith(rows, "stub: expected ';'");
    assert.deepEqual(
      told.filter((row) => row.includes('c-syntax')),
      [],
    );
    assert.equal(told.filter((row) => row.includes('stub:')).length, 2, told.join('\n'));
    const hover = await hoverOver(page, 'IoAllocateIrp(', 'IoAllocateIrp', 'Hover of the stub');
    assert.match(hover, /PIRP/);
    const hints = page.locator('.view-line', { hasText: 'IoAllocateIrp(' }).first();
    assert.equal(((await hints.textContent()) ?? '').replace(/\s+/g, ''), 'PIRPirp=IoAllocateIrp(StubSize:0,FALSE);');
    await shot('beside');
  });
});

test('alone, what is wrong with the C text is ours to tell', async () => {
  await withWorkbench(prepared, { name: 'alone', folder: driverFolder() }, async ({ page, shot }) => {
    const rows = page.locator('.markers-panel .monaco-list-row');
    await openFile(page, join(prepared.work, 'beside/driver.c'), 'IoAllocateIrp(', 'IoAllocateIrp');
    await runCommand(page, 'Problems: Focus on Problems View');
    const told = await rowsWith(rows, 'irp-stack-size');
    assert.ok(told.filter((row) => row.includes('c-syntax')).length >= 2, told.join('\n'));
    await shot('alone');
  });
});

function driverFolder(): string {
  const folder = join(prepared.work, 'beside');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'driver.c'), driver);
  return folder;
}

/** The same VS Code with the stub installed too, as a VSIX: folders that nobody installed are not looked at. */
function withStub(from: Setup): Setup {
  const extensionsFolder = join(mkdtempSync(join(from.work, 'extensions-')), 'both');
  cpSync(from.extensionsFolder, extensionsFolder, { recursive: true });
  const vsix = join(from.work, 'stub.vsix');
  const vsce = join(from.project, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix];
  const cwd = join(from.project, 'test/e2e/stub-c-extension');
  const run = spawnSync(process.execPath, [vsce, 'package', ...flags], { cwd, encoding: 'utf8' });
  assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
  installExtension(from.vscode, { root: join(from.work, 'install-stub'), extensionsFolder, vsix });
  return { ...from, extensionsFolder };
}
