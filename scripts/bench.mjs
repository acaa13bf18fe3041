// `npm run bench`: the product's figures, each beside a peer measured in the same run. Prints tables and JSON.
// WSK_ECHO_SAMPLE names a copy of Microsoft's WSK echo sample (wsksmple.c); without it a generated driver of the same
// length stands in. WSK_BENCH_DRIVERS names a folder of drivers to lint, instead of generated ones. `--no-build`
// measures dist/ as it is; `--only compare|figures|server|editor|docs|activation`
// leaves the rest out.
// gcc, tcc, clangd and JSCPP are used where they are there; JSCPP is installed for this alone, into build/bench.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePackages, root } from './install.mjs';

const { values: options } = parseArgs({ options: { 'no-build': { type: 'boolean' }, only: { type: 'string' } } });
const wants = (part) => options.only === undefined || options.only === part;

ensurePackages();
const { build } = await import('esbuild');
if (!options['no-build']) await (await import('./build.mjs')).buildAll();
const packages = join(root, 'build/bench');
mkdirSync(packages, { recursive: true });
const folder = mkdtempSync(join(packages, 'run-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
await build({
  entryPoints: ['figures', 'compare', 'jscpp', 'server', 'editor', 'docs', 'activation'].map((name) =>
    join(root, `test/bench/${name}.ts`),
  ),
  outdir: folder,
  bundle: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  banner: { js: "import { createRequire as cr } from 'node:module'; const require = cr(import.meta.url);" },
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
});

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const run = (program, ...args) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, `${program}.mjs`), ...args], {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, WSK_ROOT: root },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stderr}`);
  return JSON.parse(stdout);
};
const has = (command) => spawnSync(command, ['-v'], { stdio: 'ignore' }).error === undefined;

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

const round = (v) => (v === undefined || Number.isNaN(v) ? '' : v >= 100 ? v.toFixed(0) : v.toPrecision(3));
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const head = (cells) => {
  row(cells);
  row(cells.map(() => '---'));
};

const results = {};
console.log(
  `\n${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`,
);
if (wants('compare')) results.comparison = comparison();
if (wants('figures')) results.figures = [...sizes(), ...reading(), ...wholePrograms()];
if (wants('server')) results.server = server();
if (wants('editor')) results.editor = editor();
if (wants('docs')) results.docs = docs();
if (wants('activation')) results.activation = await activation();
const figures = ['figures', 'server', 'editor', 'docs', 'activation'].flatMap((part) => results[part] ?? []);
if (figures.length > 0) {
  head(['figure', 'value', 'goal', 'peer', "peer's", 'ratio']);
  for (const f of figures)
    row([
      f.name,
      `${round(f.value)} ${f.unit}`,
      f.limit,
      f.peer ?? '',
      f.peerValue === undefined ? '' : `${round(f.peerValue)} ${f.unit}`,
      f.peerValue === undefined ? '' : round(f.value / f.peerValue),
    ]);
}
console.log(`\n${JSON.stringify(results)}`);

/** The extension in the real VS Code in a browser, as the end-to-end tests have it. */
async function activation() {
  const { prepareChromium, prepareVscode, Unavailable } = await import('./vscode-harness.mjs');
  const { installExtension } = await import('./vscode-server.mjs');
  const { packageVsix, vsixPath } = await import('./package.mjs');
  const work = mkdtempSync(join(tmpdir(), 'wsk-activation-'));
  try {
    const [vscode, chromium] = [await prepareVscode(), await prepareChromium()];
    const vsix = options['no-build'] ? vsixPath() : (await packageVsix()).vsix;
    const extensionsFolder = join(work, 'extensions');
    installExtension(vscode, { root: join(work, 'install'), extensionsFolder, vsix });
    const setup = { project: root, work, vscode, chromium, extensionsFolder, screenshots: work };
    const [first, ...later] = run('activation', JSON.stringify(setup));
    const name = 'activation of the extension, as VS Code measures it';
    return [
      { name: `${name}: the first one`, value: first, unit: 'ms', limit: '' },
      { name, value: median(later), unit: 'ms', limit: '< 60' },
    ];
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.log(`The activation in VS Code is not measured: ${error.message}`);
    return [];
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The virtual machine against gcc -O0, tcc and JSCPP. */
function comparison() {
  if (!has('gcc')) console.log('gcc is missing: no comparison with native code (Debian: apt-get install gcc).');
  if (!has('tcc')) console.log('tcc is missing (Debian: apt-get install tcc).');
  installJscpp();
  const rows = run('compare', folder, packages, join(folder, 'jscpp.mjs'));
  const ratio = (a, b) => (a === undefined || b === undefined ? '' : `${round(a / b)}×`);
  head(['program', 'million statements/s', 'time of gcc -O0', 'time of tcc', 'speed of JSCPP']);
  for (const r of rows)
    row([
      r.kind,
      round(r.statementsPerSecond / 1e6),
      ratio(r.vm, r.gcc),
      ratio(r.vm, r.tcc),
      r.jscppN === 0 ? 'cannot run it' : ratio(r.jscpp, r.vm),
    ]);
  const mean = (pick, among) => {
    const values = rows.filter(among).map(pick).filter(Number.isFinite);
    return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
  };
  const isLoop = (r) => r.group === 'loop';
  const isDriver = (r) => r.group === 'driver';
  console.log(
    `
Every check of the emulator is on. A statement is one that the debugger can stop at: a statement, a loop's condition,
a loop's step; the virtual machine counts them as they are executed. Times of gcc and tcc are the program's own
processor time, of JSCPP the difference of N and 2N repetitions, with N about a hundredth; medians of 5, alternating.

Geometric means: loops ${round(mean((r) => r.vm / r.gcc, isLoop))} times gcc -O0 (goal: 30 at most);
driver-shaped code ${round(mean((r) => r.statementsPerSecond / 1e6, isDriver))} million statements/s (goal: 60 at least);
JSCPP takes ${round(
      mean(
        (r) => r.jscpp / r.vm,
        (r) => r.jscpp !== null,
      ),
    )} times as long (goal: 100 at least).
`,
  );
  return rows;
}

/** JSCPP is no dependency of the product: it goes into the bench's own folder, where the network allows. */
function installJscpp() {
  if (existsSync(join(packages, 'node_modules/JSCPP'))) return;
  const args = ['install', '--prefix', packages, '--no-save', '--no-audit', '--no-fund', '--loglevel=error', 'JSCPP'];
  const { status } = spawnSync('npm', args, { stdio: 'ignore', shell: process.platform === 'win32' });
  if (status !== 0) console.log('JSCPP is missing: npm could not install it.');
}

function sizes() {
  const vsix = readdirSync(root).find((f) => f.endsWith('.vsix'));
  return vsix ? [{ name: 'VSIX', value: statSync(join(root, vsix)).size / 1e6, unit: 'MB', limit: '< 1.5' }] : [];
}

/** The file of about 1,400 lines, and what it is called; "1400" makes test/bench generate one. */
function driver() {
  const echo = process.env.WSK_ECHO_SAMPLE;
  return echo && existsSync(echo)
    ? { file: echo, label: 'the WSK echo sample' }
    : { file: '1400', label: 'a generated driver of 1,400 lines' };
}

function reading() {
  const { file, label } = driver();
  const peer = has('x86_64-w64-mingw32-gcc')
    ? {
        peer: 'mingw-w64 gcc -fsyntax-only of ntddk.h alone',
        peerValue: wholeProcess('x86_64-w64-mingw32-gcc', [
          ...['-fsyntax-only', '-fms-extensions', '-x', 'c', '-include', 'ntddk.h'],
          ...['-I/usr/share/mingw-w64/include/ddk', '/dev/null'],
        ]),
      }
    : {};
  const ms = (workload, ...what) => median(run('figures', workload, ...what));
  const figures = [
    { name: `re-read ${label}, headers known`, value: ms('parse', file), unit: 'ms', limit: '< 15', ...peer },
    { name: 'compile 5,000 lines to bytecode, warm', value: ms('compile', '5000'), unit: 'ms', limit: '< 80' },
    { name: `lint ${label}, warm`, value: ms('lint', file), unit: 'ms', limit: '' },
    {
      name: 'echo over the simulated network by WskReceive and WskSend, warm',
      value: ms('echo-irps'),
      unit: 'completions/s',
      limit: '> 50000',
    },
    {
      name: 'the same by WskReceiveEvent and WskSend: half as many IRPs a message',
      value: ms('echo-events'),
      unit: 'completions/s',
      limit: '> 50000',
    },
    {
      name: 'the same, the first 20,000 completions of a process',
      value: median(Array.from({ length: 3 }, () => run('figures', 'echo-cold')[0])),
      unit: 'completions/s',
      limit: '',
    },
    {
      name: 'start of a run to the first driver statement',
      value: median(Array.from({ length: 9 }, () => run('figures', 'start', 'samples/listen/listen.c')[0])),
      unit: 'ms',
      limit: '< 150',
    },
    { name: '1,000 connections, whole process', value: run('figures', 'connections')[0], unit: 'MB', limit: '< 200' },
  ];
  const corpus = join(root, '../shared/docs-corpus');
  if (!existsSync(corpus)) return figures;
  const docs = { name: 'documentation corpus of 534 pages, cold', unit: 'ms', limit: '< 1000' };
  return [...figures, { ...docs, value: run('figures', 'docs', corpus)[0] }];
}

function wholePrograms() {
  const node = wholeProcess(process.execPath, ['-e', '0']);
  const drivers = process.env.WSK_BENCH_DRIVERS ?? '';
  const [seconds, megabytes] = run('figures', 'many-lines', drivers);
  const many = `wsk lint of ${drivers === '' ? 'generated drivers' : drivers}, two threads`;
  const figures = [
    { name: `${many}: 100,000 lines of C`, value: seconds, unit: 's', limit: '< 20' },
    { name: `${many}: memory at the peak`, value: megabytes, unit: 'MB', limit: '' },
    {
      name: 'wsk run samples/listen, whole process',
      value: wholeProcess(process.execPath, ['dist/cli.js', 'run', 'samples/listen']),
      unit: 'ms',
      limit: '< 400',
      peer: 'node -e 0',
      peerValue: node,
    },
  ];
  if (!has('tcc')) return figures;
  const program = 'test/bench/programs/queue.c';
  const fromC = { name: 'C file to its result: wsk run --entry main, whole process', unit: 'ms', limit: '' };
  const runProgram = ['dist/cli.js', 'run', '--entry', 'main', '-D', 'N=10', program];
  return [
    ...figures,
    {
      ...fromC,
      value: wholeProcess(process.execPath, runProgram),
      peer: 'tcc -run',
      peerValue: wholeProcess('tcc', ['-DN=10', '-w', '-run', program]),
    },
  ];
}

function server() {
  const { file, label } = driver();
  const args = file === '1400' ? [] : [file];
  const { rereadMs, afterOpening, atEnd, highest } = run('server', join(root, 'dist/server.js'), ...args);
  const name = 'language server, ten files of 1,400 lines';
  const memory = { unit: 'MB', limit: '< 150' };
  return [
    { name: `from a keystroke in ${label} to the hover's answer`, value: rereadMs, unit: 'ms', limit: '' },
    ...(afterOpening === undefined ? [] : [{ name: `${name}, opened`, value: afterOpening, ...memory }]),
    ...(atEnd === undefined ? [] : [{ name: `${name}, after 110 edits`, value: atEnd, ...memory }]),
    ...(highest === undefined ? [] : [{ name: `${name}, at its highest`, value: highest, unit: 'MB', limit: '' }]),
  ];
}

