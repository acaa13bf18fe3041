/**
 * The workloads of `npm run bench` that need the engines' inside: each prints one JSON line, the milliseconds of warm
 * repetitions, for `echo` completions per second, for `connections` megabytes. Bundled and run by scripts/bench.mjs.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { readDocPage } from '../../catalog/docs/read.ts';
import { createHeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { link } from '../../emulator/machine/index.ts';
import { loadCatalog } from '../../host/catalog-file.ts';
import { createFileStore, createIncluder } from '../../host/index.ts';
import { lint } from '../../server/lint/lint.ts';
import { type EchoDriver, echoRate, manyConnections } from './echo.ts';
import { generatedDriver } from './generated-driver.ts';
import { manyLines } from './many-lines.ts';
import { startTime } from './start.ts';
import { repeated } from './timing.ts';

const WARM_UP = 20;
/** Runs of 20,000 messages each, after which V8 has compiled what is hot; before, the run is the cold one. */
const ECHO_WARM_UP = 8;
const TIMES = 15;

const root = process.env['WSK_ROOT'] ?? '.';
const catalog: Catalog = loadCatalog(path.join(root, 'dist'));
const include = createIncluder({ catalog, files: createFileStore(), includePath: [] });
const headers = createHeaderCache();

/** Text of a file, or of a generated driver: "1400" is one of 1,400 lines. */
function textOf(what: string): string {
  return /^\d+$/.test(what) ? generatedDriver(Number(what)) : readFileSync(what, 'utf8');
}

/** A new SourceFile each time, as after a keystroke; headers were read before, as in the language server. */
function fresh(text: string): SourceFile {
  return sourceFile('driver.c', text);
}

function readWhole(file: SourceFile): TranslationUnit {
  const unit = parseTranslationUnit(file, { include, headers });
  const error = unit.problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.message);
  return unit;
}

function parseTimes(what: string): number[] {
  const text = textOf(what);
  repeated(WARM_UP, () => readWhole(fresh(text)));
  return repeated(TIMES, () => readWhole(fresh(text)));
}

/** From text to bytecode that could run: preprocess, parse, type, compile, link. */
function compileTimes(what: string): number[] {
  const text = textOf(what);
  repeated(WARM_UP, () => link([readWhole(fresh(text))]));
  return repeated(TIMES, () => link([readWhole(fresh(text))]));
}

function lintTimes(what: string): number[] {
  const text = textOf(what);
  for (let i = 0; i < WARM_UP; i++) lint([readWhole(fresh(text))], catalog);
  return Array.from({ length: TIMES }, () => {
    const parsed = readWhole(fresh(text));
    return repeated(1, () => lint([parsed], catalog))[0] ?? Number.NaN;
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

/** Completions per second when V8 has compiled what is hot. */
function echoRates(driver: EchoDriver): number[] {
  for (let i = 0; i < ECHO_WARM_UP; i++) echoRate(root, catalog, { include }, driver);
  return Array.from({ length: 5 }, () => echoRate(root, catalog, { include }, driver));
}

const [workload = '', argument = ''] = process.argv.slice(2);
const workloads: Readonly<Record<string, () => number[]>> = {
  parse: () => parseTimes(argument),
  compile: () => compileTimes(argument),
  lint: () => lintTimes(argument),
  docs: () => docsTimes(argument),
  'echo-events': () => echoRates('events'),
  'echo-irps': () => echoRates('irps'),
  // One a process.
  'echo-cold': () => [echoRate(root, catalog, { include }, 'events')],
  // Cold: one a process.
  start: () => [startTime(path.join(root, argument), catalog, { include })],
  'many-lines': () => {
    const { seconds, megabytes } = manyLines(root, argument);
    return [seconds, megabytes];
  },
  connections: () => {
    manyConnections(root, catalog, { include });
    // Kilobytes.
    return [process.resourceUsage().maxRSS / 1024];
  },
};
console.log(JSON.stringify(workloads[workload]?.() ?? []));
