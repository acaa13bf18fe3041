// `npm test`: everything. Installs what is missing; types, lint and format; unit tests beside the browser suite, so that
// no core waits for the other. Ends with the counts of all of them: `N passed, N failed`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCompilers, ensurePackages, root } from './install.mjs';

ensurePackages();
ensureCompilers();
mkdirSync(join(root, 'build'), { recursive: true });
// These need packages.
const { concluded, runPool } = await import('./pool.mjs');
const { testLanes } = await import('./test-lanes.mjs');
const { allTestFiles } = await import('./run-tests.mjs');

const script = (name, ...args) => [join(root, 'scripts', `${name}.mjs`), ...args];

// The package first: unit tests read its dist/catalog.json.br, and the browser suite installs it.
const first = await runPool([
  { title: 'the VSIX', args: script('package') },
  { title: 'types, lint, format', args: script('check') },
]);
const { jobs, remove } = await testLanes(allTestFiles());
try {
  const second = await runPool([{ title: 'the real VS Code', args: script('run-e2e', '--packed') }, ...jobs]);
  const sum = (key) => first[key] + second[key];
  process.exitCode = concluded({
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    broken: [...first.broken, ...second.broken],
  });
} finally {
  remove();
}
