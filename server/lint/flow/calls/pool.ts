/** Which memory the functions of the pool are asked for, by a type or by flags. */
import { resolve, type State } from '../state/state.ts';
import type { Value } from '../values/values.ts';

const POOL_FLAG_PAGED = 0x100n;
/** The bit of all types that are paged. */
const PAGED_POOL = 1n;

/** Memory of this type, or by these flags, can be paged out. */
export function isPagedPool(state: State, name: string, type: Value | undefined): boolean {
  const known = type === undefined ? undefined : resolve(state, type);
  return known?.kind === 'integer' && (known.value & (takesFlags(name) ? POOL_FLAG_PAGED : PAGED_POOL)) !== 0n;
}

/** They take POOL_FLAGS, and no POOL_TYPE. */
export function takesFlags(name: string): boolean {
  return name === 'ExAllocatePool2' || name === 'ExAllocatePool3';
}
