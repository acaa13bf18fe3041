/** The scenario's peers as the network takes them: addresses in their canonical spelling. */
import { parseHost } from './net/address.ts';
import type { PeerScript } from './net/network.ts';
import type { ScenarioEndpoint, ScenarioPeer } from './scenario/scenario.ts';

export function asPeerScripts(peers: readonly ScenarioPeer[]): readonly PeerScript[] {
  return peers.map((peer) => ({ ...peer, role: roleOf(peer.role) }));
}

function roleOf(role: ScenarioPeer['role']): PeerScript['role'] {
  switch (role.kind) {
    case 'connect':
      return { kind: 'connect', to: canonical(role.to) };
    case 'listen':
      return { kind: 'listen', at: canonical(role.at) };
    case 'datagram':
      return { kind: 'datagram', at: canonical(role.at), to: role.to === undefined ? undefined : canonical(role.to) };
  }
}

function canonical({ host, port }: ScenarioEndpoint): ScenarioEndpoint {
  return { host: parseHost(host) ?? host, port };
}
