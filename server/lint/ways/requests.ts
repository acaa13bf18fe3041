/** What four rules about dispatch routines share: each request that came from above, as it is when the routine returns. */
import { majorsOf, roleOf } from '../driver/roles.ts';
import type { IrpFact } from '../flow/facts/irp.ts';
import type { Exit, FunctionInfo, Session } from '../flow/run/session.ts';
import type { State } from '../flow/state/state.ts';
import { pathTo } from '../flow/state/where.ts';
import { contains } from '../flow/values/ranges.ts';
import type { Place, Value } from '../flow/values/values.ts';
import type { CheckContext } from '../rule.ts';
import { storyOf } from './wording.ts';

/** Reports what `wrong` says of a request and of the status that the dispatch routine returns. */
export function checkRequests(
  exit: Exit,
  { state, fn, session, report }: CheckContext,
  wrong: (fact: IrpFact, returned: Value | undefined, state: State, exit: Exit) => string | undefined,
): void {
  if (roleOf(session, fn) !== 'DRIVER_DISPATCH' || isOfAnotherKind(session, fn, state)) return;
  for (const fact of state.facts.values()) {
    const message = fact.origin === 'received' ? wrong(fact, exit.value, state, exit) : undefined;
    if (message === undefined) continue;
    report({
      where: exit.where,
      message,
      path: [...storyOf(fact), ...pathTo(exit.where, 'The dispatch routine returns here')],
    });
  }
}

/** On this way the request has none of the major function codes with which the routine is registered: nobody sends it. */
function isOfAnotherKind(session: Session, fn: FunctionInfo, state: State): boolean {
  const majors = majorsOf(session, fn);
  if (majors === undefined) return false;
  return [...state.ranges.values()].some(
    ({ value, range }) => isMajorFunction(value) && ![...majors].some((major) => contains(range, major)),
  );
}

/** `Irp->Tail.Overlay.CurrentStackLocation->MajorFunction`: what stands first in the location to which the IRP points. */
function isMajorFunction(value: Value): boolean {
  const { root, steps } = initialPlace(value) ?? {};
  if (root?.kind !== 'pointee' || steps?.some((step) => step.kind !== 'offset' || step.bytes !== 0)) return false;
  const location = initialPlace(root.pointer);
  return location?.root.kind === 'pointee' && isParameter(location.root.pointer, 1);
}

/**
 * On this way a member that the device leads to has none of the values that were asked about: `if (Kind == Bus) … else
 * if (Kind == Child) …` with no else. Whether a device has another one is known to who made the device.
 */
export function isOfUnknownDevice(state: State): boolean {
  return [...state.ranges.values()].some(({ value, range }) => range.not.length >= 2 && isOfDevice(value));
}

/** What lies behind the dispatch routine's first parameter, at some depth. */
function isOfDevice(value: Value): boolean {
  let place = initialPlace(value);
  while (place?.root.kind === 'pointee') {
    if (isParameter(place.root.pointer, 0)) return true;
    place = initialPlace(place.root.pointer);
  }
  return false;
}

function initialPlace(value: Value): Place | undefined {
  return value.kind === 'symbol' && value.source.kind === 'initial' ? value.source.place : undefined;
}

function isParameter(value: Value, index: number): boolean {
  return value.kind === 'symbol' && value.source.kind === 'parameter' && value.source.index === index;
}
