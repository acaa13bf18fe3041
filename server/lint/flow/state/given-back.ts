/**
 * Ways that part over whether there was something to give back: `if (p != NULL) ExFreePool(p);` leaves one on which it is
 * gone and one on which it never was. Nobody may use it on either, so where nothing else differs they become one.
 *
 * In: the states that wait for a block, by name. Out: fewer of them. Where three members are given back so one after the
 * other, eight ways would go on, and callers would hear of none. In the state that is left the value may be NULL, and what
 * is known of it is what holds where it was there; an event that gives it back says so (`ifThere`).
 */
import { eventKey, type FlowEvent } from '../facts/events.ts';
import { type Value, ZERO } from '../values/values.ts';
import { joinStates } from './join.ts';
import { cellWith, copyState, fullKey, isNull, type State } from './state.ts';

/** What is given back on some way, by key. */
type Gone = ReadonlyMap<string, Value>;

/** `sortOf` tells states apart, by their names, that are never to be joined; `point` names where they meet. */
export function joinGivenBack(waiting: Map<string, State>, sortOf: (name: string) => string, point: string): void {
  const gone = new Map<string, Value>();
  for (const state of waiting.values()) collectGone(state, gone);
  if (gone.size === 0) return;
  // Only where the same is over on two ways can these be one: most others are told apart by that alone.
  const overAlike = new Map<string, Alike>();
  for (const [name, state] of waiting) {
    const over = overIn(state, gone);
    if (over.length === 0) continue;
    const key = `${sortOf(name)} ${[...over].sort().join()}`;
    const known = overAlike.get(key);
    if (known === undefined) overAlike.set(key, { over, names: [name] });
    else known.names.push(name);
  }
  for (const alike of overAlike.values()) if (alike.names.length > 1) joinAlike(waiting, alike, gone, point);
}

/** States, by their names, on which the same is over. */
interface Alike {
  readonly over: readonly string[];
  readonly names: string[];
}

function joinAlike(waiting: Map<string, State>, { over, names }: Alike, gone: Gone, point: string): void {
  const groups = new Map<number, string>();
  for (const name of names) {
    const state = waiting.get(name);
    if (state === undefined) continue;
    const key = keyBut(state, over, gone);
    const first = groups.get(key);
    const known = first === undefined ? undefined : waiting.get(first);
    if (first === undefined || known === undefined) {
      groups.set(key, name);
      continue;
    }
    waiting.set(first, together(known, state, gone, point));
    waiting.delete(name);
  }
}

function collectGone({ kernel, facts, events }: State, gone: Map<string, Value>): void {
  for (const { life, value } of kernel.blocks.values()) if (life === 'freed') gone.set(value.key, value);
  for (const { life, irp } of facts.values()) if (life.kind === 'freed') gone.set(irp.key, irp);
  for (const event of events) if (event.kind === 'free') gone.set(event.irp.key, event.irp);
}

function isGivenBack(event: FlowEvent, gone: Gone): boolean {
  return event.kind === 'free' && gone.has(event.irp.key);
}

/** It is gone on this way, or never was. */
function isOver(state: State, value: Value): boolean {
  return (
    isNull(state, value) ||
    state.kernel.blocks.get(value.key)?.life === 'freed' ||
    state.facts.get(value.key)?.life.kind === 'freed' ||
    state.events.some((event) => event.kind === 'free' && event.irp.key === value.key)
  );
}

/** Keys of what is over. */
function overIn(state: State, gone: Gone): readonly string[] {
  return [...gone].flatMap(([key, value]) => (isOver(state, value) ? [key] : []));
}

/** Everything that the rest of the function depends on, but what is over. */
function keyBut(state: State, over: readonly string[], gone: Gone): number {
  const rest = copyState(state);
  for (const key of over) {
    rest.kernel.blocks.delete(key);
    rest.facts.delete(key);
    rest.freed.delete(key);
    rest.ranges.delete(key);
  }
  rest.events = state.events.filter((event) => !isGivenBack(event, gone));
  for (const cell of state.cells.values())
    if (over.includes(cell.value.key)) rest.cells.set(cell.place.key, cellWith(cell, ZERO));
  return fullKey(rest);
}

function together(a: State, b: State, gone: Gone, point: string): State {
  const events = bothEvents(a.events, b.events, gone);
  return joinStates(aligned(a, b, gone, events), aligned(b, a, gone, events), { point, isLoopHead: false });
}

/** The state as it is told where the other one knows more of what is over. */
function aligned(state: State, other: State, gone: Gone, events: readonly FlowEvent[]): State {
  const all = copyState(state);
  all.events = events;
  for (const [key, value] of gone) {
    if (!isNull(state, value) || isNull(other, value)) continue;
    const block = other.kernel.blocks.get(key);
    const fact = other.facts.get(key);
    const freed = other.freed.get(key);
    if (block === undefined) all.kernel.blocks.delete(key);
    else all.kernel.blocks.set(key, block);
    if (fact === undefined) all.facts.delete(key);
    else all.facts.set(key, fact);
    if (freed !== undefined) all.freed.set(key, freed);
    for (const cell of state.cells.values())
      if (cell.value.key === key && other.cells.get(cell.place.key)?.value.key === ZERO.key)
        all.cells.set(cell.place.key, cellWith(cell, ZERO));
  }
  return all;
}

/** Two stories that differ in what is given back alone, as one. */
function bothEvents(a: readonly FlowEvent[], b: readonly FlowEvent[], gone: Gone): readonly FlowEvent[] {
  const keys = [a, b].map((events) => new Set(events.map(eventKey)));
  const all: FlowEvent[] = [];
  const told = new Set<string>();
  const give = (event: FlowEvent): void => {
    const key = eventKey(event);
    if (told.has(key)) return;
    told.add(key);
    const isOnBoth = keys.every((own) => own.has(key));
    all.push(event.kind === 'free' && !isOnBoth ? { ...event, ifThere: true } : event);
  };
  const rest = [...b];
  for (const event of a) {
    if (!isGivenBack(event, gone)) {
      for (let next = rest.shift(); next !== undefined && isGivenBack(next, gone); next = rest.shift()) give(next);
      all.push(event);
    } else give(event);
  }
  for (const event of rest) give(event);
  return all;
}
