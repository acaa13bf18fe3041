/**
 * One end of a TCP connection: RFC 9293's transmission control block as a plain record, and its table.
 *
 * Sequence numbers do not wrap here. Each end's numbers begin 2^30 above those of the end made before it, so a segment
 * of an earlier connection between the same addresses is never taken for one of the present connection.
 */
import { type Endpoint, endpointText } from './address.ts';
import { createFifo, type Fifo, fifoClear } from './fifo.ts';
import { type Network, newId, type Owner } from './network.ts';

export type TcpState =
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait'
  | 'closed';

/** Bytes that the owner has given to be sent; `token` names the request and is 0 where nobody wants to hear of it. */
export interface Sending {
  readonly token: number;
  readonly bytes: Uint8Array;
  /** Sequence number of the first byte. */
  readonly start: number;
}

export interface Side {
  readonly id: number;
  /** As they stand on the wire: IPv4 hosts are never mapped here. */
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Its name in the table of connections, and the name of the other end. */
  readonly key: string;
  readonly otherKey: string;
  /** "127.0.0.1:50000 -> 127.0.0.1:80", for notes. */
  readonly way: string;
  /** The note of the last data: most segments of a connection have the length of the one before. */
  noted: { readonly length: number; readonly text: string };
  /** Undefined while the connection waits in a listener's backlog, and once nobody uses it any more. */
  owner: Owner | undefined;
  /** The binding of the listener that it arrived at; undefined for the end that has connected. */
  readonly listener: number | undefined;
  /** Waits in the listener's backlog. */
  isQueued: boolean;
  /** The SYN is not answered until the listener's owner has inspected it. */
  isHeld: boolean;
  state: TcpState;

  // Sending: SND.UNA, SND.NXT, SND.WND, SND.WL1, SND.WL2, ISS of the RFC.
  readonly iss: number;
  sndUna: number;
  sndNxt: number;
  sndWnd: number;
  sndWl1: number;
  sndWl2: number;
  /** Sends whose last byte is not on the wire yet. */
  readonly unsent: Fifo<Sending>;
  /** Sends of which a byte is on the wire and not acknowledged. */
  readonly unacknowledged: Fifo<Sending>;
  /** Sequence number behind the last byte that was given. */
  queuedEnd: number;
  /** A FIN is to follow the last byte. */
  wantsFin: boolean;
  finSent: boolean;
  finAcknowledged: boolean;

  // Receiving: RCV.NXT, and the right edge of the window that was advertised.
  rcvNxt: number;
  rcvEdge: number;
  /** Size of the receive buffer. */
  window: number;
  readonly received: Fifo<Uint8Array>;
  receivedLength: number;
  /** Segments behind a gap, by sequence number. */
  readonly outOfOrder: { readonly seq: number; readonly bytes: Uint8Array }[];
  /** Sequence number of a FIN that has arrived, in order or not. */
  finSeq: number | undefined;
  finReceived: boolean;
  wasReset: boolean;
  /** Something has arrived that is to be acknowledged as soon as the event is over. */
  owesAck: boolean;
  /** Segments of data that wait to be acknowledged along with data of our own, or at `ackAtNs`. */
  segmentsWaiting: number;

  // Timers: Infinity is "not set". One event is scheduled for the earliest of them.
  retransmitAtNs: number;
  ackAtNs: number;
  timeWaitAtNs: number;
  keepAliveAtNs: number;
  timerAtNs: number;
  /** Present retransmission time-out, from measured round trips. */
  rtoNs: number;
  smoothedNs: number;
  variationNs: number;
  /** The sequence number whose acknowledgement ends the measurement under way, and when that began; 0 for none. */
  timedSeq: number;
  timedAtNs: number;
  /** Repetitions since the last progress. */
  retransmissions: number;
  duplicateAcks: number;
  /** While acknowledgements are below this, what was lost is being repeated. */
  recoverSeq: number;
  keepAlive: KeepAlive | undefined;
  keepAliveProbes: number;
  /** Time at which the last packet to the other side arrives: later ones arrive no earlier. */
  lastArrivalNs: number;
  /** The owner has been told that everything below this has arrived: an abort comes after it. */
  promisedSeq: number;
  /** Sends an RST as soon as what was promised has arrived. */
  isAborting: boolean;
}

