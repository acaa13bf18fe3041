/**
 * Without a mouse, in high contrast, at a zoom of 200 %: the walkthrough, a debug session with the IRP tree, an
 * explanation of a finding. Rows have names for screen readers that say what their icons and colours show.
 */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { samplesCopy, setup } from './support/setup.ts';
import { line, openFile, rowsWith, runCommand, serverReady, withWorkbench } from './support/workbench.ts';

const prepared = setup();
const settings = { 'workbench.colorTheme': 'Default High Contrast', 'editor.accessibilitySupport': 'on' };
const zoomed = { width: 640, height: 400 };

test('a driver is debugged by keyboard alone, and its IRPs are told', async () => {
  const listen = join(samplesCopy(prepared), 'listen/listen.c');
  const options = { name: 'keyboard', folder: dirname(listen), settings };
  await withWorkbench(prepared, options, async ({ page, shot }) => {
    await page.setViewportSize(zoomed);
    await openFile(page, listen, 'DriverObject->DriverUnload = ListenUnload;');
    await serverReady(page, 'DriverEntry');
    await page.keyboard.press('F9');
    await page.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified').first().waitFor();
    await page.keyboard.press('F5');
    await page.locator('.debug-top-stack-frame-line').first().waitFor();
    await shot('zoom-debugging');

    await runCommand(page, 'Focus on IRP Completions View');
    const view = page.locator('.pane', { has: page.locator('.pane-header[aria-label^="IRP Completions"]') });
    const focused = view.locator('.monaco-list-row.focused');
    await view.locator('.monaco-list-row').first().waitFor();
    await page.keyboard.press('End');
    await focused.waitFor();
    assert.match((await focused.getAttribute('aria-label')) ?? '', /^IRP #\d+ WskAccept: pending$/);
    await page.keyboard.press('ArrowRight');
    await rowsWith(view.locator('.monaco-list-row'), 'issued at');
    await shot('zoom-irps');
    await page.keyboard.press('ArrowDown');
    const spoken: string[] = [];
    for (let row = 0; row < 8; row += 1) {
      const label = (await focused.getAttribute('aria-label')) ?? '';
      spoken.push(label);
      if (label.includes('issued at')) break;
      await page.keyboard.press('ArrowDown');
    }
    assert.match(spoken.at(-1) ?? '', /issued at/, spoken.join('\n'));
    await page.keyboard.press('Enter');
    await line(page, 'return dispatch->WskAccept(').waitFor();

    await page.keyboard.press('Control+Shift+F11');
    await line(page, 'PLISTENER listener = (PLISTENER)Context;').waitFor();
    await page.locator('.debug-top-stack-frame-line').first().waitFor();
    await shot('zoom-completion');
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });
});

test('the walkthrough and the explanation of a finding need no mouse', async () => {
  const buggy = join(samplesCopy(prepared), 'listen-buggy/listen-buggy.c');
  await withWorkbench(
    prepared,
    { name: 'keyboard-reading', folder: dirname(buggy), settings },
    async ({ page, shot }) => {
      await page.setViewportSize(zoomed);
      await runCommand(page, 'Open Walkthrough...');
      await page.locator('.quick-input-widget input').fill('WSK Workbench');
      await rowsWith(page.locator('.quick-input-list .monaco-list-row'), 'Get Started with WSK Workbench');
      await page.keyboard.press('Enter');
      const steps = page.locator('.gettingStartedContainer');
      await steps.locator('.step-title', { hasText: 'Open a sample driver' }).waitFor();
      await shot('zoom-walkthrough');
      await page.keyboard.press('ArrowDown');
      await steps.locator('.getting-started-step.expanded', { hasText: 'Let the editor explain a call' }).waitFor();
      await shot('zoom-walkthrough-hover');

      await openFile(page, buggy, 'DriverEntry(');
      // Once there are findings, the next one is a key away, and its text stands in the window.
      await page.locator('.statusbar-item[id="status.problems"]', { hasText: '8' }).waitFor();
      await page.keyboard.press('F8');
      await page.locator('.marker-widget').first().waitFor();
      await shot('zoom-finding');
      await page.keyboard.press('Escape');
      await runCommand(page, 'Search Driver Docs');
      await page.locator('.notification-list-item', { hasText: 'no driver docs to search yet' }).first().waitFor();
      await shot('zoom-search');
    },
  );
});
