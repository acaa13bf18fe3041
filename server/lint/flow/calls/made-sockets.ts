/**
 * The IoStatus.Information of an IRP that a call has made a socket with is that socket, whether the function reads it
 * itself or a helper that waits for the call.
 */
import { INT } from '../../../../cfront/types/make.ts';
import type { Block } from '../facts/kernel.ts';
import { OFFSET } from '../facts/layout.ts';
import { newBlock } from '../facts/new-block.ts';
import type { SocketFact } from '../facts/sockets.ts';
import { STATUS_PENDING } from '../facts/statuses.ts';
import { load } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import { mayBeNull, rangeOf } from '../state/state.ts';
import { contains } from '../values/ranges.ts';
import { ANYTHING, shift, type Value } from '../values/values.ts';

/** A value that was read at an address. */
export function noteMadeSocket(state: State, address: Value, value: Value): void {
  if (address.kind !== 'address' || address.place.root.kind !== 'pointee' || value.kind !== 'symbol') return;
  const life = state.facts.get(address.place.root.pointer.key)?.life;
  if (life?.kind !== 'sent' || life.makes === undefined || state.wsk.sockets.get(value.key)?.isGiven === false) return;
  const [step, more] = address.place.steps;
  if (step?.kind !== 'offset' || step.bytes !== OFFSET['_IRP.IoStatus.Information'] || more !== undefined) return;
  const back = OFFSET['_IRP.IoStatus.Status'] - OFFSET['_IRP.IoStatus.Information'];
  const known = load(state, shift(address, back), INT);
  const status = life.isHelped ? ANYTHING : known;
  const made = { ...life.makes, socket: value, result: life.result, status, known };
  state.wsk = { ...state.wsk, sockets: new Map(state.wsk.sockets).set(value.key, made) };
  const { api, where } = life.makes;
  if (!state.kernel.blocks.has(value.key))
    state.kernel.blocks.set(value.key, newBlock('socket', value, { api, where }));
}

/** It was made: this way has asked its status, or the pointer itself, or the helper that it came from has. */
export function isSurelyMade(state: State, { value, isChecked }: Block): boolean {
  const socket = state.wsk.sockets.get(value.key);
  if (isChecked === true || !mayBeNull(state, value)) return true;
  if (socket === undefined) return false;
  const hasSucceeded = (status: Value): boolean => (rangeOf(state, status).min ?? -1n) >= 0n;
  if (socket.known !== undefined && hasSucceeded(socket.known)) return true;
  return hasSucceeded(socket.result) && !contains(rangeOf(state, socket.result), STATUS_PENDING);
}

/** Nobody has asked on this way whether there is a socket: neither for a status, of either kind, nor for NULL. */
export function mayBeNone(state: State, { socket, status, result, isUnchecked }: SocketFact): boolean {
  if (isUnchecked === true) return mayBeNull(state, socket);
  // Where ways were brought together, one name stands for several: what was asked under another is not known.
  if ([status, result, socket].some(({ kind, key }) => kind !== 'symbol' || key.startsWith('<j'))) return false;
  if (!mayBeNull(state, socket)) return false;
  const hasFailed = (value: Value): boolean => {
    const { min } = rangeOf(state, value);
    return min === undefined || min < 0n;
  };
  return hasFailed(status) && (hasFailed(result) || contains(rangeOf(state, result), STATUS_PENDING));
}
