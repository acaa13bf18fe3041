/** The address that a socket on the wildcard uses: loopback towards loopback, the machine's own elsewhere. */
import { familyOf, isLoopback, isWildcard, unmapped } from '../net/address.ts';
import { ownHosts } from '../net/network.ts';

export function sourceTowards(local: string, remote: string): string {
  if (!isWildcard(local)) return local;
  const to = unmapped(remote);
  return ownHosts.find((host) => familyOf(host) === familyOf(to) && isLoopback(host) === isLoopback(to)) ?? local;
}
