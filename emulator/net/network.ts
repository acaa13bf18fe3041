/**
 * The simulated wire: all of its state as one plain record.
 *
 * The network has no clock of its own. Its owner (WSK) sets `nowNs`, calls an operation, and looks at what it left:
 * `indications`, what sockets are to be told, `notes` for people, and the time of the next event (`nextDueNs` in
 * deliver.ts), at which `deliverDue` is to be called. The same calls at the same times give the same state.
 */
import { type Choices, randomStrategy, recordChoices } from '../sim/index.ts';
import type { Endpoint, Family } from './address.ts';
import { type Bridge, createBridge } from './bridge-types.ts';
import { isFaultless, type NetworkOptions } from './options.ts';
import type { Peer, PeerFailure } from './peer-types.ts';
import { createEventQueue, type EventQueue } from './queue.ts';
import type { Side } from './tcp-side.ts';

const loopback: readonly string[] = ['127.0.0.1', '::1'];
/** Addresses of the machine that the driver runs on (RFC 5737 and RFC 3849 documentation ranges), loopback first. */
const ownHosts: readonly string[] = [...loopback, '192.0.2.10', '2001:db8::10'];

/** Where a scripted peer lives that does not use loopback. */
export const peerHosts: Readonly<Record<Family, string>> = { inet: '192.0.2.20', inet6: '2001:db8::20' };

/** Who is behind an endpoint. */
export type Owner =
  | { readonly kind: 'socket'; readonly id: number }
  | { readonly kind: 'peer'; readonly id: number }
  /** Somebody outside the emulator: the channel of a bridge. */
  | { readonly kind: 'channel'; readonly id: number };

/** A bound address: what arriving packets are matched with. */
export interface Binding {
  readonly id: number;
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  readonly owner: Owner;
  /** An IPv6 wildcard that takes IPv4 traffic too. */
  readonly isDual: boolean;
  readonly sharing: 'none' | 'reuse' | 'exclusive';
  isListening: boolean;
  /** Each connection is shown to the owner before it is answered. */
  isConditional: boolean;
  /** Sides that are connected and not yet accepted, oldest first. */
  readonly backlog: number[];
  /** Multicast groups that it has joined, each with its interface ("239.1.1.1%ethernet"). */
  readonly groups: Set<string>;
}

/** A TCP segment. */
export interface Segment {
  readonly kind: 'segment';
  /** The name of the receiving end in the table of connections. */
  readonly key: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly seq: number;
  /** Undefined without the ACK flag. */
  readonly ack: number | undefined;
  readonly window: number;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly bytes: Uint8Array;
}

/** What is under way, or waits for its time. */
export type NetworkEvent =
  | Segment
  | { readonly kind: 'datagram'; readonly from: Endpoint; readonly to: Endpoint; readonly bytes: Uint8Array }
  /** Word from the network that a packet from `from` did not reach `to` (ICMP). */
  | {
      readonly kind: 'unreachable';
      readonly protocol: 'tcp' | 'udp';
      readonly from: Endpoint;
      readonly to: Endpoint;
      readonly what: Unreachable;
    }
  /** A timer of a side; out of date unless the side still waits for this time. */
  | { readonly kind: 'timer'; readonly side: number; readonly atNs: number }
  | { readonly kind: 'peer'; readonly peer: number }
  /** A connecting peer has waited as long as it means to. */
  | { readonly kind: 'patience'; readonly peer: number };

/** What a packet did not reach. */
export type Unreachable = 'port' | 'host' | 'network';

/** What the owner of a side hears. */
export type SideEvent =
  | { readonly kind: 'connected' }
  | {
      readonly kind: 'connect-failed';
      readonly why: 'refused' | 'timeout' | 'unreachable' | 'network-unreachable' | 'in-use';
    }
  | { readonly kind: 'data' }
  | { readonly kind: 'sent'; readonly token: number }
  | { readonly kind: 'fin' }
  | { readonly kind: 'fin-acknowledged' }
  /** The connection is gone: reset by the other end, or given up because nothing comes back. */
  | { readonly kind: 'reset'; readonly why: 'reset' | 'timeout' };

