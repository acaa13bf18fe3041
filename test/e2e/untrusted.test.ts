/**
 * A folder that the user has not trusted: the editor part works as ever, and running its driver asks for trust first.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { samplesCopy, setup } from './support/setup.ts';
import { openFile, rowsWith, runCommand, withWorkbench } from './support/workbench.ts';

test('an untrusted folder: lint works, running a driver asks', async () => {
  const prepared = setup();
  const options = {
    name: 'untrusted',
    folder: join(samplesCopy(prepared), 'listen-buggy'),
    trusted: false,
    settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
  };
  await withWorkbench(prepared, options, async ({ page, browser, shot }) => {
    await openFile(page, join(options.folder, 'listen-buggy.c'), 'eight mistakes');
    await runCommand(page, 'Problems: Focus on Problems View');
    await rowsWith(page.locator('.markers-panel .monaco-list-row'), 'completion-keeps-irp');
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();

    await page.locator('.editor-instance .view-line', { hasText: 'eight mistakes' }).first().click();
    await page.keyboard.press('F5');
    const dialog = page.locator('.monaco-dialog-box', { hasText: /trust/i });
    await dialog.waitFor();
    await shot('untrusted-run');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.debug-toolbar').isVisible(), false, 'the driver must not run');
    assert.deepEqual([...browser.outsideHosts], []);
  });
});
