/**
 * A batch of mutants: a corpus and a range of seeds in, counts, the slowest and what broke out.
 *
 * Times are those of the processor, because the machine may be busy; a mutant that took long is read again, because the
 * compiler and the collector may have worked for others. The shorter time counts.
 */
import { slowness } from '../support/effort.ts';
import type { CorpusGroup } from './corpus.ts';
import { type Breakage, checkMutant, type MutantSteps } from './mutant-check.ts';
import { mutate, mutateGently } from './mutate.ts';
import { createRandom } from './random.ts';

export interface Mutant {
  readonly seed: number;
  readonly name: string;
  readonly text: string;
}

export function mutantOf(groups: readonly CorpusGroup[], seed: number): Mutant {
  const random = createRandom(seed);
  // Every fifth mutant is one that may well compile, of a program that can be run.
  if (seed % 5 === 0) {
    const { name, text } = random.pick(runnableTexts(groups));
    return { seed, name, text: mutateGently(text, random) };
  }
  const one = random.pick(random.pick(groups));
  const other = random.pick(random.pick(groups));
  return { seed, name: one.name, text: mutate(one.text, other.text, random) };
}

const programs = new WeakMap<readonly CorpusGroup[], CorpusGroup>();

/** Texts with an entry function, found once. */
function runnableTexts(groups: readonly CorpusGroup[]): CorpusGroup {
  const known = programs.get(groups) ?? groups.flat().filter((one) => entryFunction.test(one.text));
  programs.set(groups, known);
  return known;
}

const entryFunction = /\b(main|DriverEntry)\s*\([^;]*\{/;

/** Lint reads every fourth, every eighth is read twice; those that may compile are run when they do. */
function stepsOf(seed: number): MutantSteps {
  return { rereads: seed % 8 === 0, lints: seed % 4 === 0, runs: seed % 5 === 0 };
}

export interface MutantFailure {
  readonly seed: number;
  readonly name: string;
  readonly breakage: Breakage | { readonly kind: 'slow'; readonly message: string };
}

export interface MutantSummary {
  readonly failures: readonly MutantFailure[];
  readonly count: number;
  readonly problems: number;
  readonly runs: number;
  readonly slowestMs: number;
  readonly slowestSeed: number;
}

export interface MutantOptions {
  readonly from: number;
  readonly count: number;
  readonly limitMs: number;
  /** Called before each mutant. */
  readonly onStart?: (seed: number) => void;
}

export function checkMutants(groups: readonly CorpusGroup[], options: MutantOptions): MutantSummary {
  const failures: MutantFailure[] = [];
  let problems = 0;
  let runs = 0;
  let slowestMs = 0;
  let slowestSeed = options.from;
  for (let seed = options.from; seed < options.from + options.count; seed++) {
    options.onStart?.(seed);
    const { name, text } = mutantOf(groups, seed);
    const timed = (): { readonly report: ReturnType<typeof checkMutant>; readonly ms: number } => {
      const started = process.cpuUsage();
      const report = checkMutant(text, stepsOf(seed));
      const { user, system } = process.cpuUsage(started);
      return { report, ms: (user + system) / 1000 };
    };
    const { report, ms: first } = timed();
    const ms = first > options.limitMs ? Math.min(first, timed().ms) : first;
    problems += report.problems;
    if (report.wasRun) runs++;
    if (ms > slowestMs) {
      slowestMs = ms;
      slowestSeed = seed;
    }
    if (report.breakage !== undefined) failures.push({ seed, name, breakage: report.breakage });
    if (ms > options.limitMs && ms > options.limitMs * slowness()) {
      failures.push({ seed, name, breakage: { kind: 'slow', message: `${Math.round(ms)} ms` } });
    }
  }
  return { failures, count: options.count, problems, runs, slowestMs, slowestSeed };
}
