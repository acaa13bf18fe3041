// Runs *.test.ts files under node:test. Usage: run-tests.mjs [FOLDER|FILE …]
// With no argument it runs every test but test/e2e, which needs a browser (scripts/test.mjs runs that too).
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeCatalog } from './catalog-data.mjs';
import { root } from './install.mjs';
import { concluded, runPool } from './pool.mjs';
import { testLanes } from './test-lanes.mjs';

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

/** All but those in test/e2e. */
export const allTestFiles = () => testFiles(root).filter((f) => !relative(root, f).startsWith(join('test', 'e2e')));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.slice(2);
  const files = wanted.length
    ? wanted.flatMap((w) => (w.endsWith('.ts') ? [join(root, w)] : testFiles(join(root, w))))
    : allTestFiles();
  if (files.length === 0) {
    console.error(`no test found in ${wanted.join(' ') || root}`);
    process.exit(2);
  }
  writeCatalog(root);
  const { jobs, remove } = await testLanes(files);
  try {
    process.exitCode = concluded(await runPool(jobs));
  } finally {
    remove();
  }
}
