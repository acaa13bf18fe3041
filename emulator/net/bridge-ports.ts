/**
 * Ports of the driver that are known outside: each that takes datagrams or listens, from the moment at which it does,
 * so that the orders stand where they belong among the others in every run.
 */
import { familyOf, isWildcard, unmapped } from './address.ts';
import type { Door } from './bridge-types.ts';
import type { Binding, Network } from './network.ts';

/** A socket of the driver takes datagrams or connections from now on. */
export function exposePort({ bridge }: Network, binding: Binding): void {
  if (bridge === undefined || binding.owner.kind !== 'socket' || bridge.exposed.has(binding.id)) return;
  const { id, protocol, port } = binding;
  bridge.exposed.add(id);
  bridge.orders.push({ kind: 'listen', protocol, binding: id, port, doors: doorsOf(binding) });
}

export function hidePort({ bridge }: Network, binding: number): void {
  if (bridge?.exposed.delete(binding)) bridge.orders.push({ kind: 'unlisten', binding });
}

/** Loopback outside stands for loopback here; for the machine's other addresses too, which do not exist outside. */
function doorsOf({ host, port, isDual }: Binding): readonly Door[] {
  const plain = unmapped(host);
  if (!isWildcard(plain)) {
    const door = familyOf(plain) === 'inet' ? '127.0.0.1' : '::1';
    return [{ host: door, to: { host: plain, port } }];
  }
  const v4: Door = { host: '127.0.0.1', to: { host: '127.0.0.1', port } };
  const v6: Door = { host: '::1', to: { host: '::1', port } };
  if (isDual) return [v4, v6];
  return familyOf(plain) === 'inet' ? [v4] : [v6];
}
