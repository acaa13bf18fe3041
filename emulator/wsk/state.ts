/**
 * What WSK knows: registrations, sockets, requests under way. Plain data in one record, found through the kernel.
 *
 * Sockets and requests are kept by number, so that continuations and IRP records can name them. A closed socket stays
 * in the table: its number and its story are needed for messages about later uses.
 */

import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { AddressTable } from '../kernel/address-map.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import type { LentMemory } from '../kernel/verifier/lent-memory.ts';
import type { Region, StackMark } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { Endpoint, Family } from '../net/address.ts';
import type { Fifo } from '../net/fifo.ts';
import type { NameTable } from '../net/names.ts';
import type { Indication, Network } from '../net/network.ts';
import type { NetworkOptions } from '../net/options.ts';
import type { PeerScript } from '../net/peer-types.ts';
import type { WskLayouts } from './data/layouts.ts';
import type { SentBytes } from './data/sent-bytes.ts';
import type { WskBuffer } from './data/wsk-buf.ts';
import type { RouteWatch } from './routes.ts';
import type { NetworkChange, TransportName } from './transports.ts';

export type SocketCategory = 'basic' | 'listen' | 'datagram' | 'connection' | 'stream';

export interface WskOptions {
  /** Time from a call to its asynchronous completion. */
  readonly completionDelayNs: number;
  /** Time after boot from which WSK can be captured. */
  readonly readyAfterNs: number;
  readonly network: NetworkOptions;
  readonly peers: readonly PeerScript[];
  /** Names that WskGetAddressInfo knows, beside "localhost": name to hosts and aliases. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Names that WskGetNameInfo gives for hosts, where they are not those of `names`. */
  readonly reverseNames?: Readonly<Record<string, string>>;
  /** Changes of transports and addresses. */
  readonly changes?: readonly NetworkChange[];
}

/** One WskRegister, or one binding of the Network Module Registrar. */
export interface Registration {
  readonly id: number;
  /** The driver's WSK_REGISTRATION, which must live as long; undefined for a client of the Network Module Registrar. */
  readonly block: LentMemory | undefined;
  /** The registrar's handle of the binding of such a client. */
  readonly binding: GuestAddress | undefined;
  /** The opaque WSK_CLIENT. */
  readonly client: Region;
  readonly version: number;
  readonly context: GuestAddress;
  readonly dispatch: GuestAddress;
  /** The driver's WSK_CLIENT_DISPATCH; undefined for a client of the Network Module Registrar, which looks itself. */
  readonly dispatchTable: LentMemory | undefined;
  readonly registeredAt: Span | undefined;
  state: 'registered' | 'deregistering' | 'deregistered';
  /** Captures without a release. */
  readonly captures: { readonly span: Span | undefined }[];
  /** The last WskReleaseProviderNPI. */
  released: { readonly span: Span | undefined; readonly statements: number } | undefined;
  /** Event masks that WSK_SET_STATIC_EVENT_CALLBACKS has enabled. */
  staticEvents: number;
  /** Sockets that were ever created. */
  socketsCreated: number;
  /** Threads that wait for WSK to become ready. */
  readonly waiters: string[];
}

export interface CachedDescriptor {
  readonly region: Region;
  readonly registration: number;
  readonly cachedAt: Span | undefined;
}

export type SocketState =
  | 'created'
  | 'bound'
  | 'listening'
  | 'connecting'
  | 'connected'
  | 'disconnected'
  | 'closing'
  | 'closed';

/** A WskAccept that waits for a connection. */
export interface PendingAccept {
  readonly request: number;
  readonly context: GuestAddress;
  readonly dispatch: GuestAddress;
  readonly localAddress: GuestAddress;
  readonly remoteAddress: GuestAddress;
}

/** A WskReceive that waits for data, or for all of it. */
export interface PendingReceive {
  readonly request: number;
  readonly buffer: WskBuffer;
  readonly waitsForAll: boolean;
  readonly isDrain: boolean;
  /** What has come while it waits for all. */
  readonly chunks: Uint8Array[];
  length: number;
  /** What else is written when it completes. */
  readonly writes: readonly { readonly address: GuestAddress; readonly bytes: Uint8Array }[];
}

export interface PendingReceiveFrom {
  readonly request: number;
  readonly buffer: WskBuffer;
  readonly remoteAddress: GuestAddress;
  readonly controlLength: GuestAddress;
  readonly controlInfo: GuestAddress;
  /** What *ControlLength said when the call was made. */
  readonly controlSize: number;
  readonly controlFlags: GuestAddress;
}

