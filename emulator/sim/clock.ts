/**
 * Virtual time. A clock is two numbers: a time, and the statement count at which it was that time. Executed statements
 * are charged at a fixed rate on top, so that code which polls the time sees it move, in the same way in every run.
 */
import { assert } from '../../base/assert.ts';
import type { VirtualTimeNs } from './trace.ts';

/** What one guest statement costs. A round figure near that of real driver code; only its constancy matters. */
const nsPerStatement = 10;

export interface Clock {
  baseNs: number;
  baseStatements: number;
}

export function createClock(): Clock {
  return { baseNs: 0, baseStatements: 0 };
}

/** The time when `statements` have been executed. */
export function timeAt(clock: Clock, statements: number): VirtualTimeNs {
  return (clock.baseNs + (statements - clock.baseStatements) * nsPerStatement) as VirtualTimeNs;
}

/** Moves the clock to `timeNs`, which must not lie in the past. */
export function advanceTo(clock: Clock, timeNs: number, statements: number): void {
  assert(timeNs >= timeAt(clock, statements), 'virtual time never goes back');
  clock.baseNs = timeNs;
  clock.baseStatements = statements;
}

/** Statements that may be executed before it is `timeNs`: at least 1, so that a run always makes progress. */
export function statementsUntil(clock: Clock, timeNs: number, statements: number): number {
  return Math.max(1, Math.ceil((timeNs - timeAt(clock, statements)) / nsPerStatement));
}
