/** The address that a socket on the wildcard uses: loopback towards loopback, the machine's own elsewhere. */
import type { Kernel } from '../kernel/kernel-types.ts';
import { familyOf, isLoopback, isWildcard, unmapped } from '../net/address.ts';
import { wskState } from './state.ts';

export function sourceTowards(kernel: Kernel, local: string, remote: string): string {
  if (!isWildcard(local)) return local;
  const to = unmapped(remote);
  const { ownHosts } = wskState(kernel).network;
  return ownHosts.find((host) => familyOf(host) === familyOf(to) && isLoopback(host) === isLoopback(to)) ?? local;
}
