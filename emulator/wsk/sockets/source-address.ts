/**
 * The address that a socket on the wildcard uses: loopback towards loopback, the machine's own elsewhere. A machine that
 * has no address of the family, as one whose cable is out, has no route to any other.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { familyOf, isLoopback, isWildcard, unmapped } from '../../net/address.ts';
import { wskState } from '../state.ts';

export function sourceTowards(kernel: Kernel, local: string, remote: string): string | undefined {
  if (!isWildcard(local)) return local;
  const to = unmapped(remote);
  const { ownHosts } = wskState(kernel).network;
  return ownHosts.find((host) => familyOf(host) === familyOf(to) && isLoopback(host) === isLoopback(to));
}
