/**
 * The sending half of TCP: segments onto the wire, as much as the other side's window takes; repetition of what was
 * lost. A send is over when its last byte has been acknowledged, as in Windows, where WSK does not buffer.
 *
 * There is no congestion control: the wire has no capacity that could be exceeded. A segment never holds bytes of two
 * sends, so that nothing is copied.
 */
import { endpointText } from './address.ts';
import { fifoFirst, fifoLength, fifoPush, fifoShift } from './fifo.ts';
import type { Network, Segment } from './network.ts';
import { measured, NEVER, startRetransmit } from './tcp-clock.ts';
import { connectionKey, type Side } from './tcp-side.ts';
import { tellOwner } from './tell.ts';
import { putSegment, segmentText } from './wire.ts';

const NO_BYTES = new Uint8Array(0);

/** Puts as much of the queue on the wire as the other side's window takes, then the FIN. */
export function push(network: Network, side: Side): void {
  if (side.state !== 'established' && side.state !== 'close-wait') return;
  const { unsent } = side;
  for (let next = fifoFirst(unsent); next !== undefined; next = fifoFirst(unsent)) {
    const offset = side.sndNxt - next.start;
    const left = next.bytes.length - offset;
    const length = Math.min(left, side.sndUna + side.sndWnd - side.sndNxt, network.options.segmentSize);
    if (length <= 0) break;
    // The timer was for the closed window, if it ran at all.
    if (side.sndNxt === side.sndUna) stopTimer(side);
    if (offset === 0) fifoPush(side.unacknowledged, next);
    const isWhole = length === next.bytes.length;
    transmit(network, side, 'plain', side.sndNxt, isWhole ? next.bytes : next.bytes.subarray(offset, offset + length));
    advance(network, side, length);
    if (length === left) fifoShift(unsent);
  }
  if (fifoLength(unsent) === 0) {
    if (side.wantsFin) sendFin(network, side);
    return;
  }
  // Nothing is on the wire that could bring the news of a larger window: it has to be asked for.
  if (side.sndNxt === side.sndUna && side.retransmitAtNs === NEVER) startRetransmit(network, side);
}

/** Sends the SYN, or as the answer to one the SYN with an acknowledgement. */
export function sendSyn(network: Network, side: Side): void {
  transmit(network, side, 'syn', side.iss, NO_BYTES);
  if (side.sndNxt === side.iss) advance(network, side, 1);
}

export function sendAck(network: Network, side: Side): void {
  transmit(network, side, 'plain', side.sndNxt, NO_BYTES);
}

export function sendReset(network: Network, side: Side): void {
  transmit(network, side, 'rst', side.sndNxt, NO_BYTES);
}

/** Asks for a sign of life, with a sequence number that the other side has long acknowledged. */
export function sendProbe(network: Network, side: Side): void {
  network.notes.push(`${side.way} probe`);
  transmit(network, side, 'plain', side.sndUna - 1, NO_BYTES);
}

/** Sends the first unacknowledged segment once more. */
export function retransmit(network: Network, side: Side): void {
  // The acknowledgement of a repeated segment measures nothing (Karn).
  side.timedSeq = 0;
  if (side.state === 'syn-sent' || side.state === 'syn-received') {
    transmit(network, side, 'syn', side.iss, NO_BYTES, ' again');
    return;
  }
  const first = fifoFirst(side.unacknowledged);
  if (first === undefined) {
    if (side.finSent) transmit(network, side, 'fin', side.sndNxt - 1, NO_BYTES, ' again');
    return;
  }
  const offset = side.sndUna - first.start;
  const onWire = Math.min(first.bytes.length - offset, side.sndNxt - side.sndUna);
  const length = Math.min(onWire, network.options.segmentSize);
  transmit(network, side, 'plain', side.sndUna, first.bytes.subarray(offset, offset + length), ' again');
}

