/**
 * Memory of which nobody knows more than that it has changed, told together: in come a state's cells, out come fewer of
 * them, and the pointers from which the others are reached.
 *
 * A driver's larger functions, and whoever calls them, change hundreds of places behind the same few pointers, and of
 * nearly all of these nothing is known afterwards. Beyond a number of cells such places are let go of: what lies two
 * pointers or more behind those of a region is read as something new from then on, and not as what it was when the function
 * began. Kept is what says more: values that something else holds, that have a range, or that somebody owns; and what lies
 * behind a caller's pointer at once, since that may be a local of the caller's.
 */
import { eventValues, type FlowEvent } from '../facts/events.ts';
import { wskValues } from '../facts/wsk.ts';
import { mentions, type Place, type SymbolValue, type Value } from '../values/values.ts';
import type { Cell, State } from './state.ts';

/** Beyond so many, a region is told by the first pointer on the way to it. */
const MAX_REGIONS = 8;

/** What was there when the function began may have changed, and no cell tells. */
export function isInRegion({ regions }: Pick<State, 'regions'>, { root }: Place): boolean {
  if (regions.size === 0 || root.kind !== 'pointee' || root.pointer.source.kind !== 'initial') return false;
  const { key } = root.pointer;
  for (const region of regions.keys()) if (key !== region && mentions(key, region)) return true;
  return false;
}

/** From here on, what lies behind the objects that this leads to may hold something else. */
export function addRegion(state: State, pointer: Value): void {
  if (pointer.kind !== 'symbol' && pointer.kind !== 'address') return;
  const region = pointer.kind === 'symbol' && state.regions.size >= MAX_REGIONS ? originOf(pointer) : pointer;
  // An object that others lie in leads to all that these lead to.
  const key = region.kind === 'address' ? region.place.root.key : region.key;
  if (!state.regions.has(key)) state.regions.set(key, region);
}

/** The first pointer on the way to what this one leads to. */
function originOf(pointer: SymbolValue): SymbolValue {
  let first = pointer;
  while (first.source.kind === 'initial' && first.source.place.root.kind === 'pointee')
    first = first.source.place.root.pointer;
  return first;
}

/**
 * The cells to follow any further, where there are more than `most`, and the pointers that stand for the others. Only where
 * callers hear that all that others reach may have changed. `spoken`: values that are held beside what the state has.
 */
export function fewCells(
  state: State,
  cells: Iterable<Cell>,
  { most, spoken }: { readonly most: number; readonly spoken: readonly (Value | undefined)[] },
): { readonly kept: readonly Cell[]; readonly regions: readonly SymbolValue[] } | undefined {
  if (state.cells.size <= most || state.changedShared !== 'anyhow') return undefined;
  const all = [...cells];
  const open = new Set(all.filter((cell) => saysNothing(state, cell)));
  if (all.length <= most || open.size === 0) return undefined;
  const named = namedBy(state, spoken);
  for (const cell of all) {
    namePlace(cell.place, named);
    if (!open.has(cell)) name(cell.value, named);
  }
  const regions = new Set<SymbolValue>();
  const kept = all.filter((cell) => {
    if (!open.has(cell) || named.has(cell.value.key) || cell.place.root.kind !== 'pointee') return true;
    regions.add(originOf(cell.place.root.pointer));
    return false;
  });
  return kept.length === all.length ? undefined : { kept, regions: [...regions] };
}

/** The place is two pointers or more away, and holds what some change has left there that changed everything. */
function saysNothing(state: State, { place: { root }, value }: Cell): boolean {
  if (root.kind !== 'pointee' || originOf(root.pointer) === root.pointer || state.zeroed.has(root.key)) return false;
  if (value.kind === 'anything') return true;
  if (value.kind !== 'symbol' || value.source.kind !== 'other' || !isOfLastChange(state, value.key)) return false;
  const { key } = value;
  return (
    !state.ranges.has(key) && !state.facts.has(key) && !state.kernel.blocks.has(key) && !state.wsk.sockets.has(key)
  );
}

/**
 * By the names that it gives, the last change of all memory made it, or a helper that did so then, or ways that met since:
 * what is read there later has another name than all that was read before.
 */
function isOfLastChange({ lastChange }: State, key: string): boolean {
  if (key.startsWith('<j') || key.startsWith(lastChange, 1)) return true;
  return lastChange.startsWith('~') && key.startsWith(`${lastChange.slice(1, -1)}/`, 1);
}

/** Symbols that are held by anything but cells. */
function namedBy(state: State, spoken: readonly (Value | undefined)[]): Set<string> {
  const named = new Set<string>();
  for (const value of spoken) if (value !== undefined) name(value, named);
  for (const value of state.temporaries.values()) name(value, named);
  for (const { value } of state.ranges.values()) name(value, named);
  for (const value of state.exposed.values()) name(value, named);
  const tell = (events: readonly FlowEvent[]): void => {
    for (const event of events) for (const value of eventValues(event)) name(value, named);
  };
  tell(state.events);
  tell(state.calls);
  for (const value of wskValues(state.wsk)) name(value, named);
  for (const { irp, life } of state.facts.values()) {
    name(irp, named);
    if (life.kind === 'sent') name(life.result, named);
  }
  for (const { value, base } of state.kernel.blocks.values()) {
    name(value, named);
    if (base !== undefined) name(base, named);
  }
  for (const locks of [state.kernel.held, state.kernel.released])
    for (const { lock } of locks.values()) name(lock, named);
  for (const { saved } of state.kernel.held.values()) if (saved !== undefined) name(saved, named);
  return named;
}

/** All symbols that a value hangs on. */
function name(value: Value, named: Set<string>): void {
  switch (value.kind) {
    case 'symbol':
      if (named.has(value.key)) return;
      named.add(value.key);
      if (value.source.kind === 'initial') namePlace(value.source.place, named);
      return;
    case 'operation':
      name(value.left, named);
      name(value.right, named);
      return;
    case 'address':
      namePlace(value.place, named);
      return;
    case 'integer':
    case 'function':
    case 'anything':
      return;
  }
}

function namePlace({ root, steps }: Place, named: Set<string>): void {
  if (root.kind === 'pointee') name(root.pointer, named);
  for (const step of steps) if (step.kind === 'index') name(step.index, named);
}
