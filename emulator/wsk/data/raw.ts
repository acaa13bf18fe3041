/**
 * Raw sockets: IP packets of one protocol. They reach the raw sockets of the same protocol on the addressed host, if
 * that is this machine; an echo request of ICMP is answered by every machine that there is. A peer has no raw sockets.
 *
 * As in Windows a raw IPv4 socket receives the IP header with the data and a raw IPv6 socket does not; with IP_HDRINCL
 * the sender writes the header as well.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { type Endpoint, hostBytes, isLoopback, isWildcard } from '../../net/address.ts';
import { hostExists } from '../../net/hosts.ts';
import { isOptionSet } from '../control/options.ts';
import { type Socket, wskState } from '../state.ts';
import { constant } from '../status.ts';
import { onWire } from '../wire.ts';

const HEADER_SIZE = 20;

/** Whether a raw socket may be bound to `host`. */
export function isOwnHost(kernel: Kernel, host: string): boolean {
  return isWildcard(host) || isLoopback(host) || wskState(kernel).network.ownHosts.includes(host);
}

export function sendRaw(kernel: Kernel, socket: Socket, from: Endpoint, to: Endpoint, given: Uint8Array): void {
  const isWithHeader = socket.family === 'inet' && isOptionSet(socket, 'IP_HDRINCL');
  const bytes = isWithHeader ? given.slice(((given[0] ?? 0) & 15) * 4) : given;
  onWire(kernel, (network) => {
    network.notes.push(`${from.host} -> ${to.host} protocol ${socket.protocol}, ${bytes.length} bytes`);
  });
  deliver(kernel, socket.protocol, from, to, bytes);
  const answer = echoReply(kernel, socket.protocol, bytes);
  if (answer !== undefined && hostExists(wskState(kernel).network, to.host)) {
    deliver(kernel, socket.protocol, to, from, answer);
  }
}

/** To every raw socket of the protocol that the address reaches. */
function deliver(kernel: Kernel, protocol: number, from: Endpoint, to: Endpoint, data: Uint8Array): void {
  if (!isOwnHost(kernel, to.host)) return;
  const ends = { from: { host: from.host, port: 0 }, to: { host: to.host, port: 0 } };
  for (const socket of wskState(kernel).sockets.values()) {
    const isFor =
      socket.type === 'raw' &&
      socket.protocol === protocol &&
      socket.local !== undefined &&
      (isWildcard(socket.local.host) || socket.local.host === to.host) &&
      (socket.family === 'inet') === (hostBytes(to.host).length === 4);
    if (!isFor) continue;
    const bytes = socket.family === 'inet' ? withHeader(protocol, ends.from.host, ends.to.host, data) : data;
    onWire(kernel, (network) =>
      network.indications.push({ kind: 'datagram', socket: socket.id, from: ends.from, to: ends.to, bytes }),
    );
  }
}

/** The answer to an echo request of ICMP or ICMPv6; undefined for anything else. */
function echoReply(kernel: Kernel, protocol: number, request: Uint8Array): Uint8Array | undefined {
  const isInet = protocol === constant(kernel, 'IPPROTO_ICMP') && request[0] === 8;
  const isInet6 = protocol === constant(kernel, 'IPPROTO_ICMPV6') && request[0] === 128;
  if (request.length < 8 || (!isInet && !isInet6)) return undefined;
  const reply = request.slice();
  reply[0] = isInet ? 0 : 129;
  reply[2] = 0;
  reply[3] = 0;
  // The checksum of ICMPv6 covers addresses too; nobody on this wire looks at it.
  const sum = checksum(reply);
  reply[2] = sum >> 8;
  reply[3] = sum & 0xff;
  return reply;
}

function withHeader(protocol: number, from: string, to: string, data: Uint8Array): Uint8Array {
  const packet = new Uint8Array(HEADER_SIZE + data.length);
  packet.set([0x45, 0, packet.length >> 8, packet.length & 0xff, 0, 0, 0, 0, 128, protocol & 0xff, 0, 0]);
  packet.set(hostBytes(from), 12);
  packet.set(hostBytes(to), 16);
  const sum = checksum(packet.subarray(0, HEADER_SIZE));
  packet[10] = sum >> 8;
  packet[11] = sum & 0xff;
  packet.set(data, HEADER_SIZE);
  return packet;
}

/** The Internet checksum of RFC 1071. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
