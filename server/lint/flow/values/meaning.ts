/**
 * What values mean to a caller of the function: parameters, globals, and memory behind what it has a name for. In: a value
 * or a place, and the keys of symbols that were handed over to the caller. It ends, since what is asked about gets smaller.
 */
import type { Place, Value } from './values.ts';

/** A caller has a name for the place: a global, or memory behind something it has a name for. */
export function isNameable(place: Place, made: ReadonlySet<string>): boolean {
  const { root } = place;
  if (root.kind === 'local' || root.kind === 'literal') return false;
  if (!place.steps.every((step) => step.kind === 'offset' || isMeaningful(step.index, made))) return false;
  return root.kind !== 'pointee' || isMeaningful(root.pointer, made);
}

export function isMeaningful(value: Value, made: ReadonlySet<string>): boolean {
  switch (value.kind) {
    case 'integer':
    case 'function':
      return true;
    case 'anything':
      return false;
    case 'address':
      return isNameable(value.place, made);
    case 'operation':
      return isMeaningful(value.left, made) && isMeaningful(value.right, made);
    case 'symbol':
      if (value.source.kind === 'parameter') return true;
      if (value.source.kind === 'initial') return isNameable(value.source.place, made);
      return made.has(value.key);
  }
}
