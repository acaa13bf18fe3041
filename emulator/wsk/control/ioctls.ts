/** The socket IOCTLs of WskControlSocket: one function each, found by name in one table. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { familyOf, isLoopback } from '../../net/address.ts';
import { readSockAddr, sockAddrBytes, sockAddrSize } from '../sockaddr.ts';
import { type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import type { Control, ControlResult } from './control-types.ts';
import { type IoctlName, ioctlName, unemulatedIoctl } from './ioctl-codes.ts';
import { setKeepAliveValues } from './keep-alive.ts';

type Ioctl = (kernel: Kernel, socket: Socket, control: Control) => ControlResult;

export function performIoctl(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  const name = ioctlName(kernel, control.code);
  if (name === undefined) {
    const known = unemulatedIoctl(kernel, control.code);
    // A code that no transport knows.
    if (known === undefined) return status(kernel, 'STATUS_INVALID_DEVICE_REQUEST');
    const message = `WskControlSocket with ${known} is not emulated yet.`;
    return { kind: 'stop', result: kernel.report({ rule: 'not-emulated', severity: 'error', message }) };
  }
  // Each of these either needs an IRP or must have none.
  if (withoutIrp.includes(name) === control.hasIrp) return status(kernel, 'STATUS_INVALID_PARAMETER');
  return ioctls[name](kernel, socket, control);
}

const withoutIrp: readonly IoctlName[] = [
  'SIO_ADDRESS_LIST_QUERY',
  'SIO_WSK_QUERY_INSPECT_ID',
  'SIO_WSK_REGISTER_EXTENSION',
];

const ioctls: Readonly<Record<IoctlName, Ioctl>> = {
  SIO_ADDRESS_LIST_QUERY: addressListQuery,
  SIO_ADDRESS_LIST_SORT: addressListSort,
  // It waits until the scenario changes the addresses of the machine, or until it is cancelled.
  SIO_ADDRESS_LIST_CHANGE: () => ({ kind: 'pends' }),
  SIO_WSK_SET_REMOTE_ADDRESS: (kernel, socket, control) => setFixedAddress(kernel, socket, control, 'fixedRemote'),
  SIO_WSK_SET_SENDTO_ADDRESS: (kernel, socket, control) => setFixedAddress(kernel, socket, control, 'fixedSendTo'),
  // No extension exists that a client could ask for.
  SIO_WSK_REGISTER_EXTENSION: (kernel) => status(kernel, 'STATUS_NOT_SUPPORTED'),
  SIO_WSK_QUERY_IDEAL_SEND_BACKLOG: (kernel, socket, control) =>
    connectionSize(kernel, socket, control, socket.idealBacklog),
  SIO_WSK_QUERY_RECEIVE_BACKLOG: (kernel, socket, control) =>
    connectionSize(kernel, socket, control, wskState(kernel).network.sides.get(socket.side ?? -1)?.receivedLength ?? 0),
  SIO_WSK_QUERY_INSPECT_ID: queryInspectId,
  SIO_WSK_SET_TCP_SILENT_MODE: setSilent,
  SIO_KEEPALIVE_VALS: setKeepAliveValues,
  SIO_UDP_CONNRESET: reportUnreachable,
  SIO_LOOPBACK_FAST_PATH: loopbackFastPath,
  // Nothing redirects connections here.
  SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS: (kernel) => status(kernel, 'STATUS_NOT_FOUND'),
  SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT: (kernel) => status(kernel, 'STATUS_NOT_FOUND'),
  SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS: (kernel) => status(kernel, 'STATUS_NOT_SUPPORTED'),
};

/** SOCKET_ADDRESS_LIST with the addresses of the socket's family, each SOCKADDR behind the list. */
function addressListQuery(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  const { types } = kernel;
  const hosts = wskState(kernel).network.ownHosts.filter(
    (host) => familyOf(host) === socket.family && host !== '127.0.0.1' && host !== '::1',
  );
  const addresses = hosts.map((host) => sockAddrBytes(kernel, { host, port: 0 }));
  const entry = types.sizeOf('SOCKET_ADDRESS');
  const listAt = types.offsetOf('SOCKET_ADDRESS_LIST', 'Address');
  const dataAt = listAt + entry * addresses.length;
  const needed = dataAt + addresses.reduce((sum, bytes) => sum + bytes.length, 0);
  if (control.output === 0n || control.outputSize < needed) {
    return { kind: 'status', status: ntstatus(kernel, 'STATUS_BUFFER_OVERFLOW'), needed };
  }
  const output = new Uint8Array(needed);
  const view = new DataView(output.buffer);
  view.setUint32(0, addresses.length, true);
  let at = dataAt;
  for (const [index, bytes] of addresses.entries()) {
    output.set(bytes, at);
    const place = listAt + index * entry;
    view.setBigUint64(place + types.offsetOf('SOCKET_ADDRESS', 'lpSockaddr'), control.output + BigInt(at), true);
    view.setUint32(place + types.offsetOf('SOCKET_ADDRESS', 'iSockaddrLength'), bytes.length, true);
    at += bytes.length;
  }
  return { kind: 'done', output };
}

