/**
 * Socket options: which sockets have them, when they may be set, and their values.
 *
 * All of these are one ULONG. Values that change nothing on the simulated wire (TCP_NODELAY) are kept and
 * can be read back. Options that the user mode's Winsock makes up itself are refused, with what to do instead; one
 * that Windows has and no table emulates stops the run.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { Socket, SocketCategory } from '../state.ts';
import { constant } from '../status.ts';

export interface SocketOption {
  readonly level: string;
  readonly categories: readonly SocketCategory[];
  readonly initial: (socket: Socket) => number;
  readonly isBeforeBind?: boolean;
  readonly isReadOnly?: boolean;
  /** The largest value it takes. */
  readonly maximum?: number;
}

const transport: readonly SocketCategory[] = ['listen', 'datagram', 'connection', 'stream'];
const tcp: readonly SocketCategory[] = ['listen', 'connection', 'stream'];
const listeners: readonly SocketCategory[] = ['listen', 'stream'];
const zero = (): number => 0;
const hopsMax = 255;

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
  SO_COMPARTMENT_ID: { level: 'SOL_SOCKET', categories: transport, initial: () => 1, isBeforeBind: true },
  SO_DONTROUTE: { level: 'SOL_SOCKET', categories: transport, initial: zero },
  SO_MAX_MSG_SIZE: { level: 'SOL_SOCKET', categories: ['datagram'], initial: () => 65_507, isReadOnly: true },
  ...kept('IPPROTO_TCP', tcp, {
    TCP_NODELAY: 0,
    TCP_EXPEDITED_1122: 0,
    TCP_KEEPIDLE: 7200,
    TCP_KEEPINTVL: 1,
    TCP_KEEPCNT: 10,
    TCP_MAXRT: 21,
    TCP_MAXRTMS: 21_000,
    TCP_STDURG: 0,
    TCP_NOSYNRETRIES: 0,
    TCP_TIMESTAMPS: 0,
    TCP_CONGESTION_ALGORITHM: 0,
    TCP_DELAY_FIN_ACK: 0,
    TCP_FASTOPEN: 0,
  }),
  ...kept('IPPROTO_UDP', ['datagram'], {
    UDP_NOCHECKSUM: 0,
    UDP_SEND_MSG_SIZE: 0,
    UDP_RECV_MAX_COALESCED_SIZE: 0,
    UDP_CHECKSUM_COVERAGE: 0,
  }),
  IP_TTL: { level: 'IPPROTO_IP', categories: transport, initial: () => 128, maximum: hopsMax },
  IP_MULTICAST_TTL: { level: 'IPPROTO_IP', categories: ['datagram'], initial: () => 1, maximum: hopsMax },
  IP_MULTICAST_LOOP: { level: 'IPPROTO_IP', categories: ['datagram'], initial: () => 1 },
  IP_TOS: { level: 'IPPROTO_IP', categories: transport, initial: zero },
  IP_PKTINFO: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_HOPLIMIT: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_RECEIVE_BROADCAST: { level: 'IPPROTO_IP', categories: ['datagram'], initial: () => 1 },
  IP_MULTICAST_IF: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  IP_UNICAST_IF: { level: 'IPPROTO_IP', categories: transport, initial: zero },
  IP_HDRINCL: { level: 'IPPROTO_IP', categories: ['datagram'], initial: zero },
  ...kept('IPPROTO_IP', transport, { IP_DONTFRAGMENT: 0, IP_MTU_DISCOVER: 0, IP_USER_MTU: 0xffff_ffff }),
  IP_MTU: { level: 'IPPROTO_IP', categories: transport, initial: () => 1500, isReadOnly: true },
  ...kept('IPPROTO_IP', ['datagram'], { IP_RECVIF: 0, IP_RECVDSTADDR: 0, IP_RECVTOS: 0, IP_ECN: 0 }),
  IPV6_MULTICAST_HOPS: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: () => 1 },
  IPV6_MULTICAST_LOOP: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: () => 1 },
  IPV6_PKTINFO: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: zero },
  IPV6_HOPLIMIT: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: zero },
  IPV6_MULTICAST_IF: { level: 'IPPROTO_IPV6', categories: ['datagram'], initial: zero },
  IPV6_UNICAST_IF: { level: 'IPPROTO_IPV6', categories: transport, initial: zero },
  IPV6_UNICAST_HOPS: { level: 'IPPROTO_IPV6', categories: transport, initial: () => 128 },
  ...kept('IPPROTO_IPV6', transport, {
    IPV6_PROTECTION_LEVEL: 20,
    IPV6_DONTFRAG: 0,
    IPV6_MTU_DISCOVER: 0,
    IPV6_USER_MTU: 0xffff_ffff,
    IPV6_TCLASS: 0,
  }),
  IPV6_MTU: { level: 'IPPROTO_IPV6', categories: transport, initial: () => 1500, isReadOnly: true },
  ...kept('IPPROTO_IPV6', ['datagram'], {
    IPV6_RECVIF: 0,
    IPV6_RECVDSTADDR: 0,
    IPV6_RECVTCLASS: 0,
    IPV6_RECVRTHDR: 0,
    IPV6_ECN: 0,
    IPV6_HDRINCL: 0,
    IPV6_CHECKSUM: 0,
  }),
};

