/** Whether a call that made something has succeeded, and whether a function has, as far as a way or its end says. */
import type { Made } from '../facts/wsk.ts';
import type { Exit } from '../run/session.ts';
import { rangeOf, type State } from './state.ts';

/** It was made, it was not, or nobody has looked. */
export function outcomeOf(state: State, { result }: Made): 'made' | 'failed' | 'unknown' {
  const { min, max } = rangeOf(state, result);
  if (min !== undefined && min >= 0n) return 'made';
  return max !== undefined && max < 0n ? 'failed' : 'unknown';
}

/** On this way the function returns a status that says failure. */
export function hasFailed({ value }: Exit, state: State): boolean {
  const max = value === undefined ? undefined : rangeOf(state, value).max;
  return max !== undefined && max < 0n;
}

/** The same of an exit alone, whose way is gone: it returns a number that says failure. */
export function givesFailure({ value }: Exit): boolean {
  return value?.kind === 'integer' && value.value < 0n;
}

/** What an exit tells the caller: failure, a number, some value, nothing. */
export function resultKind(exit: Exit): string {
  if (exit.value === undefined) return 'nothing';
  if (exit.value.kind !== 'integer') return 'value';
  return givesFailure(exit) ? 'failure' : String(exit.value.value);
}
