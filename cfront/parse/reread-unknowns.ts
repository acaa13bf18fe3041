/**
 * Names that nothing declares, in a body that is read again: those of its older text are taken out of what the parse keeps
 * of such names, and those behind it are put back once the new text has added its own.
 *
 * They say something to the rest of the file where it has the same name too (the first place alone is told of), or where
 * a mistake behind the body lies so close that it could follow from one: all of the file is read then.
 */
import type { NameSources } from './mistakes/name-sources.ts';
import { nearReach } from './mistakes/problems.ts';
import type { Parser } from './state.ts';

export type UnknownCounts = ReturnType<typeof unknownsOf>;

/** How many there are so far. */
export function unknownsOf({ unresolved, unincluded, places }: NameSources) {
  return { unresolved: unresolved.size, unincluded: unincluded.size, places: places.length };
}

/** A body that has them between these counts, and ends at the token `close`, says nothing by them to what follows. */
export function areUnknownsSilent(p: Parser, before: UnknownCounts, after: UnknownCounts, close: number): boolean {
  const { unresolved, unincluded, places } = p.names;
  if (places.slice(before.places, after.places).some(({ index }) => index >= close - nearReach)) return false;
  const names = new Set([
    ...[...unresolved.keys()].slice(before.unresolved, after.unresolved),
    ...[...unincluded.keys()].slice(before.unincluded, after.unincluded),
  ]);
  if (names.size === 0) return true;
  for (let i = close + 1; i < p.tokens.length; i++) if (names.has(p.tokens[i]?.text ?? '')) return false;
  return true;
}

/** Takes out those from the body on; what is given back puts those behind it back, `added` tokens farther on. */
export function takeOutUnknowns(
  { unresolved, unincluded, places }: NameSources,
  before: UnknownCounts,
  after: UnknownCounts,
): (added: number) => void {
  const laterPlaces = places.splice(before.places).slice(after.places - before.places);
  const laterUnresolved = cut(unresolved, before.unresolved).slice(after.unresolved - before.unresolved);
  const laterUnincluded = cut(unincluded, before.unincluded).slice(after.unincluded - before.unincluded);
  return (added) => {
    for (const { index, span } of laterPlaces) places.push({ index: index + added, span });
    for (const [name, unknown] of laterUnresolved) unresolved.set(name, unknown);
    for (const [name, unknown] of laterUnincluded) unincluded.set(name, unknown);
  };
}

/** What was added to the map from the number `from` on, which has it no more. */
function cut<T>(map: Map<string, T>, from: number): readonly (readonly [string, T])[] {
  const items = [...map].slice(from);
  for (const [name] of items) map.delete(name);
  return items;
}

/** Counts of a place behind the body, which had those between `before` and `after` and has those up to `now`. */
export function shifted(counts: UnknownCounts, after: UnknownCounts, now: UnknownCounts): UnknownCounts {
  return {
    unresolved: counts.unresolved - after.unresolved + now.unresolved,
    unincluded: counts.unincluded - after.unincluded + now.unincluded,
    places: counts.places - after.places + now.places,
  };
}
