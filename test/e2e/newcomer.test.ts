/**
 * The first minute with the extension: an empty window, the walkthrough with its pictures, and a sample driver that is
 * copied to a folder of the user's and opens there.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setup } from './support/setup.ts';
import { explorerRows, openView, rowsWith, runCommand, withWorkbench } from './support/workbench.ts';

test('the walkthrough opens, and a sample is copied and opened', async () => {
  const prepared = setup();
  const parent = mkdtempSync(join(prepared.work, 'newcomer-'));
  await withWorkbench(prepared, { name: 'newcomer' }, async ({ page, browser, shot }) => {
    const input = page.locator('.quick-input-widget input');
    const choices = page.locator('.quick-input-list .monaco-list-row');

    const openWalkthrough = async (): Promise<void> => {
      await runCommand(page, 'Open Walkthrough...');
      await rowsWith(choices, 'Get Started with WSK Workbench');
      await input.fill('WSK Workbench');
      await page.keyboard.press('Enter');
      await page.locator('.gettingStartedContainer', { hasText: 'Open a sample driver' }).waitFor();
    };
    await openWalkthrough();
    await shot('walkthrough');

    await page.locator('.gettingStartedContainer .monaco-button', { hasText: 'Open a Sample' }).first().click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'a correct driver' }).click();
    await page.locator('.quick-input-widget .quick-input-title', { hasText: 'Where to put the sample' }).waitFor();
    // The dialog writes the home folder's path first.
    await rowsWith(choices, /^\.\.$/);
    await input.fill(`${parent}/`);
    await shot('open-sample');
    await page.locator('.quick-input-widget .monaco-button', { hasText: /Copy the Sample Here|OK/ }).click();
    // The window loads anew with the folder in it.
    await explorerRows(page, 'listen.c').first().waitFor();
    const copied = readFileSync(join(parent, 'listen/listen.c'), 'utf8');
    assert.equal(copied, readFileSync(join(prepared.project, 'samples/listen/listen.c'), 'utf8'));

    await explorerRows(page, 'listen.c').first().dblclick();
    // VS Code may bring the walkthrough back to the front, so the file's tab is looked for and not its text.
    await page.locator('.tab', { hasText: 'listen.c' }).waitFor();
    await page.keyboard.press('Control+Shift+D');
    const view = await openView(page, 'IRP Completions');
    await view.locator('.welcome-view-content', { hasText: 'Every IRP of the running driver' }).waitFor();
    await shot('welcome');

    // Behind the walkthrough no file is in front: the button runs the driver of the folder.
    await openWalkthrough();
    const steps = page.locator('.gettingStartedContainer');
    await steps.locator('.step-title', { hasText: 'Run the driver' }).first().click();
    await steps.locator('.monaco-button', { hasText: 'Debug the Driver' }).first().click();
    await rowsWith(page.locator('.repl .monaco-list-row'), 'listen: socket created');
    await shot('walkthrough-run');
    assert.deepEqual([...browser.outsideHosts], []);
  });
});
