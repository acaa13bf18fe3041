/**
 * Poses as a VS Code executable for @vscode/test-electron: takes the arguments that a desktop VS Code would get, runs the
 * same extensionTestsPath suite in the extension host of the VS Code in the browser, and exits with the suite's result.
 * A time-out is a failure, with a screenshot.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, tail } from '../../../scripts/vscode-server.mjs';
import { startBrowser } from '../support/browser.ts';
import { setup } from '../support/setup.ts';

const suiteLimitMs = 600_000;

const argumentsGiven = process.argv.slice(2);
const flagOf = (name: string) => argumentsGiven.find((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3);
const extension = flagOf('extensionDevelopmentPath');
const tests = flagOf('extensionTestsPath');
const folder = argumentsGiven.find((a) => !a.startsWith('-'));
if (!extension || !tests || !folder)
  throw new Error(`extension, suite or folder is missing in: ${argumentsGiven.join(' ')}`);

const prepared = setup();
const server = await startServer(prepared.vscode, {
  root: mkdtempSync(join(prepared.work, 'host-')),
  extensionsFolder: join(prepared.work, 'no-extensions'),
  args: ['--vscode-option', 'enable-smoke-test-driver'],
  env: suiteEnvironment(),
});
const { page, close } = await startBrowser(prepared);
const ended = new Promise<number | 'late'>((resolve) => {
  void page.exposeFunction('codeAutomationExit', (code) => resolve(Number(code)));
  setTimeout(() => resolve('late'), suiteLimitMs).unref();
});
// Shown only where it explains a failure: VS Code warns of much that has nothing to do with us.
const warnings: string[] = [];
await page.exposeFunction('codeAutomationLog', (type, values) => {
  if (type === 'error' || type === 'warn')
    warnings.push(`${type} ${String(Array.isArray(values) ? values[0] : values)}`);
});
const remote = (path: string) => `vscode-remote://${new URL(server.url).host}${path}`;
const payload = [
  ['skipWelcome', 'true'],
  ['extensionDevelopmentPath', remote(extension)],
  ['extensionTestsPath', remote(tests)],
];
await page.goto(
  `${server.url}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`,
);
const result = await ended;
if (result !== 0) {
  await page.screenshot({ path: join(prepared.screenshots, 'failed-host.png') });
  console.error(
    `${result === 'late' ? `no end in ${suiteLimitMs} ms` : `exit ${result}`}; screenshot failed-host.png; the last warnings:\n${lastWarnings()}\nthe server's log ends:\n${tail(server.logFile)}`,
  );
}
await close();
await server.stop();
process.exit(result === 0 ? 0 : 1);

function lastWarnings(): string {
  return warnings
    .map((warning) => warning.split('\n')[0] ?? '')
    .filter((warning) => !/bindings file|watchdog/.test(warning))
    .slice(-10)
    .join('\n');
}

/** What the suite is told: where its results go, and where docs are. */
function suiteEnvironment(): Record<string, string> {
  const told = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    name.startsWith('WSK_SUITE_') && value !== undefined ? [[name, value]] : [],
  );
  return Object.fromEntries(told);
}