/** What sockets are told. */
export type Indication =
  | (SideEvent & { readonly socket: number })
  | { readonly kind: 'arrival'; readonly socket: number; readonly side: number }
  | { readonly kind: 'inspect'; readonly socket: number; readonly side: number }
  /** A connection that is being inspected went away. */
  | { readonly kind: 'inspect-abort'; readonly socket: number; readonly side: number }
  | {
      readonly kind: 'datagram';
      readonly socket: number;
      readonly from: Endpoint;
      readonly to: Endpoint;
      readonly bytes: Uint8Array;
    }
  /** Nobody takes datagrams at `to`. */
  | { readonly kind: 'unreachable'; readonly socket: number; readonly to: Endpoint; readonly what: Unreachable };

/** What peers and channels are told: kept until the event that it comes from is over. */
export type Heard =
  | { readonly kind: 'channel'; readonly channel: number; readonly event: SideEvent }
  | { readonly kind: 'side'; readonly peer: number; readonly event: SideEvent }
  | { readonly kind: 'arrival'; readonly peer: number; readonly side: Side }
  | { readonly kind: 'datagram'; readonly peer: number; readonly from: Endpoint; readonly bytes: Uint8Array };

export interface Network {
  readonly options: NetworkOptions;
  readonly isFaultless: boolean;
  /** Everything that is left to chance is asked here. */
  readonly choices: Choices;
  readonly bindings: Map<number, Binding>;
  /** Bindings by protocol and port. */
  readonly ports: Map<number, Binding[]>;
  readonly sides: Map<number, Side>;
  /** Sides that are not closed, by both addresses. */
  readonly connections: Map<string, Side>;
  /** Addresses of the driver's machine, loopback first. */
  ownHosts: readonly string[];
  /** Hosts that peers use. */
  readonly hosts: Set<string>;
  readonly peers: Map<number, Peer>;
  readonly failures: PeerFailure[];
  /** Addresses to which a socket could not be connected because nobody listens there. */
  readonly deserted: Set<string>;
  /** Peers whose script has had no connection and wanted nothing of one, with the reason. */
  readonly idlePeers: { readonly peer: string; readonly why: string }[];
  readonly queue: EventQueue<NetworkEvent>;
  /** For people: "127.0.0.1:50000 -> 127.0.0.1:40007 SYN". Emptied by the owner. */
  readonly notes: string[];
  /** Emptied by the owner. */
  readonly indications: Indication[];
  readonly heard: Heard[];
  /** Where real programs take part. */
  readonly bridge: Bridge | undefined;
  /** With a wire that has faults: when the last datagram between two endpoints arrives. */
  readonly lastArrivalNs: Map<string, number>;
  /** Set by the owner before each operation. */
  nowNs: number;
  nextId: number;
  nextPort: number;
  nextIss: number;
}

/** A silent network; `startPeers` (peer.ts) sets the scripts going. Its chances come from the options' seed. */
export function createNetwork(
  options: NetworkOptions,
  choices: Choices = recordChoices(randomStrategy(options.seed)),
): Network {
  return {
    options,
    isFaultless: isFaultless(options),
    choices,
    bindings: new Map(),
    ports: new Map(),
    sides: new Map(),
    connections: new Map(),
    ownHosts,
    hosts: new Set(),
    peers: new Map(),
    failures: [],
    deserted: new Set(),
    idlePeers: [],
    queue: createEventQueue(),
    notes: [],
    indications: [],
    heard: [],
    bridge: options.isBridged ? createBridge() : undefined,
    lastArrivalNs: new Map(),
    nowNs: 0,
    nextId: 1,
    nextPort: FIRST_EPHEMERAL_PORT,
    nextIss: 0,
  };
}

/** Gives the driver's machine other addresses; those of loopback stay. What is bound to one that is gone stays bound. */
export function setOwnHosts(network: Network, hosts: readonly string[]): void {
  network.ownHosts = [...loopback, ...hosts];
}

export function newId(network: Network): number {
  return network.nextId++;
}

/** First port of the range that Windows hands out for port 0; it ends with 65535. */
export const FIRST_EPHEMERAL_PORT = 49_152;
