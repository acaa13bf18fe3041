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

/** A class for the sake of its accessors: an object made by a literal with accessors is a hash table to V8. */
class Recorder implements Choices {
  // A run may make a million decisions at some ten points: numbers are all that is kept of each.
  readonly record: number[] = [];
  mismatch: ReplayMismatch | undefined = undefined;
  readonly #options: number[] = [];
  readonly #points: number[] = [];
  readonly #names: string[] = [];
  readonly #prefix: readonly RecordedChoice[];
  readonly #strategy: Strategy;

  constructor(prefix: readonly RecordedChoice[], strategy: Strategy) {
    this.#prefix = prefix;
    this.#strategy = strategy;
  }

  get recorded(): readonly RecordedChoice[] {
    return this.record.map((chosen, i) => ({
      point: this.#names[this.#points[i] as number] as string,
      options: this.#options[i] as number,
      chosen,
    }));
  }

  choose(point: ChoicePoint): number {
    assert(point.options >= 1, 'a choice point has an option');
    if (point.options === 1) return 0;
    const chosen = this.#answer(point);
    if (!Number.isInteger(chosen) || chosen < 0 || chosen >= point.options) {
      throw new Bug(`${point.name}: ${chosen} is no option`);
    }
    this.record.push(chosen);
    this.#options.push(point.options);
    this.#points.push(numberOf(this.#names, point.name));
    return chosen;
  }

  #answer(point: ChoicePoint): number {
    const at = this.record.length;
    const expected = this.#prefix[at];
    if (expected === undefined) return this.#strategy.choose(point);
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
