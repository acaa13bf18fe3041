/**
 * Puts packets on the wire: delay, jitter, loss, order, duplicates, partitions, as the options say.
 *
 * On a wire without faults a packet costs one entry in a queue and no decision. Otherwise packets of one direction
 * keep their order, whatever the jitter, unless `reorderPercent` holds one back.
 */
import { countText } from '../../base/count.ts';
import { type Endpoint, endpointText, unmapped } from './address.ts';
import type { Network, Segment, Unreachable } from './network.ts';
import type { NetworkOptions, Partition } from './options.ts';
import { queuePacket } from './queue.ts';
import type { Side } from './tcp-side.ts';

/** Steps into which the jitter is divided, and percentages are. */
const STEPS = 1000;

/** `side` is the sender, where there is one: it remembers when its last packet arrives. */
export function putSegment(network: Network, side: Side | undefined, segment: Segment): void {
  if (network.isFaultless) {
    queuePacket(network.queue, network.nowNs + network.options.delayNs, segment);
    return;
  }
  const { from, to } = segment;
  const partition = partitionBetween(network, from.host, to.host);
  if (partition !== undefined) {
    lost(network, from, to, segmentText(segment));
    if (partition.how !== 'silent' && !segment.rst) tellUnreachable(network, 'tcp', from, to, behind(partition));
    return;
  }
  const atNs = arrivalNs(network, from, to, segmentText(segment), side?.lastArrivalNs ?? 0);
  for (const at of atNs.copies) queuePacket(network.queue, at, segment);
  if (side !== undefined) side.lastArrivalNs = Math.max(side.lastArrivalNs, atNs.floor);
}

export function putDatagram(network: Network, from: Endpoint, to: Endpoint, bytes: Uint8Array): void {
  const event = { kind: 'datagram', from, to, bytes } as const;
  if (network.isFaultless) {
    queuePacket(network.queue, network.nowNs + network.options.delayNs, event);
    return;
  }
  const what = `datagram of ${countText(bytes.length, 'byte')}`;
  const partition = partitionBetween(network, from.host, to.host);
  if (partition !== undefined) {
    lost(network, from, to, what);
    if (partition.how !== 'silent') tellUnreachable(network, 'udp', from, to, behind(partition));
    return;
  }
  const flow = `${endpointText(from)} ${endpointText(to)}`;
  const atNs = arrivalNs(network, from, to, what, network.lastArrivalNs.get(flow) ?? 0);
  for (const at of atNs.copies) queuePacket(network.queue, at, event);
  network.lastArrivalNs.set(flow, atNs.floor);
}

/** Word to `from` that its packet has not reached `to`. */
export function tellUnreachable(
  network: Network,
  protocol: 'tcp' | 'udp',
  from: Endpoint,
  to: Endpoint,
  what: Unreachable,
): void {
  network.notes.push(`${endpointText(to)} -> ${endpointText(from)} ${what} unreachable`);
  queuePacket(network.queue, network.nowNs + network.options.delayNs, {
    kind: 'unreachable',
    protocol,
    from,
    to,
    what,
  });
}

function behind(partition: Partition): Unreachable {
  return partition.how === 'network-unreachable' ? 'network' : 'host';
}

/** The partition that separates two hosts now. */
function partitionBetween(network: Network, a: string, b: string): Partition | undefined {
  const { nowNs } = network;
  return network.options.partitions.find(
    ({ fromNs, untilNs, hosts }) =>
      nowNs >= fromNs &&
      nowNs < untilNs &&
      (hosts === undefined || hosts.includes(unmapped(a)) || hosts.includes(unmapped(b))),
  );
}

/** What people read of a segment. */
export function segmentText(segment: Segment): string {
  const { bytes } = segment;
  if (segment.rst) return 'RST';
  if (segment.syn) return segment.ack === undefined ? 'SYN' : 'SYN ACK';
  const data = bytes.length === 0 ? '' : countText(bytes.length, 'byte');
  if (segment.fin) return data === '' ? 'FIN' : `${data} FIN`;
  return data === '' ? 'ACK' : data;
}

/** When each copy of a packet arrives, none for a lost one; `floor` is the earliest for the packet after it. */
function arrivalNs(
  network: Network,
  from: Endpoint,
  to: Endpoint,
  what: string,
  floorNs: number,
): { readonly copies: readonly number[]; readonly floor: number } {
  const { options } = network;
  if (happens(network, 'network.loss', options.lossPercent)) {
    lost(network, from, to, what);
    return { copies: [], floor: floorNs };
  }
  const delay = delayNs(network, options);
  const isLate = happens(network, 'network.reorder', options.reorderPercent);
  const first = isLate ? network.nowNs + delay * 4 : Math.max(network.nowNs + delay, floorNs);
  const floor = isLate ? floorNs : first;
  if (!happens(network, 'network.duplicate', options.duplicatePercent)) return { copies: [first], floor };
  return { copies: [first, first + delayNs(network, options)], floor };
}

function delayNs(network: Network, options: NetworkOptions): number {
  const { delayNs, jitterNs } = options;
  if (jitterNs === 0) return delayNs;
  const step = network.choices.choose({ name: 'network.jitter', options: STEPS + 1 });
  return delayNs + Math.floor((jitterNs * step) / STEPS);
}

/** Option 0 is that nothing happens. */
function happens(network: Network, name: string, percent: number): boolean {
  if (percent === 0) return false;
  return network.choices.choose({ name, options: STEPS }) >= STEPS - (percent * STEPS) / 100;
}

function lost(network: Network, from: Endpoint, to: Endpoint, what: string): void {
  network.notes.push(`${endpointText(from)} -> ${endpointText(to)} ${what} (lost)`);
}
