/**
 * WskConnect, WskConnectEx and WskSocketConnect: from a bound socket to a connection. A socket that is not bound is
 * told so by the return value, and its IRP completes all the same.
 */
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import { type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { type Endpoint, endpointText } from '../../net/address.ts';
import { unbind } from '../../net/binding.ts';
import type { Indication } from '../../net/network.ts';
import { abort, connect, disown, send, setKeepAlive } from '../../net/tcp.ts';
import { clientOf } from '../client/clients.ts';
import { keepAliveOf } from '../control/keep-alive.ts';
import { optionValue } from '../control/options.ts';
import { gather, readWskBuf, type WskBuffer } from '../data/wsk-buf.ts';
import { begin, failNow, finish, lendToo, pend, requestOf, withoutIrp } from '../requests.ts';
import { readSockAddr } from '../sockaddr.ts';
import { bindSocket, bindStatus, reservedFlags, wrongFamily } from '../sockets/bind.ts';
import { isCached, notCached, refuse } from '../sockets/create-socket.ts';
import { socketOf } from '../sockets/sockets.ts';
import { isNowhere, sourceTowards } from '../sockets/source-address.ts';
import { refuseUnbound } from '../sockets/too-early.ts';
import { type Request, type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { createConnectionSocket } from './create-connection.ts';

const WskConnect: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 3, socket });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (call.arguments.uint(2) !== 0) return refuse(kernel, request, reservedFlags('WskConnect'));
  return startConnect(kernel, request, socket, call.arguments.pointer(1), undefined);
};

/** The most that WskConnectEx sends along. */
const CONNECT_BUFFER_MAX = 65_535;

const WskConnectEx: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 4, socket });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (call.arguments.uint(3) !== 0) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const address = call.arguments.pointer(2);
  if (address === 0n) return startConnect(kernel, request, socket, call.arguments.pointer(1), undefined);
  const buffer = readWskBuf(kernel, address, 'WskConnectEx');
  if ('kind' in buffer) return buffer;
  if (buffer.length > CONNECT_BUFFER_MAX) return failNow(kernel, request, ntstatus(kernel, 'STATUS_BUFFER_OVERFLOW'));
  lendToo(request, buffer.lent);
  return startConnect(kernel, request, socket, call.arguments.pointer(1), buffer);
};

