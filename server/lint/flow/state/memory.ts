/**
 * Memory of a state: cells at places, read and written through abstract addresses.
 *
 * A place that was never written holds its initial value, a symbol named after the place; reading keeps it in a cell,
 * so that a later change can be told from it. What is changed without being known gets a symbol of the place of the
 * change. Two pointers that we cannot tell apart may lead to one object: a write through one changes cells at the same
 * offset behind all others, but for objects that are new.
 */
import type { VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import type { IrpFact } from '../facts/irp.ts';
import { intersect } from '../values/ranges.ts';
import {
  ANYTHING,
  initialValue,
  isSameRoot,
  mentions,
  OTHER,
  type Place,
  placeAt,
  type Root,
  symbolValue,
  type Value,
  ZERO,
} from '../values/values.ts';
import { forget, fresh, freshAll, isGivenAgain, isNamedAt, type Site } from './forget.ts';
import { initialNumber, isConstant, isUnchanging } from './initial.ts';
import { append, mayOverlap, relative } from './overlap.ts';
import { isInRegion } from './regions.ts';
import { type Cell, cellWith, extent, isInitialOf, moreChanged, rangeOf, resolve, type State } from './state.ts';

export function load(state: State, pointer: Value, type: CType): Value {
  const place = placeAt(pointer);
  if (place === undefined || type.kind === 'record' || type.kind === 'array') return ANYTHING;
  const known = state.cells.get(place.key);
  if (known !== undefined) return known.value;
  const size = Math.max(1, sizeOf(type));
  const value = unwritten(state, place, size);
  // What never changes is read the same way again; a cell would only be looked through at every change of memory.
  if (value.kind !== 'anything' && !isUnchanging(place.root)) state.cells.set(place.key, { place, value, size });
  return value;
}

/** What lies there stays, whoever else runs. */
export function fix(state: State, pointer: Value): void {
  const cell = state.cells.get(placeAt(pointer)?.key ?? '');
  if (cell !== undefined && cell.isFixed !== true) state.cells.set(cell.place.key, { ...cell, isFixed: true });
}

/** Writes a value. `site` names the instruction: unknown values become its symbols; `name` is the cell's. */
export function store(state: State, pointer: Value, value: Value, size: number, site: Site, name?: string): void {
  const place = placeAt(pointer);
  if (place === undefined) {
    if (pointer.kind === 'anything' || pointer.kind === 'operation') changeShared(state, site);
    return;
  }
  changeOverlapping(state, place, size, site, place.key);
  if (place.root.kind === 'pointee' && place.root.pointer.source.kind !== 'new')
    changeAliases(state, place, size, site);
  putStored(state, place, value, size, site, name);
}

/** Writes a value that other places have heard of. */
function putStored(state: State, place: Place, value: Value, size: number, site: Site, name?: string): void {
  if (place.root.kind !== 'local') shareAddress(state, value);
  if (!isHeldHere(state, place, value)) keepIrp(state, value);
  if (value.kind === 'address') queueIrp(state, place, value);
  const stored = value.kind === 'anything' ? fresh(state, site, place.key) : value;
  const wasUnknown = state.cells.get(place.key)?.wasUnknown === true;
  const isNamed = name !== undefined && place.root.kind !== 'local';
  putCell(state, { place, value: stored, size, ...(wasUnknown && { wasUnknown }), ...(isNamed && { name }) });
}

/**
 * As `store`, where all that others reach has just changed in a way of which nobody knows more: no other place there can hear
 * of this again.
 */
export function storeAfterAll(
  state: State,
  pointer: Value,
  value: Value,
  size: number,
  site: Site,
  name?: string,
): void {
  const place = placeAt(pointer);
  if (place === undefined || !isShared(state, place.root)) store(state, pointer, value, size, site, name);
  else putStored(state, place, value, size, site, name);
}

/** Writes what a place holds since all shared memory changed, which other places have heard of by then. */
export function storeChanged(
  state: State,
  pointer: Value,
  { value, size, unreached }: Pick<Cell, 'value' | 'size' | 'unreached'>,
  site: Site,
): void {
  const place = placeAt(pointer);
  if (place === undefined) return;
  const cell = { place, value: value.kind === 'anything' ? fresh(state, site, place.key) : value, size };
  const left = unreached === undefined ? undefined : unreachedOf(state, { ...cell, value: unreached });
  putCell(state, left === undefined ? cell : { ...cell, unreached: left });
}

/** In zeroed memory a cell also tells how far it is not zero any more: a smaller one does not take the place of a larger. */
function putCell(state: State, cell: Cell): void {
  const { key, root } = cell.place;
  const before = state.cells.get(key);
  if (before !== undefined && before.size > cell.size && state.zeroed.has(root.key)) state.zeroed.delete(root.key);
  state.cells.set(key, cell);
}

/** An IRP of the driver's own that lies in a variable of the function, or in a member of one, is still the function's. */
function isHeldHere(state: State, { root, steps }: Place, value: Value): boolean {
  if (root.kind !== 'local') return false;
  if (root.variable.type.kind === 'pointer') return true;
  // What lies in an array at an index that is not known has no name any more.
  return irpBehind(state, value)?.origin === 'own' && steps.every((step) => step.kind === 'offset');
}

/** An IRP that lies where others may find it, or by one of its members: who frees it is not known here. */
export function keepIrp(state: State, value: Value): void {
  const fact = irpBehind(state, value);
  if (fact !== undefined && !fact.isKept) state.facts.set(fact.irp.key, { ...fact, isKept: true });
}

/** A part of the IRP, as its ListEntry is, was linked to memory that others have. */
function queueIrp(state: State, { root }: Place, value: Value): void {
  if (root.kind !== 'global' && (root.kind !== 'pointee' || root.pointer.source.kind === 'new')) return;
  const fact = irpBehind(state, value);
  if (fact !== undefined && root.key !== `*${fact.irp.key}`) state.facts.set(fact.irp.key, { ...fact, isQueued: true });
}

/** The IRP that a value points to or into. */
export function irpBehind(state: State, value: Value): IrpFact | undefined {
  if (value.kind === 'symbol') return state.facts.get(value.key);
  return value.kind === 'address' && value.place.root.kind === 'pointee'
    ? state.facts.get(value.place.root.pointer.key)
    : undefined;
}

/** Copies what is known of `size` bytes from one address to another. */
export function copyRecord(state: State, to: Value, from: Value, size: number, site: Site): void {
  const source = placeAt(from);
  const target = placeAt(to);
  if (target === undefined) {
    store(state, to, ANYTHING, size, site);
    return;
  }
  const copied = source === undefined ? [] : [...state.cells.values()].flatMap((cell) => relative(source, cell, size));
  changeRange(state, target, size, site);
  for (const { steps, cell } of copied) {
    let place = target;
    for (const step of steps) place = append(place, step);
    putCell(state, { place, value: cell.value, size: cell.size });
    if (!isHeldHere(state, place, cell.value)) keepIrp(state, cell.value);
  }
}

/** `size` bytes from `place` on have changed (0: to the end of the object). */
export function changeRange(state: State, place: Place, size: number, site: Site): void {
  changeOverlapping(state, place, size, site);
  if (!state.zeroed.has(place.root.key)) return;
  const changed = extent(place, size);
  putCell(state, { ...changed, value: fresh(state, site, changed.place.key) });
}

/** What a variable of a function's own is named (`createNames`), and no global and nothing that a pointer leads to. */
function isLocalKey(key: string): boolean {
  return key.startsWith('v');
}

/** Whether others leave a place as it is that holds this value. */
export type Steady = (state: State, cell: Cell) => boolean;

/**
 * All memory that others can reach has changed: what pointers lead to, globals, locals whose address was given away. Where
 * the function has only waited for others, what they leave alone is as it was.
 */
export function changeShared(state: State, site: Site, steady?: Steady): void {
  state.changedShared = moreChanged(state.changedShared, steady === undefined ? 'anyhow' : 'waiting');
  // One name for all that this instruction changes so, so that the last round's symbols can be forgotten at once.
  const name = `~${site.name}:`;
  state.lastChange = name;
  if (site.mayRepeat && isGivenAgain(state, name) && site.isForgotten !== true) forget(state, `<${name}`);
  for (const cell of state.cells.values()) {
    const { place, value } = cell;
    if (cell.isFixed === true || !isShared(state, place.root) || isGone(state, place.root)) continue;
    if (steady?.(state, cell) === true) continue;
    // Whoever changed it may have taken the IRP that lay there.
    if (place.root.kind === 'local') keepIrp(state, value);
    const unreached = unreachedOf(state, cell);
    const changed = cellWith(cell, symbolValue(name + place.key, OTHER));
    state.cells.set(place.key, unreached === undefined ? changed : { ...changed, unreached });
  }
  for (const key of state.zeroed) if (!isLocalKey(key) || state.shared.has(key)) state.zeroed.delete(key);
}

/**
 * What memory that a caller gave holds where nobody else can reach it, as a local of the caller's: it stays what the
 * function has left there, whoever else runs. Undefined where the function has given the memory to others itself, or has
 * found that they did change it.
 */
export function unreachedOf(state: State, { place, value, unreached }: Cell): Value | undefined {
  const { root } = place;
  if (root.kind !== 'pointee' || root.pointer.source.kind !== 'parameter') return undefined;
  if (unreached !== undefined)
    return intersect(rangeOf(state, value), rangeOf(state, unreached)) === undefined ? undefined : unreached;
  if (isOfSharedChange(value)) return undefined;
  const left = resolve(state, value);
  if (left.kind !== 'integer' && left.kind !== 'function' && !isInitialOf(place, left)) return undefined;
  return isGivenAway(state, root.pointer) ? undefined : left;
}

/** Others have the pointer, or memory in which it lies. */
export function isGivenAway(state: State, pointer: Value): boolean {
  if (state.exposed.has(pointer.key)) return true;
  for (const { place, value } of state.cells.values())
    if (
      isShared(state, place.root) &&
      value.kind !== 'integer' &&
      mentions(value.key, pointer.key) &&
      !isInitialOf(place, value)
    )
      return true;
  return false;
}

/** Memory that was given back: nobody looks there, and what it held last tells what was lost with it. */
function isGone({ kernel: { blocks } }: State, root: Root): boolean {
  return blocks.size > 0 && root.kind === 'pointee' && blocks.get(root.pointer.key)?.life === 'freed';
}

/**
 * The local that the value has lain in, itself or a member, since the function began: nobody has set it. Undefined on a
 * vague way, where text that could not be read may have done so, and for what others have had the address of.
 */
function leftOnStack(state: State, value: Value): VariableSymbol | undefined {
  if (state.isVague || value.kind !== 'symbol' || value.source.kind !== 'initial') return undefined;
  const { root } = value.source.place;
  return root.kind === 'local' && !root.variable.isParameter && !state.shared.has(root.key) ? root.variable : undefined;
}

/** The name of a local without members that nobody has set. */
export function neverSet(state: State, value: Value): string | undefined {
  const variable = leftOnStack(state, value);
  if (variable === undefined || variable.isAddressTaken) return undefined;
  const isWhole = value.kind === 'symbol' && value.source.kind === 'initial' && value.source.place.steps.length === 0;
  return isWhole ? variable.name : undefined;
}

/** What the name of a value begins with that a place holds which others may have changed, and nobody else has, on either of two ways. */
export const LEFT = '~';

/**
 * The value is what a place holds since all shared memory changed, here or in a helper: whoever wrote it, it was told then.
 * It may be of two ways, on one of which the memory was left as it was.
 */
export function isOfSharedChange({ key }: Value): boolean {
  return key.startsWith('<~') || (key.includes(LEFT) && /^<(?:[^:]*\/<)*(?:~|j[^:]*:~)/.test(key));
}

export function isShared(state: State, root: Root): boolean {
  return root.kind === 'global' || root.kind === 'pointee' || (root.kind === 'local' && state.shared.has(root.key));
}

/** The local behind an address can be reached by others from now on. */
export function shareAddress(state: State, value: Value): void {
  const pointer = value.kind === 'address' && value.place.root.kind === 'pointee' ? value.place.root.pointer : value;
  if (pointer.kind === 'address' && pointer.place.root.kind === 'local') state.shared.add(pointer.place.root.key);
  else if (pointer.kind === 'symbol') {
    // What a caller gave may be a local of the caller's.
    const { kind } = pointer.source;
    if ((kind === 'parameter' || kind === 'initial') && !state.exposed.has(pointer.key))
      state.exposed.set(pointer.key, pointer);
  }
}

function unwritten(state: State, place: Place, size: number): Value {
  const { root } = place;
  if (isZero(state, place, size)) return ZERO;
  if (isInRegion(state, place)) return symbolValue(state.lastChange + place.key, OTHER);
  if (root.kind === 'global' && isConstant(root.variable.type)) {
    const value = initialNumber(root.variable, place.steps);
    if (value !== undefined) return value;
  }
  return initialValue(place);
}

/** The memory was filled with zeros, and none of these bytes was written or changed since. */
export function isZero(state: State, place: Place, size: number): boolean {
  return state.zeroed.has(place.root.key) && !hasCells(state, place, size);
}

/** Nothing that is followed has written these bytes, and they were not filled with zeros. */
export function isUnwritten(state: State, place: Place, size: number): boolean {
  return !state.zeroed.has(place.root.key) && !isInRegion(state, place) && !hasCells(state, place, size);
}

function hasCells(state: State, { root, steps }: Place, size: number): boolean {
  for (const cell of state.cells.values())
    if (isSameRoot(cell.place.root, root) && mayOverlap(steps, size, cell.place.steps, cell.size)) return true;
  return false;
}

/** What these cells hold is not known any more. */
function change(state: State, all: readonly Cell[], site: Site): void {
  const cells = all.filter((cell) => !isChangedAlready(state, cell, site));
  if (cells.length === 0) return;
  const values = freshAll(
    state,
    site,
    cells.map(({ place }) => place.key),
  );
  for (const [index, cell] of cells.entries()) {
    // Forgetting drops the cell itself where its place hangs on an older symbol of that name.
    if (state.cells.has(cell.place.key))
      state.cells.set(cell.place.key, {
        place: cell.place,
        value: values[index] ?? ANYTHING,
        size: cell.size,
        wasUnknown: true,
      });
  }
}

/**
 * The cell holds what this instruction has made of it, on this way: a helper writes many members, and pointers may lead to
 * many more. In a loop it may be the last round's, which is to be forgotten, unless that is done.
 */
function isChangedAlready({ given }: State, { place, value, wasUnknown }: Cell, site: Site): boolean {
  if (wasUnknown !== true || (site.mayRepeat && site.isForgotten !== true) || !isNamedAt(site, place.key, value))
    return false;
  if (site.mayRepeat) given.add(value.key);
  return true;
}

/** `except` is the place (its key) that the caller writes anew itself. */
function changeOverlapping(state: State, place: Place, size: number, site: Site, except?: string): void {
  const changed: Cell[] = [];
  for (const cell of state.cells.values()) {
    if (!isSameRoot(cell.place.root, place.root) || cell.place.key === except) continue;
    if (mayOverlap(place.steps, size, cell.place.steps, cell.size)) changed.push(cell);
  }
  change(state, changed, site);
}

function changeAliases(state: State, place: Place, size: number, site: Site): void {
  // What is known as an IRP is no other record.
  const isOfIrp = isIrpRoot(state, place.root);
  const changed: Cell[] = [];
  for (const cell of state.cells.values()) {
    const { root, offset } = cell.place;
    // Members of other sizes at the same distance are those of other records.
    if (offset !== place.offset || cell.size !== size || isSameRoot(root, place.root)) continue;
    if (isReachable(state, root) && (!isOfIrp || isIrpRoot(state, root))) changed.push(cell);
  }
  change(state, changed, site);
}

function isIrpRoot(state: State, root: Root): boolean {
  return root.kind === 'pointee' && state.facts.has(root.pointer.key);
}

/** A pointer of which nobody knows where it leads may lead there. */
function isReachable(state: State, root: Root): boolean {
  if (root.kind === 'pointee') return root.pointer.source.kind !== 'new';
  if (root.kind === 'global') return root.variable.isAddressTaken;
  return root.kind === 'local' && state.shared.has(root.key);
}

/** A list's entry is taken out: what its neighbours held, and the list's head, leads somewhere else now. */
export function unlink(state: State, entry: Value, site: Site): void {
  if (entry.kind === 'anything') return;
  change(
    state,
    [...state.cells.values()].filter(
      ({ place: { root }, value }) =>
        value.key === entry.key && !(root.kind === 'local' && root.variable.type.kind === 'pointer'),
    ),
    site,
  );
}
