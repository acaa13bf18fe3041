// Types (tsc -b), lint and format (Biome), floating promises and exhaustive switches (oxlint).
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = [
  'base',
  'cfront',
  'catalog',
  'emulator',
  'server',
  'debugger',
  'client',
  'cli',
  'host',
  'bridge',
  'test',
];
const steps = [
  ['typescript/bin/tsc', '-b'],
  ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings', ...folders],
];
let failed = false;
for (const [tool, ...args] of steps) {
  const { status } = spawnSync(process.execPath, [`node_modules/${tool}`, ...args], { stdio: 'inherit', cwd: root });
  if (status !== 0) {
    failed = true;
    console.error(`${tool} ${args.join(' ')}: exit ${status}`);
  }
}
process.exit(failed ? 1 : 0);
