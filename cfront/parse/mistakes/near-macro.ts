/**
 * Macros that an unknown name may be meant for: one that takes arguments and got none, or one whose name is near.
 *
 * Macros are asked as they stand at the end of the file, so that what is found for a name of a header can be another in
 * the next file (sharing/doubts.ts).
 */
import { distanceTo } from '../../../base/nearest.ts';
import { partsOf } from '../../layer-views.ts';
import type { Preprocessed } from '../../preprocess/result.ts';
import type { MacroDefinition } from '../../unit.ts';
import type { MacroSearch } from './name-sources.ts';

/** It is replaced only where arguments follow. */
export function isCallMacro<M extends Pick<MacroDefinition, 'parameters' | 'span'>>(
  macro: M | undefined,
): macro is M & { readonly [key in 'parameters' | 'span']: NonNullable<M[key]> } {
  return macro?.parameters !== undefined && macro.span !== undefined;
}

/** The macro whose name is nearer to the misspelt one than `below` edits; of equally near ones, the first by name. */
export function nearMacro(
  macros: Preprocessed['macros'],
  { name, isCall, below }: MacroSearch,
): MacroFound | undefined {
  let best: MacroFound | undefined;
  for (const part of partsOf(macros).toReversed()) {
    for (const other of part.keys()) {
      const limit = best === undefined ? below : best.distance + 1;
      const distance = distanceTo(name, other, limit);
      if (distance >= limit || (distance === best?.distance && other > best.name)) continue;
      const macro = macros.get(other);
      if (macro !== undefined && isCall === (macro.parameters !== undefined)) best = { name: other, distance };
    }
  }
  return best;
}

export interface MacroFound {
  readonly name: string;
  readonly distance: number;
}
