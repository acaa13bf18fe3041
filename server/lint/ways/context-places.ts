/**
 * Places behind what a completion routine is given as its context. In: an expression of the routine. Out: how many bytes
 * it lies behind the start of the context; undefined for what lies elsewhere, or may. Pointers are followed where all that
 * they are ever given is one thing, and a few steps at most.
 */
import type { Expression, FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import { onlyValueOf, valuesGiven } from '../body/given-values.ts';
import { COMPLETION } from './routine-context.ts';

const MAX_STEPS = 4;

/** Of the object that an expression names. */
export function placeInContext(definition: FunctionDefinition, e: Expression, steps = MAX_STEPS): number | undefined {
  const place = stripConversions(e);
  if (place.kind === 'dereference') return pointerIntoContext(definition, place.operand, steps);
  if (place.kind !== 'member' || place.field === undefined) return undefined;
  const { object, field, isArrow } = place;
  const start = isArrow ? pointerIntoContext(definition, object, steps) : placeInContext(definition, object, steps);
  return start === undefined ? undefined : start + field.offset;
}

/** Of the object that a pointer leads to. */
export function pointerIntoContext(
  definition: FunctionDefinition,
  pointer: Expression,
  steps = MAX_STEPS,
): number | undefined {
  const e = stripConversions(pointer, { casts: true });
  if (e.kind === 'address-of') return placeInContext(definition, e.operand, steps);
  if (e.kind !== 'name' || e.symbol.kind !== 'variable' || steps === 0) return undefined;
  const { symbol } = e;
  if (symbol === definition.parameters[COMPLETION.context])
    return symbol.isAddressTaken || valuesGiven(definition, symbol).length > 0 ? undefined : 0;
  const value = onlyValueOf(definition, symbol);
  return value === undefined ? undefined : pointerIntoContext(definition, value, steps - 1);
}
