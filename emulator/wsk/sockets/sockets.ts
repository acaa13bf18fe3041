/**
 * Socket objects: making them, finding the one that a call names, and the checks that every socket call shares.
 *
 * A WSK_SOCKET is one pointer in guest memory, to the dispatch table of the socket's category. Everything else that
 * WSK knows of it lives in `Socket`. The object's memory goes away when the close completes, so that a driver that
 * still reads `Socket->Dispatch` is caught by the memory itself.
 */

import { defined } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import { allocateObject } from '../../kernel/index.ts';
import type { Kernel, RunFinding } from '../../kernel/kernel-types.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS } from '../../machine/native.ts';
import { categoryFunctions } from '../client/tables.ts';
import { type Registration, type Socket, socketText, type WskState, wskState } from '../state.ts';

/** The ideal send backlog of an idle connection. */
const IDEAL_SEND_BACKLOG = 65_536;

/** Number of arguments of each socket function: a call through another category's table rarely has as many. */
const argumentCounts: Readonly<Record<string, number>> = {
  WskControlSocket: 10,
  WskCloseSocket: 2,
  WskBind: 4,
  WskAccept: 7,
  WskInspectComplete: 4,
  WskGetLocalAddress: 3,
  WskGetRemoteAddress: 3,
  WskListen: 2,
  WskConnect: 4,
  WskConnectEx: 5,
  WskSend: 4,
  WskReceive: 4,
  WskDisconnect: 4,
  WskRelease: 2,
  WskSendTo: 7,
  WskSendMessages: 7,
  WskReceiveFrom: 8,
  WskSendEx: 6,
  WskReceiveEx: 7,
};

/** The socket that a call's first argument names, or the finding that it is none that may be used so. */
export function socketOf(kernel: Kernel, call: NativeCall): Socket | NativeResult {
  const { count } = call.arguments;
  const wanted = argumentCounts[call.name];
  if (wanted !== undefined && count !== wanted) {
    return kernel.report({
      rule: 'socket-table',
      severity: 'error',
      message: `${call.name} was called with ${count} arguments instead of ${wanted}: Socket->Dispatch was read through the dispatch table of another socket category.`,
      docRules: ['R66'],
    });
  }
  const address = call.arguments.pointer(0);
  const state = wskState(kernel);
  const meant = memberOf(state, call.site.span);
  if (meant !== undefined && meant !== call.name) {
    return kernel.report({
      rule: 'socket-table',
      severity: 'error',
      message: `This calls ${call.name}, and not ${meant}: Socket->Dispatch was read through the dispatch table of another socket category, in which ${meant} stands at that place.`,
      docRules: ['R66'],
    });
  }
  const socket = state.sockets.get(state.socketAt.get(address) ?? -1);
  if (socket === undefined) {
    return kernel.report({
      rule: 'not-a-socket',
      severity: 'error',
      message: `${call.name} was given ${address === 0n ? 'NULL' : 'an address that is no WSK_SOCKET'} as its socket.`,
    });
  }
  if (socket.state === 'closing' || socket.state === 'closed') {
    return kernel.report({
      rule: 'socket-after-close',
      severity: 'error',
      message: `${call.name} was called on socket #${socket.id} after WskCloseSocket: nothing may use a socket once its close has begun.`,
      docRules: ['R72'],
      history: closeHistory(kernel, socket),
    });
  }
  if (!categoryFunctions[socket.category].includes(call.name)) {
    return kernel.report({
      rule: 'socket-table',
      severity: 'error',
      message: `${call.name} was called on ${socketText(socket)}: a ${socket.category} socket has no such function.`,
      docRules: [socket.category === 'basic' && call.name === 'WskBind' ? 'R67' : 'R66'],
    });
  }
  return socket;
}

/** The socket function that the text of a call names as a member of a table; undefined where it names none. */
function memberOf({ membersCalled }: WskState, span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  let member = membersCalled.get(span);
  if (member === undefined) {
    const name = outermostMember(span.file.text.slice(span.start, span.end));
    member = argumentCounts[name] === undefined ? '' : name;
    membersCalled.set(span, member);
  }
  return member === '' ? undefined : member;
}

