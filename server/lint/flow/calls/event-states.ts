/**
 * Whether a KEVENT is signalled, kept in a byte of it that nobody reads. In: the calls that make, clear and wait for events.
 * Out: cells, which helpers and joins treat as any.
 *
 * An event that stays signalled has 0 or 1 there. One that lets a single waiter through has LETS_ONE, and SET beside it
 * where it was made signalled; what a wait leaves of that, 1 stands for. So a wait adds 1 and a clearing keeps LETS_ONE,
 * whatever a caller's event is.
 */
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { UNSIGNED_CHAR } from '../../../../cfront/types/make.ts';
import { pointsTo } from '../../body/record-type.ts';
import { OFFSET } from '../facts/layout.ts';
import { operate } from '../state/conditions.ts';
import { load, store } from '../state/memory.ts';
import { resolve, type State } from '../state/state.ts';
import { ANYTHING, integerValue, ONE, placeAt, shift, type Value, ZERO } from '../values/values.ts';
import type { Call } from './call.ts';

const LETS_ONE = integerValue(4n);
const SET_LETS_ONE = 6n;
const NOTIFICATION = 0n;

/** A call that makes an event, or clears one that is there. */
export function noteEventState(call: Call, state: State, name: string): void {
  const [event = ANYTHING, type = ANYTHING, isSet = ANYTHING] = call.values;
  if (/^Ke(?:Clear|Reset)Event$/.test(name)) {
    put(call, state, event, cleared(state, stateOf(state, event)));
  } else if (name === 'KeInitializeEvent') {
    const [kind, set] = [numberOf(state, type), numberOf(state, isSet)];
    if (kind === undefined || set === undefined) return;
    // Of one that lets a single waiter through nothing is asked unless it is set: it needs no cell.
    if (kind === NOTIFICATION) put(call, state, event, set === 0n ? ZERO : ONE);
    else if (set !== 0n) put(call, state, event, integerValue(SET_LETS_ONE));
  }
}

/** What the wait leaves of the state of the event that it is for, to be done after it. */
export function waitedFor(call: Call, state: State): (after: State) => void {
  const [object = ANYTHING] = call.values;
  const argument = call.expression.arguments[0];
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  // A helper may wait for whatever it is given: only what was made an event has a state that is known.
  const isAny = type?.kind === 'pointer' && type.target.kind === 'void';
  if (!isAny && !pointsTo(type, '_KEVENT')) return () => undefined;
  const at = placeAt(place(state, object));
  if (at === undefined || (at.root.kind === 'local' && !state.cells.has(at.key))) return () => undefined;
  const before = stateOf(state, object);
  const now = waited(state, before);
  return (after) => put(call, after, object, now);
}

/** One that lets a single waiter through is as if it had just been made, not signalled. */
function waited(state: State, before: Value): Value {
  if (before.kind === 'integer' && before.value >= LETS_ONE.value) return LETS_ONE;
  return isWaited(before) ? before : operate(state, '|', before, ONE, UNSIGNED_CHAR);
}

/** The event is signalled for sure, before anybody waits for it. */
export function isSignalled(state: State, event: Value): boolean {
  const number = numberOf(state, stateOf(state, event));
  return number === 1n || number === SET_LETS_ONE;
}

function cleared(state: State, before: Value): Value {
  const was = isWaited(before) ? before.left : before;
  if (was.kind === 'operation' && was.operator === '&') return was;
  return operate(state, '&', was, LETS_ONE, UNSIGNED_CHAR);
}

function isWaited(value: Value): value is Extract<Value, { kind: 'operation' }> {
  return value.kind === 'operation' && value.operator === '|';
}

function stateOf(state: State, event: Value): Value {
  return resolve(state, load(state, place(state, event), UNSIGNED_CHAR));
}

function put({ site }: Call, state: State, event: Value, value: Value): void {
  store(state, place(state, event), value, 1, site);
}

function place(state: State, event: Value): Value {
  return shift(resolve(state, event), OFFSET['_KEVENT.Header.Reserved1']);
}

function numberOf(state: State, value: Value): bigint | undefined {
  const known = resolve(state, value);
  return known.kind === 'integer' ? known.value : undefined;
}
