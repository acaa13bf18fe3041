/**
 * V8 optimises functions while they are still young, which pays after seconds; a command is over in a fraction of one,
 * a third of which went into optimised code that hardly ran. So each function works longer before that, while a program
 * starts and reads.
 *
 * A run of a driver is another matter: it goes through the same thousand small functions for each request, and may do so
 * a hundred thousand times. With V8's own budget it has optimised code after the first thousand requests and not after
 * ten thousand; and these functions call each other so much that they are half as fast again where V8 may put more of them
 * into one another than it usually does.
 *
 * V8 complains aloud of a flag that it does not know, so flags are set only where they are known to exist: the V8 of
 * Node 24 counts calls instead.
 */
import { setFlagsFromString } from 'node:v8';

/** Bytes of bytecode that a function executes before V8 looks whether to optimise it. */
export const commandBudgetBytes = 500_000;

/** A server's first answer comes before any of its functions is hot, and the threads that optimise take its processors. */
export const serverBudgetBytes = 2_000_000;

/** V8's own. */
const usualBudgetBytes = 132 * 1024;

/** Bytes of bytecode that are put into one function from those that it calls: V8's own number, and that for runs. */
const usualInlinedBytes = 920;
const inlinedBytes = 2500;

export function delayOptimisation(nodeVersion: string, budgetBytes: number): void {
  if (isKnown(nodeVersion)) setFlagsFromString(`--interrupt-budget=${budgetBytes}`);
}

let isForRuns = false;

/** From here on the process runs a driver. Until it ends: compiled code is kept under the flags that a start finds. */
export function optimiseRun(nodeVersion: string): void {
  if (isForRuns || !isKnown(nodeVersion)) return;
  isForRuns = true;
  setFlagsFromString(`--interrupt-budget=${usualBudgetBytes}`);
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${inlinedBytes}`);
  process.prependOnceListener('exit', () => {
    setFlagsFromString(`--interrupt-budget=${commandBudgetBytes}`);
    setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${usualInlinedBytes}`);
  });
}

/**
 * From here on the server does what somebody's typing asks of it; to be called once, when the first answer is out. A
 * keystroke takes a quarter less of the main thread than with the budget of the start, both threads together as much.
 */
export function optimiseTyping(nodeVersion: string): void {
  delayOptimisation(nodeVersion, usualBudgetBytes);
  process.prependOnceListener('exit', () => delayOptimisation(nodeVersion, serverBudgetBytes));
}

function isKnown(nodeVersion: string): boolean {
  return Number.parseInt(nodeVersion, 10) === 20;
}
