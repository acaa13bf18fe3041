/**
 * One text run by gcc and by us: the same output, or what differs.
 *
 * Programs are compiled in batches into one folder; a program is its own file and executable. gcc -O2 and the
 * sanitisers are asked too, because a program on which gcc disagrees with itself proves nothing about us.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { positionAt, type SourceFile, sourceFile } from '../../base/source.ts';
import { startRun } from '../../emulator/run/start.ts';
import { finish, planOf } from '../../emulator/testing.ts';

export type Verdict =
  | { readonly kind: 'same' }
  /** gcc does not take it, it has no end, or gcc disagrees with itself: the generator's mistake. */
  | { readonly kind: 'unfit'; readonly message: string }
  | { readonly kind: 'differs'; readonly message: string };

const options = ['-std=gnu11', '-fwrapv', '-fno-strict-aliasing', '-ffp-contract=off', '-fms-extensions', '-w'];
const sanitizers = [
  '-fsanitize=undefined,address,float-cast-overflow,float-divide-by-zero',
  '-fno-sanitize=shift-base',
  '-fno-sanitize-recover=all',
];
const statementsMax = 3_000_000;

export interface CompareOptions {
  /** When gcc -O2 and the sanitisers are asked as well. */
  readonly crossCheck: 'never' | 'on difference' | 'always';
}

export function compareProgram(folder: string, name: string, text: string, { crossCheck }: CompareOptions): Verdict {
  const path = join(folder, `${name}.c`);
  writeFileSync(path, text);
  const plain = native(path, ['-O0']);
  if (plain.problem !== undefined) return { kind: 'unfit', message: plain.problem };
  const ours = emulated(sourceFile(`${name}.c`, text));
  if (ours === plain.output && crossCheck !== 'always') return { kind: 'same' };
  const ways = [['-O2'], ['-O1', ...sanitizers]];
  for (const way of crossCheck === 'never' ? [] : ways) {
    const other = native(path, way);
    if (other.problem !== undefined) return { kind: 'unfit', message: `${way[0]}: ${other.problem}` };
    if (other.output !== plain.output) return { kind: 'unfit', message: `gcc ${way[0]} differs from gcc -O0` };
  }
  return ours === plain.output ? { kind: 'same' } : { kind: 'differs', message: firstDifference(plain.output, ours) };
}

function native(path: string, way: readonly string[]): { readonly output: string; readonly problem?: string } {
  const executable = path.replace(/\.c$/, '.out');
  const compiled = spawnSync('gcc', [...options, ...way, path, '-o', executable], { encoding: 'utf8' });
  if (compiled.status !== 0) return { output: '', problem: compiled.stderr || String(compiled.error) };
  const run = spawnSync(executable, { encoding: 'utf8', timeout: 10_000, maxBuffer: 1 << 24 });
  if (run.status !== 0)
    return { output: '', problem: `ends with ${run.status ?? run.signal}: ${run.stderr.slice(0, 500)}` };
  return { output: run.stdout };
}

/** The output, or what stood against running it. */
function emulated(file: SourceFile): string {
  try {
    const start = startRun(planOf([file], { entry: 'main', statementsMax }));
    if (start.kind === 'problems') {
      const [first] = start.problems;
      const line = first === undefined ? 0 : positionAt(first.span.file, first.span.start).line + 1;
      return `problem: ${first?.code} in line ${line}: ${first?.message}`;
    }
    const { output, findings, entryResult } = finish(start.run);
    const said = findings.map(
      ({ rule, message, span }) => `${rule} in line ${positionAt(span.file, span.start).line + 1}: ${message}`,
    );
    return said.length > 0 || entryResult !== 0 ? `${output}ends with ${entryResult}: ${said.join('; ')}` : output;
  } catch (error) {
    return `exception: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function firstDifference(expected: string, actual: string): string {
  const [a, b] = [expected.split('\n'), actual.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${at + 1} of the output: gcc ${JSON.stringify(a[at] ?? 'ends')}, we ${JSON.stringify((b[at] ?? 'end').slice(0, 400))}`;
}
