/**
 * The routes of the machine, as IP Helper tells them to drivers. The wire has one segment, so that there are two routes of a
 * family: to everybody over the one interface, while the machine has an address of that family there, and to itself.
 */
import { allocateObject, freeObject } from '../kernel/index.ts';
import type { Api, ContinuationStep, Kernel } from '../kernel/kernel-types.ts';
import { type GuestAddress, NULL_ADDRESS, returns, returnsVoid } from '../machine/native.ts';
import { type Family, familyOf, isLoopback } from '../net/address.ts';
import { familyOfNumber, readSockAddr, sockAddrBytes } from './sockaddr.ts';
import { wskState } from './state.ts';
import { constant, ntstatus } from './status.ts';

/** A registration of NotifyRouteChange2, by its handle. */
export interface RouteWatch {
  readonly handle: GuestAddress;
  readonly family: Family | undefined;
  readonly callback: GuestAddress;
  readonly context: bigint;
}

const wildcards: Readonly<Record<Family, string>> = { inet: '0.0.0.0', inet6: '::' };
const families: readonly Family[] = ['inet', 'inet6'];
/** IF_TYPE_ETHERNET_CSMACD and IF_TYPE_SOFTWARE_LOOPBACK, each with its interface's index. */
const ethernet = { index: 2, type: 6n };
const loopback = { index: 1, type: 24n };
const routeMetric = 25;
const forEver = 0xffff_ffff;
/** RouteProtocolNetMgmt */
const byManagement = 3;

const GetBestRoute2: Api = (kernel, { arguments: args }) => {
  const [destination, row, sourceAt] = [args.pointer(3), args.pointer(5), args.pointer(6)];
  const status = (name: `STATUS_${string}`) => returns(ntstatus(kernel, name));
  if (destination === 0n || row === 0n || sourceAt === 0n) return status('STATUS_INVALID_PARAMETER');
  const to = readSockAddr(kernel, destination);
  if (!('family' in to)) return status('STATUS_INVALID_PARAMETER');
  const isToSelf = isOwn(kernel, to.endpoint.host);
  const source = isToSelf && isLoopback(to.endpoint.host) ? to.endpoint.host : ownHost(kernel, to.family);
  if (source === undefined) return status('STATUS_NETWORK_UNREACHABLE');
  writeRoute(kernel, row, to.family, isToSelf ? to.endpoint.host : undefined);
  kernel.memory.fill(sourceAt, kernel.types.sizeOf('SOCKADDR_INET'), 0);
  kernel.memory.writeBytes(sourceAt, sockAddrBytes(kernel, { host: source, port: 0 }));
  return returns(0);
};

