/**
 * Sums of values that are not known: `length + 8` is what `length` is and 8 more, whatever that is. In: values. Out: how
 * much more one is than another, where what is not known is in both alike. It ends because a value's parts are smaller.
 */
import { type Value, WORD } from '../values/values.ts';
import { rangeOf, type State } from './state.ts';

/** How often each value is in a sum, by its key, and the numbers in it. */
interface Sum {
  constant: bigint;
  readonly terms: Map<string, { readonly value: Value; readonly times: bigint }>;
}

/** The least by which `these` together are more than `than`; undefined where that is not known. */
export function leastBeyond(state: State, these: readonly Value[], than: Value): bigint | undefined {
  const sum: Sum = { constant: 0n, terms: new Map() };
  if (!these.every((value) => add(sum, value, 1n)) || !add(sum, than, -1n)) return undefined;
  let least = sum.constant;
  for (const { value, times } of sum.terms.values()) {
    if (times === 0n) continue;
    const { min, max } = rangeOf(state, value);
    const bound = times > 0n ? min : max;
    if (bound === undefined) return undefined;
    least += times * bound;
  }
  return least;
}

/** Gives false for what is no sum. */
function add(sum: Sum, value: Value, times: bigint): boolean {
  if (value.kind === 'integer') {
    sum.constant += times * value.value;
    return true;
  }
  if (value.kind !== 'symbol' && value.kind !== 'operation') return false;
  if (value.kind === 'operation') {
    const { operator, left, right } = value;
    if (operator === '+' || operator === '-')
      return add(sum, left, times) && add(sum, right, operator === '+' ? times : -times);
    if (operator === '*' && right.kind === 'integer') return add(sum, left, times * right.value);
    // The lower half of what is too large for it is no sum of anything; sizes are not that large.
    if (operator === '&' && right.key === WORD.key) return add(sum, left, times);
  }
  const known = sum.terms.get(value.key);
  sum.terms.set(value.key, { value, times: (known?.times ?? 0n) + times });
  return true;
}
