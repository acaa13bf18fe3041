/**
 * The transports and addresses of the machine, and the scenario's changes of them: what a change was waited for
 * (WSK_TRANSPORT_LIST_CHANGE, SIO_ADDRESS_LIST_CHANGE) completes with it. A new socket needs a transport; those that
 * there are already keep theirs, and what is bound to an address that goes stays bound.
 */
import type { ContinuationStep, Kernel } from '../kernel/kernel-types.ts';
import { returnsVoid } from '../machine/native.ts';
import { type Family, familyOf } from '../net/address.ts';
import { setOwnHosts } from '../net/network.ts';
import { DISPATCH_LEVEL, finish, requestOf } from './requests.ts';
import { routesChanged } from './routes.ts';
import { type Socket, wskState } from './state.ts';
import { ntstatus } from './status.ts';

/** "tcp4": a protocol of a version of IP. */
export type TransportName = 'tcp4' | 'udp4' | 'raw4' | 'tcp6' | 'udp6' | 'raw6';

/** In the order in which WSK_TRANSPORT_LIST_QUERY tells them. */
export const allTransports: readonly TransportName[] = ['tcp4', 'udp4', 'raw4', 'tcp6', 'udp6', 'raw6'];

export interface NetworkChange {
  /** Time after boot. */
  readonly afterNs: number;
  /** From now on there are these only; undefined leaves them as they are. */
  readonly transports: readonly TransportName[] | undefined;
  /** Beside those of loopback; undefined leaves them as they are. */
  readonly addresses: readonly string[] | undefined;
}

/** Socket type, protocol (IPPROTO_RAW stands for any) and family of a transport, by their constants. */
export const transportParts: Readonly<Record<TransportName, readonly [string, string, string]>> = {
  tcp4: ['SOCK_STREAM', 'IPPROTO_TCP', 'AF_INET'],
  udp4: ['SOCK_DGRAM', 'IPPROTO_UDP', 'AF_INET'],
  raw4: ['SOCK_RAW', 'IPPROTO_RAW', 'AF_INET'],
  tcp6: ['SOCK_STREAM', 'IPPROTO_TCP', 'AF_INET6'],
  udp6: ['SOCK_DGRAM', 'IPPROTO_UDP', 'AF_INET6'],
  raw6: ['SOCK_RAW', 'IPPROTO_RAW', 'AF_INET6'],
};

const protocols: Readonly<Record<Socket['type'], 'tcp' | 'udp' | 'raw'>> = {
  stream: 'tcp',
  datagram: 'udp',
  raw: 'raw',
};

/** Whether a socket can be made now. */
export function hasTransport(kernel: Kernel, family: Family, type: Socket['type']): boolean {
  return wskState(kernel).transports.includes(`${protocols[type]}${family === 'inet' ? 4 : 6}`);
}

export function changeLater(kernel: Kernel, changes: readonly NetworkChange[]): void {
  for (const [index, { afterNs }] of changes.entries()) {
    const step = { name: 'wsk.networkChange', state: { index } };
    kernel.schedule({ afterNs, irql: DISPATCH_LEVEL, label: 'network', step });
  }
}

const change: ContinuationStep = (kernel, _thread, { index }) => {
  const state = wskState(kernel);
  const { transports, addresses } = state.options.changes?.[index as number] ?? {};
  if (transports !== undefined) changeTransports(kernel, transports);
  if (addresses !== undefined) changeAddresses(kernel, addresses);
  return returnsVoid;
};

export const transportContinuations = { 'wsk.networkChange': change };

function changeTransports(kernel: Kernel, transports: readonly TransportName[]): void {
  const state = wskState(kernel);
  const now = allTransports.filter((name) => transports.includes(name));
  kernel.emit({ kind: 'network', detail: `transports: ${now.join(', ') || 'none'}` });
  if (now.join() === state.transports.join()) return;
  state.transports = now;
  for (const id of state.transportWaits.splice(0)) complete(kernel, id);
}

function changeAddresses(kernel: Kernel, addresses: readonly string[]): void {
  const state = wskState(kernel);
  const { network } = state;
  const before = network.ownHosts;
  setOwnHosts(network, addresses);
  kernel.emit({ kind: 'network', detail: `addresses: ${addresses.join(', ') || 'none'}` });
  routesChanged(kernel, before);
  const isChanged = (family: Family): boolean => ofFamily(before, family) !== ofFamily(network.ownHosts, family);
  // A socket hears of addresses of its own family.
  for (const id of state.addressWaits.splice(0)) {
    const socket = state.sockets.get(requestOf(kernel, id)?.socket ?? -1);
    if (socket === undefined || isChanged(socket.family)) complete(kernel, id);
    else state.addressWaits.push(id);
  }
}

function ofFamily(hosts: readonly string[], family: Family): string {
  return hosts.filter((host) => familyOf(host) === family).join();
}

/** What was cancelled meanwhile is no request any more. */
function complete(kernel: Kernel, id: number): void {
  const request = requestOf(kernel, id);
  if (request !== undefined) finish(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS') });
}
