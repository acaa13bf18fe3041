/**
 * What has happened goes to whoever is behind it: to sockets as indications, to peers and channels once the event is
 * over.
 */
import { unreachable } from '../../base/assert.ts';
import type { Binding, Indication, Network, SideEvent } from './network.ts';
import type { Side } from './tcp-side.ts';

export function tellOwner(network: Network, side: Side, event: SideEvent): void {
  const { owner } = side;
  if (owner === undefined) return;
  if (owner.kind === 'socket') network.indications.push(indication(owner.id, event));
  else if (owner.kind === 'peer') network.heard.push({ kind: 'side', peer: owner.id, event });
  else network.heard.push({ kind: 'channel', channel: owner.id, event });
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
