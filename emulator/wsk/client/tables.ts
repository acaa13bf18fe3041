/**
 * The provider's dispatch tables in guest memory: one for the client, one for each socket category. Read-only, laid out
 * by wsk.h, each entry the address of the native function of that name.
 */
import { assert, defined } from '../../../base/assert.ts';
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { SocketCategory } from '../state.ts';
import { constant } from '../status.ts';

/** The functions of each category; wsk.h says where in the table each one stands. */
export const categoryFunctions: Readonly<Record<SocketCategory, readonly string[]>> = {
  basic: ['WskControlSocket', 'WskCloseSocket'],
  listen: ['WskControlSocket', 'WskCloseSocket', 'WskBind', 'WskAccept', 'WskInspectComplete', 'WskGetLocalAddress'],
  datagram: [
    'WskControlSocket',
    'WskCloseSocket',
    'WskBind',
    'WskSendTo',
    'WskReceiveFrom',
    'WskRelease',
    'WskGetLocalAddress',
    'WskSendMessages',
  ],
  connection: [
    'WskControlSocket',
    'WskCloseSocket',
    'WskBind',
    'WskConnect',
    'WskGetLocalAddress',
    'WskGetRemoteAddress',
    'WskSend',
    'WskReceive',
    'WskDisconnect',
    'WskRelease',
    'WskConnectEx',
    'WskSendEx',
    'WskReceiveEx',
  ],
  stream: [
    'WskControlSocket',
    'WskCloseSocket',
    'WskBind',
    'WskAccept',
    'WskConnect',
    'WskListen',
    'WskSend',
    'WskReceive',
    'WskDisconnect',
    'WskRelease',
    'WskGetLocalAddress',
    'WskGetRemoteAddress',
    'WskConnectEx',
    'WskSendEx',
    'WskReceiveEx',
  ],
};

export const providerFunctions: readonly string[] = [
  'WskSocket',
  'WskSocketConnect',
  'WskControlClient',
  'WskGetAddressInfo',
  'WskFreeAddressInfo',
  'WskGetNameInfo',
];

const tableTypes: Readonly<Record<SocketCategory, string>> = {
  basic: 'WSK_PROVIDER_BASIC_DISPATCH',
  listen: 'WSK_PROVIDER_LISTEN_DISPATCH',
  datagram: 'WSK_PROVIDER_DATAGRAM_DISPATCH',
  connection: 'WSK_PROVIDER_CONNECTION_DISPATCH',
  stream: 'WSK_PROVIDER_STREAM_DISPATCH',
};

/** The version that this WSK offers. */
export const WSK_VERSION = 0x0100;

export function createProviderTable(kernel: Kernel): GuestAddress {
  return createTable(kernel, 'WSK_PROVIDER_DISPATCH', providerFunctions, { Version: WSK_VERSION });
}

export function createSocketTables(kernel: Kernel): Readonly<Record<SocketCategory, GuestAddress>> {
  const table = (category: SocketCategory): GuestAddress =>
    createTable(kernel, tableTypes[category], categoryFunctions[category], {});
  return {
    basic: table('basic'),
    listen: table('listen'),
    datagram: table('datagram'),
    connection: table('connection'),
    stream: table('stream'),
  };
}

/** The category of a WskSocket flag; undefined for several flags or an unknown one. */
export function categoryOfFlags(kernel: Kernel, flags: number): SocketCategory | undefined {
  if (flags === constant(kernel, 'WSK_FLAG_BASIC_SOCKET')) return 'basic';
  if (flags === constant(kernel, 'WSK_FLAG_LISTEN_SOCKET')) return 'listen';
  if (flags === constant(kernel, 'WSK_FLAG_CONNECTION_SOCKET')) return 'connection';
  if (flags === constant(kernel, 'WSK_FLAG_DATAGRAM_SOCKET')) return 'datagram';
  if (flags === constant(kernel, 'WSK_FLAG_STREAM_SOCKET')) return 'stream';
  return undefined;
}

function createTable(
  kernel: Kernel,
  type: string,
  functions: readonly string[],
  numbers: Readonly<Record<string, number>>,
): GuestAddress {
  const region = kernel.memory.allocate({ size: kernel.types.sizeOf(type), kind: 'image', label: `WSK's ${type}` });
  assert(region !== undefined, 'guest memory is used up before the driver has started');
  const view = kernel.view(type, region.start);
  for (const [field, value] of Object.entries(numbers)) view.set(field, value);
  for (const name of functions) view.set(name, nativeAddress(kernel, name));
  region.isReadOnly = true;
  return region.start;
}

/** A second name of each table function, which no C identifier can be. */
export const ALIAS = 'wsk:';

/** The native's address, also where the driver has a function of its own by that name. */
function nativeAddress(kernel: Kernel, name: string): GuestAddress {
  const { machine } = kernel;
  const address = machine.functionAddress(name);
  const isOurs = address !== undefined && machine.codeAt(address)?.isNative === true;
  return defined(isOurs ? address : machine.functionAddress(`${ALIAS}${name}`), `native ${name}`);
}
