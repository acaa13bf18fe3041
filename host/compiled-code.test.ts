import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { buildSync } from 'esbuild';
import type { Keeping } from './compiled-code.ts';

/** A folder with a bundle, and a way to start it as a program of ours is started. */
function installation(t: TestContext, keeping: Keeping = 'end', before = '') {
  const root = process.env.WSK_ROOT ?? '.';
  mkdirSync(path.join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'build/compiled-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    stdin: {
      contents: `import { requireCompiled } from './host/compiled-code.ts'; ${before} requireCompiled(__dirname + '/wsk.js', 'cli', '${keeping}').cli();`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: path.join(folder, 'start.js'),
  });
  const kept = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.compiled'));
  return {
    folder,
    install(text: string, time: number) {
      writeFileSync(path.join(folder, 'wsk.js'), text);
      utimesSync(path.join(folder, 'wsk.js'), time, time);
    },
    start: () => spawnSync(process.execPath, [path.join(folder, 'start.js')], { encoding: 'utf8' }).stdout.trim(),
    kept,
    keptBytes: () => kept().map((name) => statSync(path.join(folder, name)).size),
  };
}

const bundleThatSays = (word: string): string =>
  `exports.cli = () => console.log(${JSON.stringify(word)}, require('node:path').basename(__filename));`;

test('compiled code is kept beside the bundle and used again', (t) => {
  const { start, install, kept } = installation(t);
  install(bundleThatSays('one'), 1000);
  assert.equal(start(), 'one wsk.js');
  const first = kept();
  assert.equal(first.length, 1);
  assert.equal(start(), 'one wsk.js');
  assert.deepEqual(kept(), first);
});

test('another bundle has other code, even of the same length, and the old code goes', (t) => {
  const { start, install, kept } = installation(t);
  install(bundleThatSays('one'), 1000);
  start();
  const first = kept();
  install(bundleThatSays('two'), 2000);
  assert.equal(start(), 'two wsk.js');
  assert.equal(kept().length, 1);
  assert.notDeepEqual(kept(), first);
});

test('a damaged file is written again', (t) => {
  const { folder, start, install, kept } = installation(t);
  install(bundleThatSays('one'), 1000);
  start();
  for (const name of kept()) writeFileSync(path.join(folder, name), 'no code');
  assert.equal(start(), 'one wsk.js');
  assert.equal(start(), 'one wsk.js');
});

test('a command that is given bad input leaves nothing: it has compiled little', (t) => {
  const { start, install, kept } = installation(t);
  install('exports.cli = () => { process.exitCode = 2; };', 1000);
  start();
  assert.deepEqual(kept(), []);
});

test('what lives long writes again what it knows better, and no other', (t) => {
  const lines = Array.from({ length: 200 }, (_, i) => `if (n === ${i}) n += Math.max(${i}, n, ${i * i});`);
  const more = `const more = (n) => { ${lines.join(' ')} return n; };`;
  const bundle = `${more}
exports.cli = () => console.log(require('node:fs').existsSync(__dirname + '/more') ? more(1) : 0);`;
  for (const keeping of ['better', 'end'] as const) {
    const { folder, start, install, keptBytes } = installation(t, keeping);
    install(bundle, 1000);
    start();
    const [little = 0] = keptBytes();
    writeFileSync(path.join(folder, 'more'), '');
    start();
    const [much = 0] = keptBytes();
    assert.equal(much > little, keeping === 'better');
    rmSync(path.join(folder, 'more'));
    start();
    assert.deepEqual(keptBytes(), [much], 'a session that does less takes nothing away');
  }
});

test('a process that others end keeps its code after a while, and nothing at its end', (t) => {
  const hurried = installation(t, 'soon');
  hurried.install(bundleThatSays('one'), 1000);
  assert.equal(hurried.start(), 'one wsk.js');
  assert.deepEqual(hurried.kept(), []);
  // As if the while were over when the program has nothing left to do.
  const waits = `globalThis.setTimeout = (run, ms, ...given) => {
    if (ms >= 1000) process.once('beforeExit', () => run(...given));
    return { unref() {} };
  };`;
  const patient = installation(t, 'soon', waits);
  patient.install(bundleThatSays('one'), 1000);
  patient.start();
  const [first] = patient.kept();
  assert.notEqual(first, undefined);
  utimesSync(path.join(patient.folder, first ?? ''), 2000, 2000);
  assert.equal(patient.start(), 'one wsk.js');
  assert.equal(statSync(path.join(patient.folder, first ?? '')).mtimeMs, 2_000_000, 'it is written once');
});

test('code that was compiled while a driver ran, or somebody typed, is used again, whatever flags that had', (t) => {
  for (const [budget, keeping] of [
    ['commandBudgetBytes', 'end'],
    ['serverBudgetBytes', 'better'],
  ] as const) {
    const before = `import { ${budget}, delayOptimisation, optimiseFromHere } from './host/optimiser.ts';
      delayOptimisation(process.versions.node, ${budget});
      globalThis.run = () => optimiseFromHere(process.versions.node, ${budget});`;
    const { folder, start, install, kept } = installation(t, keeping, before);
    install('exports.cli = () => { globalThis.run(); console.log(1); };', 1000);
    start();
    const file = path.join(folder, kept()[0] ?? '');
    utimesSync(file, 2000, 2000);
    start();
    assert.equal(statSync(file).mtimeMs, 2_000_000, 'what V8 refuses is written again');
  }
});
