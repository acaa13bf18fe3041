/** Where two editions of a text differ: one stretch of the older that another one has taken the place of. */
export interface Edit {
  readonly start: number;
  /** End of the stretch in the older text and in the newer one. */
  readonly olderEnd: number;
  readonly newerEnd: number;
}

export function editBetween(older: string, newer: string): Edit {
  const max = Math.min(older.length, newer.length);
  const start = commonBeginning(older, newer, max);
  let end = 0;
  while (end < max - start && older.charCodeAt(older.length - 1 - end) === newer.charCodeAt(newer.length - 1 - end)) {
    end++;
  }
  return { start, olderEnd: older.length - end, newerEnd: newer.length - end };
}

/** Length of what both begin with. Long stretches are compared as a whole, which is many times faster. */
function commonBeginning(a: string, b: string, max: number): number {
  const step = 4096;
  let start = 0;
  while (start + step <= max && a.slice(start, start + step) === b.slice(start, start + step)) start += step;
  while (start < max && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  return start;
}
