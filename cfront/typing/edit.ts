/** What a keystroke changes: where two editions of a text differ, and whether the newer one is half typed. */
import type { TranslationUnit } from '../unit.ts';

/** One stretch of the older text that another one has taken the place of. */
export interface Edit {
  readonly start: number;
  /** End of the stretch in the older text and in the newer one. */
  readonly olderEnd: number;
  readonly newerEnd: number;
}

export function editBetween(older: string, newer: string): Edit {
  const max = Math.min(older.length, newer.length);
  const start = commonBeginning(older, newer, max);
  const end = commonEnding(older, newer, max - start);
  return { start, olderEnd: older.length - end, newerEnd: newer.length - end };
}

/** Characters that are compared as a whole, which is many times faster than one by one. */
const step = 4096;

/** Length of what both begin with. */
function commonBeginning(a: string, b: string, max: number): number {
  let start = 0;
  while (start + step <= max && a.slice(start, start + step) === b.slice(start, start + step)) start += step;
  while (start < max && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  return start;
}

/** Length of what both end with. */
function commonEnding(a: string, b: string, max: number): number {
  const before = (text: string, end: number): string => text.slice(text.length - end - step, text.length - end);
  let end = 0;
  while (end + step <= max && before(a, end) === before(b, end)) end += step;
  while (end < max && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  return end;
}

/** A text that is half typed has mistakes, or fewer functions than before: keys to come may lead back to what was there. */
export function isHalfTyped({ problems }: TranslationUnit, functions: number, functionsBefore: number): boolean {
  return functions < functionsBefore || problems.some(({ severity }) => severity === 'error');
}
