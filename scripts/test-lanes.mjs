// Bundles *.test.ts files and puts them into lanes: processes that run one file after the other, each as a suite that
// bears its name. Files of pure folders share lanes: what they test keeps no state, so they may share what costs most,
// the catalog, the headers and the code that V8 has compiled. Any other file has a lane of its own. The programs that
// tests start (wsk, language server, debug adapter) are bundled once for all of them.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { root } from './install.mjs';

const pure = /^(base|cfront|catalog|emulator|server\/(lint|features|scenario))\//;
/** Few enough for lanes that end together, and many enough to share something. */
const filesPerLane = 12;

/** By the names under which tests ask for them (test/support/program.ts). */
const programs = {
  cli: 'cli/main.ts',
  server: 'server/lsp/main.ts',
  adapter: 'debugger/main.ts',
  docs: 'host/docs/worker.ts',
};

/** Gives jobs for the pool, and `remove` for when they have run. dist/catalog.json.br must be there. */
export async function testLanes(files) {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/tests-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const names = files.map((file) => relative(root, file).replaceAll('\\', '/'));
    await bundleTests(names, folder);
    const startPrograms = names.some((name) => /^test\/(cli|dap|lsp)\//.test(name));
    if (startPrograms) await bundlePrograms(join(folder, 'programs'));
    const jobs = lanesOf(names).map((lane, i) => {
      const file = join(folder, `lane-${i}.mjs`);
      writeFileSync(file, laneText(lane));
      return { title: titleOf(lane), args: [...reporting, file], env: environment(folder) };
    });
    return { jobs, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** For Node: text for people, and counts for the pool. */
export const reporting = [
  '--enable-source-maps',
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  `--test-reporter=${join(root, 'scripts/test-counts.mjs')}`,
  '--test-reporter-destination=stderr',
];

const environment = (folder) => ({ WSK_ROOT: root, WSK_PROGRAMS: join(folder, 'programs') });

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
};

/** What files share is written once, and so loaded once by a lane. */
async function bundleTests(names, folder) {
  await build({
    ...common,
    entryPoints: names.map((name) => join(root, name)),
    outdir: folder,
    outbase: root,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['esbuild'],
    define: { 'process.env.WSK_ROOT': JSON.stringify(root) },
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
  });
}

/** The catalog and the rules' pages lie beside them, as in dist/. */
async function bundlePrograms(folder) {
  const entryPoints = Object.entries(programs).map(([out, entry]) => ({ out, in: join(root, entry) }));
  await build({ ...common, entryPoints, outdir: folder, format: 'cjs' });
  for (const data of ['catalog.json.br', 'facts.json.br', 'kmdf.json.br', 'library.json.br', 'rules.json.br'])
    copyFileSync(join(root, 'dist', data), join(folder, data));
}

/** Lanes of pure folders come first, because they are the longest. */
function lanesOf(names) {
  const shared = names.filter((name) => pure.test(name));
  const lanes = [];
  for (let i = 0; i < shared.length; i += filesPerLane) lanes.push(shared.slice(i, i + filesPerLane));
  return [...lanes, ...names.filter((name) => !pure.test(name)).map((name) => [name])];
}

/** Tests of a suite run one after the other, and hooks of a file are the suite's. */
function laneText(names) {
  const suites = names.map((name) => {
    const bundle = `./${name.replace(/\.ts$/, '.mjs')}`;
    return `describe(${JSON.stringify(name)}, async () => { await import(${JSON.stringify(bundle)}); });`;
  });
  return `import { describe } from 'node:test';\n${suites.join('\n')}\n`;
}

function titleOf(lane) {
  const [first] = lane;
  return lane.length === 1 ? first : `${first} … ${lane[lane.length - 1]}`;
}
