/**
 * V8 optimises functions while they are still young, which pays after seconds; a command is over in a fraction of one,
 * a third of which went into optimised code that hardly ran. Here each function works longer before that. Long runs are
 * not slower: what is hot reaches the larger budget within milliseconds.
 *
 * V8 complains aloud of a flag that it does not know, so the flag is set only where it is known to exist: the V8 of
 * Node 24 counts calls instead.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function executes before V8 looks whether to optimise it: by default some 64 or 132 KB. */
export const commandBudgetBytes = 500_000;

/** A server's first answer comes before any of its functions is hot, and the threads that optimise take its processors. */
export const serverBudgetBytes = 2_000_000;

export function delayOptimisation(nodeVersion: string, budgetBytes: number): void {
  if (Number.parseInt(nodeVersion, 10) === 20) setFlagsFromString(`--interrupt-budget=${budgetBytes}`);
}
