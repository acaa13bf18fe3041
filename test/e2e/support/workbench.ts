/**
 * One VS Code with a folder open, and what a user does in it, one function for each gesture. Every gesture waits for what
 * it brings about, at most 15 s. When the body of `withWorkbench` fails, a screenshot and the end of the server's log
 * tell why.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startServer, tail } from '../../../scripts/vscode-server.mjs';
import { type Browser, type Locator, type Page, startBrowser, waitMs } from './browser.ts';
import type { Setup } from './setup.ts';

// A first start on a busy machine: the extension host and the language server come up beside the browser.
const startMs = 2 * waitMs;

/** A part of the window, for pictures that show one thing. */
interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Workbench {
  readonly page: Page;
  readonly browser: Browser;
  /** Keeps what is on the screen, in build/screenshots; `picture-…` ones may become the README's. */
  shot(name: string, clip?: Clip): Promise<void>;
}

export interface WorkbenchOptions {
  readonly name: string;
  /** None opens a window without a folder. */
  readonly folder?: string;
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of the machine on which extensions run: programs to start, which the user's own settings can't name for it. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
}

export async function withWorkbench(
  setup: Setup,
  options: WorkbenchOptions,
  body: (bench: Workbench) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(setup.work, 'vscode-'));
  if (options.machineSettings !== undefined) {
    mkdirSync(join(root, 'data/Machine'), { recursive: true });
    writeFileSync(join(root, 'data/Machine/settings.json'), JSON.stringify(options.machineSettings));
  }
  const server = await startServer(setup.vscode, {
    root,
    extensionsFolder: setup.extensionsFolder,
    trusted: options.trusted ?? true,
    settings: {
      'editor.hover.delay': 100,
      'editor.minimap.enabled': false,
      'editor.hover.above': false,
      'workbench.colorTheme': 'Default Dark Modern',
      ...options.settings,
    },
  });
  try {
    const browser = await startBrowser(setup);
    const shot = async (name: string, clip?: Clip) => {
      // Popups fade out; half of one spoils a picture.
      await browser.page.waitForTimeout(400);
      const path = join(setup.screenshots, `${name}.png`);
      await browser.page.screenshot(clip === undefined ? { path } : { path, clip });
    };
    try {
      const { folder } = options;
      await browser.page.goto(folder ? `${server.url}/?folder=${encodeURIComponent(folder)}` : server.url);
      await browser.page.locator('.monaco-workbench').waitFor({ timeout: startMs });
      if (folder) await explorerRows(browser.page).first().waitFor({ timeout: startMs });
      await body({ page: browser.page, browser, shot });
    } catch (error) {
      await shot(`failed-${options.name}`);
      const said = [
        `Screenshot: failed-${options.name}.png`,
        "The server's log ends:",
        tail(server.logFile),
        ...outputs(server.root),
      ];
      throw new Error(`${String(error)}\n\n${said.join('\n')}`, { cause: error });
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** What our own output channel says, where the language server reports its bugs. */
function outputs(root: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('WSK Workbench.log'),
  );
  return files.flatMap((name) => ['Our output channel:', readFileSync(join(root, name), 'utf8').slice(-2000)]);
}

/** Opens a file by quick open with the cursor before a word of the first line that holds a text. */
export async function openFile(page: Page, path: string, lineText: string, word = ''): Promise<void> {
  const lines = readFileSync(path, 'utf8').split('\n');
  const number = lines.findIndex((text) => text.includes(lineText)) + 1;
  if (number === 0) throw new Error(`${path} has no line with ${lineText}`);
  const column = (lines[number - 1] ?? '').indexOf(word) + 1;
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(`${basename(path)}:${number}:${column}`);
  // The row that Enter takes, which is for a moment that of what was typed before.
  await page
    .locator('.quick-input-list .monaco-list-row.focused', { hasText: basename(path) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
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

/** Waits until our language server has told the editor in which function the cursor is. */
export async function serverReady(page: Page, functionName: string): Promise<void> {
  await page.locator('.monaco-breadcrumb-item', { hasText: functionName }).first().waitFor({ timeout: startMs });
}

/** Rests the mouse on a word of a line and gives the hover's text. */
export async function hoverOver(page: Page, lineText: string, word: string, expected: string): Promise<string> {
  const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: expected }).first();
  const deadline = Date.now() + waitMs;
  for (;;) {
    // The name of a call has a colour and so an element of its own.
    await line(page, lineText)
      .locator('span', { hasText: new RegExp(`^${word}$`) })
      .first()
      .hover();
    try {
      await hover.waitFor({ timeout: 3000 });
      // Code lenses that come meanwhile move the line away from under the mouse, and the hover goes.
      await page.waitForTimeout(700);
      if ((await hover.count()) > 0) return (await hover.textContent()) ?? '';
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await page.mouse.move(10, 10);
  }
}

/** The rows of the Explorer, or those with a text. */
export const explorerRows = (page: Page, hasText = ''): Locator =>
  page.locator('.explorer-folders-view .monaco-list-row', { hasText });

/** Rows of the suggestions that show now. */
export const suggestions = (page: Page): Locator => page.locator('.suggest-widget.visible .monaco-list-row');

/** VS Code opens the first scope of variables by itself where this was open before the driver stopped. */
export async function openRunAndDebug(page: Page): Promise<void> {
  await page.keyboard.press('Control+Shift+D');
  await viewHeader(page, 'IRP Completions').waitFor();
}

/** A view of the side bar, opened if it is closed. */
export async function openView(page: Page, name: string): Promise<Locator> {
  await setView(page, name, 'true');
  return page.locator('.pane', { has: viewHeader(page, name) });
}

export async function closeViews(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) await setView(page, name, 'false');
}

async function setView(page: Page, name: string, expanded: 'true' | 'false'): Promise<void> {
  const header = viewHeader(page, name);
  await header.waitFor();
  if ((await header.getAttribute('aria-expanded')) !== expanded) await header.click();
}

const viewHeader = (page: Page, name: string): Locator => page.locator(`.pane-header[aria-label^="${name}"]`).first();

/** A row of the view "IRP Timeline", whose page is in a frame of its own that VS Code makes anew as it likes. */
export async function timelineStep(page: Page, text: string, state = ''): Promise<Locator> {
  for (let waited = 0; waited < waitMs; waited += 200) {
    for (const frame of page.frames()) {
      const step = frame.locator(`.step${state}`, { hasText: text });
      // A frame that has just gone has none.
      if ((await step.count().catch(() => 0)) > 0) return step.first();
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`the timeline has no row ${state} with ${text}`);
}

/** Makes the side bar wider by dragging its edge, so that pictures show whole rows. */
export async function widenSideBar(page: Page, width: number): Promise<void> {
  const box = await boxOf(page.locator('.part.sidebar'));
  await drag(
    page,
    { x: box.x + box.width, y: box.y + box.height / 2 },
    { x: box.x + width, y: box.y + box.height / 2 },
  );
}

/** Gives the last view of the side bar the height that the views above it don't need. */
export async function raiseView(page: Page, upperNeighbour: string, pixels: number): Promise<void> {
  const box = await boxOf(viewHeader(page, upperNeighbour));
  await drag(page, { x: box.x + box.width / 2, y: box.y }, { x: box.x + box.width / 2, y: box.y - pixels });
}

/** Gives the hover of the word at the cursor the keyboard and turns pages of it. */
export async function turnHoverPage(page: Page, pages = 1): Promise<void> {
  // The first time shows it, the second time gives it the keyboard.
  for (let times = 0; times < 2; times += 1) {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await page.locator('.monaco-hover:not(.hidden)').first().waitFor();
  }
  for (let turned = 0; turned < pages; turned += 1) await page.keyboard.press('PageDown');
}

async function drag(
  page: Page,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  // Two moves: the first one tells that this is a drag.
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('what is to be dragged is not on the screen');
  return box;
}

/** Waits until a text shows among rows and gives them all, top to bottom. */
export async function rowsWith(rows: Locator, text: string | RegExp): Promise<string[]> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const texts = (await rows.allTextContents()).map((row) => row.replace(/\s+/g, ' ').trim());
    if (texts.some((row) => (typeof text === 'string' ? row.includes(text) : text.test(row)))) return texts;
    if (Date.now() > deadline) throw new Error(`no row with ${text} in ${waitMs} ms, only:\n  ${texts.join('\n  ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
