/**
 * UDP on the simulated wire. A datagram goes to the binding that it matches best; one to a broadcast address to every
 * binding of the port, one to a group to those that have joined it. Where nobody takes it, the sender's socket hears
 * that the port is unreachable.
 */
import { countText } from '../../base/count.ts';
import {
  asFamily,
  type Endpoint,
  endpointText,
  familyOf,
  isBroadcast,
  isLoopback,
  isMulticast,
  unmapped,
} from './address.ts';
import { bindingsOfPort, findBinding } from './binding.ts';
import { hostExists } from './hosts.ts';
import type { Binding, Network, Unreachable } from './network.ts';
import { putDatagram, tellUnreachable } from './wire.ts';

/** What fits into an IP packet behind the UDP header: 65,507 bytes with IPv4, 65,527 with IPv6. */
export function datagramBytesMax(host: string): number {
  return familyOf(unmapped(host)) === 'inet' ? 65_507 : 65_527;
}

/** The machine has two interfaces; a group is joined on one of them. */
export type Interface = 'loopback' | 'ethernet';

/** Sends a datagram; false when it is too long. */
export function sendDatagram(network: Network, from: Endpoint, to: Endpoint, bytes: Uint8Array): boolean {
  if (bytes.length > datagramBytesMax(to.host)) return false;
  network.notes.push(`${endpointText(from)} -> ${endpointText(to)} datagram of ${countText(bytes.length, 'byte')}`);
  putDatagram(network, from, to, bytes);
  return true;
}

/** False when it has joined that group already. */
export function joinGroup(binding: Binding, group: string, by: Interface): boolean {
  const key = groupKey(group, by);
  if (binding.groups.has(key)) return false;
  binding.groups.add(key);
  return true;
}

/** False when it has not joined. */
export function leaveGroup(binding: Binding, group: string, by: Interface): boolean {
  return binding.groups.delete(groupKey(group, by));
}

export function datagramArrives(network: Network, from: Endpoint, to: Endpoint, bytes: Uint8Array): void {
  const receivers = datagramReceivers(network, from, to);
  for (const binding of receivers) {
    if (binding.owner.kind === 'peer') {
      network.heard.push({ kind: 'datagram', peer: binding.owner.id, from, bytes });
      continue;
    }
    network.indications.push({
      kind: 'datagram',
      socket: binding.owner.id,
      from: seenBy(binding, from),
      to: seenBy(binding, to),
      bytes,
    });
  }
  if (receivers.length === 0 && bridgeTakes(network, from, to, bytes)) return;
  const isToOne = !isBroadcast(to.host) && !isMulticast(to.host);
  if (receivers.length === 0 && isToOne && hostExists(network, to.host))
    tellUnreachable(network, 'udp', from, to, 'port');
}

/** Word that a datagram from `from` has not arrived. */
export function datagramUnreachable(network: Network, from: Endpoint, to: Endpoint, what: Unreachable): void {
  const binding = findBinding(network, 'udp', from);
  if (binding?.owner.kind !== 'socket') return;
  network.indications.push({ kind: 'unreachable', socket: binding.owner.id, to: seenBy(binding, to), what });
}

/** The endpoint as a socket bound to `binding` sees it: IPv4 hosts are mapped on a dual IPv6 socket. */
export function seenBy(binding: Binding, endpoint: Endpoint): Endpoint {
  return { host: asFamily(endpoint.host, familyOf(binding.host)), port: endpoint.port };
}

/** Bindings that a datagram reaches. */
function datagramReceivers(network: Network, from: Endpoint, to: Endpoint): readonly Binding[] {
  const host = unmapped(to.host);
  const all = bindingsOfPort(network, 'udp', to.port);
  if (isBroadcast(host)) return all.filter((binding) => takesIPv4(binding));
  if (isMulticast(host)) {
    const key = groupKey(host, isLoopback(from.host) ? 'loopback' : 'ethernet');
    return all.filter((binding) => binding.groups.has(key));
  }
  const binding = findBinding(network, 'udp', to);
  return binding === undefined ? [] : [binding];
}

/** A datagram of the driver's to a program outside. */
function bridgeTakes(network: Network, from: Endpoint, to: Endpoint, bytes: Uint8Array): boolean {
  const { bridge } = network;
  if (bridge === undefined || bridge.isClosed || !isLoopback(to.host)) return false;
  const binding = findBinding(network, 'udp', from);
  if (binding?.owner.kind !== 'socket') return false;
  bridge.orders.push({ kind: 'datagram', binding: binding.id, to: { host: unmapped(to.host), port: to.port }, bytes });
  return true;
}

function takesIPv4(binding: Binding): boolean {
  return binding.isDual || familyOf(unmapped(binding.host)) === 'inet';
}

function groupKey(group: string, by: Interface): string {
  return `${unmapped(group)}%${by}`;
}
