/** Which machines there are: the driver's, and those that a scripted peer uses. */
import { isLoopback, unmapped } from './address.ts';
import type { Network } from './network.ts';

export function hostExists(network: Network, host: string): boolean {
  const plain = unmapped(host);
  return network.ownHosts.includes(plain) || isLoopback(plain) || network.hosts.has(plain);
}
