/**
 * The simulated wire: all of its state as one plain record, and the operations that every part uses.
 *
 * The network has no clock of its own. An operation changes the state and leaves two lists for its owner (WSK):
 * `timers`, events to be handed back to `deliver` after some virtual time, and `indications`, what sockets are to be
 * told. The owner empties both after each operation. The same calls at the same times give the same state.
 */
import type { Endpoint, Family } from './address.ts';

export interface NetworkOptions {
  /** Seed of the jitter. */
  readonly seed: number;
  /** Time that a segment or datagram is under way. */
  readonly delayNs: number;
  /** At most this much is added to the delay of each, from the seed. Segments of one connection keep their order. */
  readonly jitterNs: number;
  /** Largest payload of one segment. */
  readonly segmentSize: number;
  /** Receive buffer of a side that sets none. */
  readonly receiveWindow: number;
}

export const defaultNetwork: NetworkOptions = {
  seed: 1,
  delayNs: 20_000,
  jitterNs: 0,
  segmentSize: 65_536,
  receiveWindow: 65_536,
};

/** Addresses of the machine that the driver runs on (RFC 5737 and RFC 3849 documentation ranges), loopback first. */
export const ownHosts: readonly string[] = ['127.0.0.1', '::1', '192.0.2.10', '2001:db8::10'];

/** Where a scripted peer lives that does not use loopback. */
export const peerHosts: Readonly<Record<Family, string>> = { inet: '192.0.2.20', inet6: '2001:db8::20' };

/** Who is behind an endpoint. */
export type Owner = { readonly kind: 'socket'; readonly id: number } | { readonly kind: 'peer'; readonly id: number };

/** A bound address: what arriving segments and datagrams are matched with. */
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
}

/** What travels on a connection. */
export type Segment =
  | { readonly kind: 'syn-ack' }
  | { readonly kind: 'established' }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'ack'; readonly bytes: number }
  | { readonly kind: 'window' }
  | { readonly kind: 'fin' }
  | { readonly kind: 'fin-ack' }
  | { readonly kind: 'rst' };

export type TcpState =
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'closed';

/** One end of a TCP connection. */
export interface Side {
  readonly id: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Undefined while the connection waits in a listener's backlog. */
  owner: Owner | undefined;
  /** The listener that it arrived at. */
  readonly listener: number | undefined;
  /** The other end; undefined until the SYN has arrived, or when that has been forgotten. */
  other: number | undefined;
  state: TcpState;
  readonly received: Uint8Array[];
  receivedLength: number;
  window: number;
  /** Sends that are not yet on the wire to the last byte; `token` names the request. */
  readonly unsent: { readonly token: number; readonly bytes: Uint8Array; offset: number }[];
  /** Sends that are on the wire to the last byte or in part: bytes that still want an acknowledgement. */
  readonly unacknowledged: { readonly token: number; left: number }[];
  /** Bytes on the wire. */
  inFlight: number;
  /** A FIN is to follow the last byte of `unsent`. */
  wantsFin: boolean;
  finReceived: boolean;
  wasReset: boolean;
  /** Time at which the last segment to the other side arrives: later ones arrive no earlier. */
  lastArrivalNs: number;
}

/** One step of a peer's script. */
export type PeerStep =
  | { readonly kind: 'send'; readonly bytes: Uint8Array }
  | { readonly kind: 'expect'; readonly bytes: Uint8Array }
  /** The driver is to end the connection so. */
  | { readonly kind: 'expect-close'; readonly how: 'fin' | 'rst' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'close'; readonly how: 'fin' | 'rst' }
  /** Stops reading: the driver's sends stay pending once the window is full. `false` reads on. */
  | { readonly kind: 'stall'; readonly isOn: boolean };

/** What a peer does: connect to the driver, listen for it, or exchange datagrams with it. */
export interface PeerScript {
  readonly name: string;
  readonly role:
    | { readonly kind: 'connect'; readonly to: Endpoint }
    | { readonly kind: 'listen'; readonly at: Endpoint }
    | { readonly kind: 'datagram'; readonly at: Endpoint; readonly to: Endpoint | undefined };
  readonly afterMs: number;
  readonly steps: readonly PeerStep[];
}

