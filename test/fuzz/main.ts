/**
 * The worker of scripts/fuzz.mjs: `mutants` or `programs` with a seed and a count; JSON lines out, one each batch.
 *
 * The parent ends it when it says nothing for long; `--progress FILE` says which seed it stands at.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inFolder } from '../support/compilers.ts';
import { corpusGroups } from './corpus.ts';
import { compareProgram } from './differential.ts';
import { checkMutant } from './mutant-check.ts';
import { checkMutants, mutantOf } from './mutants.ts';
import { randomProgram } from './program/program.ts';
import { shrink } from './shrink.ts';

const root = process.env.WSK_ROOT ?? '.';
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    batch: { type: 'string', default: '1000' },
    corpus: { type: 'string', multiple: true, default: [] },
    progress: { type: 'string' },
    print: { type: 'boolean', default: false },
    save: { type: 'string' },
    thorough: { type: 'boolean', default: false },
    in: { type: 'string' },
    out: { type: 'string' },
  },
});

const say = (value: object): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

function noteProgress(number: number): void {
  if (values.progress !== undefined) writeFileSync(values.progress, String(number));
}

function mutants(): void {
  const groups = corpusGroups(root, values.corpus);
  if (values.print) {
    process.stdout.write(mutantOf(groups, Number(values.seed)).text);
    return;
  }
  say({ texts: groups.map((group) => group.length) });
  const end = Number(values.seed) + Number(values.count);
  for (let from = Number(values.seed); from < end; from += Number(values.batch)) {
    const summary = checkMutants(groups, {
      from,
      count: Math.min(Number(values.batch), end - from),
      limitMs: 1000,
      onStart: noteProgress,
    });
    // The text itself, because a seed means another mutant when the corpus changes.
    for (const { seed } of values.save === undefined ? [] : summary.failures) {
      writeFileSync(join(values.save ?? '', `mutant-${seed}.c`), mutantOf(groups, seed).text);
    }
    globalThis.gc?.();
    const { heapUsed } = process.memoryUsage();
    say({ from, ...summary, heapMB: Math.round(heapUsed / 1e6), rssMB: Math.round(process.memoryUsage().rss / 1e6) });
  }
}

function programs(): void {
  const first = Number(values.seed);
  if (values.print) {
    process.stdout.write(randomProgram(first));
    return;
  }
  const counts = { same: 0, unfit: 0, differs: 0 };
  inFolder((folder) => {
    for (let seed = first; seed < first + Number(values.count); seed++) {
      noteProgress(seed);
      const verdict = compareProgram(folder, 'program', randomProgram(seed), {
        crossCheck: values.thorough ? 'always' : 'on difference',
      });
      counts[verdict.kind]++;
      if (verdict.kind !== 'same') say({ seed, ...verdict });
    }
  });
  say(counts);
}

/** The program of a seed, or of a file, made as small as it stays wrong in the same way. */
function shrinkProgram(): void {
  const text = values.in === undefined ? randomProgram(Number(values.seed)) : readFileSync(values.in, 'utf8');
  inFolder((folder) => {
    const wayOf = (candidate: string): string | undefined => {
      const verdict = compareProgram(folder, 'program', candidate, { crossCheck: 'on difference' });
      if (verdict.kind !== 'differs') return undefined;
      return (
        /problem: [\w-]+|exception: [^\n]{0,40}|: ([\w-]+) in line/.exec(verdict.message)?.[0].replace(/\d+/g, '') ??
        'output'
      );
    };
    const way = wayOf(text);
    if (way === undefined) {
      say({ message: 'gcc and we agree' });
      return;
    }
    let tries = 0;
    const small = shrink(text, (candidate) => {
      noteProgress(++tries);
      return wayOf(candidate) === way;
    });
    const verdict = compareProgram(folder, 'program', small, { crossCheck: 'always' });
    const comment = `/* ${verdict.kind === 'same' ? 'same' : verdict.message.replaceAll('*/', '* /')} */\n`;
    if (values.out === undefined) process.stdout.write(comment + small);
    else writeFileSync(values.out, comment + small);
  });
}

/** A broken text of `--in` made as small as the same kind of thing breaks. */
function shrinkMutant(): void {
  const steps = { rereads: true, lints: true, runs: true };
  const kindOf = (text: string): string | undefined => checkMutant(text, steps).breakage?.kind;
  const text = readFileSync(values.in ?? '', 'latin1');
  const kind = kindOf(text);
  const small = kind === undefined ? 'nothing breaks\n' : shrink(text, (candidate) => kindOf(candidate) === kind);
  if (values.out === undefined) process.stdout.write(small);
  else writeFileSync(values.out, small);
}

switch (positionals[0]) {
  case 'mutants':
    mutants();
    break;
  case 'programs':
    programs();
    break;
  case 'shrink':
    shrinkProgram();
    break;
  case 'shrink-mutant':
    shrinkMutant();
    break;
  default:
    process.stderr.write('fuzz.mjs mutants | programs | shrink | shrink-mutant\n');
    process.exitCode = 2;
}
