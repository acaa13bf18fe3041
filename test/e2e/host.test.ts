/**
 * Runs the extension-host suite with @vscode/test-electron's own launcher, in two worlds: the VS Code in the browser
 * (always), and a desktop VS Code where one can be had: the one that WSK_VSCODE_EXECUTABLE names, or a download where
 * WSK_VSCODE_DOWNLOAD=1 allows it. Every case of the suite is a subtest here.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import type { CaseResult } from './host/suite.ts';
import { docsCorpus, docsFolder } from './support/docs.ts';
import { samplesCopy, setup } from './support/setup.ts';

const prepared = setup();

test('the extension-host suite in VS Code in the browser', async (t) => {
  await runSuite(t, prepared.shim);
});

test('the extension-host suite in desktop VS Code', async (t) => {
  const found = await desktopVscode();
  if (found.kind === 'none') t.skip(found.why);
  else await runSuite(t, found.executable);
});

async function runSuite(t: TestContext, vscodeExecutablePath: string): Promise<void> {
  const results = join(mkdtempSync(join(prepared.work, 'results-')), 'results.jsonl');
  const user = mkdtempSync(join(prepared.work, 'user-'));
  const failure = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: prepared.project,
    extensionTestsPath: prepared.suite,
    launchArgs: [
      samplesCopy(prepared),
      `--user-data-dir=${user}`,
      `--extensions-dir=${join(user, 'extensions')}`,
      '--disable-extensions',
    ],
    extensionTestsEnv: {
      WSK_SUITE_RESULTS: results,
      WSK_SUITE_DOCS: docsFolder(prepared),
      WSK_SUITE_CORPUS: docsCorpus(prepared) ?? '',
    },
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const lines = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n') : [];
  for (const { name, error, note } of lines.map((text): CaseResult => JSON.parse(text)))
    await t.test(name, (of) => {
      if (note !== undefined) of.diagnostic(note);
      assert.equal(error, undefined);
    });
  assert.ok(lines.length > 0, `the suite did not start: ${String(failure)}`);
  assert.equal(failure, undefined);
}

type Desktop =
  | { readonly kind: 'found'; readonly executable: string }
  | { readonly kind: 'none'; readonly why: string };

async function desktopVscode(): Promise<Desktop> {
  const named = process.env.WSK_VSCODE_EXECUTABLE;
  if (named && !existsSync(named)) throw new Error(`WSK_VSCODE_EXECUTABLE names ${named}, which does not exist`);
  if (!named && process.env.WSK_VSCODE_DOWNLOAD !== '1')
    return none('set WSK_VSCODE_EXECUTABLE to a desktop VS Code, or WSK_VSCODE_DOWNLOAD=1 to download one');
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return none(
      `a desktop VS Code needs a display; ${hasXvfb() ? 'run this under xvfb-run' : 'install xvfb and run this under xvfb-run'}`,
    );
  if (named) return { kind: 'found', executable: named };
  try {
    return {
      kind: 'found',
      executable: await downloadAndUnzipVSCode({ cachePath: join(prepared.vscode.root, '..', 'desktop') }),
    };
  } catch (error) {
    return none(`VS Code can't be downloaded here: ${String(error)}`);
  }
}

const none = (why: string): Desktop => ({ kind: 'none', why });

const hasXvfb = (): boolean => spawnSync('xvfb-run', ['--help']).error === undefined;