/** A script under way. A listening peer starts one of these for each connection. */
export interface Peer {
  readonly id: number;
  readonly script: PeerScript;
  side: number | undefined;
  binding: number | undefined;
  /** Index of the step that is next. */
  step: number;
  /** Received and not yet matched with an `expect`. */
  readonly buffer: number[];
  /** Where datagrams go: the last sender, at first the script's own address. */
  datagramPeer: Endpoint | undefined;
  isStalled: boolean;
  /** Waits for a timer. */
  isWaiting: boolean;
  closed: 'fin' | 'rst' | undefined;
  isDone: boolean;
}

/** What comes back to `deliver` when its time has come. */
export type NetworkTimer =
  | { readonly kind: 'segment'; readonly to: number; readonly from: number; readonly segment: Segment }
  | { readonly kind: 'syn'; readonly from: number; readonly remote: Endpoint }
  | { readonly kind: 'connect-timeout'; readonly side: number }
  | {
      readonly kind: 'datagram';
      readonly from: Endpoint;
      readonly to: Endpoint;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'peer'; readonly peer: number };

/** What sockets are told. Peers are told inside the network. */
export type Indication =
  | { readonly kind: 'arrival'; readonly socket: number; readonly side: number }
  | { readonly kind: 'inspect'; readonly socket: number; readonly side: number }
  /** A connection that is being inspected went away. */
  | { readonly kind: 'inspect-abort'; readonly socket: number; readonly side: number }
  | { readonly kind: 'connected'; readonly socket: number }
  | { readonly kind: 'connect-failed'; readonly socket: number; readonly why: 'refused' | 'timeout' | 'unreachable' }
  | { readonly kind: 'data'; readonly socket: number }
  | { readonly kind: 'sent'; readonly socket: number; readonly token: number }
  | { readonly kind: 'fin'; readonly socket: number }
  | { readonly kind: 'fin-acknowledged'; readonly socket: number }
  | { readonly kind: 'reset'; readonly socket: number }
  | {
      readonly kind: 'datagram';
      readonly socket: number;
      readonly from: Endpoint;
      readonly to: Endpoint;
      readonly bytes: Uint8Array;
    };

/** A peer whose expectation did not come true. */
export interface PeerFailure {
  readonly peer: string;
  /** From 1. */
  readonly step: number;
  readonly expected: string;
  readonly got: string;
}

export interface Network {
  readonly options: NetworkOptions;
  readonly bindings: Map<number, Binding>;
  readonly sides: Map<number, Side>;
  readonly peers: Peer[];
  readonly failures: PeerFailure[];
  /** For people: "127.0.0.1:50000 -> 127.0.0.1:40007 SYN". Emptied by the owner. */
  readonly notes: string[];
  readonly timers: { readonly afterNs: number; readonly event: NetworkTimer }[];
  readonly indications: Indication[];
  /** Set by the owner before each operation. */
  nowNs: number;
  nextId: number;
  nextPort: number;
  jitterState: number;
}

/** A silent network; `startPeers` (peer.ts) sets the scripts going. */
export function createNetwork(options: NetworkOptions): Network {
  return {
    options,
    bindings: new Map(),
    sides: new Map(),
    peers: [],
    failures: [],
    notes: [],
    timers: [],
    indications: [],
    nowNs: 0,
    nextId: 1,
    nextPort: FIRST_EPHEMERAL_PORT,
    jitterState: options.seed >>> 0 || 1,
  };
}

export function newId(network: Network): number {
  return network.nextId++;
}

/** The next port of the range that Windows hands out for port 0. */
export function ephemeralPort(network: Network): number {
  const port = network.nextPort;
  network.nextPort = port === 0xffff ? FIRST_EPHEMERAL_PORT : port + 1;
  return port;
}

/** Time that the next packet takes. */
export function packetDelayNs(network: Network): number {
  const { delayNs, jitterNs } = network.options;
  if (jitterNs === 0) return delayNs;
  // xorshift32: small, and the same everywhere.
  let x = network.jitterState;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  network.jitterState = x >>> 0;
  return delayNs + (network.jitterState % (jitterNs + 1));
}

const FIRST_EPHEMERAL_PORT = 49_152;
