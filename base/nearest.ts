/** The known name that a misspelt one is close to: for "is meant, perhaps". */

/** The candidate within two edits of `name` (one for short names), nearest first; undefined where none is. */
export function nearestName(name: string, candidates: Iterable<string>, limit = editsFor(name)): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = distanceTo(name, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits from one to the other, none where only capitals differ; `limit` or more is given as `limit`. */
export function distanceTo(name: string, candidate: string, limit: number): number {
  const { length } = name;
  if (Math.abs(candidate.length - length) >= limit) return limit;
  const isSame = candidate.length === length && candidate.toLowerCase() === name.toLowerCase();
  return isSame ? 0 : distanceWithin(name, candidate, limit);
}

/** How many edits make another name of one: a short name is soon another. */
export function editsFor(name: string): number {
  return name.length <= 3 ? 0 : name.length <= 5 ? 1 : 2;
}

/**
 * As `editDistance`. What both begin and end with costs no edit; nearly all names differ in more than is left between, or
 * in what is left nearly everywhere.
 */
function distanceWithin(a: string, b: string, limit: number): number {
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (end < least - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  const longest = Math.max(a.length, b.length) - start - end;
  // One edit leaves one character, or two that change places.
  if (limit <= 2 && longest > 2) return limit;
  return editDistance(a.slice(start, a.length - end), b.slice(start, b.length - end), limit);
}

/**
 * Edits (insert, delete, replace, swap neighbours) that lead from `a` to `b`; `limit` or more is given as `limit`. Cells
 * further from the diagonal than `limit` are not looked at, and the three rows are the same for all pairs of names: a
 * search goes through thousands.
 */
function editDistance(a: string, b: string, limit: number): number {
  let [beforeLast, last, row] = rows as [number[], number[], number[]];
  for (let j = 0; j <= b.length; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - limit);
    const to = Math.min(b.length, i + limit);
    row[from - 1] = from === 1 ? i : limit;
    let least = row[from - 1] as number;
    for (let j = from; j <= to; j++) {
      const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      const above = j === i + limit ? limit : (last[j] as number);
      let cell = Math.min((last[j - 1] as number) + (isSame ? 0 : 1), above + 1, (row[j - 1] as number) + 1);
      const isSwap =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (isSwap) cell = Math.min(cell, (beforeLast[j - 2] as number) + 1);
      row[j] = cell;
      if (cell < least) least = cell;
    }
    if (least >= limit) return limit;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return Math.min(limit, last[b.length] as number);
}

const rows: readonly number[][] = [[], [], []];
