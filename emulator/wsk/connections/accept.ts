/**
 * WskAccept and WskAcceptEvent.
 *
 * A connection that has arrived goes to the oldest pending WskAccept; without one to WskAcceptEvent, if that is
 * enabled; else it waits in the backlog. A fault of `WskAcceptEvent` in the scenario makes the listening socket fail
 * instead: the event comes with AcceptSocket = NULL, and all further calls say STATUS_FILE_FORCED_CLOSED.
 */
import { definitionSpan } from '../../kernel/index.ts';
import type { Api, ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returnsVoid } from '../../machine/native.ts';
import { abort, adopt, disown, setKeepAlive, takeConnection } from '../../net/tcp.ts';
import type { Side } from '../../net/tcp-side.ts';
import { keepAliveOf } from '../control/keep-alive.ts';
import { inheritOptions, optionValue } from '../control/options.ts';
import { callbackOf, isEventEnabled, reportMissingCallback } from '../events/event-control.ts';
import { failSocket } from '../events/event-failure.ts';
import { eventsEnabled } from '../events/event-start.ts';
import {
  atDispatch,
  callbackSpan,
  callEvent,
  endEvent,
  newSockAddr,
  newUnset,
  reportReturn,
} from '../events/events.ts';
import { begin, completeNow, finish, isInline, pend, requestOf, type Settlement } from '../requests.ts';
import { sockAddrBytes, sockAddrSize } from '../sockaddr.ts';
import { reservedFlags } from '../sockets/bind.ts';
import { refuse } from '../sockets/create-socket.ts';
import { createSocket, registrationOf, socketById, socketOf } from '../sockets/sockets.ts';
import { refuseUnbound } from '../sockets/too-early.ts';
import { type PendingAccept, type Request, type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { endpointsOf } from './listener-ends.ts';

const WskAccept: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const given = call.arguments;
  const size = sockAddrSize(kernel, socket.family);
  const begun = begin(kernel, call, {
    irpIndex: 6,
    socket,
    buffers: [
      lend(kernel, 'LocalAddress', given.pointer(4), size),
      lend(kernel, 'RemoteAddress', given.pointer(5), size),
    ],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (given.uint(1) !== 0) return refuse(kernel, request, reservedFlags('WskAccept'));
  if (socket.state !== 'listening') return refuseUnbound(kernel, request, socket);
  const accept: PendingAccept = {
    request: request.id,
    context: given.pointer(2),
    dispatch: given.pointer(3),
    localAddress: given.pointer(4),
    remoteAddress: given.pointer(5),
  };
  const waiting = takeFromBacklog(kernel, socket);
  if (waiting !== undefined && isInline(kernel, request)) {
    return completeNow(kernel, request, acceptedBy(kernel, socket, accept, request, waiting));
  }
  const result = pend(kernel, request);
  if (waiting === undefined) socket.accepts.push(accept);
  else finish(kernel, request, acceptedBy(kernel, socket, accept, request, waiting));
  return result;
};

export const acceptApis = { WskAccept };

/** A connection has arrived at a listener. */
export function arrival(kernel: Kernel, listener: Socket): NativeResult {
  const accept = listener.accepts[0];
  if (accept !== undefined) {
    const side = takeFromBacklog(kernel, listener);
    if (side === undefined) return returnsVoid;
    listener.accepts.shift();
    const request = requestOf(kernel, accept.request);
    if (request !== undefined) finish(kernel, request, acceptedBy(kernel, listener, accept, request, side));
    return returnsVoid;
  }
  return offerConnection(kernel, listener);
}

/** Calls WskAcceptEvent for the oldest connection of the backlog, if that event is enabled. */
function offerConnection(kernel: Kernel, listener: Socket): NativeResult {
  const target = callbackOf(kernel, listener, 'WSK_EVENT_ACCEPT');
  if (listener.state !== 'listening' || target === 0n || !isEventEnabled(kernel, listener, 'WSK_EVENT_ACCEPT')) {
    return returnsVoid;
  }
  const side = takeFromBacklog(kernel, listener);
  if (side === undefined) return returnsVoid;
  if (kernel.injectedFault('WskAcceptEvent') !== undefined) return failListener(kernel, listener, side, target);
  const socket = makeConnection(kernel, listener, side, {
    context: NULL_ADDRESS,
    dispatch: NULL_ADDRESS,
    createdBy: 'WskAcceptEvent',
    createdAt: definitionSpan(kernel, target),
  });
  if (socket === undefined) {
    drop(kernel, side);
    return returnsVoid;
  }
  const { local, remote } = endpointsOf(kernel, listener, side);
  const localAddress = newSockAddr(kernel, local, 'LocalAddress of WskAcceptEvent');
  const remoteAddress = newSockAddr(kernel, remote, 'RemoteAddress of WskAcceptEvent');
  const contextOut = newUnset(kernel, 8, 'AcceptSocketContext of WskAcceptEvent');
  const dispatchOut = newUnset(kernel, 8, 'AcceptSocketDispatch of WskAcceptEvent');
  return callEvent(listener, {
    member: 'WskAcceptEvent',
    target,
    arguments: [
      listener.context,
      atDispatch(kernel),
      localAddress,
      remoteAddress,
      socket.region.start,
      contextOut,
      dispatchOut,
    ],
    scratch: [localAddress, remoteAddress],
    onReturn: {
      name: 'wsk.acceptEventReturned',
      state: { accepted: socket.id, contextOut, dispatchOut } satisfies AcceptState,
    },
  });
}

type AcceptState = {
  /** The new socket. */
  readonly accepted: number;
  readonly contextOut: GuestAddress;
  readonly dispatchOut: GuestAddress;
};

const acceptEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  const { contextOut, dispatchOut, accepted } = state.own as AcceptState;
  const socket = socketById(kernel, accepted);
  const status = Number(BigInt.asIntN(32, value));
  const isAccepted = status === ntstatus(kernel, 'STATUS_SUCCESS');
  if (isAccepted && (kernel.memory.isPoisoned(contextOut) || kernel.memory.isPoisoned(dispatchOut))) {
    kernel.report({
      rule: 'accept-event-outputs',
      severity: 'warning',
      span: callbackSpan(kernel, state),
      message: 'WskAcceptEvent accepted a connection without setting *AcceptSocketContext and *AcceptSocketDispatch.',
      docRules: ['R87'],
    });
  } else if (isAccepted) {
    socket.context = kernel.memory.readPointer(contextOut);
    socket.dispatch = kernel.memory.readPointer(dispatchOut);
  }
  for (const address of [contextOut, dispatchOut]) {
    const region = kernel.memory.regionAt(address);
    if (region !== undefined) kernel.memory.free(region);
  }
  endEvent(kernel, state);
  if (!isAccepted) {
    if (status !== ntstatus(kernel, 'STATUS_REQUEST_NOT_ACCEPTED')) {
      reportReturn(kernel, state, value, 'STATUS_SUCCESS or STATUS_REQUEST_NOT_ACCEPTED');
    }
    dropConnection(kernel, socket);
    return returnsVoid;
  }
  reportMissingCallback(kernel, socket);
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'accepted', detail: 'by WskAcceptEvent' });
  // What arrived before the callback returned has had nobody to tell.
  eventsEnabled(kernel, socket);
  return returnsVoid;
};

