/**
 * What is known of a number: its bounds, a few values that it is not, and, where ways with a few different numbers have
 * met, which these are. Numbers are signed, whatever the type says.
 *
 * Ranges only describe; `undefined` from `intersect` means that nothing fits: the path cannot be taken.
 */
import { STATUS_PENDING } from '../facts/statuses.ts';
import { type Scan, scanText } from './keys.ts';

export interface Range {
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
  /** Inside the bounds, sorted, at most MAX_HOLES. */
  readonly not: readonly bigint[];
  /** All that it can be, sorted: the bounds and some between them, at most MAX_VALUES. Undefined where there are more. */
  readonly of?: readonly bigint[] | undefined;
  /** Its own alone: whoever makes one range of another makes it anew. */
  scan?: Scan | undefined;
}

const MAX_HOLES = 6;
const MAX_VALUES = 4;
export const FULL: Range = { min: undefined, max: undefined, not: [] };
export const NOT_ZERO: Range = { min: undefined, max: undefined, not: [0n] };
export const TRUTH: Range = { min: 0n, max: 1n, not: [] };

export function exactly(value: bigint): Range {
  return { min: value, max: value, not: [] };
}

export function except(value: bigint): Range {
  return { min: undefined, max: undefined, not: [value] };
}

export function between(min: bigint | undefined, max: bigint | undefined): Range {
  return { min, max, not: [] };
}

/** The only value that fits. */
export function single(range: Range): bigint | undefined {
  return range.min !== undefined && range.min === range.max ? range.min : undefined;
}

export function contains(range: Range, value: bigint): boolean {
  if (range.of !== undefined) return range.of.includes(value);
  if (range.min !== undefined && value < range.min) return false;
  if (range.max !== undefined && value > range.max) return false;
  return !range.not.includes(value);
}

export function intersect(a: Range, b: Range): Range | undefined {
  const few = valuesOf(a) ?? valuesOf(b);
  if (few !== undefined) return oneOf(few.filter((value) => contains(a, value) && contains(b, value)));
  let min = a.min === undefined || (b.min !== undefined && b.min > a.min) ? b.min : a.min;
  let max = a.max === undefined || (b.max !== undefined && b.max < a.max) ? b.max : a.max;
  const holes = new Set([...a.not, ...b.not]);
  while (min !== undefined && holes.has(min)) min++;
  while (max !== undefined && holes.has(max)) max--;
  if (min !== undefined && max !== undefined && min > max) return undefined;
  const inside = [...holes].filter((h) => (min === undefined || h > min) && (max === undefined || h < max));
  return { min, max, not: sorted(inside).slice(0, MAX_HOLES) };
}

/** All that a number can be, where that is little. */
export function valuesOf(range: Range): readonly bigint[] | undefined {
  const only = single(range);
  return only === undefined ? range.of : [only];
}

/** One of these, which are sorted; undefined where there is none. */
function oneOf(values: readonly bigint[]): Range | undefined {
  const [min] = values;
  const max = values.at(-1);
  if (min === undefined || max === undefined) return undefined;
  const hasHole = min < 0n && max > 0n && !values.includes(0n);
  return { min, max, not: hasHole ? [0n] : [], of: min === max ? undefined : values };
}

/** All of it, so much further: counters do not run over. */
export function moved({ min, max, of }: Range, by: bigint): Range {
  if (of !== undefined) return oneOf(of.map((value) => value + by)) ?? FULL;
  return between(min === undefined ? undefined : min + by, max === undefined ? undefined : max + by);
}

/** The range without what is known of one value that it is not. */
export function without({ min, max, not }: Range, hole: bigint): Range {
  return { min, max, not: not.filter((value) => value !== hole) };
}

/** The smallest range around both. */
export function hull(a: Range, b: Range): Range {
  if (isFull(a) || isFull(b)) return FULL;
  const few = together(a, b);
  if (few !== undefined) return oneOf(few) ?? FULL;
  const isFirst = a.min === undefined || (b.min !== undefined && a.min < b.min);
  const isLast = a.max === undefined || (b.max !== undefined && a.max > b.max);
  const min = isFirst ? a.min : b.min;
  const max = isLast ? a.max : b.max;
  const holes = new Set([...a.not, ...b.not, 0n]);
  const not = [...holes].filter((h) => !contains(a, h) && !contains(b, h) && contains({ min, max, not: [] }, h));
  return { min, max, not: sorted(not).slice(0, MAX_HOLES) };
}

/** What either can be, where that is little. */
function together(a: Range, b: Range): readonly bigint[] | undefined {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  if (left === undefined || right === undefined) return undefined;
  const all = sorted(new Set([...left, ...right]));
  return all.length <= MAX_VALUES ? all : undefined;
}

function isFull({ min, max, not }: Range): boolean {
  return min === undefined && max === undefined && not.length === 0;
}

/**
 * The hull, with every bound that moved given up: after that it can move no more. A few statuses are kept, as no counter
 * comes by them.
 */
export function widen(old: Range, next: Range): Range {
  const few = together(old, next);
  if (few !== undefined && (few.length === old.of?.length || few.every(isStatus))) return oneOf(few) ?? FULL;
  const both = hull(old, next);
  return {
    min: both.min === old.min ? both.min : undefined,
    max: both.max === old.max ? both.max : undefined,
    not: both.not,
  };
}

/** STATUS_SUCCESS, STATUS_PENDING, or one of those that tell of a failure or a warning. */
function isStatus(value: bigint): boolean {
  return value === 0n || value === STATUS_PENDING || (value < -(1n << 28n) && value >= -(1n << 31n));
}

export function rangeKey(range: Range): string {
  return `${range.min ?? ''}..${range.max ?? ''}!${range.not.join(',')}${range.of === undefined ? '' : `=${range.of.join(',')}`}`;
}

/** The numbers of its key. */
export function scanOfRange(range: Range): Scan {
  return (range.scan ??= scanText(rangeKey(range)));
}

function sorted(values: Iterable<bigint>): bigint[] {
  return [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
