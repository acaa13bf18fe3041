/**
 * Who else has what the driver made: what is stored where others reach it, or given to somebody who may keep it, is
 * theirs to give back too, and nobody says that it is lost.
 */
import type { Run } from '../run/run.ts';
import type { State } from '../state/state.ts';
import { ANYTHING, mentions, placeAt, type Value } from '../values/values.ts';
import type { Call } from './call.ts';
import { keepsNothing } from './kernel-apis.ts';

/** A value is written to memory: where others can reach that, what the value leads to is theirs too. */
export function keepStored(state: State, address: Value, value: Value): void {
  if (state.kernel.blocks.size === 0) return;
  const place = placeAt(address);
  const isOwn = place?.root.kind === 'local' && !state.shared.has(place.root.key);
  // What lies in an array at an index that is not known has no name any more.
  if (isOwn && place?.steps.every((step) => step.kind === 'offset')) return;
  keep(state, value);
}

/** Somebody else may have the value from now on. */
export function keep(state: State, value: Value): void {
  for (const [key, block] of state.kernel.blocks) {
    if (!block.isKept && mentions(value.key, key)) state.kernel.blocks.set(key, { ...block, isKept: true });
  }
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
  for (const cell of state.cells.values()) if (cell.place.root.key === root.key) keep(state, cell.value);
}

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
  noteKept(call.run, call.values, name);
  if (!keepsNothing(name)) keepGiven(state, call.values);
  else if (name === 'memcpy' || name === 'memmove')
    keepMoved(state, call.values[0] ?? ANYTHING, call.values[1] ?? ANYTHING);
}

/** Remembers, for callers, that what came with a parameter was handed on to somebody who may keep it. */
export function noteKept(run: Run, values: readonly Value[], name: string | undefined): void {
  if (name !== undefined && keepsNothing(name)) return;
  for (const { key } of values) for (const match of key.matchAll(/<p(\d+)>/g)) run.fn.kept.add(Number(match[1]));
}
