/**
 * Control information of datagrams: CMSGHDR objects that come with what is received (the address that it was sent to,
 * its hop limit), as far as the socket's options ask for them, and those that go with what is sent.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import {
  type Endpoint,
  familyOf,
  hostBytes,
  hostFromBytes,
  isLoopback,
  isWildcard,
  unmapped,
} from '../../net/address.ts';
import { isOptionSet } from '../control/options.ts';
import type { Socket } from '../state.ts';
import { constant } from '../status.ts';

/** Indexes of the two interfaces, as Windows counts them. */
const LOOPBACK_INDEX = 1;
const ETHERNET_INDEX = 2;

/** Hops that a packet has left when it arrives: nothing lies between the machines. */
const HOP_LIMIT = 128;

/** What a socket gets with a datagram to `to`: one object for each option, in the order of their numbers. */
export function controlObjects(kernel: Kernel, socket: Socket, to: Endpoint): readonly Uint8Array[] {
  const objects: Uint8Array[] = [];
  const prefix = socket.family === 'inet' ? 'IP' : 'IPV6';
  const level = socket.family === 'inet' ? 'IPPROTO_IP' : 'IPPROTO_IPV6';
  if (isOptionSet(socket, `${prefix}_PKTINFO`)) {
    const index = isLoopback(to.host) ? LOOPBACK_INDEX : ETHERNET_INDEX;
    objects.push(object(kernel, level, `${prefix}_PKTINFO`, [...hostBytes(to.host), ...ulong(index)]));
  }
  if (isOptionSet(socket, `${prefix}_HOPLIMIT`)) {
    objects.push(object(kernel, level, `${prefix}_HOPLIMIT`, ulong(HOP_LIMIT)));
  }
  return objects;
}

/** As many whole objects as fit into `size` bytes, one behind the other. */
export function joinObjects(
  objects: readonly Uint8Array[],
  size: number,
): { readonly bytes: Uint8Array; readonly isCut: boolean } {
  const bytes: number[] = [];
  for (const one of objects) {
    if (bytes.length + one.length > size) return { bytes: Uint8Array.from(bytes), isCut: true };
    bytes.push(...one);
  }
  return { bytes: Uint8Array.from(bytes), isCut: false };
}

export interface SentControl {
  /** The address that IP_PKTINFO or IPV6_PKTINFO wants the datagram to come from. */
  readonly source: string | undefined;
}

/** Reads the control information that goes with a send; undefined when it is not made of whole CMSGHDR objects. */
export function readControl(kernel: Kernel, address: GuestAddress, length: number): SentControl | undefined {
  const header = kernel.types.sizeOf('WSACMSGHDR');
  let source: string | undefined;
  for (let at = 0; at < length; ) {
    if (length - at < header) return undefined;
    const view = kernel.view('WSACMSGHDR', (address + BigInt(at)) as GuestAddress);
    const size = Number(view.get('cmsg_len'));
    if (size < header || size > length - at) return undefined;
    const hostSize = pktinfoHostSize(kernel, view.getNumber('cmsg_level'), view.getNumber('cmsg_type'));
    if (hostSize !== undefined) {
      if (size < header + hostSize + 4) return undefined;
      const data = (address + BigInt(at + header)) as GuestAddress;
      const host = hostFromBytes(kernel.memory.readBytes(data, hostSize));
      if (!isWildcard(host)) source = host;
    }
    at += aligned(size);
  }
  return { source };
}

/** Bytes of the address in a packet-info object; undefined for any other object. */
function pktinfoHostSize(kernel: Kernel, level: number, type: number): number | undefined {
  if (level === constant(kernel, 'IPPROTO_IP') && type === constant(kernel, 'IP_PKTINFO')) return 4;
  if (level === constant(kernel, 'IPPROTO_IPV6') && type === constant(kernel, 'IPV6_PKTINFO')) return 16;
  return undefined;
}

/** A CMSGHDR with its data, padded to where the next one begins. */
function object(kernel: Kernel, level: string, type: string, data: readonly number[]): Uint8Array {
  const { types } = kernel;
  const header = types.sizeOf('WSACMSGHDR');
  const bytes = new Uint8Array(aligned(header + data.length));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(types.offsetOf('WSACMSGHDR', 'cmsg_len'), BigInt(header + data.length), true);
  view.setInt32(types.offsetOf('WSACMSGHDR', 'cmsg_level'), constant(kernel, level), true);
  view.setInt32(types.offsetOf('WSACMSGHDR', 'cmsg_type'), constant(kernel, type), true);
  bytes.set(data, header);
  return bytes;
}

/** Whether a socket may send from `host`: its own address, or any of this machine's on the wildcard. */
export function maySendFrom(local: Endpoint, host: string, ownHosts: readonly string[]): boolean {
  if (!isWildcard(local.host)) return unmapped(local.host) === unmapped(host);
  return ownHosts.includes(unmapped(host)) && (familyOf(host) === familyOf(local.host) || local.host === '::');
}

function aligned(size: number): number {
  return (size + 7) & ~7;
}

function ulong(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24];
}