/**
 * The language server and clangd on the same files, each in its own process, one after the other. clangd reads a driver's
 * headers as its users have them, those of mingw-w64, and once more the bundled ones, which are smaller.
 */
function editor() {
  const { file, label } = driver();
  const measured = (program, path, samples, edits, flags = '') => {
    const place = mkdtempSync(join(folder, 'editor-'));
    return run('editor', JSON.stringify({ ...program, file: path, folder: place, flags, samples, edits }));
  };
  const ours = { server: join(root, 'dist/server.js') };
  // The first start after a build keeps the compiled code that all later ones have, so it does not count; all else is
  // measured with that code, too.
  const starts = (program, flags) => {
    const [, ...later] = Array.from({ length: 8 }, () => measured(program, file, 1, 0, flags));
    const of = (what) => median(later.map((start) => start[what]));
    return { startMs: of('firstDiagnosticsMs'), fromSpawnMs: of('fromSpawnMs') };
  };
  const ownStarts = starts(ours);
  const own = {
    short: { ...measured(ours, file, 200, 20_000), ...ownStarts },
    long: measured(ours, '10000', 100, 0),
  };
  const clangd = { command: ['clangd', '--log=error'] };
  const isThere = spawnSync('clangd', ['--version'], { stdio: 'ignore' }).error === undefined;
  if (!isThere) console.log('clangd is missing (Debian: apt-get install clangd).');
  const peers = (isThere ? clangdFlags() : []).map(({ peer, flags }) => ({
    peer,
    short: { ...measured(clangd, file, 200, 200, flags), ...starts(clangd, flags) },
    long: measured(clangd, '10000', 100, 0, flags),
  }));
  const line = (name, of, what, unit, limit) => {
    const text = `${name}: ${of === 'short' ? label : 'a generated driver of 10,000 lines'}`;
    const figure = { name: text, unit, limit, value: own[of][what] };
    if (peers.length === 0 || what === 'afterEditsMb') return [figure];
    return peers.map(({ peer, ...times }) => ({ ...figure, peer, peerValue: times[of][what] }));
  };
  return [
    line('first diagnostics after opening, cold server', 'short', 'startMs', 'ms', '< 200'),
    line('the same from the start of the process', 'short', 'fromSpawnMs', 'ms', ''),
    line('hover, 95th percentile', 'short', 'hoverMs', 'ms', ''),
    line('completion, 95th percentile', 'short', 'completionMs', 'ms', '< 5'),
    line('keystroke to diagnostics, 95th percentile', 'short', 'keystrokeMs', 'ms', '< 30'),
    line('keystroke to diagnostics, 95th percentile', 'long', 'keystrokeMs', 'ms', '< 80'),
    line('one driver open', 'short', 'oneDriverMb', 'MB', '< 120'),
    line('after 20,000 edits', 'short', 'afterEditsMb', 'MB', '< 120'),
  ]
    .flat()
    .filter(({ value }) => value !== undefined);
}

