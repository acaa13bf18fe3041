/**
 * Functions that lead to each other, by calls or by handing one another on: a receive and the completion routine that
 * starts it again, a walk over a tree. One that is asked for while it is being analysed is unknown to whoever asks, so
 * what is found in a ring depends on where it is entered. Here it is always entered alike: whoever asks for one of its
 * functions has all of them analysed, in the order of the text.
 *
 * Rings are the strongly connected components of the graph of who names whom.
 */
import { componentsOf } from '../../../../base/components.ts';
import { namedBy } from '../../driver/reach.ts';
import { question } from './asked.ts';
import { type FunctionInfo, ofNames, type Session } from './session.ts';

/** The function, and those that it leads to and that lead back to it, in the order of the text. */
export const ringOf: (session: Session, fn: FunctionInfo) => readonly FunctionInfo[] = question(
  'ring',
  (session, fn: FunctionInfo): readonly FunctionInfo[] => {
    const keys = ringsOf(session).get(fn.key) ?? [fn.key];
    return keys.length === 1 ? [fn] : keys.flatMap((key) => session.functionAt(key) ?? []);
  },
  (ring) => ring.map(({ key }) => key).join(),
);

/** The rings, as the keys of their functions, by the key of each of these. Most are of one function. */
export const ringsOf = ofNames((session: Session): ReadonlyMap<string, readonly string[]> => {
  const next = namedBy(session);
  const order = new Map([...new Set(session.functions.map(({ key }) => key))].map((key, place) => [key, place]));
  const placeOf = (key: string): number => order.get(key) ?? 0;
  const rings = new Map<string, readonly string[]>();
  for (const component of componentsOf(order.keys(), (key) => next.get(key) ?? [])) {
    const ring = [...component].sort((a, b) => placeOf(a) - placeOf(b));
    for (const key of ring) rings.set(key, ring);
  }
  return rings;
});
