/**
 * Conditional accept: with SO_CONDITIONAL_ACCEPT the driver sees each connection before it is answered, and accepts,
 * rejects, or decides later with WskInspectComplete.
 */
import type { Api, ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import { inspected } from '../../net/tcp.ts';
import { isOptionSet } from '../control/options.ts';
import { failSocket } from '../events/event-failure.ts';
import { callEvent, endEvent, newBytes, newSockAddr, reportReturn } from '../events/events.ts';
import { begin, settle } from '../requests.ts';
import { refuse } from '../sockets/create-socket.ts';
import { clientCallback, listenDispatch, socketOf } from '../sockets/sockets.ts';
import { type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { endpointsOf } from './listener-ends.ts';

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
  const isKnown = held?.socket === socket.id && id.get('Key') === BigInt(held.side);
  // A connection that went away meanwhile has been reported through WskAbortEvent.
  if (isKnown) endInspection(kernel, serial, accepts);
  const status = isKnown ? 'STATUS_SUCCESS' : 'STATUS_NOT_FOUND';
  return settle(kernel, request, { status: ntstatus(kernel, status) }, { mayBeInline: true });
};

export const inspectApis = { WskInspectComplete };

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
    reportMissing(kernel, listener, 'WskInspectEvent: the connection is rejected');
    endInspection(kernel, serial, false);
    return returnsVoid;
  }
  const held = wskState(kernel).network.sides.get(side);
  if (held === undefined) return returnsVoid;
  const table = listenDispatch(kernel, listener);
  const abortTarget = clientCallback(kernel, table, 'WSK_CLIENT_LISTEN_DISPATCH', 'WskAbortEvent');
  if (abortTarget === 0n) reportMissing(kernel, listener, 'WskAbortEvent: one that is given up is never reported');
  const { local, remote } = endpointsOf(kernel, listener, held);
  const localAddress = newSockAddr(kernel, local, 'LocalAddress of WskInspectEvent');
  const remoteAddress = newSockAddr(kernel, remote, 'RemoteAddress of WskInspectEvent');
  if (kernel.injectedFault('WskInspectEvent') !== undefined) {
    wskState(kernel).inspections.delete(serial);
    return failSocket(kernel, listener, {
      member: 'WskInspectEvent',
      target,
      arguments: [listener.context, localAddress, remoteAddress, 0n],
      scratch: [localAddress, remoteAddress],
    });
  }
  const id = newBytes(kernel, inspectIdBytes(kernel, BigInt(side), serial), 'InspectID of WskInspectEvent');
  return callEvent(listener, {
    member: 'WskInspectEvent',
    target,
    arguments: [listener.context, localAddress, remoteAddress, id],
    scratch: [localAddress, remoteAddress, id],
    onReturn: { name: 'wsk.inspectEventReturned', state: { serial } },
  });
}

function reportMissing(kernel: Kernel, listener: Socket, what: string): void {
  kernel.report({
    rule: 'inspect-event-missing',
    severity: 'warning',
    message: `Socket #${listener.id} has SO_CONDITIONAL_ACCEPT, but no ${what}.`,
    docRules: ['R78'],
    span: listener.createdAt,
  });
}

const inspectEventReturned: ContinuationStep = (kernel, _thread, state, value) => {
  endEvent(kernel, state);
  const action = Number(BigInt.asIntN(32, value));
  const { types } = kernel;
  if (action === types.constant('WskInspectPend')) return returnsVoid;
  const accepts = action === types.constant('WskInspectAccept');
  if (!accepts && action !== types.constant('WskInspectReject')) {
    reportReturn(kernel, state, value, 'WskInspectAccept, WskInspectReject or WskInspectPend');
  }
  const { serial } = state.own as { readonly serial: number };
  endInspection(kernel, serial, accepts);
  return returnsVoid;
};

/** A connection went away before the driver had decided. */
export function inspectAbort(kernel: Kernel, listener: Socket, side: number): NativeResult {
  const state = wskState(kernel);
  const held = [...state.inspections].find(([, one]) => one.side === side);
  // It may have been let in already, and was dropped before the connection was made.
  const serial = held?.[0] ?? state.inspected.get(side)?.serial;
  if (serial === undefined) return returnsVoid;
  state.inspections.delete(serial);
  state.inspected.delete(side);
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
  if (Number(BigInt.asIntN(32, value)) !== 0) reportReturn(kernel, state, value, 'STATUS_SUCCESS');
  return returnsVoid;
};

export const inspectContinuations = {
  'wsk.inspectEventReturned': inspectEventReturned,
  'wsk.abortEventReturned': abortEventReturned,
};

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

function inspectIdBytes(kernel: Kernel, key: bigint, serial: number): Uint8Array {
  const bytes = new Uint8Array(kernel.types.sizeOf('WSK_INSPECT_ID'));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(kernel.types.offsetOf('WSK_INSPECT_ID', 'Key'), key, true);
  view.setUint32(kernel.types.offsetOf('WSK_INSPECT_ID', 'SerialNumber'), serial, true);
  return bytes;
}
