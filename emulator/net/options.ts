/**
 * What the simulated wire does to packets, and how patient TCP is: one record. The defaults are a wire without faults
 * and the patience of Windows; times are virtual.
 */

export interface NetworkOptions {
  /** Seed of everything that is left to chance: jitter, loss, order, duplicates. */
  readonly seed: number;
  /** Real programs take part, through an owner that knows how to reach them (`bridge-types.ts`). */
  readonly isBridged: boolean;
  /** Time that a packet is under way. */
  readonly delayNs: number;
  /** At most this much is added to the delay of each. Packets of one direction keep their order all the same. */
  readonly jitterNs: number;
  /** So many packets of a hundred are lost, arrive twice, or are overtaken by later ones. Fractions count. */
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  readonly reorderPercent: number;
  readonly partitions: readonly Partition[];
  /** Largest payload of one TCP segment (MSS). */
  readonly segmentSize: number;
  /** Receive buffer of a side that sets none. */
  readonly receiveWindow: number;
  /** Connections that a listener holds until they are accepted; more are refused. */
  readonly backlogMax: number;
  /** Time until the first SYN is repeated; it doubles each time. */
  readonly connectRetryNs: number;
  /** SYNs that are repeated before a connection attempt is given up: 3 s, 9 s, and the end at 21 s. */
  readonly connectRetriesMax: number;
  /** Shortest and longest time until unacknowledged data is repeated. */
  readonly retransmitNsMin: number;
  readonly retransmitNsMax: number;
  /**
   * How long the driver's machine waits for data of its own before it acknowledges a segment alone, and how many segments
   * it lets wait: DelayedAckTimeout and DelayedAckFrequency of the Internet template (Get-NetTCPSetting).
   */
  readonly delayedAckNs: number;
  readonly delayedAckSegments: number;
  /** Repetitions of one segment before the connection is given up. */
  readonly retransmissionsMax: number;
  /** Twice the time that a segment may live: how long TIME-WAIT lasts, and FIN-WAIT-2 where nobody reads any more. */
  readonly timeWaitNs: number;
}

/** A while in which packets of some machines, or of all, do not get through. */
export interface Partition {
  readonly fromNs: number;
  readonly untilNs: number;
  /** Packets from or to one of these hosts are concerned; undefined means all packets. */
  readonly hosts: readonly string[] | undefined;
  /** `silent`: they are lost. Otherwise a router tells the sender that it cannot reach the host, or its network. */
  readonly how: 'silent' | 'unreachable' | 'network-unreachable';
}

const SECOND_NS = 1_000_000_000;

export const defaultNetwork: NetworkOptions = {
  seed: 1,
  isBridged: false,
  delayNs: 20_000,
  jitterNs: 0,
  lossPercent: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  partitions: [],
  segmentSize: 65_536,
  receiveWindow: 65_536,
  backlogMax: 200,
  connectRetryNs: 3 * SECOND_NS,
  connectRetriesMax: 2,
  retransmitNsMin: 300_000_000,
  retransmitNsMax: 60 * SECOND_NS,
  delayedAckNs: 40_000_000,
  delayedAckSegments: 2,
  retransmissionsMax: 5,
  timeWaitNs: 120 * SECOND_NS,
};

/** A wire that delivers every packet after the same time: nothing has to be decided for it. */
export function isFaultless(options: NetworkOptions): boolean {
  const { jitterNs, lossPercent, duplicatePercent, reorderPercent, partitions } = options;
  return jitterNs + lossPercent + duplicatePercent + reorderPercent === 0 && partitions.length === 0;
}
