/** WskSend: completes when the other side has acknowledged the last byte, because WSK does not buffer. */
import type { Api, Kernel } from '../kernel/kernel-types.ts';
import { type NativeResult, returnsVoid } from '../machine/native.ts';
import { canSend, send } from '../net/tcp.ts';
import { begin, failNow, finish, lendToo, pend, requestOf, settle } from './requests.ts';
import { socketOf } from './sockets.ts';
import { wskState } from './state.ts';
import { constant, ntstatus } from './status.ts';
import { onWire } from './wire.ts';
import { gather, readWskBuf } from './wsk-buf.ts';

const WskSend: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const buffer = readWskBuf(kernel, call.arguments.pointer(1), 'WskSend');
  if ('kind' in buffer) return buffer;
  lendToo(request, buffer.lent);
  if ((call.arguments.uint(2) & ~constant(kernel, 'WSK_FLAG_NODELAY')) !== 0) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_NOT_SUPPORTED'));
  }
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (socket.isReset) return failNow(kernel, request, ntstatus(kernel, socket.resetStatus));
  if (socket.state !== 'connected' || socket.isSilent || side === undefined || !canSend(side)) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_DEVICE_STATE'));
  }
  if (buffer.length === 0) return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS') });
  const result = pend(kernel, request);
  const bytes = gather(kernel, buffer);
  onWire(kernel, (network) => send(network, side, request.id, bytes));
  request.length = bytes.length;
  return result;
};

export const sendApis = { WskSend };

/** All bytes of a send are acknowledged. */
export function sendDone(kernel: Kernel, token: number): NativeResult {
  const request = requestOf(kernel, token);
  if (request !== undefined) {
    finish(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS'), information: BigInt(request.length) });
  }
  return returnsVoid;
}