export interface KeepAlive {
  readonly idleNs: number;
  readonly intervalNs: number;
  readonly probesMax: number;
}

const ISS_STEP = 2 ** 30;
const NOTHING_NOTED = { length: 0, text: '' };

export function connectionKey(local: Endpoint, remote: Endpoint): string {
  return `${local.host} ${local.port} ${remote.host} ${remote.port}`;
}

export function createSide(
  network: Network,
  given: Pick<Side, 'owner' | 'listener' | 'local' | 'remote' | 'state' | 'window'>,
): Side {
  const { local, remote, window } = given;
  const iss = network.nextIss;
  network.nextIss += ISS_STEP;
  const otherKey = connectionKey(remote, local);
  const other = network.connections.get(otherKey);
  const side: Side = {
    id: newId(network),
    local,
    remote,
    // Both ends have the same two texts: the table then finds a text by what it is, and not by what stands in it.
    key: other?.otherKey ?? connectionKey(local, remote),
    otherKey: other?.key ?? otherKey,
    way: `${endpointText(local)} -> ${endpointText(remote)}`,
    noted: NOTHING_NOTED,
    owner: given.owner,
    listener: given.listener,
    isQueued: false,
    isHeld: false,
    state: given.state,
    iss,
    sndUna: iss,
    sndNxt: iss,
    sndWnd: 0,
    sndWl1: 0,
    sndWl2: 0,
    unsent: createFifo(),
    unacknowledged: createFifo(),
    queuedEnd: iss + 1,
    wantsFin: false,
    finSent: false,
    finAcknowledged: false,
    rcvNxt: 0,
    rcvEdge: 0,
    window,
    received: createFifo(),
    receivedLength: 0,
    outOfOrder: [],
    finSeq: undefined,
    finReceived: false,
    wasReset: false,
    owesAck: false,
    segmentsWaiting: 0,
    retransmitAtNs: Number.POSITIVE_INFINITY,
    ackAtNs: Number.POSITIVE_INFINITY,
    timeWaitAtNs: Number.POSITIVE_INFINITY,
    keepAliveAtNs: Number.POSITIVE_INFINITY,
    timerAtNs: Number.POSITIVE_INFINITY,
    rtoNs: network.options.connectRetryNs,
    smoothedNs: 0,
    variationNs: 0,
    timedSeq: 0,
    timedAtNs: 0,
    retransmissions: 0,
    duplicateAcks: 0,
    recoverSeq: 0,
    keepAlive: undefined,
    keepAliveProbes: 0,
    lastArrivalNs: 0,
    promisedSeq: 0,
    isAborting: false,
  };
  network.sides.set(side.id, side);
  network.connections.set(side.key, side);
  return side;
}

/** CLOSED: the connection's addresses are free again, and no timer of it counts any more. */
export function endSide(network: Network, side: Side): void {
  side.state = 'closed';
  side.isHeld = false;
  fifoClear(side.unsent);
  fifoClear(side.unacknowledged);
  side.outOfOrder.length = 0;
  side.owesAck = false;
  side.retransmitAtNs = Number.POSITIVE_INFINITY;
  side.ackAtNs = Number.POSITIVE_INFINITY;
  side.timeWaitAtNs = Number.POSITIVE_INFINITY;
  side.keepAliveAtNs = Number.POSITIVE_INFINITY;
  side.timerAtNs = Number.POSITIVE_INFINITY;
  if (network.connections.get(side.key) === side) network.connections.delete(side.key);
  forgetSide(network, side);
}

/** A side that is closed and that nobody can look at any more goes. */
export function forgetSide(network: Network, side: Side): void {
  if (side.state === 'closed' && side.owner === undefined && !side.isQueued) network.sides.delete(side.id);
}