/** Everything below `ack` has arrived. */
export function acknowledged(network: Network, side: Side, ack: number): void {
  side.sndUna = ack;
  side.retransmissions = 0;
  side.duplicateAcks = 0;
  if (side.timedSeq !== 0 && ack >= side.timedSeq) {
    measured(network, side, network.nowNs - side.timedAtNs);
    side.timedSeq = 0;
  }
  const { unacknowledged } = side;
  for (let first = fifoFirst(unacknowledged); first !== undefined; first = fifoFirst(unacknowledged)) {
    if (first.start + first.bytes.length > ack) break;
    fifoShift(unacknowledged);
    if (first.token !== 0) tellOwner(network, side, { kind: 'sent', token: first.token });
  }
  if (ack === side.sndNxt) side.retransmitAtNs = NEVER;
  else {
    startRetransmit(network, side);
    // More was lost than the one segment that was repeated.
    if (ack < side.recoverSeq) retransmit(network, side);
  }
}

/** A segment that belongs to no connection is answered so: the sender's connection ends. `why` is for people. */
export function answerWithReset(network: Network, segment: Segment, why = ''): void {
  const { from, to, ack } = segment;
  const length = segment.bytes.length + (segment.syn ? 1 : 0) + (segment.fin ? 1 : 0);
  const answer: Segment = {
    kind: 'segment',
    key: connectionKey(from, to),
    from: to,
    to: from,
    seq: ack ?? 0,
    ack: ack === undefined ? segment.seq + length : undefined,
    window: 0,
    syn: false,
    fin: false,
    rst: true,
    bytes: NO_BYTES,
  };
  network.notes.push(`${endpointText(to)} -> ${endpointText(from)} RST${why}`);
  putSegment(network, undefined, answer);
}

function sendFin(network: Network, side: Side): void {
  side.state = side.state === 'close-wait' ? 'last-ack' : 'fin-wait-1';
  side.finSent = true;
  transmit(network, side, 'fin', side.sndNxt, NO_BYTES);
  advance(network, side, 1);
}

function stopTimer(side: Side): void {
  side.retransmitAtNs = NEVER;
  side.retransmissions = 0;
}

/** `length` sequence numbers have been used: a repetition is due unless they are acknowledged in time. */
function advance(network: Network, side: Side, length: number): void {
  side.sndNxt += length;
  if (side.timedSeq === 0 && side.retransmissions === 0) {
    side.timedSeq = side.sndNxt;
    side.timedAtNs = network.nowNs;
  }
  if (side.retransmitAtNs === NEVER) startRetransmit(network, side);
}

function transmit(
  network: Network,
  side: Side,
  kind: 'plain' | 'syn' | 'fin' | 'rst',
  seq: number,
  bytes: Uint8Array,
  remark = '',
): void {
  const hasAck = side.state !== 'syn-sent';
  if (hasAck) {
    // The right edge of the window never moves back.
    side.rcvEdge = Math.max(side.rcvEdge, side.rcvNxt + side.window - side.receivedLength);
    side.owesAck = false;
    side.segmentsWaiting = 0;
    side.ackAtNs = NEVER;
  }
  const segment: Segment = {
    kind: 'segment',
    key: side.otherKey,
    from: side.local,
    to: side.remote,
    seq,
    ack: hasAck ? side.rcvNxt : undefined,
    window: hasAck ? side.rcvEdge - side.rcvNxt : side.window,
    syn: kind === 'syn',
    fin: kind === 'fin',
    rst: kind === 'rst',
    bytes,
  };
  // Acknowledgements would only be noise.
  if (kind !== 'plain' || remark !== '') network.notes.push(`${side.way} ${segmentText(segment)}${remark}`);
  else if (bytes.length > 0) network.notes.push(dataNote(side, segment));
  putSegment(network, side, segment);
}

/** "127.0.0.1:50000 -> 127.0.0.1:80 17 bytes": one text for all segments of a length, which the trace keeps once. */
function dataNote(side: Side, segment: Segment): string {
  const { length } = segment.bytes;
  if (side.noted.length !== length) side.noted = { length, text: `${side.way} ${segmentText(segment)}` };
  return side.noted.text;
}
