/**
 * A headless Chromium through playwright-core, which is loaded from the harness and not from node_modules; so the few
 * parts of its interface that the tests use are declared here. Knows every host that a page has asked for.
 */
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Setup } from './setup.ts';

/**
 * Every wait in a test ends after this long, as a failure: only what never comes takes so long, however busy the
 * machine is.
 */
export const waitMs = 60_000;

interface WaitOptions {
  readonly state?: 'attached' | 'detached' | 'visible' | 'hidden';
  readonly timeout?: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Locator {
  first(): Locator;
  nth(index: number): Locator;
  locator(selector: string, options?: { readonly hasText?: string | RegExp; readonly has?: Locator }): Locator;
  waitFor(options?: WaitOptions): Promise<void>;
  count(): Promise<number>;
  click(options?: {
    readonly button?: 'left' | 'right';
    readonly position?: { readonly x: number; readonly y: number };
  }): Promise<void>;
  dblclick(): Promise<void>;
  hover(): Promise<void>;
  fill(text: string): Promise<void>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  getAttribute(name: string): Promise<string | null>;
  isVisible(): Promise<boolean>;
  boundingBox(): Promise<Box | null>;
}

export interface Page {
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  readonly mouse: {
    move(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
    wheel(deltaX: number, deltaY: number): Promise<void>;
  };
  goto(url: string): Promise<unknown>;
  locator(selector: string, options?: { readonly hasText?: string | RegExp; readonly has?: Locator }): Locator;
  screenshot(options: {
    readonly path: string;
    readonly clip?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  }): Promise<unknown>;
  /** The page and all that are in it: a webview's page is two frames down. */
  frames(): { locator(selector: string, options?: { readonly hasText?: string | RegExp }): Locator }[];
  /** Half the size of the screen is what a user has at a zoom of 200 %. */
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>;
  setDefaultTimeout(ms: number): void;
  exposeFunction(name: string, call: (...values: unknown[]) => void): Promise<void>;
  waitForTimeout(ms: number): Promise<void>;
  on(event: 'request', listener: (request: { url(): string }) => void): void;
}

interface Context {
  pages(): Page[];
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launchPersistentContext(folder: string, options: Readonly<Record<string, unknown>>): Promise<Context>;
  };
}

export interface Browser {
  readonly page: Page;
  /** Hosts other than loopback that the page has asked for. */
  readonly outsideHosts: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function startBrowser(setup: Setup): Promise<Browser> {
  const load = createRequire(join(setup.vscode.playwright, 'package.json'));
  const { chromium }: Playwright = load('playwright-core');
  const context = await chromium.launchPersistentContext(mkdtempSync(join(setup.work, 'chromium-')), {
    executablePath: setup.chromium,
    headless: true,
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(waitMs);
  const outsideHosts = new Set<string>();
  page.on('request', (request) => {
    const url = new URL(request.url());
    // What a webview asks there, its service worker answers: nothing is sent.
    const isWebview = url.hostname.endsWith('.vscode-resource.vscode-cdn.net');
    if (/^(http|ws)/.test(url.protocol) && url.hostname !== '127.0.0.1' && !isWebview) outsideHosts.add(url.hostname);
  });
  return { page, outsideHosts, close: () => context.close() };
}
