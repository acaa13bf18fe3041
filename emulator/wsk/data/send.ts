/** WskSend: completes when the other side has acknowledged the last byte, because WSK does not buffer. */

import type { Api, ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import type { Network } from '../../net/network.ts';
import { canSend, send, sendPromised } from '../../net/tcp.ts';
import type { Side } from '../../net/tcp-side.ts';
import { callbackOf, isEventEnabled } from '../events/event-control.ts';
import { callEvent, endEvent, reportReturn } from '../events/events.ts';
import { begin, completeNow, failNow, finish, isInline, lendToo, pend, requestOf, settle } from '../requests.ts';
import { refuse } from '../sockets/create-socket.ts';
import { socketOf } from '../sockets/sockets.ts';
import { refuseUnconnected } from '../sockets/too-early.ts';
import { type Request, type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { afterWire, wireNow } from '../wire.ts';
import { askBeforeSend } from './awaited-bytes.ts';
import { readControl } from './control-info.ts';
import { wskLayouts } from './layouts.ts';
import { checkSentBytes } from './sent-bytes.ts';
import { gather, readWskBuf } from './wsk-buf.ts';

const WskSend: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  return begun.kind === 'answered' ? begun.result : startSend(kernel, call, socket, begun.request);
};

/** As WskSend, with control information: TCP has none, so what is well-formed goes along and means nothing. */
const WskSendEx: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const { arguments: given } = call;
  const begun = begin(kernel, call, {
    irpIndex: 5,
    socket,
    buffers: [lend(kernel, 'ControlInfo', given.pointer(4), given.uint(3))],
  });
  if (begun.kind === 'answered') return begun.result;
  if ((given.uint(3) === 0) !== (given.pointer(4) === 0n)) {
    return refuse(kernel, begun.request, {
      rule: 'control-info',
      message: 'WskSendEx: ControlInfoLength and ControlInfo go together: both zero, or neither.',
      docRules: ['R44'],
    });
  }
  if (readControl(kernel, given.pointer(4), given.uint(3)) === undefined) {
    return failNow(kernel, begun.request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  }
  return startSend(kernel, call, socket, begun.request);
};

function startSend(kernel: Kernel, call: NativeCall, socket: Socket, request: Request): NativeResult {
  const buffer = readWskBuf(kernel, call.arguments.pointer(1), call.name);
  if ('kind' in buffer) return buffer;
  lendToo(request, buffer.lent);
  if ((call.arguments.uint(2) & ~wskLayouts(kernel).flagNoDelay) !== 0) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_NOT_SUPPORTED'));
  }
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (socket.isReset) return failNow(kernel, request, ntstatus(kernel, socket.resetStatus));
  if (socket.state !== 'connected' || socket.isSilent || side === undefined || !canSend(side)) {
    return refuseUnconnected(kernel, request, socket);
  }
  if (buffer.length === 0) {
    return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS') }, { mayBeInline: true });
  }
  askBeforeSend(kernel, buffer);
  const bytes = gather(kernel, buffer);
  const { network } = wskState(kernel);
  if (isAcknowledgedSoon(network, side, bytes.length) && isInline(kernel, request)) {
    sendPromised(wireNow(kernel), side, bytes);
    afterWire(kernel);
    return completeNow(kernel, request, {
      status: ntstatus(kernel, 'STATUS_SUCCESS'),
      information: BigInt(bytes.length),
    });
  }
  const result = pend(kernel, request);
  socket.sendBacklog += bytes.length;
  send(wireNow(kernel), side, request.id, bytes);
  afterWire(kernel);
  request.length = bytes.length;
  request.sent = { pieces: buffer.pieces, bytes };
  return result;
}

/**
 * Whether the acknowledgement is sure to come, and may as well have come while the call was under way: the other side
 * has room for everything, and nothing on the wire gets lost.
 */
export function isAcknowledgedSoon(network: Network, side: Side, length: number): boolean {
  return network.isFaultless && network.bridge === undefined && side.queuedEnd + length <= side.sndUna + side.sndWnd;
}

export const sendApis = { WskSend, WskSendEx };

/** All bytes of a send are acknowledged. */
export function sendDone(kernel: Kernel, socket: Socket, token: number): NativeResult {
  const request = requestOf(kernel, token);
  if (request === undefined) return returnsVoid;
  checkSentBytes(kernel, request);
  finish(kernel, request, { status: wskLayouts(kernel).statusSuccess, information: BigInt(request.length) });
  const backlog = socket.sendBacklog;
  socket.sendBacklog = Math.max(0, backlog - request.length);
  return backlog > socket.idealBacklog ? growBacklog(kernel, socket) : returnsVoid;
}

/** The ideal send backlog grows no further. */
const IDEAL_BACKLOG_MAX = 16 * 1024 * 1024;

/**
 * The driver keeps more under way than WSK has asked for, and all of it is taken: the connection can do with more. As
 * in Windows the ideal grows with what the connection proves to take; here it doubles.
 */
function growBacklog(kernel: Kernel, socket: Socket): NativeResult {
  if (socket.idealBacklog >= IDEAL_BACKLOG_MAX) return returnsVoid;
  socket.idealBacklog *= 2;
  const target = callbackOf(kernel, socket, 'WSK_EVENT_SEND_BACKLOG');
  if (target === 0n || !isEventEnabled(kernel, socket, 'WSK_EVENT_SEND_BACKLOG')) return returnsVoid;
  return callEvent(socket, {
    member: 'WskSendBacklogEvent',
    target,
    arguments: [socket.context, BigInt(socket.idealBacklog)],
    scratch: [],
    onReturn: { name: 'wsk.sendBacklogEventReturned', state: {} },
  });
}

const sendBacklogEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  endEvent(kernel, state);
  if (Number(BigInt.asIntN(32, value)) !== 0) reportReturn(kernel, state, value, 'STATUS_SUCCESS');
  return returnsVoid;
};

export const sendContinuations = { 'wsk.sendBacklogEventReturned': sendBacklogEventReturned };
