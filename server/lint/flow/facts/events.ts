/**
 * What a function does that rules and callers care about. Rules see each event before it changes the state; a
 * function's summary replays its events in the caller, with the caller's values, as if they happened at the call.
 */
import type { CallExpression } from '../../../../cfront/parse/ast.ts';
import { lastingParameters } from '../calls/apis.ts';
import { eventSite, type Where } from '../state/where.ts';
import { ANYTHING, type Value } from '../values/values.ts';
import type { RegistrationEvent } from './wsk.ts';

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
  /** What else must last until the IRP has completed. */
  readonly lasting?: readonly Lasting[];
  /** Its completion routine tells nobody that the call is done: no event can say so. */
  readonly isSilent?: true;
}

/** The context of a completion routine, or what an IoBuild function was given. */
export interface Lasting {
  readonly value: Value;
  /** Who uses it then: the completion routine's name, or the IoBuild function's. */
  readonly user: string;
  readonly kind: 'context' | 'built';
  readonly where: Where;
}

/** An IRP is made by an IoBuild function: it belongs to a thread, or to the caller, who may send and free it. */
export interface BuildEvent extends EventBase {
  readonly kind: 'build';
  readonly irp: Value;
  readonly api: string;
  readonly arguments: readonly Value[];
}

/** The IRP is read, written or handed to a function that does. */
export interface UseEvent extends EventBase {
  readonly kind: 'use';
  readonly irp: Value;
  /** "read or written", or the function's name. */
  readonly by: string | undefined;
  /** What IoSetCancelRoutine puts there, and whether somebody looks at what was there before. */
  readonly cancel?: { readonly routine: Value; readonly isAnswerRead: boolean };
}

export interface SimpleEvent extends EventBase {
  readonly kind:
    | 'reuse'
    | 'free'
    | 'lose' /* handed to code that we cannot see */
    | 'lose-routine' /* its stack locations may have been changed */
    | 'prepare' /* the location of the driver below is there to be written to */
    | 'clear-routine' /* the location of the driver below has no completion routine now */
    | 'give-up' /* the driver's own location is given to the driver below */;
  readonly irp: Value;
  /** Where the IRP is NULL it does not happen. */
  readonly ifThere?: true;
}

/** IoCompleteRequest. */
export interface CompleteEvent extends EventBase {
  readonly kind: 'complete';
  readonly irp: Value;
  /** What IoStatus.Status and IoStatus.Information hold. */
  readonly status: Value;
  readonly information: Value;
}

/** The function waits, for as long as it takes, or may have waited. */
export interface WaitEvent extends EventBase {
  readonly kind: 'wait';
  /** For an event or the like, which somebody has to signal, and not just for time to pass. */
  readonly isForObject?: true;
  /** In a helper, which may have looked at the status of what it waited for. */
  readonly isHelped?: true;
}

/** Such a use of an IRP marks it pending. */
export function marksPending(by: string | undefined): boolean {
  return by === 'IoMarkIrpPending' || by === 'IoCsqInsertIrp' || by === 'IoCsqInsertIrpEx';
}

export type FlowEvent =
  | AllocateEvent
  | BuildEvent
  | SetRoutineEvent
  | SendEvent
  | UseEvent
  | SimpleEvent
  | CompleteEvent
  | WaitEvent
  | RegistrationEvent;

/** What a driver does with an IRP that has to be there. */
export type IrpUse = FlowEvent & { readonly kind: 'set-routine' | 'send' | 'use' | 'reuse' | 'free' | 'complete' };

export const irpUses: readonly IrpUse['kind'][] = ['set-routine', 'send', 'use', 'reuse', 'free', 'complete'];

export function isIrpUse(event: FlowEvent): event is IrpUse {
  return (irpUses as readonly string[]).includes(event.kind);
}

/**
 * A call of a WSK function, or of a function that a bundled header declares: what rules about arguments look at. Not an
 * event: it is told where it stands, before anything else happens. Callers hear of those of WSK functions whose arguments
 * depend on what they give; `where` is the helper's call then.
 */
export interface ApiCall {
  readonly api: string;
  readonly isWsk: boolean;
  readonly expression: CallExpression;
  readonly arguments: readonly Value[];
  /** As the call's type names its parameters; "" where it does not. */
  readonly parameters: readonly string[];
  readonly where: Where;
  /** Of a helper's call that a caller hears of: what lies behind arguments that lead to the helper's own locals. */
  readonly behind?: readonly Behind[];
}