export interface Datagram {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
}

/** Data or a datagram of a list that an event callback is given. Drivers take lists apart, and put others together. */
export interface IndicatedData {
  readonly first: GuestAddress;
  /** Everything that goes when it is released; its own is the first. */
  readonly regions: readonly Region[];
  /** Bytes of data in it. */
  readonly length: number;
  /** Given back while its callback still runs. */
  isReleased: boolean;
  /** Where the callback returned that kept it. */
  span: Span | undefined;
}

export interface Socket {
  readonly id: number;
  readonly region: Region;
  readonly registration: number;
  readonly category: SocketCategory;
  readonly family: Family;
  readonly type: 'stream' | 'datagram' | 'raw';
  readonly protocol: number;
  context: GuestAddress;
  dispatch: GuestAddress;
  readonly createdAt: Span | undefined;
  /** "WskSocket", "WskAccept", "WskAcceptEvent". */
  readonly createdBy: string;
  state: SocketState;
  closedAt: Span | undefined;
  /** Integer options by "level:code". */
  readonly options: Map<string, number>;
  /** Cached descriptor of SO_WSK_SECURITY or of creation; NULL for none. */
  security: GuestAddress;
  /** Enabled WSK_EVENT_* bits. */
  events: number;
  /** The bits that were enabled for the whole client and can't be disabled on the socket. */
  readonly staticEvents: number;
  /** Bound address as the socket sees it. */
  local: Endpoint | undefined;
  remote: Endpoint | undefined;
  /** What `socketText` said last. */
  told: (Pick<Socket, 'state' | 'local' | 'remote'> & { readonly text: string }) | undefined;
  /** Of SIO_WSK_SET_REMOTE_ADDRESS: datagrams go there, and come from there only. */
  fixedRemote: Endpoint | undefined;
  /** Of SIO_WSK_SET_SENDTO_ADDRESS: datagrams go there. */
  fixedSendTo: Endpoint | undefined;
  /** What a stream socket has become. */
  role: 'listen' | 'connection' | undefined;
  binding: number | undefined;
  side: number | undefined;
  /** Set while a connection that was accepted under SO_CONDITIONAL_ACCEPT lives. */
  inspectId: { readonly key: bigint; readonly serial: number } | undefined;
  readonly accepts: PendingAccept[];
  readonly receives: PendingReceive[];
  /** Receives that were asked for when the end, or the reset, had been told. */
  receivesAfterEnd: number;
  readonly receivesFrom: PendingReceiveFrom[];
  /** Requests of WskConnect, WskDisconnect that wait for the wire. */
  connectRequest: number | undefined;
  readonly disconnectRequests: number[];
  readonly datagrams: Datagram[];
  /** What the driver keeps after an event callback returned STATUS_PENDING. */
  readonly retained: IndicatedData[];
  /** The list that a running event callback was given. It may give parts back before it returns STATUS_PENDING. */
  indicated: readonly IndicatedData[];
  /** Names of the orders in which calls of one kind complete, by the call. */
  readonly orders: Map<string, string>;
  /** Requests that were sent and have not completed, without the close itself. */
  outstanding: number;
  closeRequest: number | undefined;
  /** The callback that was called last, and how its frame is called. */
  calling: { readonly member: string; readonly label: string } | undefined;
  /** Event callbacks that are running. */
  callbacks: number;
  /** Their names. */
  readonly running: string[];
  /** Requests that disable an event: each completes when the event's callback runs no more. */
  readonly disabling: { readonly member: string; readonly request: number }[];
  /** A receive event is looking at what has arrived: receives wait until it has said what it takes. */
  isIndicating: boolean;
  /** Bytes of sends under way, and how many WSK would like to have. */
  sendBacklog: number;
  idealBacklog: number;
  /** A receive event said "not accepted": no more of them until the next WskReceive or WskReceiveFrom. */
  isReceiveEventHeld: boolean;
  /** WskDisconnectEvent has told that the peer has finished. */
  hasToldFin: boolean;
  /** The connection is gone: what every call says from then on. */
  isReset: boolean;
  resetStatus: `STATUS_${string}`;
  /** The peer's reset, which WskDisconnectEvent tells as soon as it is enabled. */
  untoldReset: 'reset' | 'timeout' | undefined;
  isSilent: boolean;
  /** The socket has failed: every call but WskCloseSocket says STATUS_FILE_FORCED_CLOSED. */
  isForcedClosed: boolean;
}

