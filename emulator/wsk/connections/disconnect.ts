/** WskDisconnect: ends the socket's own direction with a FIN after its last bytes, or the whole connection at once. */
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import { abort, canSend, send, sendPromised, shutdown } from '../../net/tcp.ts';
import { isAcknowledgedSoon } from '../data/send.ts';
import { EMPTY_BUFFER, gather, readWskBuf } from '../data/wsk-buf.ts';
import {
  begin,
  completeNow,
  failNow,
  finish,
  finishWaiting,
  isInline,
  lendToo,
  pend,
  requestOf,
  settle,
} from '../requests.ts';
import { refuse } from '../sockets/create-socket.ts';
import { socketOf } from '../sockets/sockets.ts';
import { refuseUnconnected } from '../sockets/too-early.ts';
import { type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';

const WskDisconnect: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const given = call.arguments.pointer(1);
  const flags = call.arguments.uint(2);
  const isAbortive = flags === constant(kernel, 'WSK_FLAG_ABORTIVE');
  if (flags !== 0 && !isAbortive) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  if (isAbortive && given !== 0n) {
    return refuse(kernel, request, {
      rule: 'disconnect-buffer',
      message: 'WskDisconnect with WSK_FLAG_ABORTIVE sends nothing any more: Buffer must be NULL.',
      docRules: ['R38'],
    });
  }
  const buffer = given === 0n ? EMPTY_BUFFER : readWskBuf(kernel, given, 'WskDisconnect');
  if ('kind' in buffer) return buffer;
  lendToo(request, buffer.lent);
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (side === undefined || !isOpen(socket)) {
    return refuseUnconnected(kernel, request, socket);
  }
  const success = { status: ntstatus(kernel, 'STATUS_SUCCESS') };
  if (isAbortive) {
    const isNow = isInline(kernel, request);
    const result = isNow ? undefined : settle(kernel, request, success);
    // What the end of the connection fails is everything else.
    request.state = 'due';
    onWire(kernel, (network) => abort(network, side));
    socket.receives.length = 0;
    socket.isReset = true;
    socket.resetStatus = 'STATUS_CONNECTION_ABORTED';
    ended(kernel, socket, 'abortively');
    finishWaiting(kernel, socket, ntstatus(kernel, 'STATUS_CONNECTION_ABORTED'));
    return result ?? completeNow(kernel, request, success);
  }
  if (socket.isReset) return failNow(kernel, request, ntstatus(kernel, socket.resetStatus));
  if (!canSend(side)) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_DEVICE_STATE'));
  const bytes = gather(kernel, buffer);
  if (isAcknowledgedSoon(wskState(kernel).network, side, bytes.length) && isInline(kernel, request)) {
    onWire(kernel, (network) => {
      if (bytes.length > 0) sendPromised(network, side, bytes);
      shutdown(network, side);
    });
    ended(kernel, socket, 'gracefully');
    return completeNow(kernel, request, success);
  }
  const result = pend(kernel, request);
  socket.disconnectRequests.push(request.id);
  onWire(kernel, (network) => {
    if (bytes.length > 0) send(network, side, 0, bytes);
    shutdown(network, side);
  });
  ended(kernel, socket, 'gracefully');
  return result;
};

export const disconnectApis = { WskDisconnect };

/** The peer has seen our FIN. */
export function finAcknowledged(kernel: Kernel, socket: Socket): NativeResult {
  for (const id of socket.disconnectRequests.splice(0)) {
    const request = requestOf(kernel, id);
    if (request !== undefined) finish(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS') });
  }
  return returnsVoid;
}

/** Connected, and not silenced. */
function isOpen(socket: Socket): boolean {
  return (socket.state === 'connected' || socket.state === 'disconnected') && !socket.isSilent;
}

function ended(kernel: Kernel, socket: Socket, detail: string): void {
  socket.state = 'disconnected';
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'disconnected', detail });
}
