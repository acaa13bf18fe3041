/** Codes of the socket IOCTLs, put together from the constants of ws2def.h as its _WSAIO macros do it. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { constant } from '../status.ts';

interface IoctlParts {
  readonly direction: 'IOC_VOID' | 'IOC_IN' | 'IOC_OUT' | 'IOC_INOUT';
  readonly group: 'IOC_WS2' | 'IOC_WSK' | 'IOC_VENDOR';
  readonly number: number;
}

const ioctlParts = {
  SIO_ADDRESS_LIST_QUERY: { direction: 'IOC_OUT', group: 'IOC_WS2', number: 22 },
  SIO_ADDRESS_LIST_CHANGE: { direction: 'IOC_VOID', group: 'IOC_WS2', number: 23 },
  SIO_ADDRESS_LIST_SORT: { direction: 'IOC_INOUT', group: 'IOC_WS2', number: 25 },
  SIO_WSK_SET_REMOTE_ADDRESS: { direction: 'IOC_IN', group: 'IOC_WSK', number: 1 },
  SIO_WSK_REGISTER_EXTENSION: { direction: 'IOC_INOUT', group: 'IOC_WSK', number: 2 },
  SIO_WSK_QUERY_IDEAL_SEND_BACKLOG: { direction: 'IOC_OUT', group: 'IOC_WSK', number: 3 },
  SIO_WSK_QUERY_RECEIVE_BACKLOG: { direction: 'IOC_OUT', group: 'IOC_WSK', number: 4 },
  SIO_WSK_QUERY_INSPECT_ID: { direction: 'IOC_OUT', group: 'IOC_WSK', number: 5 },
  SIO_WSK_SET_SENDTO_ADDRESS: { direction: 'IOC_IN', group: 'IOC_WSK', number: 6 },
  SIO_WSK_SET_TCP_SILENT_MODE: { direction: 'IOC_VOID', group: 'IOC_WSK', number: 7 },
  SIO_KEEPALIVE_VALS: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 4 },
  SIO_UDP_CONNRESET: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 12 },
  SIO_LOOPBACK_FAST_PATH: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 16 },
  SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 220 },
  SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 221 },
  SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 222 },
} satisfies Readonly<Record<string, IoctlParts>>;

/** What the transports of Windows know besides, and nobody emulates: nothing of it is silently a no-op. */
const unemulatedParts: Readonly<Record<string, IoctlParts>> = {
  SIO_ROUTING_INTERFACE_QUERY: { direction: 'IOC_INOUT', group: 'IOC_WS2', number: 20 },
  SIO_ROUTING_INTERFACE_CHANGE: { direction: 'IOC_IN', group: 'IOC_WS2', number: 21 },
  SIO_RCVALL: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 1 },
  SIO_RCVALL_MCAST: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 2 },
  SIO_RCVALL_IGMPMCAST: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 3 },
  SIO_ABSORB_RTRALERT: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 5 },
  SIO_UCAST_IF: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 6 },
  SIO_LIMIT_BROADCASTS: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 7 },
  SIO_INDEX_BIND: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 8 },
  SIO_INDEX_MCASTIF: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 9 },
  SIO_INDEX_ADD_MCAST: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 10 },
  SIO_INDEX_DEL_MCAST: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 11 },
  SIO_RCVALL_IF: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 14 },
  SIO_TCP_INITIAL_RTO: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 17 },
};

export type IoctlName = keyof typeof ioctlParts;

/** These may be called at PASSIVE_LEVEL only. */
export const passiveIoctls: readonly IoctlName[] = [
  'SIO_ADDRESS_LIST_QUERY',
  'SIO_ADDRESS_LIST_CHANGE',
  'SIO_ADDRESS_LIST_SORT',
  'SIO_LOOPBACK_FAST_PATH',
  'SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS',
  'SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT',
  'SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS',
];

/** Unsigned 32-bit code. */
function ioctlCode(kernel: Kernel, name: IoctlName): number {
  return codeOf(kernel, ioctlParts[name]);
}

/** The name of a code that Windows knows and the emulator does not. */
export function unemulatedIoctl(kernel: Kernel, code: number): string | undefined {
  return Object.entries(unemulatedParts).find(([, parts]) => codeOf(kernel, parts) === code)?.[0];
}

function codeOf(kernel: Kernel, { direction, group, number }: IoctlParts): number {
  return (constant(kernel, direction) | constant(kernel, group) | number) >>> 0;
}

export function ioctlName(kernel: Kernel, code: number): IoctlName | undefined {
  return (Object.keys(ioctlParts) as IoctlName[]).find((name) => ioctlCode(kernel, name) === code);
}
