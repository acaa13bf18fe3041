/**
 * The comparison: every program in every engine, alternating, five times; medians per unit of N, as one JSON line.
 *
 * Arguments: a scratch folder, the folder that has JSCPP, the bundled jscpp.ts. All engines must print the same for
 * the same N, else this ends with an error.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { loadCatalog } from '../../host/catalog-file.ts';
import { createFileStore, createIncluder } from '../../host/index.ts';
import { type Engine, jscpp, nativeCompiler, virtualMachine } from './engines.ts';
import { type BenchProgram, NATIVE_FACTOR, PROGRAMS } from './programs.ts';
import { median } from './timing.ts';

const ROUNDS = 5;

export interface Comparison extends BenchProgram {
  /** Nanoseconds a unit of N; undefined where the engine is missing or does not know the language. */
  readonly vm: number;
  readonly gcc: number | undefined;
  readonly tcc: number | undefined;
  readonly jscpp: number | undefined;
  readonly statementsPerSecond: number;
}

const [scratch = '', packages = '', runner = ''] = process.argv.slice(2);
const root = process.env['WSK_ROOT'] ?? '.';
const folder = path.join(root, 'test/bench/programs');
const catalog = loadCatalog(path.join(root, 'dist'));
const include = createIncluder({ catalog, files: createFileStore(), includePath: [] });
const vm = virtualMachine(folder, catalog, { include });
const gcc = nativeCompiler(folder, scratch, 'gcc', ['-O0']);
const tcc = nativeCompiler(folder, scratch, 'tcc', []);
const other = jscpp(folder, packages, runner);

// Everything once: the interpreter's loop is one function, and it is compiled for what it has seen.
for (const { name, n } of PROGRAMS) vm(name, Math.ceil(n / 4));
console.log(JSON.stringify(PROGRAMS.map(compared)));

function compared(program: BenchProgram): Comparison {
  const { name, n, jscppN } = program;
  agree(program);
  const times = { vm: [] as number[], gcc: [] as number[], tcc: [] as number[], statements: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    const own = vm(name, n);
    times.vm.push(perUnit(own?.ms, n) ?? Number.NaN);
    times.statements.push(((own?.statements ?? 0) / (own?.ms ?? 1)) * 1000);
    times.gcc.push(perUnit(gcc(name, n * NATIVE_FACTOR)?.ms, n * NATIVE_FACTOR) ?? Number.NaN);
    times.tcc.push(perUnit(tcc(name, n * NATIVE_FACTOR)?.ms, n * NATIVE_FACTOR) ?? Number.NaN);
  }
  const known = (values: readonly number[]): number | undefined => {
    const value = median(values);
    return Number.isNaN(value) ? undefined : value;
  };
  return {
    ...program,
    vm: median(times.vm),
    gcc: known(times.gcc),
    tcc: known(times.tcc),
    jscpp: jscppN === 0 ? undefined : perUnit(other(name, jscppN)?.ms, jscppN),
    statementsPerSecond: median(times.statements),
  };
}

/** What the engines print is the same, for the virtual machine's N and for JSCPP's. */
function agree({ name, n, jscppN }: BenchProgram): void {
  const same = (a: Engine, b: Engine, count: number): void => {
    const left = a(name, count)?.printed;
    const right = b(name, count)?.printed;
    if (left !== undefined && right !== undefined) assert.equal(right, left, `${name} with N = ${count}`);
  };
  same(gcc, vm, n);
  same(gcc, tcc, n);
  if (jscppN > 0) same(gcc, other, jscppN);
}

function perUnit(ms: number | undefined, n: number): number | undefined {
  return ms === undefined ? undefined : (ms * 1e6) / n;
}
