// `npm test`: everything. Installs what is missing; types, lint and format; unit tests; the browser suite.
// Ends with the counts of all of them: `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCompilers, ensurePackages, root } from './install.mjs';

ensurePackages();
ensureCompilers();
mkdirSync(join(root, 'build'), { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs one of our scripts; a script that leaves no counts is one test itself. */
function step(title, script, args = []) {
  console.log(`\n── ${title} ──`);
  const counts = join(root, `build/counts-${script}.json`);
  rmSync(counts, { force: true });
  const env = { ...process.env, WSK_TEST_COUNTS: counts };
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', `${script}.mjs`), ...args], {
    stdio: 'inherit',
    cwd: root,
    env,
  });
  const found = existsSync(counts)
    ? JSON.parse(readFileSync(counts, 'utf8'))
    : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  if (status !== 0 && found.failed === 0) found.failed = 1;
  for (const key of Object.keys(total)) total[key] += found[key];
}

step('types, lint, format', 'check');
step('unit and boundary tests', 'run-tests');
step('the real VS Code', 'run-e2e');
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
