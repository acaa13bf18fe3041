/**
 * Whether a completion routine has passed on that the driver below had the request pending. In: the state at one of its
 * ends, and its IRP. Out: what this way did about PendingReturned, as far as the state tells.
 */
import type { CType } from '../../../../cfront/types/types.ts';
import { irpMember } from '../../body/irp-type.ts';
import { isInitial, rangeOf, type State } from '../state/state.ts';
import { contains } from '../values/ranges.ts';
import { initialValue, placeAt, shift, type Value } from '../values/values.ts';

/**
 * `marked`: IoMarkIrpPending was called. `not pending`, `pending`: the way was taken because PendingReturned says so.
 * `unasked`: nobody looked at it. `unknown`: somebody else may have done either.
 */
export type PendingMark = 'marked' | 'not pending' | 'pending' | 'unasked' | 'unknown';

export function pendingMarkOf(state: State, irp: Value, type: CType): PendingMark {
  if (state.facts.get(irp.key)?.isMarked === true) return 'marked';
  if (state.isVague || state.events.some((e) => e.kind === 'lose' && e.irp.key === irp.key)) return 'unknown';
  const offset = irpMember(type, 'PendingReturned');
  const place = offset === undefined ? undefined : placeAt(shift(irp, offset));
  if (place === undefined) return 'unknown';
  const range = rangeOf(state, initialValue(place));
  // It is TRUE or FALSE, however it was compared.
  if (!contains(range, 1n)) return 'not pending';
  if (!contains(range, 0n)) return 'pending';
  const cell = state.cells.get(place.key);
  return cell === undefined || isInitial(cell) ? 'unasked' : 'unknown';
}
