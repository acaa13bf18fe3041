/**
 * The address that a socket on the wildcard uses: loopback towards loopback, the machine's own elsewhere. A machine that
 * has no address of the family, as one whose cable is out, has no route to any other.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { asFamily, type Endpoint, familyOf, isLoopback, isWildcard, unmapped } from '../../net/address.ts';
import { isOptionSet } from '../control/options.ts';
import { type Socket, wskState } from '../state.ts';

/** Whether nobody can be reached there: the wildcard is no address of a machine, and port 0 none of a program. */
export function isNowhere({ host, port }: Endpoint): boolean {
  return isWildcard(unmapped(host)) || port === 0;
}

/** Undefined where no way leads there: IPv4 hosts are none for an IPv6 socket that has not given up IPV6_V6ONLY. */
export function sourceTowards(kernel: Kernel, socket: Socket, remote: string): string | undefined {
  const to = unmapped(remote);
  if (to !== remote && isOptionSet(socket, 'IPV6_V6ONLY')) return undefined;
  const local = socket.local?.host;
  if (local !== undefined && !isWildcard(local)) return local;
  const { ownHosts } = wskState(kernel).network;
  const own = ownHosts.find((host) => familyOf(host) === familyOf(to) && isLoopback(host) === isLoopback(to));
  return own === undefined ? undefined : asFamily(own, familyOf(remote));
}