/**
 * The sets of headers that clangd can be measured with: mingw-w64's where they are installed, and the bundled ones. The
 * words of SAL, which our front end knows by itself, are defined as nothing.
 */
function clangdFlags() {
  const headers = join(root, 'catalog/headers');
  const words = new Map();
  for (const name of readdirSync(headers).filter((f) => f.endsWith('.h'))) {
    const text = readFileSync(join(headers, name), 'utf8');
    for (const [, word, bracket] of text.matchAll(/\b(_[A-Z][A-Za-z_]*[a-z]\w*_|__drv_\w+)\b(\()?/g))
      words.set(word, bracket !== undefined || words.get(word) === true);
  }
  const prelude = join(folder, 'sal.h');
  const lines = [...words].map(
    ([word, takesArguments]) => `#ifndef ${word}\n#define ${word}${takesArguments ? '(...)' : ''}\n#endif`,
  );
  writeFileSync(prelude, `${lines.join('\n')}\n`);
  const always = [`-include${prelude}`, '-D_AMD64_', '-D_WIN64', '-ferror-limit=0', '-xc', '-fms-extensions'];
  const target = ['-std=c11', '--target=x86_64-pc-windows-msvc', '-ffreestanding', '-nostdinc', `-I${headers}`];
  const bundled = { peer: 'clangd, bundled headers', flags: [...always, ...target].join('\n') };
  const kernel = mingwKernelFolder();
  if (kernel === undefined) {
    console.log('The kernel headers of mingw-w64 are missing (Debian: apt-get install gcc-mingw-w64-x86-64).');
    return [bundled];
  }
  const wsk = join(folder, 'wsk-headers');
  mkdirSync(wsk);
  // The kernel's own headers are theirs; those of WSK, which mingw-w64 lacks, are ours.
  const names = ['wsk', 'netioddk', 'ws2def', 'ws2ipdef', 'mstcpip', 'in6addr', 'inaddr', 'ip2string'].map(
    (name) => `${name}.h`,
  );
  for (const name of names) copyFileSync(join(headers, name), join(wsk, name));
  const theirs = ['-std=gnu11', '--target=x86_64-w64-mingw32', '-DNTDDI_VERSION=0x0A00000C', '-D_WIN32_WINNT=0x0A00'];
  const includes = [wsk, kernel, join(kernel, '..')].map((path) => `-I${path}`);
  return [{ peer: "clangd, mingw-w64's headers", flags: [...always, ...theirs, ...includes].join('\n') }, bundled];
}

/** Where mingw-w64 has the kernel's headers. */
function mingwKernelFolder() {
  const input = '#include <windef.h>\n#include <ddk/d4iface.h>\n';
  const { stderr } = spawnSync('x86_64-w64-mingw32-gcc', ['-fsyntax-only', '-w', '-H', '-xc', '-'], {
    input,
    encoding: 'utf8',
  });
  const [, header] = /^\.+ (.*d4iface\.h)$/m.exec(stderr ?? '') ?? [];
  return header === undefined ? undefined : dirname(header);
}

/** The user's docs: a tree of all pages, made once of the corpus and kept in build/bench. */
function docs() {
  const corpus = join(root, '../shared/docs-corpus');
  const program = join(root, 'dist/docs.js');
  if (!existsSync(corpus) || !existsSync(program)) {
    console.log(
      'The corpus of documentation pages is not beside the checkout, or dist/ is not built: no figures of it.',
    );
    return [];
  }
  const { pages, indexMs, loadMs, unchangedMs, hoverMs, searchMs } = run('docs', program, corpus, packages);
  const of = `${pages.toLocaleString('en')} pages of docs`;
  return [
    { name: `${of}: indexed`, value: indexMs, unit: 'ms', limit: '< 8000' },
    { name: `${of}: first hover from the cache, a thread's start included`, value: loadMs, unit: 'ms', limit: '< 200' },
    { name: `${of}: seen that nothing has changed`, value: unchangedMs, unit: 'ms', limit: '' },
    { name: `${of}: a page for a hover`, value: hoverMs, unit: 'ms', limit: '< 5' },
    { name: `${of}: a search`, value: searchMs, unit: 'ms', limit: '' },
  ];
}
