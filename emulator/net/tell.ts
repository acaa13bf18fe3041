/**
 * What has happened goes to whoever is behind it: to sockets as indications, to peers and channels once the event is
 * over.
 */
import { unreachable } from '../../base/assert.ts';
import { endpointText } from './address.ts';
import { findBinding } from './binding.ts';
import type { Binding, Indication, Network, SideEvent } from './network.ts';
import type { Side } from './tcp-side.ts';

export function tellOwner(network: Network, side: Side, event: SideEvent): void {
  const { owner } = side;
  if (owner === undefined) return;
  if (owner.kind === 'socket') {
    noteAttempt(network, side, event);
    network.indications.push(indication(owner.id, event));
  }
  if (owner.kind === 'peer') network.heard.push({ kind: 'side', peer: owner.id, event });
  if (owner.kind === 'channel') network.heard.push({ kind: 'channel', channel: owner.id, event });
}

/** Where a socket finds nobody is kept until it finds somebody there. */
function noteAttempt(network: Network, { remote }: Side, event: SideEvent): void {
  if (event.kind === 'connected' && network.deserted.size > 0) network.deserted.delete(endpointText(remote));
  if (event.kind !== 'connect-failed' || event.why === 'in-use') return;
  const listener = findBinding(network, 'tcp', remote, ({ isListening }) => isListening);
  if (listener === undefined) network.deserted.add(endpointText(remote));
}

/** Written out: a spread into a literal costs V8 much more. */
function indication(socket: number, event: SideEvent): Indication {
  switch (event.kind) {
    case 'connected':
    case 'data':
    case 'fin':
    case 'fin-acknowledged':
      return { kind: event.kind, socket };
    case 'sent':
      return { kind: 'sent', socket, token: event.token };
    case 'connect-failed':
      return { kind: 'connect-failed', socket, why: event.why };
    case 'reset':
      return { kind: 'reset', socket, why: event.why };
    default:
      return unreachable(event);
  }
}

/** A connection has come to a listener, wants to be inspected, or has gone while it was inspected. */
export function tellListener(
  network: Network,
  listener: Binding,
  side: Side,
  kind: 'arrival' | 'inspect' | 'inspect-abort',
): void {
  const { owner } = listener;
  if (owner.kind === 'socket') network.indications.push({ kind, socket: owner.id, side: side.id });
  else if (owner.kind === 'peer' && kind === 'arrival') network.heard.push({ kind, peer: owner.id, side });
}
