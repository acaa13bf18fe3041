/**
 * Names that nothing declares, in a body that is read again: those of its older text are taken out of what the parse keeps
 * of such names, and those behind it are put back once the new text has added its own.
 *
 * A body says something to the rest of the file by a name that it has and the rest has too, since the first place alone
 * is told of; but only where the older text had not the name, or the newer one has it no more. It also does where it ends
 * in such a name, as a mistake close behind could follow from it. All of the file is read then.
 */
import type { RecordDefinition } from '../types/types.ts';
import type { FunctionSymbol } from './ast.ts';
import { nearReach } from './mistakes/problems.ts';
import type { Parser } from './state.ts';

type Keeper = Pick<Parser, 'names' | 'unknown' | 'incomplete'>;

export type UnknownCounts = ReturnType<typeof unknownsOf>;

/** How many there are so far. */
export function unknownsOf({ names, unknown, incomplete }: Keeper) {
  return {
    unresolved: names.unresolved.size,
    unincluded: names.unincluded.size,
    places: names.places.length,
    reported: unknown.size,
    incomplete: incomplete.size,
  };
}

/** What a body says to the text behind it. */
export interface Said {
  /** Names, each with the list that it was added to. */
  readonly names: ReadonlyMap<string, string>;
  readonly incomplete: ReadonlySet<RecordDefinition>;
}

/** `implicit` are the functions that were declared by a call between these counts. */
export function saidBetween(
  { names, unknown, incomplete }: Keeper,
  before: UnknownCounts,
  after: UnknownCounts,
  implicit: readonly FunctionSymbol[],
): Said {
  const lists = [
    ['unresolved', [...names.unresolved.keys()].slice(before.unresolved, after.unresolved)],
    ['unincluded', [...names.unincluded.keys()].slice(before.unincluded, after.unincluded)],
    ['reported', [...unknown].slice(before.reported, after.reported)],
    ['implicit', implicit.map(({ name }) => name)],
  ] as const;
  return {
    names: new Map(lists.flatMap(([list, added]) => added.map((name) => [`${list} ${name}`, name] as const))),
    incomplete: new Set([...incomplete].slice(before.incomplete, after.incomplete)),
  };
}

/** The text behind the token `close` hears the same of both. */
export function isHeardTheSame(p: Parser, older: Said, newer: Said, close: number): boolean {
  const { size } = older.incomplete;
  if (size !== newer.incomplete.size || [...older.incomplete].some((record) => !newer.incomplete.has(record))) {
    return false;
  }
  const changed = new Set([...missingIn(newer, older), ...missingIn(older, newer)]);
  if (changed.size === 0) return true;
  // What is no name stands for a kind of mistake that is told of once.
  if ([...changed].some((name) => !/^\w+$/.test(name))) return false;
  for (let i = close + 1; i < p.tokens.length; i++) if (changed.has(p.tokens[i]?.text ?? '')) return false;
  return true;
}

function missingIn(there: Said, here: Said): readonly string[] {
  return [...here.names].flatMap(([key, name]) => (there.names.has(key) ? [] : [name]));
}

/**
 * No name between these counts stands so close to the end of the body, the token `close`, that more could follow from
 * it.
 */
export function endsClear({ names }: Keeper, before: UnknownCounts, after: UnknownCounts, close: number): boolean {
  return names.places.slice(before.places, after.places).every(({ index }) => index <= close - nearReach);
}

/** Takes out those from a place on; what is given back puts those behind another back, `added` tokens farther on. */
export function takeOutUnknowns(
  { names: { unresolved, unincluded, places } }: Keeper,
  before: UnknownCounts,
): (after: UnknownCounts, added: number) => void {
  const laterPlaces = places.splice(before.places);
  const laterUnresolved = cut(unresolved, before.unresolved);
  const laterUnincluded = cut(unincluded, before.unincluded);
  return (after, added) => {
    for (const { index, span } of laterPlaces.slice(after.places - before.places))
      places.push({ index: index + added, span });
    for (const [name, unknown] of laterUnresolved.slice(after.unresolved - before.unresolved))
      unresolved.set(name, unknown);
    for (const [name, unknown] of laterUnincluded.slice(after.unincluded - before.unincluded))
      unincluded.set(name, unknown);
  };
}

/** What was added to the map from the number `from` on, which has it no more. */
function cut<T>(map: Map<string, T>, from: number): readonly (readonly [string, T])[] {
  const items = [...map].slice(from);
  for (const [name] of items) map.delete(name);
  return items;
}

/** What was reported and must not be again: what a body added up to `after` gives way to what a newer one, `q`, has. */
export function replaceReported(p: Keeper, q: Keeper, after: UnknownCounts): void {
  replaceBefore(p.unknown, q.unknown, after.reported);
  replaceBefore(p.incomplete, q.incomplete, after.incomplete);
}

function replaceBefore<T>(items: Set<T>, now: ReadonlySet<T>, end: number): void {
  const later = [...items].slice(end);
  items.clear();
  for (const item of [...now, ...later]) items.add(item);
}

/** Counts of a place behind the body, which had those up to `after` and has those up to `now`. */
export function shifted(counts: UnknownCounts, after: UnknownCounts, now: UnknownCounts): UnknownCounts {
  return {
    unresolved: counts.unresolved - after.unresolved + now.unresolved,
    unincluded: counts.unincluded - after.unincluded + now.unincluded,
    places: counts.places - after.places + now.places,
    reported: counts.reported - after.reported + now.reported,
    incomplete: counts.incomplete - after.incomplete + now.incomplete,
  };
}

export function areSameUnknowns(a: UnknownCounts, b: UnknownCounts): boolean {
  return Object.values(shifted(a, b, NONE)).every((count) => count === 0);
}

const NONE: UnknownCounts = { unresolved: 0, unincluded: 0, places: 0, reported: 0, incomplete: 0 };
