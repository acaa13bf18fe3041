/** Whether a call that made something has succeeded on this path, as far as the checks of its status say. */
import type { Made } from '../facts/wsk.ts';
import { rangeOf, type State } from './state.ts';

/** It was made, it was not, or nobody has looked. */
export function outcomeOf(state: State, { result }: Made): 'made' | 'failed' | 'unknown' {
  const { min, max } = rangeOf(state, result);
  if (min !== undefined && min >= 0n) return 'made';
  return max !== undefined && max < 0n ? 'failed' : 'unknown';
}
