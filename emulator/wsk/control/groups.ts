/**
 * Multicast groups of datagram sockets: IP_ADD_MEMBERSHIP and IPV6_ADD_MEMBERSHIP, and the options that leave a group.
 * An interface is named by one of its addresses (IPv4) or by its index (IPv6); none means the one that is no loopback.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { hostFromBytes, isLoopback, isMulticast, isWildcard } from '../../net/address.ts';
import { type Interface, joinGroup, leaveGroup } from '../../net/udp.ts';
import { type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import type { Control, ControlResult } from './control-types.ts';

/** The index that Windows gives to the loopback interface. */
const LOOPBACK_INDEX = 1;

/** Undefined when the control request is about something else. */
export function performGroup(kernel: Kernel, socket: Socket, control: Control): ControlResult | undefined {
  const family = control.level === constant(kernel, 'IPPROTO_IP') ? 'inet' : 'inet6';
  if (family === 'inet6' && control.level !== constant(kernel, 'IPPROTO_IPV6')) return undefined;
  const prefix = family === 'inet' ? 'IP' : 'IPV6';
  const joins = control.code === constant(kernel, `${prefix}_ADD_MEMBERSHIP`);
  if (!joins && control.code !== constant(kernel, `${prefix}_DROP_MEMBERSHIP`)) return undefined;
  if (!control.hasIrp || control.type !== 'set') return status(kernel, 'STATUS_INVALID_PARAMETER');
  if (socket.category !== 'datagram' || socket.family !== family) return status(kernel, 'STATUS_INVALID_PARAMETER');
  const type = family === 'inet' ? 'IP_MREQ' : 'IPV6_MREQ';
  if (control.input === 0n || control.inputSize < kernel.types.sizeOf(type)) {
    return status(kernel, 'STATUS_INVALID_PARAMETER');
  }
  const binding = wskState(kernel).network.bindings.get(socket.binding ?? -1);
  if (binding === undefined) return status(kernel, 'STATUS_INVALID_DEVICE_STATE');
  const { group, by } = family === 'inet' ? readInet(kernel, control.input) : readInet6(kernel, control.input);
  if (by === undefined || !isMulticast(group)) return status(kernel, 'STATUS_INVALID_ADDRESS_COMPONENT');
  const isDone = joins ? joinGroup(binding, group, by) : leaveGroup(binding, group, by);
  if (isDone) return { kind: 'done' };
  return status(kernel, joins ? 'STATUS_ADDRESS_ALREADY_EXISTS' : 'STATUS_INVALID_ADDRESS_COMPONENT');
}

interface Membership {
  readonly group: string;
  /** Undefined for an interface that the machine does not have. */
  readonly by: Interface | undefined;
}

function readInet(kernel: Kernel, address: GuestAddress): Membership {
  const host = (field: string): string =>
    hostFromBytes(kernel.memory.readBytes(at(address, kernel.types.offsetOf('IP_MREQ', field)), 4));
  const by = host('imr_interface');
  return { group: host('imr_multiaddr'), by: interfaceOf(kernel, by) };
}

/** By one of its addresses; 0.0.0.0 is the usual one, and 0.0.0.2 the one of index 2. */
function interfaceOf(kernel: Kernel, address: string): Interface | undefined {
  if (isWildcard(address)) return 'ethernet';
  const [, index] = /^0\.0\.0\.(\d+)$/.exec(address) ?? [];
  if (index !== undefined) return interfaceOfIndex(Number(index));
  if (isLoopback(address)) return 'loopback';
  return wskState(kernel).network.ownHosts.includes(address) ? 'ethernet' : undefined;
}

function interfaceOfIndex(index: number): Interface {
  return index === LOOPBACK_INDEX ? 'loopback' : 'ethernet';
}

function readInet6(kernel: Kernel, address: GuestAddress): Membership {
  const { types, memory } = kernel;
  const group = hostFromBytes(memory.readBytes(at(address, types.offsetOf('IPV6_MREQ', 'ipv6mr_multiaddr')), 16));
  const index = memory.readU32(at(address, types.offsetOf('IPV6_MREQ', 'ipv6mr_interface')));
  return { group, by: interfaceOfIndex(index) };
}

function at(address: GuestAddress, offset: number): GuestAddress {
  return (address + BigInt(offset)) as GuestAddress;
}

function status(kernel: Kernel, name: `STATUS_${string}`): ControlResult {
  return { kind: 'status', status: ntstatus(kernel, name) };
}
