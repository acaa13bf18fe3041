// The end-to-end tests: packs the VSIX, installs it into the real VS Code in a browser, bundles test/e2e and runs it under
// node:test. Usage: run-e2e.mjs [--update-pictures] [--packed] [NAME …], NAME being a test file without .test.ts (workbench,
// host …). With --packed it takes the VSIX that scripts/package.mjs has packed.
// Where VS Code or Chromium can't be had it prints "skipped: reason" and exits 0, but with CI=true that is a failure.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './build.mjs';
import { packageVsix, vsixPath } from './package.mjs';
import { withPalette } from './png-palette.mjs';
import { reporting } from './test-lanes.mjs';
import { prepareChromium, prepareVscode, Unavailable } from './vscode-harness.mjs';
import { installExtension } from './vscode-server.mjs';

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = options.filter((option) => option !== '--update-pictures' && option !== '--packed');
if (unknown.length > 0) {
  console.error(`unknown option ${unknown.join(' ')}; there are --update-pictures and --packed`);
  process.exit(2);
}

const folder = join(root, 'test/e2e');
const tests = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => wanted.length === 0 || wanted.includes(name.replace('.test.ts', '')))
  .sort();
if (tests.length === 0) {
  console.error(`no end-to-end test is called ${wanted.join(' or ')}`);
  process.exit(2);
}

const log = (line) => console.log(line);
let vscode;
let chromium;
try {
  vscode = await prepareVscode({ log });
  chromium = await prepareChromium({ log });
} catch (error) {
  if (!(error instanceof Unavailable)) throw error;
  const required = process.env.CI === 'true';
  console.log(
    `${required ? 'FAILED: the end-to-end tests are required where CI=true' : 'skipped: the end-to-end tests in VS Code'}: ${error.message}`,
  );
  // In the counts of `npm test` each file that did not run is one test.
  const counts = { passed: 0, failed: required ? tests.length : 0, skipped: required ? 0 : tests.length };
  if (process.env.WSK_TEST_COUNTS) writeFileSync(process.env.WSK_TEST_COUNTS, JSON.stringify(counts));
  process.exit(required ? 1 : 0);
}

const vsix = options.includes('--packed') ? vsixPath() : (await packageVsix()).vsix;
const work = mkdtempSync(join(tmpdir(), 'wsk-e2e-'));
const bundles = join(root, 'build/e2e');
const screenshots = join(root, 'build/screenshots');
let status = 1;
try {
  // Pictures of a run of some tests join those of the others.
  for (const emptied of wanted.length === 0 ? [bundles, screenshots] : [bundles])
    rmSync(emptied, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
  const extensionsFolder = join(work, 'extensions');
  installExtension(vscode, { root: join(work, 'install'), extensionsFolder, vsix });
  await bundle();
  const setup = {
    project: root,
    work,
    vscode,
    chromium,
    extensionsFolder,
    screenshots,
    suite: join(bundles, 'suite.js'),
    shim: join(bundles, 'shim.mjs'),
  };
  const files = tests.map((name) => join(bundles, name.replace(/\.ts$/, '.mjs')));
  const run = spawnSync(process.execPath, [...reporting, '--test', '--test-concurrency=1', ...files], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, WSK_E2E: JSON.stringify(setup) },
  });
  status = run.status ?? 1;
  if (status === 0 && options.includes('--update-pictures')) updatePictures();
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(status);

async function bundle() {
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    mainFields: ['module', 'main'],
  };
  const banner = "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);";
  await build({
    ...common,
    entryPoints: tests.map((name) => join(folder, name)),
    outdir: bundles,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    external: ['@vscode/test-electron'],
    banner: { js: banner },
  });
  // Runs inside VS Code's extension host, which gives it `vscode`.
  await build({
    ...common,
    entryPoints: [join(folder, 'host/suite.ts')],
    outfile: join(bundles, 'suite.js'),
    format: 'cjs',
    external: ['vscode'],
  });
  // @vscode/test-electron starts this as if it were VS Code.
  const shim = join(bundles, 'shim.mjs');
  await build({
    ...common,
    entryPoints: [join(folder, 'host/shim.ts')],
    outfile: shim,
    format: 'esm',
    banner: { js: `#!/usr/bin/env node\n${banner}` },
  });
  chmodSync(shim, 0o755);
}

/** The pictures of the README and the walkthrough are what the tests saw: few colours, and WebP, the smallest of the lossless forms. */
function updatePictures() {
  for (const name of readdirSync(screenshots).filter((n) => n.startsWith('picture-'))) {
    const target = join(root, 'media', `${basename(name, '.png').replace('picture-', '')}.webp`);
    const source = join(screenshots, `few-colours-${name}`);
    writeFileSync(source, withPalette(readFileSync(join(screenshots, name))));
    const { status } = spawnSync('cwebp', ['-quiet', '-lossless', '-z', '9', '-m', '6', source, '-o', target]);
    if (status !== 0) throw new Error(`${target} was not made: cwebp is needed, which is in Debian's package webp`);
    console.log(`updated ${target}`);
  }
}
