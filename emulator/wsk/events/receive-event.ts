/**
 * WskReceiveEvent and WskDisconnectEvent: data and the end of a connection, told to the driver.
 *
 * The indication's structures, MDL and bytes are guest memory of their own. Returning STATUS_SUCCESS takes the data (or
 * as much as *BytesAccepted says), STATUS_PENDING keeps the memory until WskRelease, STATUS_DATA_NOT_ACCEPTED leaves
 * the data in the socket and silences the event until the next WskReceive.
 */
import type { ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import type { Region } from '../../machine/machine-types.ts';
import { lowWord } from '../../machine/memory/layout.ts';
import { type NativeResult, NULL_ADDRESS, returnsVoid } from '../../machine/native.ts';
import { peek, receive } from '../../net/tcp.ts';
import type { Side } from '../../net/tcp-side.ts';
import { wskLayouts } from '../data/layouts.ts';
import { type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { afterWire, onWire, wireNow } from '../wire.ts';
import { callbackOf, isEventEnabled } from './event-control.ts';
import { failSocket } from './event-failure.ts';
import { atDispatch, callbackSpan, callEvent, endEvent, reportReturn } from './events.ts';
import { buildIndications, chooseShape } from './indications.ts';
import { endIndication } from './release.ts';

/** Calls WskReceiveEvent with all that has arrived, if the driver wants to hear of it. */
export function indicateData(kernel: Kernel, socket: Socket, side: Side): NativeResult {
  const target = callbackOf(kernel, socket, 'WSK_EVENT_RECEIVE');
  const isWanted = target !== 0n && isEventEnabled(kernel, socket, 'WSK_EVENT_RECEIVE');
  if (!isWanted || socket.isReceiveEventHeld || socket.callbacks > 0) return returnsVoid;
  if (kernel.injectedFault('WskReceiveEvent') !== undefined) {
    return failSocket(kernel, socket, {
      member: 'WskReceiveEvent',
      target,
      arguments: [socket.context, atDispatch(kernel), 0n, 0n, 0n],
    });
  }
  const bytes = peek(side);
  const shape = bytes.length < 2 ? 'whole' : chooseShape(kernel);
  const half = shape === 'list' ? Math.ceil(bytes.length / 2) : bytes.length;
  const parts = half < bytes.length ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes];
  const data = parts.map((part) => ({ bytes: part, datagram: undefined }));
  const list = buildIndications(kernel, data, shape);
  const first = list?.[0]?.first;
  if (list === undefined || first === undefined) return returnsVoid;
  const accepted = kernel.memory.allocate({ size: 8, kind: 'object', label: 'BytesAccepted of WskReceiveEvent' });
  if (accepted !== undefined) kernel.memory.writeU64(accepted.start, bytes.length);
  // Every send ends with the push bit, so all that has arrived ends a message.
  const { flagEntireMessage, flagReleaseAsap, flagAtDispatchLevel } = wskLayouts(kernel);
  const hurry = isShortOfBuffers(kernel, socket, side) ? flagReleaseAsap : 0;
  const flags = flagAtDispatchLevel | flagEntireMessage | hurry;
  socket.isIndicating = true;
  socket.indicated = list;
  return callEvent(socket, {
    member: 'WskReceiveEvent',
    target,
    arguments: [socket.context, flags, first, bytes.length, accepted?.start ?? 0n],
    scratch: [],
    onReturn: {
      name: 'wsk.receiveEventReturned',
      state: {
        accepted,
        length: bytes.length,
      } satisfies ReceiveEventState,
    },
  });
}

/**
 * Whether the driver is asked to give back soon what it keeps: it keeps as much as the connection may hold. Windows may
 * run short for reasons that a driver does not see, so that with a seed it is asked now and then.
 */
function isShortOfBuffers(kernel: Kernel, socket: Socket, side: Side): boolean {
  let kept = 0;
  for (const { length } of socket.retained) kept += length;
  return kept >= side.window || kernel.choices.choose({ name: 'wsk.releaseAsap', options: 4 }) === 3;
}

type ReceiveEventState = {
  /** Where *BytesAccepted lies. */
  readonly accepted: Region | undefined;
  readonly length: number;
};

const receiveEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  const { accepted, length } = state.own as ReceiveEventState;
  const taken = kernel.memory.readSize(accepted?.start ?? NULL_ADDRESS);
  if (accepted !== undefined) kernel.memory.free(accepted);
  const socket = endEvent(kernel, state);
  socket.isIndicating = false;
  const status = lowWord(value);
  const { statusPending, statusSuccess } = wskLayouts(kernel);
  const isKept = status === statusPending;
  endIndication(kernel, socket, callbackSpan(kernel, state), isKept);
  if (isKept) {
    consume(kernel, socket, length);
    return returnsVoid;
  }
  if (status === statusSuccess) {
    const used = Math.min(taken, length);
    if (taken > length) reportTaken(kernel, state, taken, length);
    // What was not accepted stays, and the driver must ask for it.
    if (used < length) hold(kernel, socket);
    consume(kernel, socket, used);
    return returnsVoid;
  }
  if (status !== ntstatus(kernel, 'STATUS_DATA_NOT_ACCEPTED')) {
    reportReturn(kernel, state, value, 'STATUS_SUCCESS, STATUS_PENDING or STATUS_DATA_NOT_ACCEPTED');
  }
  hold(kernel, socket);
  return returnsVoid;
};

