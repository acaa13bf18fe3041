/**
 * Runs one program of the bench in JSCPP: arguments are its folder, the C file and N. Prints JSON: the milliseconds
 * for N more repetitions and what the program printed for N. Reading is not in the time: N and 2N are run, and the
 * difference is taken.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { timed } from './timing.ts';

const [folder = '', file = '', count = '1'] = process.argv.slice(2);
// JSCPP has no types of its own; this is the one function of it that is used.
const JSCPP = createRequire(path.join(folder, 'package.json'))('JSCPP') as {
  run(code: string, input: string, config: unknown): number;
};
const text = readFileSync(file, 'utf8');

function output(n: number): string {
  let written = '';
  JSCPP.run(`#define N ${n}\n${text}`, '', {
    stdio: {
      write: (part: string) => {
        written += part;
      },
    },
    maxTimeout: 600_000,
    unsigned_overflow: 'ignore',
  });
  return written.trim();
}

const n = Number(count);
const printed = output(n);
const once = timed(() => output(n));
const twice = timed(() => output(2 * n));
console.log(JSON.stringify({ ms: twice - once, printed }));