/** Options of SOL_SOCKET that the Winsock library of user mode makes up itself, and what a driver does instead. */
const ofUserMode: Readonly<Record<string, string>> = {
  SO_DEBUG: 'a driver has DbgPrint',
  SO_DONTLINGER: 'WskCloseSocket never lingers',
  SO_LINGER: 'WskDisconnect with WSK_FLAG_ABORTIVE, or WskCloseSocket, cuts a connection off',
  SO_OOBINLINE: 'urgent data comes with the rest',
  SO_RCVLOWAT: 'WSK_FLAG_WAITALL waits for a full buffer',
  SO_RCVTIMEO: 'a driver waits with a time-out and cancels the IRP with IoCancelIrp',
  SO_SNDLOWAT: 'WskSendBacklogEvent tells how much may be under way',
  SO_SNDTIMEO: 'a driver waits with a time-out and cancels the IRP with IoCancelIrp',
  SO_USELOOPBACK: 'loopback addresses need no option',
};

/** The name of an option that WSK does not have, and what there is instead. */
export function optionOfUserMode(
  kernel: Kernel,
  level: number,
  code: number,
): { readonly name: string; readonly instead: string } | undefined {
  if (level !== constant(kernel, 'SOL_SOCKET')) return undefined;
  for (const [name, instead] of Object.entries(ofUserMode)) {
    if (constant(kernel, name) === code) return { name, instead };
  }
  return undefined;
}

/** Options that Windows has besides. */
const unemulated: Readonly<Record<string, readonly string[]>> = {
  SOL_SOCKET: ['SO_BSP_STATE', 'SO_GROUP_ID', 'SO_GROUP_PRIORITY'],
  IPPROTO_TCP: ['TCP_MAXSEG', 'TCP_OFFLOAD_PREFERENCE'],
  IPPROTO_IP: [
    ...['IP_OPTIONS', 'IP_RECVTTL', 'IP_RECVECN', 'IP_IFLIST', 'IP_ADD_IFLIST', 'IP_DEL_IFLIST'],
    ...['IP_ADD_SOURCE_MEMBERSHIP', 'IP_DROP_SOURCE_MEMBERSHIP', 'IP_BLOCK_SOURCE', 'IP_UNBLOCK_SOURCE'],
  ],
  IPPROTO_IPV6: [
    ...['IPV6_HOPOPTS', 'IPV6_RTHDR', 'IPV6_RECVECN', 'IPV6_IFLIST', 'IPV6_ADD_IFLIST', 'IPV6_DEL_IFLIST'],
  ],
};

/** The name of an option that Windows has and the emulator does not. */
export function unemulatedOption(kernel: Kernel, level: number, code: number): string | undefined {
  for (const [of, names] of Object.entries(unemulated)) {
    if (constant(kernel, of) === level) return names.find((name) => constant(kernel, name) === code);
  }
  return undefined;
}

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

/** Options of any level that have this number, each with its level. */
export function optionsOfCode(kernel: Kernel, code: number): readonly string[] {
  return Object.entries(socketOptions).flatMap(([name, { level }]) =>
    constant(kernel, name) === code ? [`${name} of ${level}`] : [],
  );
}

export function optionValue(socket: Socket, name: string): number {
  const option = socketOptions[name];
  return socket.options.get(name) ?? option?.initial(socket) ?? 0;
}

export function isOptionSet(socket: Socket, name: string): boolean {
  return optionValue(socket, name) !== 0;
}

/** Options that are kept and read back, with the values that they begin with. */
function kept(
  level: string,
  categories: readonly SocketCategory[],
  values: Readonly<Record<string, number>>,
): Record<string, SocketOption> {
  const entries = Object.entries(values).map(([name, value]): [string, SocketOption] => [
    name,
    { level, categories, initial: () => value },
  ]);
  return Object.fromEntries(entries);
}

export function inheritOptions(from: Socket, to: Socket): void {
  for (const name of inherited) {
    const value = from.options.get(name);
    if (value !== undefined) to.options.set(name, value);
  }
}
