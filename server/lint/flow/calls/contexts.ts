/**
 * The context of a framework object, which lies where it lies as long as the object is there: whoever asks again, in
 * whatever function, gets the same pointer. It goes with a request that is completed.
 */
import { VOID_POINTER } from '../../../../cfront/types/make.ts';
import { newBlock } from '../facts/new-block.ts';
import { fresh } from '../state/forget.ts';
import { fix, load } from '../state/memory.ts';
import { narrow, resolve, type State } from '../state/state.ts';
import { scanText } from '../values/keys.ts';
import { NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, placeAt, shift, type Value } from '../values/values.ts';
import type { Call } from './call.ts';

export function contextOf({ values: [given = ANYTHING], site, where }: Call, state: State, type: string): Value {
  const handle = resolve(state, given);
  const at = shift(handle, distanceOf(type));
  if (placeAt(at) === undefined) return fresh(state, site, 'context');
  const context = load(state, at, VOID_POINTER);
  fix(state, at);
  narrow(state, context, NOT_ZERO);
  const { blocks } = state.kernel;
  if (blocks.get(handle.key)?.kind === 'request' && !blocks.has(context.key)) {
    const made = { api: CONTEXT_GETTER, where };
    blocks.set(context.key, { ...newBlock('lent', context, made), base: handle });
  }
  return context;
}

export const CONTEXT_GETTER = 'WdfObjectGetTypedContext';

/** Where the pointer to it is taken to lie, behind the handle: far from all that lies there, for each type somewhere else. */
function distanceOf(type: string): number {
  return 0x1000_0000 + (scanText(type).low >>> 4) * 8;
}