/** "WskSend" of "C(s)->WskSend(s, &b, 0, irp)"; a macro's arguments tell nothing of what the macro calls. */
function outermostMember(text: string): string {
  const called = /^(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*?(?:->|\.)\s*(Wsk\w+)\s*\(/.exec(text);
  return called?.[1] ?? '';
}

/** Makes a socket object; undefined when guest memory is used up. */
export function createSocket(
  kernel: Kernel,
  registration: Registration,
  given: Pick<Socket, 'category' | 'family' | 'type' | 'protocol' | 'context' | 'dispatch' | 'createdBy' | 'createdAt'>,
): Socket | undefined {
  const state = wskState(kernel);
  const id = state.nextSocket;
  const region = allocateObject(kernel, kernel.types.sizeOf('WSK_SOCKET'), `WSK socket #${id}`);
  if (region === undefined) return undefined;
  state.nextSocket++;
  kernel
    .view('WSK_SOCKET', region.start)
    .set('Dispatch', defined(state.socketTables, 'the dispatch tables')[given.category]);
  region.isReadOnly = true;
  // Written out, and with all that it may ever have: an object that begins as a copy, and gets so much more, is a hash
  // table to V8.
  const socket: Socket = {
    category: given.category,
    family: given.family,
    type: given.type,
    protocol: given.protocol,
    context: given.context,
    dispatch: given.dispatch,
    createdBy: given.createdBy,
    createdAt: given.createdAt,
    told: undefined,
    id,
    region,
    registration: registration.id,
    state: 'created',
    closedAt: undefined,
    options: new Map(),
    security: NULL_ADDRESS,
    events: registration.staticEvents,
    staticEvents: registration.staticEvents,
    local: undefined,
    remote: undefined,
    fixedRemote: undefined,
    fixedSendTo: undefined,
    role: undefined,
    binding: undefined,
    side: undefined,
    inspectId: undefined,
    accepts: [],
    receives: [],
    receivesAfterEnd: 0,
    receivesFrom: [],
    connectRequest: undefined,
    disconnectRequests: [],
    datagrams: [],
    retained: [],
    indicated: [],
    orders: new Map(),
    outstanding: 0,
    closeRequest: undefined,
    callbacks: 0,
    calling: undefined,
    running: [],
    disabling: [],
    isIndicating: false,
    sendBacklog: 0,
    idealBacklog: IDEAL_SEND_BACKLOG,
    isReceiveEventHeld: false,
    hasToldFin: false,
    isReset: false,
    resetStatus: 'STATUS_CONNECTION_RESET',
    untoldReset: undefined,
    isSilent: false,
    isForcedClosed: false,
  };
  registration.socketsCreated++;
  state.sockets.set(id, socket);
  state.socketAt.set(region.start, id);
  return socket;
}

export function socketById(kernel: Kernel, id: number): Socket {
  return defined(wskState(kernel).sockets.get(id), 'a socket by its number');
}

export function registrationOf(kernel: Kernel, socket: Socket): Registration {
  return defined(wskState(kernel).registrations.get(socket.registration), 'the registration of a socket');
}

/** A function of the client's dispatch table for a socket; NULL where there is no table. */
export function clientCallback(kernel: Kernel, table: GuestAddress, type: string, member: string): GuestAddress {
  return table === 0n ? NULL_ADDRESS : kernel.view(type, table).getPointer(member);
}

/** Where a listening or stream socket's listener callbacks stand. */
export function listenDispatch(kernel: Kernel, socket: Socket): GuestAddress {
  return socket.category === 'stream' && socket.dispatch !== 0n
    ? kernel.view('WSK_CLIENT_STREAM_DISPATCH', socket.dispatch).getPointer('Listen')
    : socket.dispatch;
}

/** Where a connection's callbacks stand. */
export function connectionDispatch(kernel: Kernel, socket: Socket): GuestAddress {
  return socket.category === 'stream' && socket.dispatch !== 0n
    ? kernel.view('WSK_CLIENT_STREAM_DISPATCH', socket.dispatch).getPointer('Connect')
    : socket.dispatch;
}

function closeHistory(kernel: Kernel, socket: Socket): RunFinding['history'] {
  const { statements } = kernel.machine;
  const created = {
    what: `socket #${socket.id} was created by ${socket.createdBy}`,
    span: socket.createdAt,
    statements,
  };
  return [created, { what: 'WskCloseSocket was called', span: socket.closedAt, statements }];
}
