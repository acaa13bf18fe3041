/**
 * What lies behind the arguments of a call that lead to the function's own locals. Its callers have no name for that
 * memory, but what was put there may be theirs: with it rules can look into a record that a helper fills from what it
 * was given.
 */
import type { Behind } from '../facts/events.ts';
import { isZero } from '../state/memory.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, initialValue, isSameRoot, type Place, placeAt, shift, type Value, ZERO } from '../values/values.ts';

export function behindLocals(state: State, values: readonly Value[]): readonly Behind[] {
  return values.flatMap((value, index) => {
    const place = placeAt(value);
    const start = place?.root.kind === 'local' ? bytesInto(place) : undefined;
    if (place === undefined || start === undefined) return [];
    const known = [...state.cells.values()].flatMap((cell): readonly Behind[] => {
      if (!isSameRoot(cell.place.root, place.root)) return [];
      const at = bytesInto(cell.place);
      return at === undefined ? [] : [{ index, offset: at - start, value: resolve(state, cell.value) }];
    });
    // A record that was filled with zeros has a cell for all that is not zero any more.
    const rest = state.zeroed.has(place.root.key) ? ZERO : ANYTHING;
    return [...known, { index, offset: undefined, value: rest }];
  });
}

/** What memory holds so many bytes behind an argument, where that is known. */
export function heldBehind(
  state: State,
  call: { readonly arguments: readonly Value[]; readonly behind?: readonly Behind[] },
  { index, offset, size }: { readonly index: number; readonly offset: number; readonly size: number },
): Value {
  const known = call.behind?.filter((one) => one.index === index) ?? [];
  if (known.length > 0)
    return (
      (known.find((one) => one.offset === offset) ?? known.find((one) => one.offset === undefined))?.value ?? ANYTHING
    );
  const place = placeAt(shift(resolve(state, call.arguments[index] ?? ANYTHING), offset));
  if (place === undefined) return ANYTHING;
  const cell = state.cells.get(place.key);
  if (cell !== undefined) return cell.value;
  return isZero(state, place, size) ? ZERO : initialValue(place);
}

/** Undefined for a place in an array. */
function bytesInto({ steps }: Place): number | undefined {
  const [first, more] = steps;
  if (first === undefined) return 0;
  return more === undefined && first.kind === 'offset' ? first.bytes : undefined;
}
