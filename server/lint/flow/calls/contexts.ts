/**
 * The context of a framework object, which lies where it lies as long as the object is there: whoever asks again, in
 * whatever function, gets the same pointer.
 */
import { VOID_POINTER } from '../../../../cfront/types/make.ts';
import type { Freed } from '../facts/kernel.ts';
import { newBlock } from '../facts/new-block.ts';
import { fresh } from '../state/forget.ts';
import { fix, load } from '../state/memory.ts';
import { narrow, resolve, type State } from '../state/state.ts';
import { scanText } from '../values/keys.ts';
import { NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, placeAt, shift, type Value } from '../values/values.ts';
import type { Call } from './call.ts';

export function contextOf({ values: [given = ANYTHING], site }: Call, state: State, type: string): Value {
  const handle = resolve(state, given);
  const at = shift(handle, distanceOf(type));
  if (placeAt(at) === undefined) return fresh(state, site, 'context');
  const context = load(state, at, VOID_POINTER);
  fix(state, at);
  narrow(state, context, NOT_ZERO);
  return context;
}

/** Those of a request that is completed: what anybody has found of them goes with it. */
export function endContexts({ cells, kernel: { blocks } }: State, request: Value, freed: Freed): void {
  for (const { place, value } of cells.values())
    if (place.root.kind === 'pointee' && place.root.pointer.key === request.key && place.offset >= NEAREST)
      blocks.set(value.key, { ...newBlock('lent', value, undefined), base: request, life: 'freed', freed });
}

export const CONTEXT_GETTER = 'WdfObjectGetTypedContext';

const NEAREST = 0x1000_0000;

/** Where the pointer to it is taken to lie, behind the handle: far from all that lies there, for each type somewhere else. */
function distanceOf(type: string): number {
  return NEAREST + (scanText(type).low >>> 4) * 8;
}