/** A call that was given an IRP, until the IRP's completion is over. */
export interface Request {
  readonly id: number;
  readonly call: string;
  readonly irp: GuestAddress;
  /** The IRP's number: its address may belong to another one by the time that its completion routine returns. */
  readonly irpId: number;
  readonly socket: number | undefined;
  readonly registration: number | undefined;
  readonly issuedAt: Span | undefined;
  /** The call stack when it was issued, for the debugger. */
  readonly issueStack: StackMark;
  /** Memory that the driver has lent to the call. */
  buffers: readonly LentMemory[];
  /** Bytes that a send consists of. */
  length: number;
  sent: SentBytes | undefined;
  /** What a receive fills, while nobody else may touch it. */
  awaited: WskBuffer['pieces'] | undefined;
  /** What WskGetAddressInfo will hand out; NULL for a name that nobody knows. */
  answer?: GuestAddress | undefined;
  /** `waiting` for something outside; `due`: its result is settled and will be delivered. */
  state: 'waiting' | 'due';
}

export interface WskState {
  /** Of guest structures, once somebody has asked for them. */
  layouts: WskLayouts | undefined;
  readonly options: WskOptions;
  readonly network: Network;
  /** Times at which the network is called, the earliest last. */
  readonly alarmsNs: number[];
  /** What sockets are still to be told, and whether a context is on its way that tells them. */
  readonly indications: Fifo<Indication>;
  isTellerComing: boolean;
  /** What the scenario's names resolve to. */
  readonly names: NameTable;
  readonly registrations: Map<number, Registration>;
  /** Registrations by the address of the driver's block; the newest one wins. */
  readonly blocks: Map<GuestAddress, number>;
  readonly sockets: Map<number, Socket>;
  /** By the place of a call, the member of a dispatch table that it names; empty where it names none. */
  readonly membersCalled: Map<Span, string>;
  readonly socketAt: AddressTable<number>;
  readonly requests: Map<number, Request>;
  readonly descriptors: Map<GuestAddress, CachedDescriptor>;
  /** Lists of WskGetAddressInfo that were not freed, by the address of the first entry. */
  readonly addressLists: Map<GuestAddress, { readonly regions: readonly Region[]; readonly span: Span | undefined }>;
  /** Connections that wait for WskInspectComplete: serial number to listener and side. */
  readonly inspections: Map<number, { readonly socket: number; readonly side: number }>;
  /** Sides that were let in by an inspection: side to the id under which the driver saw it. */
  readonly inspected: Map<number, { readonly key: bigint; readonly serial: number }>;
  /** WSK_TRANSPORT_LIST_CHANGE requests. */
  readonly transportWaits: number[];
  /** Registrations of NotifyRouteChange2, oldest first. */
  readonly routeWatches: RouteWatch[];
  /** SIO_ADDRESS_LIST_CHANGE requests. */
  readonly addressWaits: number[];
  transports: readonly TransportName[];
  /** Dispatch tables in guest memory; made at the first registration. */
  providerTable: GuestAddress;
  socketTables: Readonly<Record<SocketCategory, GuestAddress>> | undefined;
  /** NPI_REGISTRATION_INSTANCE of WSK; made when a client of the Network Module Registrar asks. */
  instance: GuestAddress | undefined;
  nextId: number;
  nextSocket: number;
}

export const SUBSYSTEM = 'wsk';

export function wskState(kernel: Kernel): WskState {
  const state = kernel.subsystems[SUBSYSTEM];
  assert(state !== undefined, 'WSK has not been started');
  // The kernel keeps what `start` returned under our own name.
  return state as WskState;
}

/** "socket #1 (listening on 0.0.0.0:40007)". Made again when one of the things has changed that it tells. */
export function socketText(socket: Socket): string {
  const { state, local, remote, told } = socket;
  if (told !== undefined && told.state === state && told.local === local && told.remote === remote) return told.text;
  const text = `socket #${socket.id} (${socketStateText(socket)})`;
  socket.told = { state, local, remote, text };
  return text;
}

function socketStateText(socket: Socket): string {
  const local = socket.local === undefined ? '' : endpointOf(socket.local);
  switch (socket.state) {
    case 'created':
      return `${socket.category}, not bound`;
    case 'bound':
      return `${socket.category}, bound to ${local}`;
    case 'listening':
      return `listening on ${local}`;
    case 'connecting':
    case 'connected':
    case 'disconnected':
      return socket.remote === undefined ? socket.state : `${socket.state}, ${local} to ${endpointOf(socket.remote)}`;
    case 'closing':
      return 'being closed';
    case 'closed':
      return 'closed';
  }
}

function endpointOf({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
