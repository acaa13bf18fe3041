/** WSK as a subsystem of the kernel: its functions, its continuations, its state, and what it says when asked. */
import { defined } from '../../base/assert.ts';
import { AddressTable } from '../kernel/address-map.ts';
import type { Api, IrpRecord, Kernel, Subsystem } from '../kernel/kernel-types.ts';
import { type Continuation, type NativeResult, NULL_ADDRESS, returnsVoid } from '../machine/native.ts';
import { createFifo } from '../net/fifo.ts';
import { createNameTable } from '../net/names.ts';
import { createNetwork } from '../net/network.ts';
import { nmrProviderApis, nmrProviderContinuations, wskNetworkProvider } from './client/nmr-provider.ts';
import { npiApis, npiContinuations } from './client/npi.ts';
import { registrationApis, registrationContinuations, whatIsOpen } from './client/registration.ts';
import { ALIAS, categoryFunctions, providerFunctions } from './client/tables.ts';
import { acceptApis, acceptContinuations } from './connections/accept.ts';
import { cancelConnect, connectApis } from './connections/connect.ts';
import { disconnectApis } from './connections/disconnect.ts';
import { inspectApis, inspectContinuations } from './connections/inspect.ts';
import { controlClientApis } from './control/control-client.ts';
import { controlSocketApis } from './control/control-socket.ts';
import { awaitedTouched } from './data/awaited-bytes.ts';
import { datagramContinuations, datagramReceiveApis } from './data/datagrams.ts';
import { receiveApis } from './data/receive.ts';
import { sendApis, sendContinuations } from './data/send.ts';
import { datagramSendApis } from './data/send-datagrams.ts';
import { wskInterfaceId } from './events/event-control.ts';
import { failureContinuations } from './events/event-failure.ts';
import { indicateContinuations } from './events/indicate.ts';
import { receiveEventContinuations } from './events/receive-event.ts';
import { releaseApis } from './events/release.ts';
import { dropAnswer, nameApis, nameContinuations } from './names.ts';
import { peerContinuations, startPeersLater } from './peers.ts';
import { cancelNow, finish, isCancelledInline, requestOf } from './requests.ts';
import { routeApis, routeContinuations } from './routes.ts';
import { bindApis } from './sockets/bind.ts';
import { closeApis, closeContinuations } from './sockets/close.ts';
import { createApis } from './sockets/create-socket.ts';
import { addressApis } from './sockets/get-address.ts';
import { listenApis } from './sockets/listen.ts';
import { SUBSYSTEM, type WskOptions, type WskState, wskState } from './state.ts';
import { ntstatus } from './status.ts';
import { allTransports, changeLater, transportContinuations } from './transports.ts';
import { arriveOnWire } from './wire.ts';

/** `atUnload` comes from emulator/checks, which reads this state and never changes it. */
export function createWsk(options: WskOptions, atUnload: (kernel: Kernel) => void): Subsystem {
  return {
    name: SUBSYSTEM,
    apis: { ...wskApis, ...routeApis, ...nmrProviderApis, ...aliases() },
    members: tableFunctions,
    continuations: wskContinuations,
    start: (kernel) => start(kernel, options),
    cancelIrp,
    memoryTouched: awaitedTouched,
    alarm: arriveOnWire,
    networkProvider: wskNetworkProvider,
    atUnload,
    openObjects: (kernel) => {
      const open = [...wskState(kernel).registrations.values()].flatMap((one) => whatIsOpen(kernel, one));
      return open;
    },
  };
}

export const wskApis = {
  ...registrationApis,
  ...npiApis,
  ...createApis,
  ...controlClientApis,
  ...controlSocketApis,
  ...bindApis,
  ...listenApis,
  ...acceptApis,
  ...inspectApis,
  ...addressApis,
  ...connectApis,
  ...sendApis,
  ...receiveApis,
  ...disconnectApis,
  ...datagramReceiveApis,
  ...datagramSendApis,
  ...releaseApis,
  ...nameApis,
  ...closeApis,
};