const NotifyRouteChange2: Api = (kernel, call) => {
  const { arguments: args } = call;
  const number = args.uint(0) & 0xffff;
  const family = familyOfNumber(kernel, number);
  if (family === undefined && number !== constant(kernel, 'AF_UNSPEC'))
    return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const region = allocateObject(kernel, 16, 'registration for route changes');
  if (region === undefined) return returns(ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES'));
  const handle = region.start;
  wskState(kernel).routeWatches.push({ handle, family, callback: args.pointer(1), context: args.uint64(2) });
  kernel.parts.registrations.set(handle, {
    address: handle,
    what: 'A callback for route changes',
    undo: 'CancelMibChangeNotify2',
    registeredAt: call.site.span,
  });
  kernel.memory.writePointer(args.pointer(4), handle);
  if (args.bool(3)) tellLater(kernel, handle, undefined, 'MibInitialNotification');
  return returns(0);
};

const CancelMibChangeNotify2: Api = (kernel, { arguments: args }) => {
  const state = wskState(kernel);
  const handle = args.pointer(0);
  const at = state.routeWatches.findIndex((watch) => watch.handle === handle);
  if (at < 0) return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  state.routeWatches.splice(at, 1);
  kernel.parts.registrations.delete(handle);
  const region = kernel.memory.regionAt(handle);
  if (region !== undefined) freeObject(kernel, region);
  return returns(0);
};

export const routeApis = { GetBestRoute2, NotifyRouteChange2, CancelMibChangeNotify2 };

/** The machine's addresses have changed: the routes of a family that has lost or found its first address change with it. */
export function routesChanged(kernel: Kernel, before: readonly string[]): void {
  for (const family of families) {
    const had = before.some((host) => familyOf(host) === family && !isLoopback(host));
    const has = ownHost(kernel, family) !== undefined;
    if (had === has) continue;
    for (const watch of wskState(kernel).routeWatches)
      if (watch.family === undefined || watch.family === family)
        tellLater(kernel, watch.handle, family, has ? 'MibAddInstance' : 'MibDeleteInstance');
  }
}

function tellLater(kernel: Kernel, handle: GuestAddress, family: Family | undefined, type: string): void {
  kernel.schedule({
    afterNs: 0,
    irql: 0,
    label: 'routes',
    step: { name: 'wsk.routeChange', state: { handle, family, type } },
  });
}

/** Who has cancelled meanwhile hears nothing. */
const tell: ContinuationStep = (kernel, _thread, given) => {
  const { handle, family, type } = given as { handle: GuestAddress; family: Family | undefined; type: string };
  const watch = wskState(kernel).routeWatches.find((one) => one.handle === handle);
  if (watch === undefined) return returnsVoid;
  const region =
    family === undefined ? undefined : allocateObject(kernel, kernel.types.sizeOf('MIB_IPFORWARD_ROW2'), 'route');
  if (region !== undefined && family !== undefined) writeRoute(kernel, region.start, family, undefined);
  const row = region?.start ?? NULL_ADDRESS;
  return {
    kind: 'call',
    target: watch.callback,
    arguments: [watch.context, row, BigInt(constant(kernel, type))],
    frameLabel: 'route change',
    then: { name: 'wsk.routeTold', state: { row } },
  };
};

const told: ContinuationStep = (kernel, _thread, { row }) => {
  const region = row === NULL_ADDRESS ? undefined : kernel.memory.regionAt(row as GuestAddress);
  if (region !== undefined) freeObject(kernel, region);
  return returnsVoid;
};

export const routeContinuations = { 'wsk.routeChange': tell, 'wsk.routeTold': told };

function isOwn(kernel: Kernel, host: string): boolean {
  return isLoopback(host) || wskState(kernel).network.ownHosts.includes(host);
}

function ownHost(kernel: Kernel, family: Family): string | undefined {
  return wskState(kernel).network.ownHosts.find((host) => familyOf(host) === family && !isLoopback(host));
}

/** A route to one host of the machine's own, or to everybody. */
function writeRoute(kernel: Kernel, row: GuestAddress, family: Family, own: string | undefined): void {
  const { types, memory } = kernel;
  const type = 'MIB_IPFORWARD_ROW2';
  const at = (member: string): GuestAddress => (row + BigInt(types.offsetOf(type, member))) as GuestAddress;
  const { index, type: kind } = own === undefined ? ethernet : loopback;
  memory.fill(row, types.sizeOf(type), 0);
  memory.writeU64(at('InterfaceLuid'), (kind << 48n) | (BigInt(index) << 24n));
  memory.writeU32(at('InterfaceIndex'), index);
  const everybody = wildcards[family];
  memory.writeBytes(at('DestinationPrefix'), sockAddrBytes(kernel, { host: own ?? everybody, port: 0 }));
  memory.writeBytes(at('NextHop'), sockAddrBytes(kernel, { host: everybody, port: 0 }));
  const view = kernel.view(type, row);
  view.set('DestinationPrefix.PrefixLength', own === undefined ? 0 : family === 'inet' ? 32 : 128);
  view.set('ValidLifetime', forEver);
  view.set('PreferredLifetime', forEver);
  view.set('Metric', own === undefined ? routeMetric : 0);
  view.set('Protocol', byManagement);
  view.set('Loopback', own === undefined ? 0 : 1);
  view.set('Immortal', 1);
}
