/** The receiving half of TCP: bytes into their order, each once, and the window that says how many more may come. */
import { fifoPush } from './fifo.ts';
import type { Side } from './tcp-side.ts';

/**
 * Takes the payload of an acceptable segment; true when there is more to read than before. What is old, or beyond the
 * window, is cut off.
 */
export function takePayload(side: Side, seq: number, bytes: Uint8Array, hasFin: boolean): boolean {
  const before = side.rcvNxt;
  const end = seq + bytes.length;
  const from = Math.max(seq, side.rcvNxt);
  const to = Math.min(end, side.rcvEdge);
  if (to > from) {
    const part = to - from === bytes.length ? bytes : bytes.subarray(from - seq, to - seq);
    if (from === side.rcvNxt) append(side, part);
    else keep(side, from, part);
  }
  if (hasFin && end <= Math.max(side.rcvEdge, side.rcvNxt)) side.finSeq = end;
  if (side.outOfOrder.length > 0) closeGaps(side);
  return side.rcvNxt > before;
}

/** A segment has something to say: it is neither wholly old nor beyond the window. */
export function isAcceptable(side: Side, seq: number, length: number): boolean {
  const end = seq + length;
  if (seq > side.rcvEdge) return false;
  return length === 0 ? end >= side.rcvNxt : end > side.rcvNxt;
}

function append(side: Side, bytes: Uint8Array): void {
  fifoPush(side.received, bytes);
  side.receivedLength += bytes.length;
  side.rcvNxt += bytes.length;
}

/** Keeps bytes behind a gap, sorted by their number. Segments may overlap. */
function keep(side: Side, seq: number, bytes: Uint8Array): void {
  const { outOfOrder } = side;
  let at = outOfOrder.length;
  while (at > 0 && (outOfOrder[at - 1]?.seq ?? 0) > seq) at--;
  const same = outOfOrder[at - 1];
  if (same?.seq === seq && same.bytes.length >= bytes.length) return;
  outOfOrder.splice(at, 0, { seq, bytes });
}

function closeGaps(side: Side): void {
  let used = 0;
  for (const { seq, bytes } of side.outOfOrder) {
    if (seq > side.rcvNxt) break;
    used++;
    const old = side.rcvNxt - seq;
    if (old < bytes.length) append(side, bytes.subarray(old));
  }
  if (used > 0) side.outOfOrder.splice(0, used);
}