const wskContinuations = {
  ...registrationContinuations,
  ...npiContinuations,
  ...nmrProviderContinuations,
  ...acceptContinuations,
  ...inspectContinuations,
  ...receiveEventContinuations,
  ...datagramContinuations,
  ...failureContinuations,
  ...sendContinuations,
  ...closeContinuations,
  ...indicateContinuations,
  ...nameContinuations,
  ...peerContinuations,
  ...routeContinuations,
  ...transportContinuations,
};

const tableFunctions = [...new Set([...providerFunctions, ...Object.values(categoryFunctions).flat()])];

/** Table functions under names that a driver's own functions can't have. */
function aliases(): Record<string, Api> {
  const apis: Readonly<Record<string, Api>> = wskApis;
  const entries = tableFunctions.map((name): [string, Api] => {
    const api = defined(apis[name], name);
    return [
      `${ALIAS}${name}`,
      (kernel, { thread, arguments: given, site }) => api(kernel, { thread, name, arguments: given, site }),
    ];
  });
  return Object.fromEntries(entries);
}

function start(kernel: Kernel, options: WskOptions): WskState {
  const interfaceId = kernel.machine.globalAddress('NPI_WSK_INTERFACE_ID');
  if (interfaceId !== undefined) kernel.memory.poke(interfaceId, Uint8Array.from(wskInterfaceId));
  const state: WskState = {
    layouts: undefined,
    options,
    network: createNetwork(options.network),
    alarmsNs: [],
    indications: createFifo(),
    isTellerComing: false,
    names: createNameTable(options.names, options.reverseNames),
    registrations: new Map(),
    blocks: new Map(),
    sockets: new Map(),
    socketAt: new AddressTable(),
    requests: new Map(),
    descriptors: new Map(),
    addressLists: new Map(),
    membersCalled: new Map(),
    inspections: new Map(),
    inspected: new Map(),
    transportWaits: [],
    routeWatches: [],
    addressWaits: [],
    transports: allTransports,
    providerTable: NULL_ADDRESS,
    socketTables: undefined,
    instance: undefined,
    nextId: 1,
    nextSocket: 1,
  };
  startPeersLater(kernel, options.peers);
  changeLater(kernel, options.changes ?? []);
  return state;
}

/** IoCancelIrp on a request that WSK has: one that waits is finished, one whose result is settled is left alone. */
function cancelIrp(kernel: Kernel, irp: IrpRecord, after: Continuation): NativeResult {
  const request = requestOf(kernel, irp.holder?.key ?? -1);
  // A close never fails: cancelling it changes nothing.
  if (request === undefined || request.state === 'due' || request.call === 'WskCloseSocket') return returnsVoid;
  const state = wskState(kernel);
  const socket = state.sockets.get(request.socket ?? -1);
  const isOther = (pending: { readonly request: number }): boolean => pending.request !== request.id;
  if (socket !== undefined) {
    for (const list of [socket.accepts, socket.receives, socket.receivesFrom]) {
      const kept = (list as { readonly request: number }[]).filter(isOther);
      list.splice(0, list.length, ...(kept as never[]));
    }
    if (request.call.startsWith('WskSend')) socket.sendBacklog = Math.max(0, socket.sendBacklog - request.length);
  }
  // WskSocketConnect has a socket that is not the driver's yet.
  const connecting = socket ?? [...state.sockets.values()].find((one) => one.connectRequest === request.id);
  if (connecting?.connectRequest === request.id) cancelConnect(kernel, connecting);
  dropAnswer(kernel, request);
  const settlement = { status: ntstatus(kernel, 'STATUS_CANCELLED') };
  if (isCancelledInline(kernel, request)) return cancelNow(kernel, request, settlement, after);
  finish(kernel, request, settlement);
  return returnsVoid;
}
