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
  // A run may make a million decisions at some ten points: numbers are all that is kept of each.
  const record: number[] = [];
  const options: number[] = [];
  const points: number[] = [];
  const names: string[] = [];
  let mismatch: ReplayMismatch | undefined;
  const answer = (point: ChoicePoint): number => {
    const at = record.length;
    const expected = prefix[at];
    if (expected === undefined) return strategy.choose(point);
    if (mismatch !== undefined) return 0;
    const isSame = expected.point === point.name && expected.options === point.options;
    if (isSame && expected.chosen < point.options) return expected.chosen;
    mismatch = {
      code: 'replay-mismatch',
      at,
      message:
        `The record does not fit this run: its decision ${at + 1} is "${expected.point}" among ${expected.options}, ` +
        `but the run asks for "${point.name}" among ${point.options}. Replay with the source, scenario and version it was recorded with.`,
    };
    return 0;
  };
  return {
    record,
    get recorded() {
      return record.map((chosen, i) => ({
        point: names[points[i] as number] as string,
        options: options[i] as number,
        chosen,
      }));
    },
    get mismatch() {
      return mismatch;
    },
    choose(point) {
      assert(point.options >= 1, 'a choice point has an option');
      if (point.options === 1) return 0;
      const chosen = answer(point);
      if (!Number.isInteger(chosen) || chosen < 0 || chosen >= point.options) {
        throw new Bug(`${point.name}: ${chosen} is no option`);
      }
      record.push(chosen);
      options.push(point.options);
      points.push(numberOf(names, point.name));
      return chosen;
    },
  };
}

function numberOf(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known >= 0 ? known : names.push(name) - 1;
}
