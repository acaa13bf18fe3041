/**
 * WskAccept, WskInspectComplete and the events of a listening socket.
 *
 * A connection that has arrived goes to the oldest pending WskAccept; without one to WskAcceptEvent, if that is
 * enabled; else it waits in the backlog. Under SO_CONDITIONAL_ACCEPT the driver sees it before it is answered.
 */
import type { Api, ContinuationStep, Kernel } from '../kernel/kernel-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returnsVoid } from '../machine/native.ts';
import type { Endpoint } from '../net/address.ts';
import type { Side } from '../net/network.ts';
import { abort, inspected } from '../net/tcp.ts';
import { seenBy } from '../net/udp.ts';
import { reservedFlags } from './bind.ts';
import { lend } from './buffers.ts';
import { refuse } from './create-socket.ts';
import { callbackOf, isEventEnabled } from './event-control.ts';
import { atDispatch, callEvent, endEvent, newBytes, newSockAddr, newUnset, reportReturn } from './events.ts';
import { inheritOptions, isOptionSet, optionValue } from './options.ts';
import { begin, failNow, finish, pend, requestOf, settle } from './requests.ts';
import { sockAddrBytes, sockAddrSize } from './sockaddr.ts';
import { clientCallback, createSocket, listenDispatch, registrationOf, socketById, socketOf } from './sockets.ts';
import { type PendingAccept, type Socket, wskState } from './state.ts';
import { ntstatus } from './status.ts';
import { onWire } from './wire.ts';

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
  if (socket.state !== 'listening') return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_DEVICE_STATE'));
  const accept: PendingAccept = {
    request: request.id,
    context: given.pointer(2),
    dispatch: given.pointer(3),
    localAddress: given.pointer(4),
    remoteAddress: given.pointer(5),
  };
  const result = pend(kernel, request);
  const waiting = takeFromBacklog(kernel, socket);
  if (waiting === undefined) socket.accepts.push(accept);
  else completeAccept(kernel, socket, accept, waiting);
  return result;
};

const WskInspectComplete: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const action = call.arguments.int(2);
  const accepts = action === kernel.types.constant('WskInspectAccept');
  if (!accepts && action !== kernel.types.constant('WskInspectReject')) {
    return refuse(kernel, request, {
      rule: 'inspect-action',
      message: 'WskInspectComplete takes WskInspectAccept or WskInspectReject.',
      docRules: ['R40'],
    });
  }
  const id = kernel.view('WSK_INSPECT_ID', call.arguments.pointer(1));
  const serial = id.getNumber('SerialNumber');
  const state = wskState(kernel);
  const held = state.inspections.get(serial);
  // A connection that went away meanwhile has been reported through WskAbortEvent.
  if (held?.socket === socket.id) endInspection(kernel, serial, accepts);
  const status = held?.socket === socket.id ? 'STATUS_SUCCESS' : 'STATUS_NOT_FOUND';
  return settle(kernel, request, { status: ntstatus(kernel, status) });
};

export const acceptApis = { WskAccept, WskInspectComplete };

/** A connection has arrived at a listener. */
export function arrival(kernel: Kernel, listener: Socket): NativeResult {
  const accept = listener.accepts[0];
  if (accept !== undefined) {
    const side = takeFromBacklog(kernel, listener);
    if (side === undefined) return returnsVoid;
    listener.accepts.shift();
    completeAccept(kernel, listener, accept, side);
    return returnsVoid;
  }
  return offerConnection(kernel, listener);
}

/** Calls WskAcceptEvent for the oldest connection of the backlog, if that event is enabled. */
export function offerConnection(kernel: Kernel, listener: Socket): NativeResult {
  const target = callbackOf(kernel, listener, 'WSK_EVENT_ACCEPT');
  if (listener.state !== 'listening' || target === 0n || !isEventEnabled(kernel, listener, 'WSK_EVENT_ACCEPT')) {
    return returnsVoid;
  }
  const side = takeFromBacklog(kernel, listener);
  if (side === undefined) return returnsVoid;
  const socket = makeConnection(kernel, listener, side, NULL_ADDRESS, NULL_ADDRESS, 'WskAcceptEvent');
  if (socket === undefined) {
    onWire(kernel, (network) => abort(network, side));
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
    onReturn: { name: 'wsk.acceptEventReturned', state: { accepted: socket.id, contextOut, dispatchOut } },
  });
}

const acceptEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  const contextOut = state.contextOut as GuestAddress;
  const dispatchOut = state.dispatchOut as GuestAddress;
  const socket = socketById(kernel, state.accepted as number);
  const status = Number(BigInt.asIntN(32, value));
  const isAccepted = status === ntstatus(kernel, 'STATUS_SUCCESS');
  if (isAccepted && (kernel.memory.isPoisoned(contextOut) || kernel.memory.isPoisoned(dispatchOut))) {
    kernel.report({
      rule: 'accept-event-outputs',
      severity: 'warning',
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
      reportReturn(kernel, 'WskAcceptEvent', value, 'STATUS_SUCCESS or STATUS_REQUEST_NOT_ACCEPTED');
    }
    dropConnection(kernel, socket);
    return returnsVoid;
  }
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'accepted', detail: 'by WskAcceptEvent' });
  // What arrived while the callback ran has had nobody to tell.
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (side !== undefined && (side.receivedLength > 0 || side.finReceived)) {
    onWire(kernel, (network) => network.indications.push({ kind: 'data', socket: socket.id }));
  }
  return returnsVoid;
};

/** A connection under SO_CONDITIONAL_ACCEPT waits for its answer. */
export function inspect(kernel: Kernel, listener: Socket, side: number): NativeResult {
  const target = clientCallback(
    kernel,
    listenDispatch(kernel, listener),
    'WSK_CLIENT_LISTEN_DISPATCH',
    'WskInspectEvent',
  );
  const serial = wskState(kernel).nextId++;
  wskState(kernel).inspections.set(serial, { socket: listener.id, side });
  if (target === 0n || !isOptionSet(listener, 'SO_CONDITIONAL_ACCEPT')) {
    kernel.report({
      rule: 'inspect-event-missing',
      severity: 'warning',
      message: `Socket #${listener.id} has SO_CONDITIONAL_ACCEPT, but no WskInspectEvent: the connection is rejected.`,
      docRules: ['R78'],
      span: listener.createdAt,
    });
    endInspection(kernel, serial, false);
    return returnsVoid;
  }
  const held = wskState(kernel).network.sides.get(side);
  if (held === undefined) return returnsVoid;
  const { local, remote } = endpointsOf(kernel, listener, held);
  const localAddress = newSockAddr(kernel, local, 'LocalAddress of WskInspectEvent');
  const remoteAddress = newSockAddr(kernel, remote, 'RemoteAddress of WskInspectEvent');
  const id = newBytes(kernel, inspectIdBytes(kernel, BigInt(side), serial), 'InspectID of WskInspectEvent');
  return callEvent(listener, {
    member: 'WskInspectEvent',
    target,
    arguments: [listener.context, localAddress, remoteAddress, id],
    scratch: [localAddress, remoteAddress, id],
    onReturn: { name: 'wsk.inspectEventReturned', state: { serial } },
  });
}

const inspectEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  endEvent(kernel, state);
  const action = Number(BigInt.asIntN(32, value));
  const { types } = kernel;
  if (action === types.constant('WskInspectPend')) return returnsVoid;
  const accepts = action === types.constant('WskInspectAccept');
  if (!accepts && action !== types.constant('WskInspectReject')) {
    reportReturn(kernel, 'WskInspectEvent', value, 'WskInspectAccept, WskInspectReject or WskInspectPend');
  }
  endInspection(kernel, state.serial as number, accepts);
  return returnsVoid;
};

/** A connection went away before the driver had decided. */
export function inspectAbort(kernel: Kernel, listener: Socket, side: number): NativeResult {
  const state = wskState(kernel);
  const found = [...state.inspections].find(([, held]) => held.side === side);
  if (found === undefined) return returnsVoid;
  const [serial] = found;
  state.inspections.delete(serial);
  const target = clientCallback(
    kernel,
    listenDispatch(kernel, listener),
    'WSK_CLIENT_LISTEN_DISPATCH',
    'WskAbortEvent',
  );
  if (target === 0n) return returnsVoid;
  const id = newBytes(kernel, inspectIdBytes(kernel, BigInt(side), serial), 'InspectID of WskAbortEvent');
  return callEvent(listener, {
    member: 'WskAbortEvent',
    target,
    arguments: [listener.context, id],
    scratch: [id],
    onReturn: { name: 'wsk.abortEventReturned', state: {} },
  });
}

const abortEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  endEvent(kernel, state);
  if (Number(BigInt.asIntN(32, value)) !== 0) reportReturn(kernel, 'WskAbortEvent', value, 'STATUS_SUCCESS');
  return returnsVoid;
};

export const acceptContinuations = {
  'wsk.acceptEventReturned': acceptEventReturned,
  'wsk.inspectEventReturned': inspectEventReturned,
  'wsk.abortEventReturned': abortEventReturned,
};

function completeAccept(kernel: Kernel, listener: Socket, accept: PendingAccept, side: Side): void {
  const request = requestOf(kernel, accept.request);
  if (request === undefined) return;
  const socket = makeConnection(kernel, listener, side, accept.context, accept.dispatch, 'WskAccept');
  if (socket === undefined) {
    onWire(kernel, (network) => abort(network, side));
    finish(kernel, request, { status: ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES') });
    return;
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
  finish(kernel, request, {
    status: ntstatus(kernel, 'STATUS_SUCCESS'),
    information: socket.region.start,
    writes,
  });
}

function makeConnection(
  kernel: Kernel,
  listener: Socket,
  side: Side,
  context: GuestAddress,
  dispatch: GuestAddress,
  createdBy: string,
): Socket | undefined {
  const socket = createSocket(kernel, registrationOf(kernel, listener), {
    category: 'connection',
    family: listener.family,
    type: 'stream',
    protocol: listener.protocol,
    context,
    dispatch,
    createdBy,
    createdAt: wskState(kernel).requests.get(listener.accepts[0]?.request ?? -1)?.issuedAt ?? listener.createdAt,
  });
  if (socket === undefined) return undefined;
  inheritOptions(listener, socket);
  // Connection events that were enabled on the listener are for sockets that its WskAcceptEvent accepts.
  if (createdBy === 'WskAcceptEvent') socket.events |= listener.events;
  const { local, remote } = endpointsOf(kernel, listener, side);
  socket.state = 'connected';
  socket.role = 'connection';
  socket.local = local;
  socket.remote = remote;
  socket.side = side.id;
  socket.inspectId = wskState(kernel).inspected.get(side.id);
  side.owner = { kind: 'socket', id: socket.id };
  side.window = optionValue(socket, 'SO_RCVBUF');
  if (side.wasReset) socket.isReset = true;
  return socket;
}

/** The driver did not want a connection that WskAcceptEvent showed it. */
function dropConnection(kernel: Kernel, socket: Socket): void {
  const state = wskState(kernel);
  onWire(kernel, (network) => {
    const side = network.sides.get(socket.side ?? -1);
    if (side === undefined) return;
    side.owner = undefined;
    abort(network, side);
  });
  socket.state = 'closed';
  state.socketAt.delete(socket.region.start);
  kernel.memory.free(socket.region);
}

function takeFromBacklog(kernel: Kernel, listener: Socket): Side | undefined {
  const { network } = wskState(kernel);
  const id = network.bindings.get(listener.binding ?? -1)?.backlog.shift();
  return id === undefined ? undefined : network.sides.get(id);
}

/** Answers a held connection. */
function endInspection(kernel: Kernel, serial: number, isAccepted: boolean): void {
  const state = wskState(kernel);
  const held = state.inspections.get(serial);
  state.inspections.delete(serial);
  if (held !== undefined && isAccepted) state.inspected.set(held.side, { key: BigInt(held.side), serial });
  onWire(kernel, (network) => {
    const side = network.sides.get(held?.side ?? -1);
    if (side !== undefined) inspected(network, side, isAccepted);
  });
}

/** Both ends as the listener sees them: IPv4 ones are mapped for a dual IPv6 socket. */
function endpointsOf(kernel: Kernel, listener: Socket, side: Side): { local: Endpoint; remote: Endpoint } {
  const binding = wskState(kernel).network.bindings.get(listener.binding ?? -1);
  const seen = (endpoint: Endpoint): Endpoint => (binding === undefined ? endpoint : seenBy(binding, endpoint));
  return { local: seen(side.local), remote: seen(side.remote) };
}

function inspectIdBytes(kernel: Kernel, key: bigint, serial: number): Uint8Array {
  const bytes = new Uint8Array(kernel.types.sizeOf('WSK_INSPECT_ID'));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(kernel.types.offsetOf('WSK_INSPECT_ID', 'Key'), key, true);
  view.setUint32(kernel.types.offsetOf('WSK_INSPECT_ID', 'SerialNumber'), serial, true);
  return bytes;
}
