/**
 * Socket options: which sockets have them, when they may be set, and their values.
 *
 * All of these are one ULONG. Values that change nothing on the simulated wire (TCP_NODELAY) are kept and
 * can be read back. An option that is not in the table is not emulated and stops the run.
 */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { KeepAlive } from '../net/tcp-side.ts';
import type { Socket, SocketCategory } from './state.ts';
import { constant } from './status.ts';

export interface SocketOption {
  readonly level: string;
  readonly categories: readonly SocketCategory[];
  readonly initial: (socket: Socket) => number;
  readonly isBeforeBind?: boolean;
  readonly isReadOnly?: boolean;
}

const transport: readonly SocketCategory[] = ['listen', 'datagram', 'connection', 'stream'];
const tcp: readonly SocketCategory[] = ['listen', 'connection', 'stream'];
const listeners: readonly SocketCategory[] = ['listen', 'stream'];
const zero = (): number => 0;

export const socketOptions: Readonly<Record<string, SocketOption>> = {
  SO_BROADCAST: { level: 'SOL_SOCKET', categories: ['datagram'], initial: zero },
  SO_CONDITIONAL_ACCEPT: { level: 'SOL_SOCKET', categories: listeners, initial: zero, isBeforeBind: true },
  SO_EXCLUSIVEADDRUSE: { level: 'SOL_SOCKET', categories: transport, initial: zero, isBeforeBind: true },
  SO_REUSEADDR: { level: 'SOL_SOCKET', categories: transport, initial: zero, isBeforeBind: true },
  SO_KEEPALIVE: { level: 'SOL_SOCKET', categories: tcp, initial: zero },
  SO_RCVBUF: { level: 'SOL_SOCKET', categories: transport, initial: () => 65_536 },
  SO_SNDBUF: { level: 'SOL_SOCKET', categories: transport, initial: () => 65_536 },
  SO_RANDOMIZE_PORT: { level: 'SOL_SOCKET', categories: transport, initial: zero, isBeforeBind: true },
  SO_PORT_SCALABILITY: { level: 'SOL_SOCKET', categories: transport, initial: zero, isBeforeBind: true },
  SO_REUSE_UNICASTPORT: { level: 'SOL_SOCKET', categories: transport, initial: zero, isBeforeBind: true },
  SO_REUSE_MULTICASTPORT: { level: 'SOL_SOCKET', categories: ['datagram'], initial: zero, isBeforeBind: true },
  SO_PAUSE_ACCEPT: { level: 'SOL_SOCKET', categories: listeners, initial: zero },
  SO_TYPE: {
    level: 'SOL_SOCKET',
    categories: transport,
    initial: (socket) => ({ stream: 1, datagram: 2, raw: 3 })[socket.type],
    isReadOnly: true,
  },
  SO_ACCEPTCONN: {
    level: 'SOL_SOCKET',
    categories: transport,
    initial: (socket) => (socket.state === 'listening' ? 1 : 0),
    isReadOnly: true,
  },
  SO_ERROR: { level: 'SOL_SOCKET', categories: transport, initial: zero, isReadOnly: true },
  IPV6_V6ONLY: { level: 'IPPROTO_IPV6', categories: transport, initial: () => 1, isBeforeBind: true },
  TCP_NODELAY: { level: 'IPPROTO_TCP', categories: tcp, initial: zero },
  IP_TTL: { level: 'IPPROTO_IP', categories: transport, initial: () => 128 },
  IP_MULTICAST_TTL: { level: 'IPPROTO_IP', categories: ['datagram'], initial: () => 1 },
  IP_MULTICAST_LOOP: { level: 'IPPROTO_IP', categories: ['datagram'], initial: () => 1 },
  IP_TOS: { level: 'IPPROTO_IP', categories: transport, initial: zero },
  IP_PKTINFO: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_HOPLIMIT: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_RECEIVE_BROADCAST: { level: 'IPPROTO_IP', categories: ['datagram'], initial: () => 1 },
  IP_MULTICAST_IF: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_UNICAST_IF: { level: 'IPPROTO_IP', categories: transport, initial: zero },
  IP_HDRINCL: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_DONTFRAGMENT: { level: 'IPPROTO_IP', categories: transport, initial: zero },
  IPV6_MULTICAST_HOPS: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: () => 1 },
  IPV6_MULTICAST_LOOP: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: () => 1 },
  IPV6_PKTINFO: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: zero },
  IPV6_HOPLIMIT: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: zero },
  IPV6_MULTICAST_IF: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: zero },
  IPV6_UNICAST_IF: { level: 'IPPROTO_IPV6', categories: transport, initial: zero },
  IPV6_UNICAST_HOPS: { level: 'IPPROTO_IPV6', categories: transport, initial: () => 128 },
};

/** An accepted socket begins with these values of its listener. */
const inherited = ['SO_KEEPALIVE', 'SO_RCVBUF'];

/** The option of a level and code; undefined for one that is not emulated. */
export function findOption(
  kernel: Kernel,
  level: number,
  code: number,
): { readonly name: string; readonly option: SocketOption } | undefined {
  for (const [name, option] of Object.entries(socketOptions)) {
    if (constant(kernel, name) === code && constant(kernel, option.level) === level) return { name, option };
  }
  return undefined;
}

/** The name of an option whose code is right and whose level is not. */
export function optionOfCode(kernel: Kernel, code: number): string | undefined {
  return Object.keys(socketOptions).find((name) => name.startsWith('SO_') && constant(kernel, name) === code);
}

export function optionValue(socket: Socket, name: string): number {
  const option = socketOptions[name];
  return socket.options.get(name) ?? option?.initial(socket) ?? 0;
}

export function isOptionSet(socket: Socket, name: string): boolean {
  return optionValue(socket, name) !== 0;
}

/** What SO_KEEPALIVE means on the wire: Windows asks after two idle hours, every second, ten times. */
export function keepAliveOf(socket: Socket): KeepAlive | undefined {
  return isOptionSet(socket, 'SO_KEEPALIVE')
    ? { idleNs: 7200 * 1_000_000_000, intervalNs: 1_000_000_000, probesMax: 10 }
    : undefined;
}

export function inheritOptions(from: Socket, to: Socket): void {
  for (const name of inherited) {
    const value = from.options.get(name);
    if (value !== undefined) to.options.set(name, value);
  }
}