/** The socket of a connection that goes to a WskAccept, as what that call ends with. */
function acceptedBy(kernel: Kernel, listener: Socket, accept: PendingAccept, request: Request, side: Side): Settlement {
  const socket = makeConnection(kernel, listener, side, {
    context: accept.context,
    dispatch: accept.dispatch,
    createdBy: 'WskAccept',
    createdAt: request.issuedAt,
  });
  if (socket === undefined) {
    drop(kernel, side);
    return { status: ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES') };
  }
  const { local, remote } = endpointsOf(kernel, listener, side);
  const writes = [
    { address: accept.localAddress, bytes: sockAddrBytes(kernel, local) },
    { address: accept.remoteAddress, bytes: sockAddrBytes(kernel, remote) },
  ].filter(({ address }) => address !== 0n);
  kernel.emit({
    kind: 'socket',
    socket: socket.id,
    what: 'accepted',
    detail: `by WskAccept on socket #${listener.id}`,
  });
  return { status: ntstatus(kernel, 'STATUS_SUCCESS'), information: socket.region.start, writes };
}

function makeConnection(
  kernel: Kernel,
  listener: Socket,
  side: Side,
  given: Pick<Socket, 'context' | 'dispatch' | 'createdBy' | 'createdAt'>,
): Socket | undefined {
  const socket = createSocket(kernel, registrationOf(kernel, listener), {
    ...given,
    category: 'connection',
    family: listener.family,
    type: 'stream',
    protocol: listener.protocol,
  });
  if (socket === undefined) return undefined;
  inheritOptions(listener, socket);
  // Connection events that were enabled on the listener are for sockets that its WskAcceptEvent accepts.
  if (given.createdBy === 'WskAcceptEvent') socket.events |= listener.events;
  const { local, remote } = endpointsOf(kernel, listener, side);
  socket.state = 'connected';
  socket.role = 'connection';
  socket.local = local;
  socket.remote = remote;
  socket.side = side.id;
  socket.inspectId = wskState(kernel).inspected.get(side.id);
  onWire(kernel, (network) => {
    adopt(network, side, { kind: 'socket', id: socket.id }, optionValue(socket, 'SO_RCVBUF'));
    setKeepAlive(network, side, keepAliveOf(socket));
  });
  if (side.wasReset) {
    socket.isReset = true;
    socket.untoldReset = 'reset';
  }
  return socket;
}

/** The listening socket has failed, which the driver is told once. */
function failListener(kernel: Kernel, listener: Socket, side: Side, target: GuestAddress): NativeResult {
  const { local, remote } = endpointsOf(kernel, listener, side);
  const localAddress = newSockAddr(kernel, local, 'LocalAddress of WskAcceptEvent');
  const remoteAddress = newSockAddr(kernel, remote, 'RemoteAddress of WskAcceptEvent');
  const contextOut = newUnset(kernel, 8, 'AcceptSocketContext of WskAcceptEvent');
  const dispatchOut = newUnset(kernel, 8, 'AcceptSocketDispatch of WskAcceptEvent');
  drop(kernel, side);
  return failSocket(kernel, listener, {
    member: 'WskAcceptEvent',
    target,
    arguments: [listener.context, atDispatch(kernel), localAddress, remoteAddress, 0n, contextOut, dispatchOut],
    scratch: [localAddress, remoteAddress, contextOut, dispatchOut],
  });
}

/** The driver did not want a connection that WskAcceptEvent showed it. */
function dropConnection(kernel: Kernel, socket: Socket): void {
  const state = wskState(kernel);
  onWire(kernel, (network) => {
    const side = network.sides.get(socket.side ?? -1);
    if (side === undefined) return;
    abort(network, side);
    disown(network, side);
  });
  socket.state = 'closed';
  state.socketAt.delete(socket.region.start);
  kernel.memory.free(socket.region);
}

/** Resets a connection that no socket has. */
function drop(kernel: Kernel, side: Side): void {
  onWire(kernel, (network) => {
    abort(network, side);
    disown(network, side);
  });
}

function takeFromBacklog(kernel: Kernel, listener: Socket): Side | undefined {
  return takeConnection(wskState(kernel).network, listener.binding ?? -1);
}

export const acceptContinuations = {
  'wsk.acceptEventReturned': acceptEventReturned,
};