function reportTaken(kernel: Kernel, state: Readonly<Record<string, unknown>>, taken: number, length: number): void {
  kernel.report({
    rule: 'event-bytes-accepted',
    severity: 'error',
    span: callbackSpan(kernel, state),
    message: `WskReceiveEvent accepts ${taken} bytes of ${length}: *BytesAccepted says how much of what was indicated the driver has taken, and must be no more than BytesIndicated.`,
    docRules: ['R89'],
  });
}

/** The event stays silent until the next WskReceive; one that the callback itself has made gets the data now. */
function hold(kernel: Kernel, socket: Socket): void {
  if (socket.receives.length === 0) socket.isReceiveEventHeld = true;
  else onWire(kernel, (network) => network.indications.push({ kind: 'data', socket: socket.id }));
}

/** WskDisconnectEvent is there and enabled. */
export function hearsOfDisconnect(kernel: Kernel, socket: Socket): boolean {
  return (
    callbackOf(kernel, socket, 'WSK_EVENT_DISCONNECT') !== 0n && isEventEnabled(kernel, socket, 'WSK_EVENT_DISCONNECT')
  );
}

/** Calls WskDisconnectEvent of a socket that hears of it. */
export function indicateDisconnect(
  kernel: Kernel,
  socket: Socket,
  options: { readonly isAbortive: boolean },
): NativeResult {
  const target = callbackOf(kernel, socket, 'WSK_EVENT_DISCONNECT');
  const abortive = options.isAbortive ? BigInt(constant(kernel, 'WSK_FLAG_ABORTIVE')) : 0n;
  return callEvent(socket, {
    member: 'WskDisconnectEvent',
    target,
    arguments: [socket.context, atDispatch(kernel) | abortive],
    scratch: [],
    onReturn: { name: 'wsk.disconnectEventReturned', state: {} },
  });
}

const disconnectEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  endEvent(kernel, state);
  if (lowWord(value) !== 0) reportReturn(kernel, state, value, 'STATUS_SUCCESS');
  return returnsVoid;
};

export const receiveEventContinuations = {
  'wsk.receiveEventReturned': receiveEventReturned,
  'wsk.disconnectEventReturned': disconnectEventReturned,
};

/** Takes bytes that the driver has accepted off the wire, and looks whether more have come meanwhile. */
function consume(kernel: Kernel, socket: Socket, length: number): void {
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (side === undefined || socket.state === 'closing' || socket.state === 'closed') return;
  const network = wireNow(kernel);
  receive(network, side, length);
  if (side.receivedLength > 0 || side.finReceived) network.indications.push({ kind: 'data', socket: socket.id });
  afterWire(kernel);
}
