/**
 * What the real VS Code says of the extension's activation: windows with samples/ open, one after the other, with the same
 * installation. The first one compiles the extension's code, and stays open until it is kept.
 *
 * Argument: what the end-to-end tests get (test/e2e/support/setup.ts). Prints one JSON line, in ms, the first window's
 * first: loading the code and calling `activate`, together.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Setup } from '../e2e/support/setup.ts';
import { samplesCopy } from '../e2e/support/setup.ts';
import { openFile, runCommand, withWorkbench } from '../e2e/support/workbench.ts';

const WINDOWS = 8;
const setup: Setup = JSON.parse(process.argv[2] ?? '');
const times: number[] = [];
for (let window = 0; window < WINDOWS; window += 1) {
  const folder = samplesCopy(setup);
  await withWorkbench(setup, { name: 'activation', folder }, async ({ page }) => {
    await openFile(page, join(folder, 'listen/listen.c'), 'DriverEntry');
    await page.locator('.breadcrumbs-control .monaco-breadcrumb-item').first().waitFor();
    // The machine has opened a window a moment ago, and is busy with that.
    await page.waitForTimeout(3000);
    // The slowest extensions come first, and only what is on the screen is in the page.
    await page.setViewportSize({ width: 1280, height: 3000 });
    await runCommand(page, 'Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'WSK Workbench' }).first();
    await row.waitFor();
    const text = (await row.locator('.activation-time').first().textContent()) ?? '';
    times.push(Number(/(\d+)ms/.exec(text)?.[1]));
    while (!hasKeptCode()) await page.waitForTimeout(500);
  });
}
console.log(JSON.stringify(times));

function hasKeptCode(): boolean {
  const [installed = ''] = readdirSync(setup.extensionsFolder).filter((name) => name.startsWith('wsk-workbench'));
  const programs = join(setup.extensionsFolder, installed, 'dist');
  return existsSync(programs) && readdirSync(programs).some((name) => /^client-.*\.compiled$/.test(name));
}
