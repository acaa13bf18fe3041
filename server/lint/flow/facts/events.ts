/**
 * What a function does that rules and callers care about. Rules see each event before it changes the state; a
 * function's summary replays its events in the caller, with the caller's values, as if they happened at the call.
 */
import { lastingParameters } from '../calls/apis.ts';
import { siteKey, type Where } from '../state/where.ts';
import { ANYTHING, type Value } from '../values/values.ts';

interface EventBase {
  readonly where: Where;
}

export interface AllocateEvent extends EventBase {
  readonly kind: 'allocate';
  readonly irp: Value;
  readonly api: string;
  readonly stackSize: Value;
}

export interface SetRoutineEvent extends EventBase {
  readonly kind: 'set-routine';
  readonly irp: Value;
  readonly routine: Value;
  readonly context: Value;
  readonly invokeOn: readonly Value[];
}

/** A call that takes an IRP and may pend: through a WSK table, or IoCallDriver. */
export interface SendEvent extends EventBase {
  readonly kind: 'send';
  readonly irp: Value;
  /** WskSocket, IoCallDriver … */
  readonly api: string;
  readonly isWsk: boolean;
  /** The call does without an IRP. */
  readonly isIrpOptional: boolean;
  readonly arguments: readonly Value[];
  /** As the call's type names its parameters; "" where it does not. */
  readonly parameters: readonly string[];
  readonly result: Value;
}

/** The IRP is read, written or handed to a function that does. */
export interface UseEvent extends EventBase {
  readonly kind: 'use';
  readonly irp: Value;
  /** "read or written", or the function's name. */
  readonly by: string | undefined;
}

export interface SimpleEvent extends EventBase {
  readonly kind:
    | 'build' /* made by IoBuild…, which belongs to a thread or a driver stack */
    | 'reuse'
    | 'free'
    | 'complete'
    | 'lose' /* handed to code that we cannot see */
    | 'lose-routine' /* its stack locations may have been changed */;
  readonly irp: Value;
}

/** The function waits, for as long as it takes, or may have waited. */
export interface WaitEvent extends EventBase {
  readonly kind: 'wait';
}

export type FlowEvent = AllocateEvent | SetRoutineEvent | SendEvent | UseEvent | SimpleEvent | WaitEvent;

/** The values that an event speaks of. */
export function eventValues(event: FlowEvent): readonly Value[] {
  switch (event.kind) {
    case 'allocate':
      return [event.irp, event.stackSize];
    case 'set-routine':
      return [event.irp, event.routine, event.context, ...event.invokeOn];
    case 'send':
      return [event.irp, event.result, ...event.arguments];
    case 'wait':
      return [];
    case 'use':
    case 'build':
    case 'reuse':
    case 'free':
    case 'complete':
    case 'lose':
    case 'lose-routine':
      return [event.irp];
  }
}

/** Positions of the arguments of a call that must last until its IRP has completed. */
export function lastingArguments(send: SendEvent): readonly number[] {
  if (!send.isWsk) return [];
  const names = lastingParameters(send.api);
  return names.length === 0 ? [] : send.parameters.flatMap((name, index) => (names.includes(name) ? [index] : []));
}

/** Of a call's arguments those that rules ask about, besides the IRP. */
export function tellingArguments(send: SendEvent): readonly Value[] {
  if (send.api === 'WskSocket') return send.arguments;
  return lastingArguments(send).map((index) => send.arguments[index] ?? ANYTHING);
}

/** Events with one key are the same to rules and callers. */
export function eventKey(event: FlowEvent): string {
  let key = keys.get(event);
  if (key === undefined) {
    key = makeKey(event);
    keys.set(event, key);
  }
  return key;
}

/** Keys that were made before: events live long and are compared often. */
const keys = new WeakMap<FlowEvent, string>();

function makeKey(event: FlowEvent): string {
  if (event.kind === 'wait') return 'wait';
  const values = event.kind === 'send' ? [event.irp, event.result, ...tellingArguments(event)] : eventValues(event);
  return `${event.kind}@${siteKey(event.where)}:${values.map((v) => v.key).join(',')}`;
}

/** The event with every value replaced. */
export function mapEvent(event: FlowEvent, map: (value: Value) => Value, where: Where): FlowEvent {
  switch (event.kind) {
    case 'allocate':
      return { ...event, where, irp: map(event.irp), stackSize: map(event.stackSize) };
    case 'set-routine':
      return {
        ...event,
        where,
        irp: map(event.irp),
        routine: map(event.routine),
        context: map(event.context),
        invokeOn: event.invokeOn.map(map),
      };
    case 'send':
      return { ...event, where, irp: map(event.irp), result: map(event.result), arguments: event.arguments.map(map) };
    case 'wait':
      return { ...event, where };
    case 'use':
    case 'build':
    case 'reuse':
    case 'free':
    case 'complete':
    case 'lose':
    case 'lose-routine':
      return { ...event, where, irp: map(event.irp) };
  }
}
