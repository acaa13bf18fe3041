/**
 * A socket that has failed, which the driver is told once by an event without its object: AcceptSocket, InspectID or
 * DataIndication is NULL. From then on every call but WskCloseSocket says STATUS_FILE_FORCED_CLOSED. The scenario's
 * faults of the event make it happen.
 */
import type { ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { abort, closeListener, disown } from '../../net/tcp.ts';
import { finishWaiting } from '../requests.ts';
import type { Socket } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { callEvent, endEvent } from './events.ts';

export function failSocket(
  kernel: Kernel,
  socket: Socket,
  event: {
    readonly member: string;
    readonly target: GuestAddress;
    readonly arguments: readonly bigint[];
    readonly scratch?: readonly GuestAddress[];
  },
): NativeResult {
  socket.isForcedClosed = true;
  onWire(kernel, (network) => {
    const side = network.sides.get(socket.side ?? -1);
    if (side !== undefined) {
      abort(network, side);
      disown(network, side);
    }
    if (socket.binding !== undefined) closeListener(network, socket.binding);
  });
  socket.accepts.length = 0;
  socket.receives.length = 0;
  socket.receivesFrom.length = 0;
  finishWaiting(kernel, socket, ntstatus(kernel, 'STATUS_FILE_FORCED_CLOSED'));
  return callEvent(socket, {
    ...event,
    scratch: event.scratch ?? [],
    onReturn: { name: 'wsk.failedEventReturned', state: {} },
  });
}

/** Whatever it returns, the socket is gone. */
const failedEventReturned: ContinuationStep = (kernel, _thread, state) => {
  endEvent(kernel, state);
  return returnsVoid;
};

export const failureContinuations = { 'wsk.failedEventReturned': failedEventReturned };
