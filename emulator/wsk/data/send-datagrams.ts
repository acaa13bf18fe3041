/** WskSendTo and WskSendMessages: one datagram, or a chain of them, from a socket to an address. */
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { type Endpoint, isBroadcast } from '../../net/address.ts';
import { datagramBytesMax, sendDatagram } from '../../net/udp.ts';
import { isOptionSet } from '../control/options.ts';
import { begin, failNow, lendToo, type Settlement, settle } from '../requests.ts';
import { readSockAddr } from '../sockaddr.ts';
import { reservedFlags, wrongFamily } from '../sockets/bind.ts';
import { refuse } from '../sockets/create-socket.ts';
import { socketOf } from '../sockets/sockets.ts';
import { isNowhere, sourceTowards } from '../sockets/source-address.ts';
import { refuseUnbound } from '../sockets/too-early.ts';
import { type Request, type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { maySendFrom, readControl } from './control-info.ts';
import { sendRaw } from './raw.ts';
import { gather, readWskBuf } from './wsk-buf.ts';

/** A WSK_BUF_LIST that is longer than this runs in a circle. */
const MESSAGES_MAX = 65_536;

const WskSendTo: Api = (kernel, call) => {
  const prepared = prepareSend(kernel, call, 'WskSendTo');
  if ('kind' in prepared) return prepared;
  const { request } = prepared;
  const buffer = readWskBuf(kernel, call.arguments.pointer(1), 'WskSendTo');
  if ('kind' in buffer) return buffer;
  lendToo(request, buffer.lent);
  return transmit(kernel, prepared, [gather(kernel, buffer)]);
};

const WskSendMessages: Api = (kernel, call) => {
  const prepared = prepareSend(kernel, call, 'WskSendMessages');
  if ('kind' in prepared) return prepared;
  const { request } = prepared;
  const messages: Uint8Array[] = [];
  const { types } = kernel;
  if (call.arguments.pointer(1) === 0n) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  for (let at = call.arguments.pointer(1); at !== 0n; ) {
    if (messages.length === MESSAGES_MAX) return circularList(kernel);
    const place = (at + BigInt(types.offsetOf('WSK_BUF_LIST', 'Buffer'))) as GuestAddress;
    const buffer = readWskBuf(kernel, place, 'WskSendMessages');
    if ('kind' in buffer) return buffer;
    lendToo(request, buffer.lent);
    messages.push(gather(kernel, buffer));
    at = kernel.view('WSK_BUF_LIST', at).getPointer('Next');
  }
  return transmit(kernel, prepared, messages);
};

export const datagramSendApis = { WskSendTo, WskSendMessages };

interface PreparedSend {
  readonly socket: Socket;
  readonly request: Request;
  readonly remote: Endpoint;
  /** The address that the control information wants as the source. */
  readonly source: string | undefined;
}

/** What WskSendTo and WskSendMessages check alike. */
function prepareSend(kernel: Kernel, call: NativeCall, name: string): PreparedSend | NativeResult {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const given = call.arguments;
  const remoteAddress = given.pointer(3);
  // The address is read now; of what is given, Microsoft's page wants the data and ControlInfo to last.
  const begun = begin(kernel, call, {
    irpIndex: 6,
    socket,
    buffers: [lend(kernel, 'ControlInfo', given.pointer(5), given.uint(4))],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (given.uint(2) !== 0) return refuse(kernel, request, reservedFlags(name));
  if ((given.uint(4) === 0) !== (given.pointer(5) === 0n)) {
    return refuse(kernel, request, {
      rule: 'control-info',
      message: `${name}: ControlInfoLength and ControlInfo go together: both zero, or neither.`,
      docRules: ['R44'],
    });
  }
  if (socket.local === undefined) return refuseUnbound(kernel, request, socket);
  const control = readControl(kernel, given.pointer(5), given.uint(4));
  if (control === undefined) return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const { source } = control;
  if (source !== undefined && !maySendFrom(socket.local, source, wskState(kernel).network.ownHosts)) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_ADDRESS_COMPONENT'));
  }
  let remote = socket.fixedRemote ?? socket.fixedSendTo;
  if (remoteAddress !== 0n) {
    const read = readSockAddr(kernel, remoteAddress);
    if (!('family' in read) || read.family !== socket.family) return refuse(kernel, request, wrongFamily(name, socket));
    remote = read.endpoint;
  }
  if (remote === undefined) {
    return refuse(kernel, request, {
      rule: 'send-to-address',
      message: `${name} was given no RemoteAddress, and none was set with SIO_WSK_SET_REMOTE_ADDRESS or SIO_WSK_SET_SENDTO_ADDRESS.`,
      docRules: ['R43'],
    });
  }
  if (isBroadcast(remote.host) && !isOptionSet(socket, 'SO_BROADCAST')) {
    return refuse(
      kernel,
      request,
      {
        rule: 'send-to-address',
        message: `${name} is to send to the broadcast address ${remote.host}, but SO_BROADCAST is not set on the socket: broadcasts are not allowed unless it is.`,
        docRules: ['R50'],
      },
      'STATUS_ACCESS_DENIED',
    );
  }
  return { socket, request, remote, source };
}

function circularList(kernel: Kernel): NativeResult {
  return kernel.report({
    rule: 'wsk-buf-beyond-mdl',
    severity: 'error',
    message: `WskSendMessages was given a chain of more than ${MESSAGES_MAX} buffers: it runs in a circle.`,
    docRules: ['R45'],
  });
}

function transmit(kernel: Kernel, prepared: PreparedSend, messages: readonly Uint8Array[]): NativeResult {
  const { socket, request, remote, source } = prepared;
  if (messages.some((bytes) => bytes.length > datagramBytesMax(remote.host))) {
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_BUFFER_SIZE'));
  }
  const local = socket.local as Endpoint;
  if (socket.type !== 'raw' && isNowhere(remote))
    return failNow(kernel, request, ntstatus(kernel, 'STATUS_INVALID_ADDRESS_COMPONENT'));
  const host = source ?? sourceTowards(kernel, socket, remote.host);
  if (host === undefined) return settle(kernel, request, { status: ntstatus(kernel, 'STATUS_NETWORK_UNREACHABLE') });
  const from = { host, port: local.port };
  if (socket.type === 'raw') for (const bytes of messages) sendRaw(kernel, socket, from, remote, bytes);
  else {
    onWire(kernel, (network) => {
      for (const bytes of messages) sendDatagram(network, from, remote, bytes);
    });
  }
  const length = messages.reduce((sum, bytes) => sum + bytes.length, 0);
  const settlement: Settlement = { status: ntstatus(kernel, 'STATUS_SUCCESS'), information: BigInt(length) };
  return settle(kernel, request, settlement, { mayBeInline: true });
}
