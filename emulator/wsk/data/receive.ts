/**
 * WskReceive and the events of a connection.
 *
 * Data that has arrived goes to the oldest pending WskReceive; without one to WskReceiveEvent, if that is enabled and
 * the driver has not turned data away since its last WskReceive; else it waits, and the window closes. After the last
 * byte comes the end: zero bytes with success when the peer has finished, an error when it has reset the connection.
 */
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import { receive } from '../../net/tcp.ts';
import type { Side } from '../../net/tcp-side.ts';
import { hearsOfDisconnect, indicateData, indicateDisconnect } from '../events/receive-event.ts';
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
  type Settlement,
  settle,
} from '../requests.ts';
import { refuse } from '../sockets/create-socket.ts';
import { socketOf } from '../sockets/sockets.ts';
import { refuseUnconnected } from '../sockets/too-early.ts';
import { type PendingReceive, type Request, type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { watchAwaited } from './awaited-bytes.ts';
import { readWskBuf, scatter } from './wsk-buf.ts';

/** A driver that asks this often for what comes after the end does not look at what it is told, and never stops. */
const RECEIVES_AFTER_END_MAX = 1000;

const WskReceive: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  return begun.kind === 'answered' ? begun.result : startReceive(kernel, call, socket, begun.request, []);
};

/** As WskReceive, with control information: TCP has none, so the length comes back as zero. */
const WskReceiveEx: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const { arguments: given } = call;
  const length = given.pointer(3);
  const begun = begin(kernel, call, { irpIndex: 6, socket, buffers: [lend(kernel, 'ControlInfoLength', length, 4)] });
  if (begun.kind === 'answered') return begun.result;
  if (length === 0n && given.pointer(4) !== 0n) {
    return refuse(kernel, begun.request, {
      rule: 'control-info',
      message: 'WskReceiveEx was given ControlInfo without a ControlInfoLength that says how large it is.',
      docRules: ['R44'],
    });
  }
  if (given.pointer(5) !== 0n) return failNow(kernel, begun.request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const writes = length === 0n ? [] : [{ address: length, bytes: new Uint8Array(4) }];
  return startReceive(kernel, call, socket, begun.request, writes);
};

function startReceive(
  kernel: Kernel,
  call: NativeCall,
  socket: Socket,
  request: Request,
  writes: PendingReceive['writes'],
): NativeResult {
  const buffer = readWskBuf(kernel, call.arguments.pointer(1), call.name);
  if ('kind' in buffer) return buffer;
  lendToo(request, buffer.lent);
  const flags = call.arguments.uint(2);
  const waitsForAll = (flags & constant(kernel, 'WSK_FLAG_WAITALL')) !== 0;
  const isDrain = (flags & constant(kernel, 'WSK_FLAG_DRAIN')) !== 0;
  if (waitsForAll && isDrain) {
    return refuse(kernel, request, {
      rule: 'receive-flags',
      message: 'WskReceive: WSK_FLAG_WAITALL and WSK_FLAG_DRAIN exclude each other.',
      docRules: ['R35'],
    });
  }
  if (isDrain && buffer.length > 0) {
    return refuse(kernel, request, {
      rule: 'receive-flags',
      message: 'WskReceive: WSK_FLAG_DRAIN throws data away, so Buffer->Length must be 0.',
      docRules: ['R36'],
    });
  }
  const known = constant(kernel, 'WSK_FLAG_WAITALL') | constant(kernel, 'WSK_FLAG_DRAIN');
  if ((flags & ~known) !== 0) return failNow(kernel, request, ntstatus(kernel, 'STATUS_NOT_SUPPORTED'));
  const endless = asksAgainAfterEnd(kernel, socket, call.name);
  if (endless !== undefined) return endless;
  if (socket.isReset) return failNow(kernel, request, ntstatus(kernel, socket.resetStatus));
  const isOpen = (socket.state === 'connected' || socket.state === 'disconnected') && !socket.isSilent;
  const side = sideOf(kernel, socket);
  if (side === undefined || !isOpen) {
    return refuseUnconnected(kernel, request, socket);
  }
  socket.isReceiveEventHeld = false;
  if (buffer.length === 0 && !isDrain) {
    // Nothing is read; the event is called again with what is left.
    const result = settle(
      kernel,
      request,
      { status: ntstatus(kernel, 'STATUS_SUCCESS'), writes },
      { mayBeInline: true },
    );
    onWire(kernel, (network) => network.indications.push({ kind: 'data', socket: socket.id }));
    return result;
  }
  const pending: PendingReceive = { request: request.id, buffer, waitsForAll, isDrain, chunks: [], length: 0, writes };
  if (isServedAtOnce(socket, side, pending) && isInline(kernel, request)) {
    take(kernel, side, pending);
    return completeNow(kernel, request, settlementOf(kernel, pending));
  }
  const result = pend(kernel, request);
  watchAwaited(kernel, request, buffer);
  socket.receives.push(pending);
  serve(kernel, socket);
  return result;
}

