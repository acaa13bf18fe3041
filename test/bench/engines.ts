/**
 * The engines of the comparison: a program and N in, the time of the work and what the program printed out.
 *
 * The virtual machine runs as `wsk run` runs it, on the emulated kernel with every check. Native compilers build once
 * per program and N, and the program's own clock leaves compiling and starting out. An engine that is not installed,
 * or cannot run the program, gives undefined.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { ParseOptions } from '../../cfront/unit.ts';
import { defaultScenario, startRun } from '../../emulator/index.ts';
import { timed } from './timing.ts';

export interface Measured {
  readonly ms: number;
  readonly printed: string;
  /** Statements that were executed; the virtual machine counts them. */
  readonly statements?: number;
}

export type Engine = (program: string, n: number) => Measured | undefined;

const STATEMENTS_A_SLICE = 5_000_000;

export function virtualMachine(folder: string, catalog: Catalog, parse: ParseOptions): Engine {
  return (program, n) => {
    const file = path.join(folder, `${program}.c`);
    const started = startRun({
      files: [sourceFile(file, readFileSync(file, 'utf8'))],
      parse: { ...parse, defines: { N: String(n) } },
      catalog,
      scenario: defaultScenario,
      seed: undefined,
      entry: 'main',
      statementsMax: 1e12,
    });
    if (started.kind !== 'ready') throw new Error(started.problems.map(({ message }) => message).join('\n'));
    const { run } = started;
    let result: Measured | undefined;
    const ms = timed(() => {
      for (;;) {
        const advance = run.advance(STATEMENTS_A_SLICE);
        if (advance.kind !== 'ended') continue;
        const { outcome, output, statements, findings } = advance.result;
        if (outcome !== 'clean') throw new Error(`${program}: ${findings[0]?.message ?? outcome}`);
        result = { ms: 0, printed: output.trim(), statements };
        return;
      }
    });
    return result === undefined ? undefined : { ...result, ms };
  };
}

/** `command` builds with the options of gcc; programs and objects go to `scratch`. */
export function nativeCompiler(folder: string, scratch: string, command: string, options: readonly string[]): Engine {
  const isMissing = spawnSync(command, ['-v'], { stdio: 'ignore' }).error !== undefined;
  const built = new Map<string, string>();
  return (program, n) => {
    if (isMissing) return undefined;
    const key = `${path.basename(command)}-${program}-${n}`;
    const file = built.get(key) ?? path.join(scratch, key);
    if (!built.has(key)) {
      const object = `${file}.o`;
      const source = path.join(folder, `${program}.c`);
      const harness = path.join(folder, '../harness.c');
      must(command, [...options, '-w', `-DN=${n}`, '-Dmain=program_main', '-c', '-o', object, source]);
      must(command, [...options, '-o', file, object, harness]);
      built.set(key, file);
    }
    const { stdout, stderr } = spawnSync(file, { encoding: 'utf8' });
    return { ms: Number(stderr) / 1e6, printed: stdout.trim() };
  };
}

/** JSCPP in a process of its own; `packages` is the folder that it was installed in, for this alone. */
export function jscpp(folder: string, packages: string, runner: string): Engine {
  const isMissing = !existsSync(path.join(packages, 'node_modules/JSCPP'));
  return (program, n) => {
    if (isMissing || n === 0) return undefined;
    const file = path.join(folder, `${program}.c`);
    const { stdout, stderr } = spawnSync(process.execPath, [runner, packages, file, String(n)], { encoding: 'utf8' });
    if (stdout === '') throw new Error(`JSCPP: ${program}: ${stderr}`);
    return JSON.parse(stdout) as Measured;
  };
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`);
}
