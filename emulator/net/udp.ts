/**
 * UDP on the simulated wire: a datagram goes to every binding that it matches, or is lost without a trace, as on a
 * real network where nobody listens. Broadcasts reach every binding of the port.
 */
import { asFamily, type Endpoint, endpointText, familyOf, isBroadcast, isMulticast } from './address.ts';
import { findBinding } from './binding.ts';
import { type Binding, type Network, packetDelayNs } from './network.ts';

export function sendDatagram(network: Network, from: Endpoint, to: Endpoint, bytes: Uint8Array): void {
  network.notes.push(`${endpointText(from)} -> ${endpointText(to)} datagram of ${bytes.length} bytes`);
  network.timers.push({ afterNs: packetDelayNs(network), event: { kind: 'datagram', from, to, bytes } });
}

/** Bindings that a datagram to `to` reaches. */
export function datagramReceivers(network: Network, to: Endpoint): readonly Binding[] {
  if (isBroadcast(to.host) || isMulticast(to.host)) {
    return [...network.bindings.values()].filter((b) => b.protocol === 'udp' && b.port === to.port);
  }
  const binding = findBinding(network, 'udp', to);
  return binding === undefined ? [] : [binding];
}

/** The endpoint as a socket bound to `binding` sees it: IPv4 hosts are mapped on a dual IPv6 socket. */
export function seenBy(binding: Binding, endpoint: Endpoint): Endpoint {
  return { host: asFamily(endpoint.host, familyOf(binding.host)), port: endpoint.port };
}
