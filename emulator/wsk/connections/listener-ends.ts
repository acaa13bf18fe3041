/** The two ends of a connection as its listener sees them. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { Endpoint } from '../../net/address.ts';
import type { Side } from '../../net/tcp-side.ts';
import { seenBy } from '../../net/udp.ts';
import { type Socket, wskState } from '../state.ts';

/** Both ends as the listener sees them: IPv4 ones are mapped for a dual IPv6 socket. */
export function endpointsOf(kernel: Kernel, listener: Socket, side: Side): { local: Endpoint; remote: Endpoint } {
  const binding = wskState(kernel).network.bindings.get(listener.binding ?? -1);
  const seen = (endpoint: Endpoint): Endpoint => (binding === undefined ? endpoint : seenBy(binding, endpoint));
  return { local: seen(side.local), remote: seen(side.remote) };
}
