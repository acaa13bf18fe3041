/**
 * Who else has what the driver made: what is stored where others reach it, or given to somebody who may keep it, is
 * theirs to give back too, and nobody says that it is lost.
 */

import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { isKeptByMdlAtMost } from '../facts/kernel.ts';
import { OFFSET } from '../facts/layout.ts';
import type { Run } from '../run/run.ts';
import type { State } from '../state/state.ts';
import { ANYTHING, isSameRoot, mentions, type Place, placeAt, type Value } from '../values/values.ts';
import type { Call } from './call.ts';
import { deviceArgument, keepsNothing } from './kernel-apis.ts';

/**
 * A value of the type has room for an address: what is read behind a pointer into less does not lead back there. Nothing is
 * known of a type without a size.
 */
export function mayLead(type: CType): boolean {
  const size = sizeOf(type);
  return size === 0 || size >= POINTER_SIZE;
}

const POINTER_SIZE = 8;

/** A value is written to memory: where others can reach that, what the value leads to is theirs too. */
export function keepStored(state: State, address: Value, value: Value): void {
  if (state.kernel.blocks.size === 0) return;
  const place = placeAt(address);
  const isOwn = place?.root.kind === 'local' && !state.shared.has(place.root.key);
  // What lies in an array at an index that is not known has no name any more.
  if (isOwn && place?.steps.every((step) => step.kind === 'offset')) return;
  // A list's head leads to itself: nobody finds a block by what lies in it.
  const root = placeAt(value)?.root;
  if (root?.kind === 'pointee' && root.key === place?.root.key) return;
  if (value.kind === 'operation' && place?.root.kind === 'pointee' && mentions(value.key, place.root.pointer.key))
    return;
  const block = state.kernel.blocks.get(value.key);
  // A device is its driver's wherever its address lies, and so is what a call has left in an IRP.
  if (block?.kind === 'device' || isLeftInIrp(state, place)) return;
  // What is put there for callers is theirs, and they are told where.
  if (block?.made !== undefined && place !== undefined && isCallers(place)) {
    if (isKeptByMdlAtMost(block)) state.kernel.blocks.set(value.key, { ...block, keptBy: 'callers' });
  } else if (block?.made !== undefined && place?.root.kind === 'global') {
    if (isKeptByMdlAtMost(block)) state.kernel.blocks.set(value.key, { ...block, keptBy: 'variables' });
  } else keep(state, value);
}

/** Behind what callers have given, at a place that has a name. */
export function isCallers({ root, steps }: Place): boolean {
  if (root.kind !== 'pointee' || !steps.every((step) => step.kind === 'offset')) return false;
  const { source } = root.pointer;
  return source.kind === 'parameter' || source.kind === 'initial';
}

/**
 * Something else is about to be written where a block lies. Where that was all that had it, and nobody can have looked
 * there since, nobody has it any more but the function itself.
 */
export function loseOverwritten(state: State, address: Value, value: Value): void {
  const { blocks, held, ended, isVague } = state.kernel;
  if (blocks.size === 0 || held.size + ended.size > 0 || isVague) return;
  const place = placeAt(address);
  const old = place === undefined ? undefined : state.cells.get(place.key)?.value;
  const block = old === undefined ? undefined : blocks.get(old.key);
  if (place === undefined || block?.keptBy !== 'callers' || block.life !== 'live') return;
  const isElsewhere = [...state.cells.values()].some(
    (cell) =>
      cell.place.key !== place.key && cell.place.root.kind !== 'local' && mentions(cell.value.key, block.value.key),
  );
  const isStill = mentions(value.key, block.value.key);
  const isSent = [...state.facts.values()].some(({ life }) => life.kind === 'sent');
  if (!isStill && !isElsewhere && !isSent) blocks.set(block.value.key, { ...block, keptBy: 'nobody' });
}

/** Somebody else may have the value from now on. */
export function keep(state: State, value: Value): void {
  for (const [key, block] of state.kernel.blocks) {
    if (block.keptBy !== 'others' && block.kind !== 'device' && mentions(value.key, key))
      state.kernel.blocks.set(key, { ...block, keptBy: 'others' });
  }
}

/** Whoever has the MDL can reach the memory that it is made for, from now on. */
export function keepByMdl(state: State, memory: Value, mdl: Value): void {
  const own = [...state.kernel.blocks].filter(([key, { keptBy }]) => keptBy === 'nobody' && mentions(memory.key, key));
  keep(state, memory);
  for (const [key, block] of own)
    if (block.kind === 'pool') state.kernel.blocks.set(key, { ...block, keptBy: { mdl } });
}

/** What a function was given, or can reach from it, it may keep. */
export function keepGiven(state: State, values: readonly Value[]): void {
  if (state.kernel.blocks.size === 0) return;
  for (const value of values) {
    keep(state, value);
    keepBehind(state, value);
  }
}

function keepBehind(state: State, pointer: Value): void {
  const root = placeAt(pointer)?.root;
  if (root === undefined) return;
  // What an IRP's last call has left in it is the driver's: nobody else looks there.
  const result = root.kind === 'pointee' && state.facts.has(root.pointer.key) ? INFORMATION : undefined;
  for (const cell of state.cells.values())
    if (isSameRoot(cell.place.root, root) && (result === undefined || cell.place.offset !== result))
      keep(state, cell.value);
}

/** In one of the function's own, where nobody else looks. */
function isLeftInIrp(state: State, place: Place | undefined): boolean {
  const pointer = place?.root.kind === 'pointee' ? place.root.pointer : undefined;
  return pointer?.source.kind === 'new' && place?.offset === INFORMATION && state.facts.has(pointer.key);
}

const INFORMATION = OFFSET['_IRP.IoStatus.Information'];

/** A record is copied to where others can reach it, with all that it leads to. */
export function keepCopied(state: State, to: Value, from: Value): void {
  const root = placeAt(to)?.root;
  if (root === undefined || root.kind !== 'local' || state.shared.has(root.key)) keepGiven(state, [from]);
}

/** Bytes are copied to where others can reach them: pointers that are among them. */
function keepMoved(state: State, to: Value, from: Value): void {
  const root = placeAt(to)?.root;
  if (root === undefined || root.kind !== 'local' || state.shared.has(root.key)) keepBehind(state, from);
}

/** As `keepGiven`, for a function of the kernel, of which is known what it does with what it is given. */
export function keepByApi(call: Call, state: State, name: string): void {
  const device = deviceArgument(name);
  const values = device === undefined ? call.values : call.values.toSpliced(device, 1);
  noteKept(call.run, values, name);
  // By the MDL that it makes, if it makes one.
  if (name === 'IoAllocateMdl') return;
  if (!keepsNothing(name)) keepGiven(state, values);
  else if (name === 'memcpy' || name === 'memmove')
    keepMoved(state, call.values[0] ?? ANYTHING, call.values[1] ?? ANYTHING);
}

/** Remembers, for callers, that what came with a parameter was handed on to somebody who may keep it. */
export function noteKept(run: Run, values: readonly Value[], name: string | undefined): void {
  if (name !== undefined && keepsNothing(name)) return;
  for (const { key } of values) for (const match of key.matchAll(/<p(\d+)>/g)) run.fn.kept.add(Number(match[1]));
}