const WskSocketConnect: Api = (kernel, call) => {
  const given = call.arguments;
  if (given.pointer(11) === 0n) return withoutIrp(kernel, call.name);
  const client = clientOf(kernel, call);
  if ('kind' in client) return client;
  const security = given.pointer(10);
  const begun = begin(kernel, call, {
    irpIndex: 11,
    registration: client.id,
    buffers: [lend(kernel, 'SecurityDescriptor', security, 1)],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (given.uint(5) !== 0) return refuse(kernel, request, reservedFlags('WskSocketConnect'));
  if (!isCached(kernel, security)) return refuse(kernel, request, notCached(call.name));
  const local = readSockAddr(kernel, given.pointer(3));
  const remote = readSockAddr(kernel, given.pointer(4));
  if (!('family' in local)) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  if (!('family' in remote) || remote.family !== local.family) {
    return refuse(kernel, request, {
      rule: 'address-family',
      message: 'WskSocketConnect: RemoteAddress is not of the family of LocalAddress.',
      docRules: ['R81'],
    });
  }
  const socket = createConnectionSocket(kernel, client, {
    family: local.family,
    type: given.uint(1) & 0xffff,
    protocol: given.uint(2),
    context: given.pointer(6),
    dispatch: given.pointer(7),
    createdAt: call.site.span,
  });
  if (typeof socket === 'number') return failNow(kernel, request, socket);
  socket.security = security;
  const result = bindSocket(kernel, socket, local);
  if (result.kind !== 'bound') {
    discard(kernel, socket);
    return failNow(kernel, request, bindStatus(kernel, result));
  }
  return startConnect(kernel, request, socket, given.pointer(4), undefined);
};

export const connectApis = { WskConnect, WskConnectEx, WskSocketConnect };

/** The other side has answered. */
export function connected(kernel: Kernel, socket: Socket): NativeResult {
  socket.state = 'connected';
  socket.role = 'connection';
  if (socket.local !== undefined && socket.remote !== undefined) {
    const detail = `${endpointText(socket.local)} to ${endpointText(socket.remote)}`;
    kernel.emit({ kind: 'socket', socket: socket.id, what: 'connected', detail });
  }
  const request = requestOf(kernel, socket.connectRequest ?? -1);
  socket.connectRequest = undefined;
  if (request === undefined) return returnsVoid;
  finish(kernel, request, {
    status: ntstatus(kernel, 'STATUS_SUCCESS'),
    information: request.call === 'WskSocketConnect' ? socket.region.start : 0n,
  });
  return returnsVoid;
}

export function connectFailed(
  kernel: Kernel,
  socket: Socket,
  why: Extract<Indication, { kind: 'connect-failed' }>['why'],
): NativeResult {
  const names = {
    refused: 'STATUS_CONNECTION_REFUSED',
    timeout: 'STATUS_IO_TIMEOUT',
    unreachable: 'STATUS_HOST_UNREACHABLE',
    'network-unreachable': 'STATUS_NETWORK_UNREACHABLE',
    // A connection between the two addresses is not over yet: TIME-WAIT.
    'in-use': 'STATUS_ADDRESS_ALREADY_EXISTS',
  } as const;
  const request = requestOf(kernel, socket.connectRequest ?? -1);
  socket.connectRequest = undefined;
  unconnect(kernel, socket);
  if (request === undefined) return returnsVoid;
  if (request.call === 'WskSocketConnect') discard(kernel, socket);
  finish(kernel, request, { status: ntstatus(kernel, names[why]) });
  return returnsVoid;
}

/** IoCancelIrp on a connect under way: the attempt is given up. */
export function cancelConnect(kernel: Kernel, socket: Socket): void {
  const request = requestOf(kernel, socket.connectRequest ?? -1);
  socket.connectRequest = undefined;
  onWire(kernel, (network) => {
    const side = network.sides.get(socket.side ?? -1);
    if (side === undefined) return;
    abort(network, side);
    disown(network, side);
  });
  unconnect(kernel, socket);
  if (request?.call === 'WskSocketConnect') discard(kernel, socket);
}

/** Back to a bound socket, with the address that it was bound to. */
function unconnect(kernel: Kernel, socket: Socket): void {
  const binding = wskState(kernel).network.bindings.get(socket.binding ?? -1);
  socket.state = 'bound';
  socket.side = undefined;
  socket.remote = undefined;
  if (binding !== undefined) socket.local = { host: binding.host, port: binding.port };
}

function startConnect(
  kernel: Kernel,
  request: Request,
  socket: Socket,
  remoteAddress: GuestAddress,
  buffer: WskBuffer | undefined,
): NativeResult {
  if (socket.state !== 'bound' || socket.local === undefined) {
    return refuseUnbound(kernel, request, socket);
  }
  const remote = readSockAddr(kernel, remoteAddress);
  if (!('family' in remote) || remote.family !== socket.family) {
    return refuse(kernel, request, wrongFamily(request.call, socket));
  }
  if (isNowhere(remote.endpoint)) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_ADDRESS_COMPONENT'));
  const result = pend(kernel, request);
  const source = sourceTowards(kernel, socket, remote.endpoint.host);
  const local: Endpoint = { host: source ?? socket.local.host, port: socket.local.port };
  socket.state = 'connecting';
  socket.role = 'connection';
  socket.local = local;
  socket.remote = remote.endpoint;
  socket.connectRequest = request.id;
  onWire(kernel, (network) => {
    if (source === undefined) {
      network.indications.push({ kind: 'connect-failed', socket: socket.id, why: 'network-unreachable' });
      return;
    }
    const window = optionValue(socket, 'SO_RCVBUF');
    const side = connect(network, { kind: 'socket', id: socket.id }, local, remote.endpoint, window);
    if (side === undefined) {
      network.indications.push({ kind: 'connect-failed', socket: socket.id, why: 'in-use' });
      return;
    }
    socket.side = side.id;
    setKeepAlive(network, side, keepAliveOf(socket));
    // Data that goes along with the connection is sent as soon as the other side has answered.
    if (buffer !== undefined && buffer.length > 0) send(network, side, 0, gather(kernel, buffer));
  });
  return result;
}

/** A socket that WskSocketConnect made and that came to nothing was never the driver's. */
function discard(kernel: Kernel, socket: Socket): void {
  const state = wskState(kernel);
  if (socket.binding !== undefined) unbind(state.network, socket.binding);
  state.socketAt.delete(socket.region.start);
  socket.state = 'closed';
  kernel.memory.free(socket.region);
}