/** A loop that nothing ends would use up the run: the machine's processor is as busy, and the driver never unloads. */
function asksAgainAfterEnd(kernel: Kernel, socket: Socket, name: string): NativeResult | undefined {
  const side = sideOf(kernel, socket);
  const isAtEnd = socket.isReset || (side?.finReceived === true && side.receivedLength === 0);
  if (!isAtEnd || ++socket.receivesAfterEnd <= RECEIVES_AFTER_END_MAX) return undefined;
  const told = socket.isReset
    ? `the connection was cut off, and each call has failed with ${socket.resetStatus}`
    : 'the peer has finished sending, and each call has succeeded with 0 bytes in IoStatus.Information, which says so';
  return kernel.report({
    rule: 'hang',
    severity: 'error',
    message: `${name} was called ${RECEIVES_AFTER_END_MAX} times after the end of what socket #${socket.id} receives: ${told}. The driver goes on asking and never stops.`,
    docRules: [],
  });
}

export const receiveApis = { WskReceive, WskReceiveEx };

/** There may be something to read. */
export function dataArrived(kernel: Kernel, socket: Socket): NativeResult {
  serve(kernel, socket);
  const side = sideOf(kernel, socket);
  if (side === undefined || socket.receives.length > 0 || socket.isSilent) return returnsVoid;
  if (side.receivedLength > 0) return indicateData(kernel, socket, side);
  return side.finReceived ? indicateEnd(kernel, socket) : returnsVoid;
}

/** The peer has finished sending. */
export function finArrived(kernel: Kernel, socket: Socket): NativeResult {
  serve(kernel, socket);
  const side = sideOf(kernel, socket);
  return side === undefined || side.receivedLength > 0 || socket.isSilent ? returnsVoid : indicateEnd(kernel, socket);
}

/** The peer has reset the connection, or does not answer any more: everything that waits fails. */
export function resetArrived(kernel: Kernel, socket: Socket, why: 'reset' | 'timeout'): NativeResult {
  socket.isReset = true;
  socket.resetStatus = why === 'reset' ? 'STATUS_CONNECTION_RESET' : 'STATUS_IO_TIMEOUT';
  socket.receives.length = 0;
  socket.untoldReset = why;
  finishWaiting(kernel, socket, ntstatus(kernel, socket.resetStatus));
  if (!hearsOfDisconnect(kernel, socket)) return returnsVoid;
  socket.untoldReset = undefined;
  return indicateDisconnect(kernel, socket, { isAbortive: true });
}

/** Who does not hear of the end yet hears of it when the event is enabled. */
function indicateEnd(kernel: Kernel, socket: Socket): NativeResult {
  if (socket.hasToldFin || !hearsOfDisconnect(kernel, socket)) return returnsVoid;
  socket.hasToldFin = true;
  return indicateDisconnect(kernel, socket, { isAbortive: false });
}

/** Gives what has arrived to the pending receives, in order. */
function serve(kernel: Kernel, socket: Socket): void {
  const side = sideOf(kernel, socket);
  if (side === undefined || socket.isIndicating || socket.isSilent) return;
  while (socket.receives.length > 0) {
    const first = socket.receives[0] as PendingReceive;
    take(kernel, side, first);
    const isFull = first.length > 0 && (!first.waitsForAll || first.length === first.buffer.length);
    if (!isFull && !side.finReceived) return;
    socket.receives.shift();
    const request = requestOf(kernel, first.request);
    if (request === undefined) continue;
    finish(kernel, request, settlementOf(kernel, first));
  }
}

/** Whether `serve` would finish a receive right away: nothing is before it, and what it waits for is there. */
function isServedAtOnce(socket: Socket, side: Side, pending: PendingReceive): boolean {
  if (socket.receives.length > 0 || socket.isIndicating) return false;
  const wanted = pending.waitsForAll ? pending.buffer.length : 1;
  return side.finReceived || (!pending.isDrain && side.receivedLength >= wanted);
}

function settlementOf(kernel: Kernel, pending: PendingReceive): Settlement {
  const bytes = joined(pending);
  return {
    status: ntstatus(kernel, 'STATUS_SUCCESS'),
    information: BigInt(bytes.length),
    writes: [...scatter(pending.buffer, bytes), ...pending.writes],
  };
}

function take(kernel: Kernel, side: Side, pending: PendingReceive): void {
  const room = pending.isDrain ? side.receivedLength : pending.buffer.length - pending.length;
  if (room === 0 || side.receivedLength === 0) return;
  const bytes = onWire(kernel, (network) => receive(network, side, room));
  if (pending.isDrain) return;
  pending.chunks.push(bytes);
  pending.length += bytes.length;
}

function joined(pending: PendingReceive): Uint8Array {
  const [first] = pending.chunks;
  if (first !== undefined && pending.chunks.length === 1) return first;
  const bytes = new Uint8Array(pending.length);
  let at = 0;
  for (const chunk of pending.chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function sideOf(kernel: Kernel, socket: Socket): Side | undefined {
  return wskState(kernel).network.sides.get(socket.side ?? -1);
}