/** Every address of this machine is as good as every other: the list comes back as it was given. */
function addressListSort(kernel: Kernel, _socket: Socket, control: Control): ControlResult {
  const { inputSize } = control;
  if (control.input === 0n || inputSize < kernel.types.offsetOf('SOCKET_ADDRESS_LIST', 'Address')) {
    return status(kernel, 'STATUS_INVALID_PARAMETER');
  }
  if (control.output === 0n || control.outputSize < inputSize) {
    return { kind: 'status', status: ntstatus(kernel, 'STATUS_BUFFER_OVERFLOW'), needed: inputSize };
  }
  return { kind: 'done', output: kernel.memory.readBytes(control.input, inputSize) };
}

function setFixedAddress(
  kernel: Kernel,
  socket: Socket,
  control: Control,
  which: 'fixedRemote' | 'fixedSendTo',
): ControlResult {
  if (socket.category !== 'datagram') return status(kernel, 'STATUS_INVALID_DEVICE_REQUEST');
  if (socket.local === undefined) {
    return {
      kind: 'complaint',
      complaint: {
        rule: 'option-order',
        message: 'SIO_WSK_SET_REMOTE_ADDRESS and SIO_WSK_SET_SENDTO_ADDRESS come after WskBind.',
        docRules: ['R70'],
      },
      status: 'STATUS_INVALID_DEVICE_STATE',
    };
  }
  if (control.inputSize === 0 && control.input === 0n) {
    socket[which] = undefined;
    return { kind: 'done' };
  }
  if (control.input === 0n || control.inputSize < sockAddrSize(kernel, socket.family)) {
    return status(kernel, 'STATUS_INVALID_PARAMETER');
  }
  const address = readSockAddr(kernel, control.input);
  if (!('family' in address) || address.family !== socket.family) return status(kernel, 'STATUS_INVALID_PARAMETER');
  socket[which] = address.endpoint;
  return { kind: 'done' };
}

function connectionSize(kernel: Kernel, socket: Socket, control: Control, value: number): ControlResult {
  if (socket.state !== 'connected' && socket.state !== 'disconnected') {
    return status(kernel, 'STATUS_INVALID_DEVICE_STATE');
  }
  if (control.output === 0n || control.outputSize < 8) return status(kernel, 'STATUS_INVALID_PARAMETER');
  const output = new Uint8Array(8);
  new DataView(output.buffer).setBigUint64(0, BigInt(value), true);
  return { kind: 'done', output };
}

function queryInspectId(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  if (socket.inspectId === undefined) return status(kernel, 'STATUS_INVALID_DEVICE_REQUEST');
  const size = kernel.types.sizeOf('WSK_INSPECT_ID');
  if (control.output === 0n || control.outputSize < size) {
    return { kind: 'status', status: ntstatus(kernel, 'STATUS_BUFFER_OVERFLOW'), needed: size };
  }
  const output = new Uint8Array(size);
  const view = new DataView(output.buffer);
  view.setBigUint64(kernel.types.offsetOf('WSK_INSPECT_ID', 'Key'), socket.inspectId.key, true);
  view.setUint32(kernel.types.offsetOf('WSK_INSPECT_ID', 'SerialNumber'), socket.inspectId.serial, true);
  return { kind: 'done', output };
}

/** From here on the connection sends nothing, not even when it is closed. */
function setSilent(kernel: Kernel, socket: Socket): ControlResult {
  const isBusy = socket.sendBacklog > 0 || socket.disconnectRequests.length > 0;
  if (socket.state !== 'connected' || isBusy || socket.isReset) return status(kernel, 'STATUS_INVALID_DEVICE_STATE');
  if (isLoopback(socket.remote?.host ?? '')) return status(kernel, 'STATUS_NOT_SUPPORTED');
  socket.isSilent = true;
  return { kind: 'done' };
}

/** Deprecated, and without a difference on this wire: it is checked and accepted. */
function loopbackFastPath(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  if (socket.type !== 'stream' || socket.state === 'connected') return status(kernel, 'STATUS_NOT_SUPPORTED');
  return control.input === 0n || control.inputSize < 4
    ? status(kernel, 'STATUS_INVALID_BUFFER_SIZE')
    : { kind: 'done' };
}

/** Whether datagrams that found no receiver fail a receive: nobody says so on this wire, so that it makes no difference. */
function reportUnreachable(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  if (socket.type !== 'datagram') return status(kernel, 'STATUS_INVALID_DEVICE_REQUEST');
  return control.input === 0n || control.inputSize < 4
    ? status(kernel, 'STATUS_INVALID_BUFFER_SIZE')
    : { kind: 'done' };
}

function status(kernel: Kernel, name: `STATUS_${string}`): ControlResult {
  return { kind: 'status', status: ntstatus(kernel, name) };
}
