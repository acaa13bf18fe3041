/** Who answers at a choice point: the usual behaviour of Windows, or a seeded random number. */
import type { ChoicePoint, Strategy } from './choices.ts';
import { createRandom, nextBelow } from './random.ts';

/** "As Windows usually does it": always option 0. */
export const usualStrategy: Strategy = { name: 'usual', choose: () => 0 };

/** Every option is as likely as the others. The same seed gives the same answers to the same questions. */
export function randomStrategy(seed: number): Strategy {
  const state = createRandom(seed);
  // The state is there to be seen, so that a checkpoint of the run has it.
  const strategy = { name: `seed ${seed}`, state, choose: (point: ChoicePoint) => nextBelow(state, point.options) };
  return strategy;
}
