/**
 * What memory holds of an IRP that a call is given: its IoStatus, and where its current stack location begins. The IRP's
 * own type says where IoStatus lies; behind a pointer of another type nothing is known of it.
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { irpMember, isIrpPointer } from '../../body/irp-type.ts';
import { OFFSET } from '../facts/layout.ts';
import { fresh, type Site } from '../state/forget.ts';
import { changeRange } from '../state/memory.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, initialValue, placeAt, shift, type Value } from '../values/values.ts';

/** Once a call has the IRP, its IoStatus is the call's to write: it is not what it was before, nor after the last call. */
export function loseResult(state: State, irp: Value, argument: Expression | undefined, site: Site): void {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  const offset = type === undefined ? undefined : irpMember(type, 'IoStatus');
  if (offset === undefined || irp.kind !== 'symbol') return;
  for (const [at, size] of resultMembers) {
    const place = placeAt(shift(irp, offset + at));
    if (place === undefined) continue;
    changeRange(state, place, size, site);
    state.cells.set(place.key, { place, value: fresh(state, site, place.key), size });
  }
}

/** Where IO_STATUS_BLOCK has its Status and its Information, and their sizes. */
const resultMembers = [
  [OFFSET['_IO_STATUS_BLOCK.Status'], 4],
  [OFFSET['_IO_STATUS_BLOCK.Information'], 8],
] as const;

/** What memory holds for the IRP's IoStatus: its Status and its Information, without looking further. */
export function resultOf(state: State, irp: Value, argument: Expression | undefined): readonly [Value, Value] {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  const offset = type === undefined ? undefined : irpMember(type, 'IoStatus');
  const at = (member: number): Value => {
    const place = offset === undefined ? undefined : placeAt(shift(irp, offset + member));
    const value = place === undefined ? undefined : state.cells.get(place.key)?.value;
    return value === undefined ? ANYTHING : resolve(state, value);
  };
  const [[status], [information]] = resultMembers;
  return [at(status), at(information)];
}

/** The stack location of this driver in a request from above: what the request says when it comes. */
export function currentLocation(irp: Value): Value {
  const place = placeAt(shift(irp, OFFSET['_IRP.Tail.Overlay.CurrentStackLocation']));
  return place === undefined ? ANYTHING : initialValue(place);
}

/** The request in which such a location lies; undefined for any other pointer. */
export function locatedIn(location: Value): Value | undefined {
  if (location.kind !== 'symbol' || location.source.kind !== 'initial') return undefined;
  const { root, offset } = location.source.place;
  return root.kind === 'pointee' && offset === OFFSET['_IRP.Tail.Overlay.CurrentStackLocation']
    ? root.pointer
    : undefined;
}

export function isIrp(argument: Expression | undefined): boolean {
  return argument !== undefined && isIrpPointer(stripConversions(argument, { casts: true }).type);
}
