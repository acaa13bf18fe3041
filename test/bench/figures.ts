/**
 * The workloads of `npm run bench` that need the engines' inside: each prints one JSON line { name, values } of warm
 * repetitions, in milliseconds (or statements per second). Bundled and run by scripts/bench.mjs.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { type Catalog, createCatalog } from '../../catalog/catalog.ts';
import { readDocPage } from '../../catalog/docs/read.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { defaultScenario, startRun } from '../../emulator/index.ts';
import { createFileStore, createIncluder } from '../../host/index.ts';
import { lint } from '../../server/lint/lint.ts';

const root = process.env['WSK_ROOT'] ?? '.';
const catalog: Catalog = createCatalog(JSON.parse(readFileSync(path.join(root, 'dist/catalog.json'), 'utf8')));
const include = createIncluder({ catalog, files: createFileStore(), includePath: [] });

function repeated(times: number, work: () => void): number[] {
  return Array.from({ length: times }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
}

function parseTimes(file: string): number[] {
  const text = readFileSync(file, 'utf8');
  // A new SourceFile each time, as after a keystroke; headers stay the same objects.
  const fresh = (): SourceFile => sourceFile(file, text);
  repeated(20, () => parseTranslationUnit(fresh(), { include }));
  return repeated(15, () => parseTranslationUnit(fresh(), { include }));
}

function lintTimes(file: string): number[] {
  const text = readFileSync(file, 'utf8');
  const unit = () => parseTranslationUnit(sourceFile(file, text), { include });
  for (let i = 0; i < 10; i++) lint([unit()], catalog);
  return Array.from({ length: 10 }, () => {
    const parsed = unit();
    return repeated(1, () => lint([parsed], catalog))[0] ?? 0;
  });
}

/** Statements per second of a loop that adds, shifts and branches. */
function statementRates(): number[] {
  const text = readFileSync(path.join(root, 'test/bench/loop.c'), 'utf8');
  return Array.from({ length: 5 }, () => {
    const started = startRun({
      files: [sourceFile('loop.c', text)],
      parse: { include },
      catalog,
      scenario: defaultScenario,
      seed: undefined,
      entry: 'main',
      statementsMax: 1e9,
    });
    if (started.kind !== 'ready') throw new Error('loop.c does not compile');
    const from = performance.now();
    for (;;) {
      const advance = started.run.advance(5_000_000);
      if (advance.kind === 'ended') return (advance.result.statements / (performance.now() - from)) * 1000;
    }
  });
}

function docsTimes(folder: string): number[] {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((f) => /\.(md|txt)$/.test(f))
    .map((f) => path.join(folder, f))
    .filter((f) => statSync(f).isFile());
  // Whole: reading from the disk is part of it. The first repetition is the cold one.
  return repeated(3, () => {
    for (const f of files) readDocPage(f, readFileSync(f));
  });
}

const [workload = '', argument = ''] = process.argv.slice(2);
const workloads: Readonly<Record<string, () => number[]>> = {
  parse: () => parseTimes(argument),
  lint: () => lintTimes(argument),
  statements: statementRates,
  docs: () => docsTimes(argument),
};
console.log(JSON.stringify(workloads[workload]?.() ?? []));
