// Fuzzing by hand, as long as you like. Usage:
//   fuzz.mjs programs --seed N --count N            random right C programs: our run against gcc -O0; where they
//            [--thorough]                           differ (or always) gcc -O2 and the sanitisers are asked as well
//   fuzz.mjs mutants  --seed N --count N            broken texts: no exception, no hang, bounded memory
//            --corpus DIR (any number)              more C files to mutate
//            --save DIR                             where failing texts go
//   fuzz.mjs programs|mutants --seed N --print      the text of one seed
//   fuzz.mjs shrink --seed N | --in FILE.c [--out FILE.c]   the smallest program that still differs
//   fuzz.mjs shrink-mutant --in FILE.c [--out FILE.c]       the smallest text that still breaks something
// Everything follows from the seed. test/fuzz does the work, in a process that is ended when it hangs.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root } from './install.mjs';

const hangMs = 60_000;

ensurePackages();
const { build } = await import('esbuild');
const { writeCatalog } = await import('./catalog-data.mjs');
mkdirSync(join(root, 'build'), { recursive: true });
const folder = mkdtempSync(join(root, 'build/fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
writeCatalog(root);
const worker = join(folder, 'fuzz.cjs');
await build({
  entryPoints: [join(root, 'test/fuzz/main.ts')],
  outfile: worker,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  define: { 'process.env.WSK_ROOT': JSON.stringify(root) },
  logLevel: 'warning',
});

const progress = join(folder, 'progress');
writeFileSync(progress, '');
const args = ['--enable-source-maps', '--expose-gc', worker, ...process.argv.slice(2), '--progress', progress];
const child = spawn(process.execPath, args, { stdio: 'inherit', cwd: root });
let seen = '';
let since = Date.now();
const timer = setInterval(() => {
  const now = readFileSync(progress, 'utf8');
  if (now !== seen) {
    seen = now;
    since = Date.now();
  } else if (now !== '' && Date.now() - since > hangMs) {
    console.error(`hangs at seed ${now}`);
    child.kill('SIGKILL');
  }
}, 1000);
child.on('exit', (code, signal) => {
  clearInterval(timer);
  process.exit(signal === null ? (code ?? 1) : 1);
});
