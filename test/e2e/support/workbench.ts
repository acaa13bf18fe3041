/**
 * One VS Code with a folder open, and what a user does in it, one function for each gesture. Every gesture waits for what
 * it brings about, at most 15 s. When the body of `withWorkbench` fails, a screenshot and the end of the server's log
 * tell why.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, tail } from '../../../scripts/vscode-server.mjs';
import { type Browser, type Locator, type Page, startBrowser } from './browser.ts';
import type { Setup } from './setup.ts';

export interface Workbench {
  readonly page: Page;
  readonly browser: Browser;
  /** Keeps what is on the screen, in build/screenshots; `picture-…` ones may become the README's. */
  shot(name: string): Promise<void>;
}

export interface WorkbenchOptions {
  readonly name: string;
  readonly folder: string;
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export async function withWorkbench(
  setup: Setup,
  options: WorkbenchOptions,
  body: (bench: Workbench) => Promise<void>,
): Promise<void> {
  const server = await startServer(setup.vscode, {
    root: mkdtempSync(join(setup.work, 'vscode-')),
    extensionsFolder: setup.extensionsFolder,
    trusted: options.trusted ?? true,
    settings: { 'editor.hover.delay': 100, 'editor.minimap.enabled': false, ...options.settings },
  });
  try {
    const browser = await startBrowser(setup);
    const shot = async (name: string) => {
      await browser.page.screenshot({ path: join(setup.screenshots, `${name}.png`) });
    };
    try {
      await browser.page.goto(`${server.url}/?folder=${encodeURIComponent(options.folder)}`);
      await browser.page.locator('.monaco-workbench').waitFor();
      await browser.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
      await body({ page: browser.page, browser, shot });
    } catch (error) {
      await shot(`failed-${options.name}`);
      throw new Error(
        `${String(error)}\n\nScreenshot: failed-${options.name}.png. The server's log ends:\n${tail(server.logFile)}`,
        { cause: error },
      );
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** Opens `file:line` by quick open; `lineText` is what that line reads. */
export async function openFile(page: Page, target: string, lineText: string): Promise<void> {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(target);
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: target.replace(/:\d+$/, '') })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await line(page, lineText).waitFor();
}

/** The first line on the screen that holds a text. */
export const line = (page: Page, text: string): Locator =>
  page.locator('.editor-instance .view-line', { hasText: text }).first();

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Rests the mouse on a word of a line and gives the hover's text. */
export async function hoverOver(page: Page, lineText: string, word: string, expected: string): Promise<string> {
  // Monaco's spans don't match words, so the word's own rectangle is measured.
  const point = await line(page, lineText).evaluate<{ x: number; y: number }>(
    `(element, word) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const index = node.data.indexOf(word);
        if (index < 0) continue;
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      throw new Error('the line does not show ' + word);
    }`,
    word,
  );
  await page.mouse.move(point.x, point.y - 3);
  await page.mouse.move(point.x, point.y);
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: expected }).first();
  await hover.waitFor();
  return page.locator('.monaco-hover:not(.hidden)').first().innerText();
}

/** Rows of the suggestions that show now. */
export const suggestions = (page: Page): Locator => page.locator('.suggest-widget.visible .monaco-list-row');

/** The rows of a view in the side bar, opened if it is closed. */
export async function viewRows(page: Page, name: string): Promise<Locator> {
  const header = page.locator(`.pane-header[aria-label^="${name}"]`);
  await header.waitFor();
  if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
  return page.locator('.pane', { has: header }).locator('.monaco-list-row');
}

/** Waits until a text shows among rows and gives them all, top to bottom. */
export async function rowsWith(rows: Locator, text: string | RegExp): Promise<string[]> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const texts = (await rows.allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    if (texts.some((row) => (typeof text === 'string' ? row.includes(text) : text.test(row)))) return texts;
    if (Date.now() > deadline) throw new Error(`no row with ${text} in 15 s, only:\n  ${texts.join('\n  ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
