// Bundles *.test.ts files with esbuild and runs them under node:test. Usage: run-tests.mjs [FOLDER|FILE …]
// With no argument it runs every test but test/e2e, which needs a browser (scripts/test.mjs runs that too).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeCatalog } from './catalog-data.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const skipped = new Set(['node_modules', 'build', 'dist', '.git']);

/** Every *.test.ts below a folder, sorted. */
function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : testFiles(path);
      return entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}

const wanted = process.argv.slice(2);
const files = (
  wanted.length
    ? wanted.flatMap((w) => (w.endsWith('.ts') ? [join(root, w)] : testFiles(join(root, w))))
    : testFiles(root)
).filter((f) => wanted.length || !relative(root, f).startsWith(join('test', 'e2e')));
if (!files.length) {
  console.error(`no test found in ${wanted.join(' ') || root}`);
  process.exit(2);
}

mkdirSync(join(root, 'build'), { recursive: true });
const out = mkdtempSync(join(root, 'build/tests-'));
let status = 1;
try {
  writeCatalog(root);
  await build({
    entryPoints: files,
    outdir: out,
    outbase: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    external: ['esbuild'],
    define: { 'process.env.WSK_ROOT': JSON.stringify(root) },
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
  });
  const bundles = files.map((f) => join(out, relative(root, f).replace(/\.ts$/, '.mjs')));
  const counts = process.env.WSK_TEST_COUNTS;
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
  if (counts)
    reporters.push(`--test-reporter=${join(root, 'scripts/test-counts.mjs')}`, `--test-reporter-destination=${counts}`);
  const options = ['--enable-source-maps', '--test', '--test-concurrency=2', ...reporters];
  const run = spawnSync(process.execPath, [...options, ...bundles], {
    stdio: 'inherit',
    cwd: root,
    env: { ...process.env, WSK_ROOT: root },
  });
  status = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(status);
