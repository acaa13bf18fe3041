/**
 * Makes `Choices` out of a strategy, or out of a recorded prefix that a strategy continues.
 *
 * A replayed record is checked question by question. Where it does not fit, `mismatch` says so and option 0 is taken
 * from there on: the kernel stops the run at its next step, because what follows would prove nothing.
 */
import { assert, Bug } from '../../base/assert.ts';
import type { ChoicePoint, Choices, RecordedChoice, ReplayMismatch, Strategy } from './choices.ts';

export function recordChoices(strategy: Strategy): Choices {
  return replayChoices([], strategy);
}

/** Answers from `prefix` first, then by `strategy`. */
export function replayChoices(prefix: readonly RecordedChoice[], strategy: Strategy): Choices {
  return new Recorder(prefix, strategy);
}

/** Numbers of an answer: its point, how many options there were, which was chosen. */
const PER_ANSWER = 3;
const FIRST_ANSWERS = 64;

/** A class for the sake of its accessors: an object made by a literal with accessors is a hash table to V8. */
class Recorder implements Choices {
  mismatch: ReplayMismatch | undefined = undefined;
  // A run may make a million decisions at some ten points: numbers are all that is kept of each, where the garbage
  // collector does not look at them.
  private answers = new Float64Array(FIRST_ANSWERS * PER_ANSWER);
  private count = 0;
  private readonly names: string[] = [];
  private readonly prefix: readonly RecordedChoice[];
  private readonly strategy: Strategy;

  constructor(prefix: readonly RecordedChoice[], strategy: Strategy) {
    this.prefix = prefix;
    this.strategy = strategy;
  }

  get record(): readonly number[] {
    return Array.from({ length: this.count }, (_, i) => this.answers[i * PER_ANSWER + 2] as number);
  }

  get recorded(): readonly RecordedChoice[] {
    return Array.from({ length: this.count }, (_, i) => {
      const [name = 0, options = 0, chosen = 0] = this.answers.subarray(i * PER_ANSWER, (i + 1) * PER_ANSWER);
      return { point: this.names[name] as string, options, chosen };
    });
  }

  choose(point: ChoicePoint): number {
    assert(point.options >= 1, 'a choice point has an option');
    if (point.options === 1) return 0;
    const chosen = this.#answer(point);
    if (!Number.isInteger(chosen) || chosen < 0 || chosen >= point.options) {
      throw new Bug(`${point.name}: ${chosen} is no option`);
    }
    this.#keep(point, chosen);
    return chosen;
  }

  #keep({ name, options }: ChoicePoint, chosen: number): void {
    const at = this.count * PER_ANSWER;
    if (at === this.answers.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.answers);
      this.answers = larger;
    }
    this.answers[at] = numberOf(this.names, name);
    this.answers[at + 1] = options;
    this.answers[at + 2] = chosen;
    this.count++;
  }

  #answer(point: ChoicePoint): number {
    const at = this.count;
    const expected = this.prefix[at];
    if (expected === undefined) return this.strategy.choose(point);
    if (this.mismatch !== undefined) return 0;
    const isSame = expected.point === point.name && expected.options === point.options;
    if (isSame && expected.chosen < point.options) return expected.chosen;
    this.mismatch = {
      code: 'replay-mismatch',
      at,
      message:
        `The record does not fit this run: its decision ${at + 1} is "${expected.point}" among ${expected.options}, ` +
        `but the run asks for "${point.name}" among ${point.options}. Replay with the source, scenario and version it was recorded with.`,
    };
    return 0;
  }
}

function numberOf(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known >= 0 ? known : names.push(name) - 1;
}
