/** Whether a call that made something has succeeded on this path, as far as the checks of its status say. */
import type { Made } from '../facts/wsk.ts';
import type { Exit } from '../run/session.ts';
import { rangeOf, type State } from './state.ts';

/** It was made, it was not, or nobody has looked. */
export function outcomeOf(state: State, { result }: Made): 'made' | 'failed' | 'unknown' {
  const { min, max } = rangeOf(state, result);
  if (min !== undefined && min >= 0n) return 'made';
  return max !== undefined && max < 0n ? 'failed' : 'unknown';
}

/** The function returns a status that says failure. */
export function hasFailed({ value }: Exit, state: State): boolean {
  const max = value === undefined ? undefined : rangeOf(state, value).max;
  return max !== undefined && max < 0n;
}
