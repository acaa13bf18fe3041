/** Codes of the socket IOCTLs, put together from the constants of ws2def.h as its _WSAIO macros do it. */
import type { Kernel } from '../kernel/kernel-types.ts';
import { constant } from './status.ts';

interface IoctlParts {
  readonly direction: 'IOC_VOID' | 'IOC_IN' | 'IOC_OUT' | 'IOC_INOUT';
  readonly group: 'IOC_WS2' | 'IOC_WSK' | 'IOC_VENDOR';
  readonly number: number;
}

export const ioctlParts = {
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
  SIO_LOOPBACK_FAST_PATH: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 16 },
  SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 220 },
  SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 221 },
  SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS: { direction: 'IOC_IN', group: 'IOC_VENDOR', number: 222 },
} satisfies Readonly<Record<string, IoctlParts>>;

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
export function ioctlCode(kernel: Kernel, name: IoctlName): number {
  const { direction, group, number } = ioctlParts[name];
  return (constant(kernel, direction) | constant(kernel, group) | number) >>> 0;
}

export function ioctlName(kernel: Kernel, code: number): IoctlName | undefined {
  return (Object.keys(ioctlParts) as IoctlName[]).find((name) => ioctlCode(kernel, name) === code);
}