export interface Behind {
  /** Position of the argument. */
  readonly index: number;
  /** Bytes from where it leads to; undefined for all that is not said otherwise. */
  readonly offset: number | undefined;
  readonly value: Value;
}

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
    case 'registration':
      return [event.block, event.dispatch, event.timeout, event.result];
    case 'build':
      return [event.irp, ...event.arguments];
    case 'use':
      return event.cancel === undefined ? [event.irp] : [event.irp, event.cancel.routine];
    case 'reuse':
    case 'free':
    case 'lose':
    case 'lose-routine':
    case 'prepare':
    case 'clear-routine':
    case 'give-up':
      return [event.irp];
    case 'complete':
      return [event.irp, event.status, event.information];
  }
}

/** Positions of the arguments of a call that must last until its IRP has completed. */
export function lastingArguments(send: SendEvent): readonly number[] {
  if (!send.isWsk) return [];
  const names = lastingParameters(send.api);
  return names.length === 0 ? [] : send.parameters.flatMap((name, index) => (names.includes(name) ? [index] : []));
}

/** The socket that a WSK call works on; undefined for calls of the client. */
export function socketOf(send: SendEvent): Value | undefined {
  return send.isWsk && /socket$/i.test(send.parameters[0] ?? '') ? send.arguments[0] : undefined;
}

/** A call about the client as a whole, whose order matters whoever makes it: how its events go, and that it has sockets. */
export function concernsClient(event: FlowEvent): boolean {
  return event.kind === 'send' && (event.api === 'WskControlClient' || event.api === 'WskSocketConnect');
}

/** Of a call's arguments those that rules ask about, besides the IRP. */
export function tellingArguments(send: SendEvent): readonly Value[] {
  if (send.api === 'WskSocket') return send.arguments;
  const socket = socketOf(send);
  const lasting = [
    ...lastingArguments(send).map((index) => send.arguments[index] ?? ANYTHING),
    ...(send.lasting ?? []).map(({ value }) => value),
  ];
  return socket === undefined ? lasting : [socket, ...lasting];
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

/**
 * Stories with one key are the same to callers. Stories are compared wherever ways meet, and change seldom.
 *
 * A function that makes call after call, and waits for those that pend, has as many ways as there are choices of them. To a
 * caller it is one whether it waited once or often, and before or after which of the calls with an IRP of its own.
 */
export function storyKey(events: readonly FlowEvent[]): string {
  if (events.length === 0) return '';
  let key = stories.get(events);
  if (key === undefined) {
    key = tellStory(events);
    stories.set(events, key);
  }
  return key;
}

function tellStory(events: readonly FlowEvent[]): string {
  const parts: string[] = [];
  /** Between two events about what callers have. */
  let own: string[] = [];
  let waits = new Set<string>();
  const close = (): void => {
    parts.push(...[...waits].sort(), ...own);
    own = [];
    waits = new Set();
  };
  for (const event of events) {
    if (event.kind === 'wait') waits.add(eventKey(event));
    else if (isOfOwn(event)) {
      if (event.kind !== 'use') own.push(eventKey(event));
    } else {
      close();
      parts.push(eventKey(event));
    }
  }
  close();
  return parts.join(';');
}

/** About an IRP that the function made. */
function isOfOwn(event: FlowEvent): boolean {
  return 'irp' in event && event.irp.kind === 'symbol' && event.irp.source.kind === 'new';
}

const stories = new WeakMap<readonly FlowEvent[], string>();

function makeKey(event: FlowEvent): string {
  if (event.kind === 'wait')
    return `wait${event.isForObject === true ? ' for object' : ''}${event.isHelped === true ? ' helped' : ''}`;
  const values = event.kind === 'send' ? [event.irp, event.result, ...tellingArguments(event)] : eventValues(event);
  return `${event.kind}@${eventSite(event.where)}:${values.map((v) => v.key).join(',')}`;
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
      return {
        ...event,
        where,
        irp: map(event.irp),
        result: map(event.result),
        arguments: event.arguments.map(map),
        ...(event.lasting === undefined
          ? {}
          : { lasting: event.lasting.map((thing) => ({ ...thing, value: map(thing.value) })) }),
      };
    case 'wait':
      return { ...event, where };
    case 'registration':
      return {
        ...event,
        where,
        block: map(event.block),
        dispatch: map(event.dispatch),
        timeout: map(event.timeout),
        result: map(event.result),
      };
    case 'build':
      return { ...event, where, irp: map(event.irp), arguments: event.arguments.map(map) };
    case 'use':
      return event.cancel === undefined
        ? { ...event, where, irp: map(event.irp) }
        : { ...event, where, irp: map(event.irp), cancel: { ...event.cancel, routine: map(event.cancel.routine) } };
    case 'reuse':
    case 'free':
    case 'lose':
    case 'lose-routine':
    case 'prepare':
    case 'clear-routine':
    case 'give-up':
      return { ...event, where, irp: map(event.irp) };
    case 'complete':
      return { ...event, where, irp: map(event.irp), status: map(event.status), information: map(event.information) };
  }
}
