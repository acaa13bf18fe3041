// `npm run bench`: the product's figures, each beside a peer measured in the same run. Prints a table and JSON.
// WSK_ECHO_SAMPLE names a copy of Microsoft's WSK echo sample (wsksmple.c); without it samples/listen stands in.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ensurePackages, root } from './install.mjs';

ensurePackages();
const { build } = await import('esbuild');
const { buildAll } = await import('./build.mjs');
const folder = mkdtempSync(join(root, 'build/bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await buildAll();
await build({
  entryPoints: [join(root, 'test/bench/figures.ts')],
  outfile: join(folder, 'figures.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const workload = (...args) =>
  JSON.parse(
    spawnSync(process.execPath, [join(folder, 'figures.cjs'), ...args], {
      encoding: 'utf8',
      cwd: root,
      env: { ...process.env, WSK_ROOT: root },
    }).stdout,
  );

/** Median wall time in ms of a whole process. */
function wholeProcess(command, args, times = 9) {
  return median(
    Array.from({ length: times }, () => {
      const started = performance.now();
      const { error } = spawnSync(command, args, { cwd: root, stdio: 'ignore' });
      return error ? Number.NaN : performance.now() - started;
    }),
  );
}
const has = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

const figures = [];
const figure = (name, value, unit, limit, peer, peerValue) =>
  figures.push({ name, value, unit, limit, peer, peerValue, ratio: peerValue ? value / peerValue : undefined });

const vsix = readdirSync(root).find((f) => f.endsWith('.vsix'));
if (vsix) figure('VSIX', statSync(join(root, vsix)).size / 1e6, 'MB', '< 1.5', '', undefined);

const echo = process.env.WSK_ECHO_SAMPLE;
const driver = echo && existsSync(echo) ? echo : join(root, 'samples/listen/listen.c');
const driverName = driver === echo ? 'echo sample' : 'samples/listen (WSK_ECHO_SAMPLE is not set)';
const clang = has('clangd') ? 'clang' : has('gcc') ? 'gcc' : undefined;
const mingw = has('x86_64-w64-mingw32-gcc');
const peerParse = mingw
  ? wholeProcess('x86_64-w64-mingw32-gcc', [
      '-fsyntax-only',
      '-fms-extensions',
      '-x',
      'c',
      '-include',
      'ntddk.h',
      '-I/usr/share/mingw-w64/include/ddk',
      '/dev/null',
    ])
  : undefined;
figure(
  `parse and type the ${driverName}, warm`,
  median(workload('parse', driver)),
  'ms',
  '< 60',
  mingw ? 'mingw-w64 gcc -fsyntax-only of ntddk.h alone' : '',
  peerParse,
);
figure(`lint the ${driverName}, warm`, median(workload('lint', driver)), 'ms', '', '', undefined);
figure(
  'wsk run samples/listen, whole process',
  wholeProcess(process.execPath, ['dist/cli.js', 'run', 'samples/listen']),
  'ms',
  '< 400',
  'node -e 0',
  wholeProcess(process.execPath, ['-e', '0']),
);

const corpus = join(root, '../shared/docs-corpus');
if (existsSync(corpus))
  figure(
    'documentation corpus of 534 pages, cold',
    workload('docs', corpus)[0],
    'ms',
    '< 1000',
    'node -e 0',
    wholeProcess(process.execPath, ['-e', '0']),
  );

let gccRate;
if (has('gcc')) {
  const program = join(folder, 'loop');
  spawnSync('gcc', ['-O0', '-o', program, join(root, 'test/bench/loop.c')]);
  const perLoop = 4.5; // Statements of one iteration, as the VM counts them: condition, step, two, and a third half the time.
  gccRate = (5e6 * perLoop) / (wholeProcess(program, []) / 1000) / 1e6;
}
figure(
  'VM statements',
  median(workload('statements')) / 1e6,
  'million/s',
  '≥ 20',
  gccRate ? 'gcc -O0, same loop' : '',
  gccRate,
);

const round = (v) => (v === undefined ? '' : v >= 100 ? v.toFixed(0) : v.toPrecision(3));
console.log(
  `\n${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}${clang ? '' : ', no C compiler as peer'}\n`,
);
console.log("| figure | value | goal | peer | peer's | ratio |\n|---|---|---|---|---|---|");
for (const f of figures)
  console.log(
    `| ${f.name} | ${round(f.value)} ${f.unit} | ${f.limit} | ${f.peer} | ${f.peerValue ? `${round(f.peerValue)} ${f.unit}` : ''} | ${round(f.ratio)} |`,
  );
console.log(`\n${JSON.stringify(figures)}`);
