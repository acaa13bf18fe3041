/**
 * V8 optimises functions while they are still young, which pays after seconds; a command is over in a fraction of one,
 * a third of which went into optimised code that hardly ran. So each function works longer before that, while a program
 * starts and reads.
 *
 * What comes then may be another matter: a run goes through the same thousand small functions for each request, a hundred
 * thousand times perhaps, and a server through the same rules at each keystroke. From there on V8's own measure holds.
 * `wsk lint` keeps the longer one: it goes through so much code that by V8's own it took a sixth to a third more time.
 *
 * V8 complains aloud of a flag that it does not know, so it is set only where it is known to exist: the V8 of Node 24
 * counts calls instead.
 */
import { setFlagsFromString } from 'node:v8';
import { setFlagUntilExit } from './server-flags.ts';

/** Bytes of bytecode that a function executes before V8 looks whether to optimise it. */
export const commandBudgetBytes = 500_000;

/** A server's first answer comes before any of its functions is hot, and the threads that optimise take its processors. */
export const serverBudgetBytes = 2_000_000;

/** V8's own. */
const usualBudgetBytes = 132 * 1024;

export function delayOptimisation(nodeVersion: string, budgetBytes: number): void {
  if (countsBytes(nodeVersion)) setFlagsFromString(budget(budgetBytes));
}

function countsBytes(nodeVersion: string): boolean {
  return Number.parseInt(nodeVersion, 10) === 20;
}

function budget(bytes: number): string {
  return `--interrupt-budget=${bytes}`;
}

let isStartOver = false;

/** The start, which had that budget, is over: a driver runs, or somebody types. */
export function optimiseFromHere(nodeVersion: string, startBudgetBytes: number): void {
  if (isStartOver) return;
  isStartOver = true;
  if (countsBytes(nodeVersion)) setFlagUntilExit(budget(usualBudgetBytes), budget(startBudgetBytes));
}
