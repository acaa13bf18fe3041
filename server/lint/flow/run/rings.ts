/**
 * Functions that lead to each other, by calls or by handing one another on: a receive and the completion routine that
 * starts it again, a walk over a tree. One that is asked for while it is being analysed is unknown to whoever asks, so
 * what is found in a ring depends on where it is entered. Here it is always entered alike: whoever asks for one of its
 * functions has all of them analysed, in the order of the text.
 *
 * Rings are the strongly connected components of the graph of who names whom. Both passes visit each function once.
 */
import { namedBy } from '../../reach.ts';
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

/** The rings, as the keys of their functions, by the key of each of these. */
const ringsOf = ofNames((session: Session): ReadonlyMap<string, readonly string[]> => {
  const { next, before } = namedBy(session);
  const order = session.functions.map(({ key }) => key);
  const placed = new Map<string, Set<string>>();
  for (const start of lastLeft(order, next)) {
    if (placed.has(start)) continue;
    const ring = new Set([start]);
    for (const key of ring) {
      placed.set(key, ring);
      for (const other of before.get(key) ?? []) if (!placed.has(other)) ring.add(other);
    }
  }
  const inOrder = new Map<Set<string>, string[]>();
  for (const key of order) {
    const ring = placed.get(key);
    if (ring === undefined) continue;
    const keys = inOrder.get(ring);
    if (keys === undefined) inOrder.set(ring, [key]);
    else if (!keys.includes(key)) keys.push(key);
  }
  return new Map([...placed].map(([key, ring]) => [key, inOrder.get(ring) ?? [key]]));
});

/** All keys, those last from which everything behind them was left first. */
function lastLeft(keys: readonly string[], next: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const left: string[] = [];
  const seen = new Set<string>();
  for (const start of keys) {
    if (seen.has(start)) continue;
    seen.add(start);
    const open = [{ key: start, rest: [...(next.get(start) ?? [])] }];
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const key = top.rest.pop();
      if (key === undefined) {
        left.push(top.key);
        open.pop();
      } else if (!seen.has(key)) {
        seen.add(key);
        open.push({ key, rest: [...(next.get(key) ?? [])] });
      }
    }
  }
  return left.reverse();
}
