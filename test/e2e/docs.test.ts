/**
 * The user's docs as a person meets them: a search that has none yet, getting them with git, a bar while they are read,
 * a hover with its page, a search by words, and a page as the preview shows it; then what is advised without git and
 * without a network. The git is a script that copies pages of our own: nothing is fetched from anywhere.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitMs } from './support/browser.ts';
import { docsFolder } from './support/docs.ts';
import { samplesCopy, setup } from './support/setup.ts';
import {
  hoverOver,
  openFile,
  rowsWith,
  runCommand,
  serverReady,
  turnHoverPage,
  withWorkbench,
} from './support/workbench.ts';

const prepared = setup();

test('docs: got with git, in a hover, found by words, and shown', async (t) => {
  const samples = samplesCopy(prepared);
  const listen = join(samples, 'listen/listen.c');
  const docs = docsFolder(prepared, 8000);
  // Written when the progress has been looked at: till then git is not done, however slow the machine that draws it.
  const seen = join(mkdtempSync(join(prepared.work, 'seen-')), 'seen');
  const git = gitScript(`part=windows-driver-docs-pr
case "$*" in
  *docs-ddi.git*) part=wdk-ddi-src ;;
esac
case "$*" in
  *" clone "*)
    printf 'Receiving objects:  45%% (6/14)\r' >&2
    for target; do :; done
    mkdir -p "$target/.git" && cp -R '${docs}'/$part "$target"/
    tenths=0
    while [ ! -e '${seen}' ] && [ $tenths -lt ${waitMs / 100} ]; do sleep 0.1; tenths=$((tenths + 1)); done ;;
esac`);
  const options = { name: 'docs', folder: samples, machineSettings: { 'git.path': git } };
  await withWorkbench(prepared, options, async ({ page, browser, shot }) => {
    const notice = (text: string) => page.locator('.notification-toast', { hasText: text });
    const choices = page.locator('.quick-input-list .monaco-list-row');

    await openFile(page, listen, 'Provider.Dispatch->WskSocket(', 'WskSocket');
    await serverReady(page, 'CreateListeningSocket');
    await runCommand(page, 'WSK: Search Driver Docs');
    await notice('There are no driver docs to search yet').waitFor();
    await shot('docs-none');
    await notice('no driver docs').locator('.monaco-button', { hasText: 'Get the Documentation' }).click();

    await rowsWith(choices, 'windows-driver-docs-ddi');
    await shot('docs-choice');
    await page.keyboard.press('Enter');
    const dialog = page.locator('.monaco-dialog-box', { hasText: 'Get the driver documentation?' });
    await dialog.waitFor();
    await shot('docs-question');
    // A notification with its Cancel, or the status bar, as the editor sees fit.
    const places = page.locator(':is(.notification-toast, .statusbar-item)', { hasText: 'Reading the driver docs' });
    const bar = places.first();
    // On a fast machine it is gone before it could be drawn.
    const isBarSeen = bar.waitFor({ timeout: 15_000 }).then(
      () => true,
      () => false,
    );
    await dialog.locator('.monaco-button', { hasText: 'Download' }).click();
    await notice('Driver docs: Reference').waitFor();
    await shot('docs-getting');
    writeFileSync(seen, '');
    await notice('The driver docs are here').waitFor();
    await shot('docs-here');
    await notice('The driver docs are here').locator('.monaco-button', { hasText: 'Search Driver Docs' }).click();

    const input = page.locator('.quick-input-widget input');
    await page.locator('.quick-input-title', { hasText: /\d,\d+ pages/ }).waitFor();
    await input.fill('pending request closed socket');
    await rowsWith(choices, /A first socket/i);
    await shot('docs-search-words');
    await input.fill('zyxwv qponm');
    await rowsWith(choices, 'No page has this');
    await input.fill('WskSock');
    const found = await rowsWith(choices, /^WskSocketConnect/);
    assert.match(found[0] ?? '', /^WskSocket.*Creates a socket of one of the five categories/);
    assert.ok(found.length >= 2 && found.length < 20, found.join('\n'));
    await shot('picture-docs-search', { x: 60, y: 0, width: 1160, height: 340 });
    await page.keyboard.press('Enter');
    await page.locator('.tab', { hasText: 'Preview' }).waitFor();
    await page.locator('iframe.webview').first().waitFor();
    await page.waitForTimeout(2500);
    await shot('docs-page');

    await openFile(page, listen, 'irp = IoAllocateIrp(', 'IoAllocateIrp');
    const text = await hoverOver(page, 'irp = IoAllocateIrp(', 'IoAllocateIrp', 'The boatman of the fixture');
    assert.match(text, /An IRP of your own is yours to free/);
    await turnHoverPage(page, 2);
    await shot('picture-docs-hover', { x: 352, y: 380, width: 924, height: 330 });
    t.diagnostic(`the bar of the reading was ${(await isBarSeen) ? '' : 'not '}seen`);
    assert.deepEqual([...browser.outsideHosts], []);
  });
});

for (const { name, git, advice, button } of [
  {
    name: 'no git',
    git: '/no/such/git',
    advice: 'git could not be started. Install it',
    button: 'Get git',
  },
  {
    name: 'no network',
    git: gitScript('echo "fatal: unable to access: Could not resolve host: github.com" >&2; exit 128'),
    advice: "can't be reached. Check the network",
    button: 'Open the Repository',
  },
]) {
  test(`docs with ${name}: what to do is said`, async () => {
    const folder = samplesCopy(prepared);
    const options = { name: name.replace(' ', '-'), folder, machineSettings: { 'git.path': git } };
    await withWorkbench(prepared, options, async ({ page, browser, shot }) => {
      await openFile(page, join(options.folder, 'listen/listen.c'), 'Provider.Dispatch->WskSocket(', 'WskSocket');
      await serverReady(page, 'CreateListeningSocket');
      await runCommand(page, 'WSK: Get the Full Driver Documentation');
      await rowsWith(page.locator('.quick-input-list .monaco-list-row'), 'windows-driver-docs-ddi');
      await page.keyboard.press('Enter');
      await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Download' }).click();
      const message = page.locator('.notification-toast', { hasText: advice });
      await message.waitFor();
      assert.match((await message.textContent()) ?? '', /setting wsk\.docs\.folders/);
      await message.locator('.monaco-button', { hasText: button }).waitFor();
      await shot(`docs-${options.name}`);
      assert.deepEqual([...browser.outsideHosts], []);
    });
  });
}

/** A program for `git.path` that does what these lines of shell say. */
function gitScript(lines: string): string {
  const path = join(mkdtempSync(join(prepared.work, 'git-')), 'git');
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, 0o755);
  return path;
}
