/**
 * WskCloseSocket: cancels what is pending on the socket, ends its connection, and completes last of all. It never
 * fails. Nothing may use the socket once this has been called.
 */
import { continueWith } from '../../kernel/ke/kernel-threads.ts';
import type { Api, ContinuationStep } from '../../kernel/kernel-types.ts';
import { type Continuation, returns, returnsVoid } from '../../machine/native.ts';
import { abortAfterPromised, closeListener, disown, isFinished } from '../../net/tcp.ts';
import { endSide } from '../../net/tcp-side.ts';
import {
  begin,
  completeNow,
  completeRequest,
  DISPATCH_LEVEL,
  finishWaiting,
  forget,
  isInline,
  pend,
  requestOf,
} from '../requests.ts';
import { socketText, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { closedBy, closeNow, maybeFinishClose } from './closing.ts';
import { socketOf } from './sockets.ts';

const WskCloseSocket: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 1, object: socketText(socket) });
  if (begun.kind === 'answered') return begun.result;
  if (socket.retained.length > 0) {
    kernel.report({
      rule: 'indication-not-released',
      severity: 'warning',
      message: `Socket #${socket.id} is closed while the driver keeps ${socket.retained.length === 1 ? 'a data indication' : `${socket.retained.length} data indications`} of it: WskRelease must come first.`,
      docRules: ['R73'],
      history: socket.retained.map(({ span }) => ({
        what: 'the indication was kept by STATUS_PENDING',
        span,
        statements: kernel.machine.statements,
      })),
    });
  }
  socket.state = 'closing';
  socket.closedAt = call.site.span;
  socket.closeRequest = begun.request.id;
  // Cancelled requests and callbacks under way hold the close up, and it comes after them.
  const isNow = socket.outstanding === 0 && socket.callbacks === 0 && isInline(kernel, begun.request);
  const pending = isNow ? undefined : pend(kernel, begun.request);
  onWire(kernel, (network) => {
    if (socket.binding !== undefined) closeListener(network, socket.binding);
    const side = network.sides.get(socket.side ?? -1);
    // A silent connection sends nothing any more, not even that it is over.
    if (side !== undefined && socket.isSilent) endSide(network, side);
    else if (side !== undefined && !isFinished(side)) abortAfterPromised(network, side);
    if (side !== undefined) disown(network, side);
  });
  finishWaiting(kernel, socket, ntstatus(kernel, 'STATUS_CANCELLED'));
  socket.accepts.length = 0;
  socket.receives.length = 0;
  socket.receivesFrom.length = 0;
  if (isNow && wskState(kernel).network.sides.get(socket.side ?? -1)?.isAborting !== true) {
    closeNow(kernel, socket);
    return completeNow(kernel, begun.request, { status: ntstatus(kernel, 'STATUS_SUCCESS') });
  }
  const result = pending ?? pend(kernel, begun.request);
  maybeFinishClose(kernel, socket);
  return result;
};

/** The close itself completes: the object goes first, so that its completion routine can't use it. */
const completeClose: ContinuationStep = (kernel, _thread, state) => {
  const socket = closedBy(kernel, state.request as number);
  const { network } = wskState(kernel);
  if (network.sides.get(socket.side ?? -1)?.isAborting === true) {
    // A send has completed before its bytes arrived; they do within a round trip.
    const afterNs = Math.max(network.options.delayNs, 1000);
    kernel.schedule({ afterNs, irql: DISPATCH_LEVEL, label: 'WSK', step: { name: 'wsk.completeClose', state } });
    return returnsVoid;
  }
  closeNow(kernel, socket);
  const gapNs = gapsNs[kernel.choices.choose({ name: 'wsk.closed', options: gapsNs.length })] ?? 0;
  if (gapNs === 0) return completeRequest(kernel, state);
  kernel.schedule({ afterNs: gapNs, irql: DISPATCH_LEVEL, label: 'WSK', step: { name: 'wsk.complete', state } });
  return returnsVoid;
};

/**
 * From the end of a socket to the completion of its close. WskDeregister waits for sockets, not for completion routines:
 * on another processor it may return in between, and a driver that takes its return for the end of both loses.
 */
const gapsNs: readonly number[] = [0, 0, 0, 0, 0, 100, 150, 200];

const complete: ContinuationStep = (kernel, _thread, state) => completeRequest(kernel, state);

/** An IRP's completion is over; its socket may be waiting for that to finish closing. */
const completed: ContinuationStep = (kernel, _thread, state) => {
  const socket = forget(kernel, state.request as number);
  if (socket !== undefined) maybeFinishClose(kernel, socket);
  return returnsVoid;
};

/** As `completed`, inside the call itself: it returns the status. */
const completedInline: ContinuationStep = (kernel, _thread, state) => {
  const request = requestOf(kernel, state.request as number);
  const status = state.status as number;
  if (request !== undefined) {
    kernel.emit({ kind: 'irp-returned', irp: request.irpId, call: request.call, status });
  }
  const socket = forget(kernel, state.request as number);
  if (socket !== undefined) maybeFinishClose(kernel, socket);
  return returns(status);
};

/** As `completed`, inside of IoCancelIrp. */
const cancelledInline: ContinuationStep = (kernel, _thread, state) => {
  const socket = forget(kernel, state.request as number);
  if (socket !== undefined) maybeFinishClose(kernel, socket);
  return continueWith(kernel, state.after as Continuation, 1n);
};

export const closeApis = { WskCloseSocket };
export const closeContinuations = {
  'wsk.complete': complete,
  'wsk.completed': completed,
  'wsk.completedInline': completedInline,
  'wsk.cancelledInline': cancelledInline,
  'wsk.completeClose': completeClose,
};
