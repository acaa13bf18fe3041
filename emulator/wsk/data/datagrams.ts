/**
 * Datagrams that arrive: WskReceiveFrom and WskReceiveFromEvent. A datagram that nobody waits for is kept, up
 * to a bound; then the newest are lost, as on a full socket.
 */
import type { Api, ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import { type Endpoint, isBroadcast, isMulticast, unmapped } from '../../net/address.ts';
import { isOptionSet } from '../control/options.ts';
import { callbackOf, isEventEnabled } from '../events/event-control.ts';
import { failSocket } from '../events/event-failure.ts';
import { atDispatch, callbackSpan, callEvent, endEvent, reportReturn } from '../events/events.ts';
import { buildIndications, chooseShape, type IndicationData } from '../events/indications.ts';
import { endIndication } from '../events/release.ts';
import { begin, completeNow, finish, isInline, lendToo, pend, requestOf, type Settlement } from '../requests.ts';
import { sockAddrBytes, sockAddrSize } from '../sockaddr.ts';
import { reservedFlags } from '../sockets/bind.ts';
import { refuse } from '../sockets/create-socket.ts';
import { socketOf } from '../sockets/sockets.ts';
import { refuseUnbound } from '../sockets/too-early.ts';
import { type Datagram, type PendingReceiveFrom, type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { watchAwaited } from './awaited-bytes.ts';
import { controlObjects, joinObjects } from './control-info.ts';
import { readWskBuf, scatter } from './wsk-buf.ts';

const DATAGRAMS_MAX = 256;
/** Datagrams that one callback is given together. */
const LIST_MAX = 4;

const WskReceiveFrom: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const given = call.arguments;
  const hasControl = given.pointer(4) !== 0n && given.pointer(5) !== 0n;
  const controlSize = hasControl ? kernel.memory.readU32(given.pointer(4)) : 0;
  const begun = begin(kernel, call, {
    irpIndex: 7,
    socket,
    buffers: [
      lend(kernel, 'RemoteAddress', given.pointer(3), sockAddrSize(kernel, socket.family)),
      lend(kernel, 'ControlLength', given.pointer(4), 4),
      lend(kernel, 'ControlInfo', given.pointer(5), controlSize),
      lend(kernel, 'ControlFlags', given.pointer(6), 4),
    ],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  if (given.uint(2) !== 0) return refuse(kernel, request, reservedFlags('WskReceiveFrom'));
  if (given.pointer(4) === 0n && given.pointer(5) !== 0n) {
    return refuse(kernel, request, {
      rule: 'control-info',
      message: 'WskReceiveFrom was given ControlInfo without a ControlLength that says how large it is.',
      docRules: ['R44'],
    });
  }
  const buffer = readWskBuf(kernel, given.pointer(1), 'WskReceiveFrom');
  if ('kind' in buffer) return buffer;
  lendToo(request, buffer.lent);
  if (socket.local === undefined) return refuseUnbound(kernel, request, socket);
  const pending: PendingReceiveFrom = {
    request: request.id,
    buffer,
    remoteAddress: given.pointer(3),
    controlLength: given.pointer(4),
    controlInfo: given.pointer(5),
    controlSize,
    controlFlags: given.pointer(6),
  };
  const isThere = socket.datagrams.length > 0 && socket.receivesFrom.length === 0;
  if (isThere && isInline(kernel, request)) {
    return completeNow(kernel, request, settlementOf(kernel, socket, pending, socket.datagrams.shift() as Datagram));
  }
  const result = pend(kernel, request);
  watchAwaited(kernel, request, buffer);
  socket.receivesFrom.push(pending);
  serve(kernel, socket);
  return result;
};

export const datagramReceiveApis = { WskReceiveFrom };

export function datagramArrived(kernel: Kernel, socket: Socket, datagram: Datagram): NativeResult {
  const { fixedRemote } = socket;
  const isStranger =
    fixedRemote !== undefined && (fixedRemote.host !== datagram.from.host || fixedRemote.port !== datagram.from.port);
  const isWanted = !isStranger && !isOwnUnwanted(kernel, socket, datagram);
  if (isWanted && socket.datagrams.length < DATAGRAMS_MAX) socket.datagrams.push(datagram);
  serve(kernel, socket);
  return indicateDatagram(kernel, socket);
}

/** A group's datagram that this machine sent itself. On Windows the option of whoever receives it counts. */
function isOwnUnwanted(kernel: Kernel, socket: Socket, { from, to }: Datagram): boolean {
  const loops = socket.family === 'inet' ? 'IP_MULTICAST_LOOP' : 'IPV6_MULTICAST_LOOP';
  if (!isMulticast(to.host) || isOptionSet(socket, loops)) return false;
  return wskState(kernel).network.ownHosts.includes(unmapped(from.host));
}

/** Calls WskReceiveFromEvent for the oldest datagram that is kept, if the driver wants to hear of it. */
export function indicateDatagram(kernel: Kernel, socket: Socket): NativeResult {
  const target = callbackOf(kernel, socket, 'WSK_EVENT_RECEIVE_FROM');
  const isWanted = target !== 0n && isEventEnabled(kernel, socket, 'WSK_EVENT_RECEIVE_FROM');
  if (!isWanted || socket.callbacks > 0 || socket.datagrams.length === 0) return returnsVoid;
  if (kernel.injectedFault('WskReceiveFromEvent') !== undefined) {
    return failSocket(kernel, socket, {
      member: 'WskReceiveFromEvent',
      target,
      arguments: [socket.context, atDispatch(kernel), 0n],
    });
  }
  // They are the callback's while that runs: a WskReceiveFrom that the callback makes gets the next one.
  const oldest = socket.datagrams.shift() as Datagram;
  const shape = oldest.bytes.length < 2 && socket.datagrams.length === 0 ? 'whole' : chooseShape(kernel);
  const datagrams = [oldest, ...(shape === 'list' ? takeAlike(kernel, socket, oldest) : [])];
  const data = datagrams.map(({ bytes, from, to }): IndicationData => {
    const control = joinObjects(controlObjects(kernel, socket, to), Number.MAX_SAFE_INTEGER).bytes;
    return { bytes, datagram: { from, control } };
  });
  const list = buildIndications(kernel, data, shape);
  const first = list?.[0]?.first;
  if (list === undefined || first === undefined) return returnsVoid;
  socket.indicated = list;
  return callEvent(socket, {
    member: 'WskReceiveFromEvent',
    target,
    arguments: [socket.context, atDispatch(kernel) | BigInt(arrivalFlags(kernel, oldest.to)), first],
    scratch: [],
    onReturn: { name: 'wsk.receiveFromEventReturned', state: { datagrams } satisfies DatagramEventState },
  });
}

/** The datagrams that wait behind one and can go in its list: the flags of the callback are true of them too. */
function takeAlike(kernel: Kernel, { datagrams }: Socket, { to }: Datagram): readonly Datagram[] {
  const flags = arrivalFlags(kernel, to);
  const other = datagrams.findIndex((datagram) => arrivalFlags(kernel, datagram.to) !== flags);
  return datagrams.splice(0, Math.min(LIST_MAX - 1, other < 0 ? datagrams.length : other));
}

type DatagramEventState = {
  readonly datagrams: readonly Datagram[];
};

const receiveFromEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  const socket = endEvent(kernel, state);
  const { datagrams } = state.own as DatagramEventState;
  const status = Number(BigInt.asIntN(32, value));
  const isKept = status === ntstatus(kernel, 'STATUS_PENDING');
  endIndication(kernel, socket, callbackSpan(kernel, state), isKept);
  if (!isKept) {
    if (status !== ntstatus(kernel, 'STATUS_SUCCESS')) {
      if (status !== ntstatus(kernel, 'STATUS_DATA_NOT_ACCEPTED')) {
        reportReturn(kernel, state, value, 'STATUS_SUCCESS, STATUS_PENDING or STATUS_DATA_NOT_ACCEPTED');
      }
      // The datagrams stay for WskReceiveFrom; a callback that is not static is disabled with that.
      const isStatic = (socket.staticEvents & constant(kernel, 'WSK_EVENT_RECEIVE_FROM')) !== 0;
      if (!isStatic) {
        socket.events &= ~constant(kernel, 'WSK_EVENT_RECEIVE_FROM');
        socket.datagrams.unshift(...datagrams);
        serve(kernel, socket);
      }
    }
  }
  return socket.state === 'closing' || socket.state === 'closed' ? returnsVoid : indicateDatagram(kernel, socket);
};

export const datagramContinuations = { 'wsk.receiveFromEventReturned': receiveFromEventReturned };

/** Gives kept datagrams to the pending WskReceiveFrom requests, one each. */
function serve(kernel: Kernel, socket: Socket): void {
  while (socket.datagrams.length > 0 && socket.receivesFrom.length > 0) {
    const datagram = socket.datagrams.shift() as Datagram;
    const pending = socket.receivesFrom.shift() as PendingReceiveFrom;
    const request = requestOf(kernel, pending.request);
    if (request !== undefined) finish(kernel, request, settlementOf(kernel, socket, pending, datagram));
  }
}

/** What a WskReceiveFrom ends with that gets this datagram. */
function settlementOf(kernel: Kernel, socket: Socket, pending: PendingReceiveFrom, datagram: Datagram): Settlement {
  const bytes = datagram.bytes.slice(0, pending.buffer.length);
  const isCut = bytes.length < datagram.bytes.length;
  const control = joinObjects(controlObjects(kernel, socket, datagram.to), pending.controlSize);
  const isControlCut = control.isCut && pending.controlLength !== 0n;
  const flags =
    arrivalFlags(kernel, datagram.to) |
    (isCut ? constant(kernel, 'MSG_TRUNC') : 0) |
    (isControlCut ? constant(kernel, 'MSG_CTRUNC') : 0);
  const writes = scatter(pending.buffer, bytes);
  if (pending.remoteAddress !== 0n) {
    writes.push({ address: pending.remoteAddress, bytes: sockAddrBytes(kernel, datagram.from) });
  }
  if (control.bytes.length > 0) writes.push({ address: pending.controlInfo, bytes: control.bytes });
  if (pending.controlLength !== 0n) {
    writes.push({ address: pending.controlLength, bytes: ulong(control.bytes.length) });
  }
  if (pending.controlFlags !== 0n) writes.push({ address: pending.controlFlags, bytes: ulong(flags) });
  return {
    status: ntstatus(kernel, isCut ? 'STATUS_BUFFER_OVERFLOW' : 'STATUS_SUCCESS'),
    information: BigInt(bytes.length),
    writes,
  };
}

function arrivalFlags(kernel: Kernel, to: Endpoint): number {
  if (isBroadcast(to.host)) return constant(kernel, 'MSG_BCAST');
  return isMulticast(to.host) ? constant(kernel, 'MSG_MCAST') : 0;
}

function ulong(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
