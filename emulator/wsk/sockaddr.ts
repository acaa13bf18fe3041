/** SOCKADDR structures in guest memory, and endpoints. Ports and hosts are in network order there. */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import { type Endpoint, type Family, familyOf, hostBytes, hostFromBytes } from '../net/address.ts';
import { constant } from './status.ts';

export interface SockAddr {
  readonly family: Family;
  readonly endpoint: Endpoint;
}

/** Reads a SOCKADDR_IN or SOCKADDR_IN6; the family's number where it is neither. */
export function readSockAddr(kernel: Kernel, address: GuestAddress): SockAddr | { readonly unknownFamily: number } {
  const number = kernel.memory.readU16(address);
  const family = familyOfNumber(kernel, number);
  if (family === undefined) return { unknownFamily: number };
  const at = fieldsOf(kernel, family);
  const portBytes = kernel.memory.readBytes(offset(address, at.port), 2);
  const port = ((portBytes[0] ?? 0) << 8) | (portBytes[1] ?? 0);
  const host = hostFromBytes(kernel.memory.readBytes(offset(address, at.host), at.hostSize));
  return { family, endpoint: { host, port } };
}

/** The bytes of the SOCKADDR for an endpoint: 16 for IPv4, 28 for IPv6. */
export function sockAddrBytes(kernel: Kernel, endpoint: Endpoint): Uint8Array {
  const family = familyOf(endpoint.host);
  const at = fieldsOf(kernel, family);
  const bytes = new Uint8Array(at.size);
  const number = constant(kernel, family === 'inet' ? 'AF_INET' : 'AF_INET6');
  bytes[0] = number & 0xff;
  bytes[1] = number >> 8;
  bytes[at.port] = endpoint.port >> 8;
  bytes[at.port + 1] = endpoint.port & 0xff;
  bytes.set(hostBytes(endpoint.host), at.host);
  return bytes;
}

/** Size of the family's structure. */
export function sockAddrSize(kernel: Kernel, family: Family): number {
  return fieldsOf(kernel, family).size;
}

export function familyOfNumber(kernel: Kernel, number: number): Family | undefined {
  if (number === constant(kernel, 'AF_INET')) return 'inet';
  if (number === constant(kernel, 'AF_INET6')) return 'inet6';
  return undefined;
}

function fieldsOf(kernel: Kernel, family: Family): { size: number; port: number; host: number; hostSize: number } {
  const { types } = kernel;
  return family === 'inet'
    ? {
        size: types.sizeOf('SOCKADDR_IN'),
        port: types.offsetOf('SOCKADDR_IN', 'sin_port'),
        host: types.offsetOf('SOCKADDR_IN', 'sin_addr'),
        hostSize: 4,
      }
    : {
        size: types.sizeOf('SOCKADDR_IN6'),
        port: types.offsetOf('SOCKADDR_IN6', 'sin6_port'),
        host: types.offsetOf('SOCKADDR_IN6', 'sin6_addr'),
        hostSize: 16,
      };
}

function offset(address: GuestAddress, bytes: number): GuestAddress {
  return (address + BigInt(bytes)) as GuestAddress;
}
