/**
 * Notifications of Plug and Play: a driver that has registered for a class of device interfaces hears of those that are
 * there, where it asks for them, before the registration returns, and later, from a worker of the system, of each that is
 * enabled or disabled. No hardware profile changes and no target device goes in a run: who waits for such news is kept,
 * and never called.
 */
import { defined } from '../../../base/assert.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { setCountedString, writeText } from '../guest-text.ts';
import { guidText } from '../guid-text.ts';
import { addWork } from '../ke/work-queue.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import { allocateObject, freeObject } from '../object-memory.ts';
import { currentSpan, describeAddress, functionName } from '../places.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER } from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';

/** What a registration wants to hear of. */
export interface InterfaceListener {
  /** The class, as a GUID lies in memory. */
  readonly classGuid: readonly number[];
  readonly callback: GuestAddress;
  readonly context: bigint;
}

const tellEntry = 'IopTellInterface';
const includeExisting = 1;
const notificationVersion = 1;
const entrySize = 8;
/** GUID_DEVICE_INTERFACE_ARRIVAL and _REMOVAL differ in their first byte. */
const eventGuids = {
  arrival: [0x04, 0x40, 0x3a, 0xcb, 0xf0, 0x46, 0xd0, 0x11, 0xb0, 0x8f, 0x00, 0x60, 0x97, 0x13, 0x05, 0x3f],
  removal: [0x05, 0x40, 0x3a, 0xcb, 0xf0, 0x46, 0xd0, 0x11, 0xb0, 0x8f, 0x00, 0x60, 0x97, 0x13, 0x05, 0x3f],
} as const;

export const pnpNotificationApis = {
  IoRegisterPlugPlayNotification: (kernel, call) => register(kernel, call),
  IoUnregisterPlugPlayNotification: (kernel, { name, arguments: args }) => unregister(kernel, name, args.pointer(0)),
  IoUnregisterPlugPlayNotificationEx: (kernel, { name, arguments: args }) => unregister(kernel, name, args.pointer(0)),
  /** First function of the worker: who has unregistered meanwhile hears of nothing any more. */
  [tellEntry]: (kernel, { arguments: args }) => {
    const packet = args.pointer(0);
    return tell(kernel, { packet, links: [] }) ?? end(kernel, packet);
  },
} satisfies KernelApis;

export const pnpNotificationContinuations = {
  'io.interface-told': (kernel, _thread, state) => {
    const { packet, links } = state as unknown as Telling;
    const entry = kernel.memory.readPointer(packet);
    const callback = kernel.parts.registrations.get(entry)?.interfaces?.callback;
    if (callback !== undefined && kernel.irql !== 0) return reportIrql(kernel, callback);
    end(kernel, packet);
    return tellExisting(kernel, entry, links);
  },
} satisfies ContinuationTable;

interface Telling {
  /** The registration's entry, then what its callback is given. */
  readonly packet: GuestAddress;
  /** Interfaces that the driver is still to hear of. */
  readonly links: readonly string[];
}

/** An interface has been enabled or disabled: all who listen to its class hear of it soon. */
export function announceInterface(
  kernel: Kernel,
  { guid, link }: { readonly guid: string; readonly link: string },
  event: 'arrival' | 'removal',
): void {
  for (const { address, interfaces } of kernel.parts.registrations.values()) {
    if (interfaces === undefined || guidText(interfaces.classGuid) !== guid) continue;
    const packet = makePacket(kernel, address, interfaces, { link, event });
    if (packet === undefined) continue;
    const routine = defined(kernel.machine.functionAddress(tellEntry), tellEntry);
    addWork(kernel, { routine, arguments: [packet], workItem: undefined });
  }
}

function register(kernel: Kernel, { arguments: args }: NativeCall): NativeResult {
  const data = args.pointer(2);
  const isOfInterfaces = args.int(0) === kernel.types.constant('EventCategoryDeviceInterfaceChange');
  if (isOfInterfaces && data === 0n) return returns(STATUS_INVALID_PARAMETER);
  const listener: InterfaceListener | undefined = isOfInterfaces
    ? { classGuid: [...kernel.memory.readBytes(data, 16)], callback: args.pointer(4), context: args.uint64(5) }
    : undefined;
  const entry = createObject(kernel, 'registration', 'PnP notification entry', 16);
  kernel.parts.registrations.set(entry, {
    address: entry,
    what: 'A PnP notification',
    undo: 'IoUnregisterPlugPlayNotificationEx',
    registeredAt: currentSpan(kernel),
    ...(listener === undefined ? {} : { interfaces: listener }),
  });
  kernel.memory.writePointer(args.pointer(6), entry);
  if (listener === undefined || (args.uint(1) & includeExisting) === 0) return returns(0);
  const guid = guidText(listener.classGuid);
  const there = [...kernel.parts.io.interfaces].filter(
    ([key, known]) => known.guid === guid && kernel.parts.objects.names.has(key),
  );
  return tellExisting(
    kernel,
    entry,
    there.map(([, { link }]) => link),
  );
}

/** Calls the driver once for each interface, in the thread that registers. */
function tellExisting(kernel: Kernel, entry: GuestAddress, links: readonly string[]): NativeResult {
  const listener = kernel.parts.registrations.get(entry)?.interfaces;
  const [link, ...rest] = links;
  if (listener === undefined || link === undefined) return returns(0);
  const packet = makePacket(kernel, entry, listener, { link, event: 'arrival' });
  if (packet === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
  return tell(kernel, { packet, links: rest }) ?? returns(0);
}

function tell(kernel: Kernel, telling: Telling): NativeResult | undefined {
  const { packet } = telling;
  const listener = kernel.parts.registrations.get(kernel.memory.readPointer(packet))?.interfaces;
  if (listener === undefined) return undefined;
  return {
    kind: 'call',
    target: listener.callback,
    arguments: [offsetAddress(packet, entrySize), listener.context],
    frameLabel: 'PnP notification',
    then: { name: 'io.interface-told', state: { ...telling } },
  };
}

/** The entry, the DEVICE_INTERFACE_CHANGE_NOTIFICATION and the link behind it; they live until the callback returns. */
function makePacket(
  kernel: Kernel,
  entry: GuestAddress,
  { classGuid }: InterfaceListener,
  { link, event }: { readonly link: string; readonly event: 'arrival' | 'removal' },
): GuestAddress | undefined {
  const { types, memory } = kernel;
  const type = 'DEVICE_INTERFACE_CHANGE_NOTIFICATION';
  const size = types.sizeOf(type);
  const stringSize = types.sizeOf('UNICODE_STRING');
  const region = allocateObject(kernel, entrySize + size + stringSize + 2 * link.length + 2, type);
  if (region === undefined) return undefined;
  memory.writePointer(region.start, entry);
  const structure = offsetAddress(region.start, entrySize);
  const name = offsetAddress(structure, size);
  const text = offsetAddress(name, stringSize);
  const view = kernel.view(type, structure);
  view.set('Version', notificationVersion);
  view.set('Size', size);
  memory.writeBytes(offsetAddress(structure, types.offsetOf(type, 'Event')), Uint8Array.from(eventGuids[event]));
  memory.writeBytes(offsetAddress(structure, types.offsetOf(type, 'InterfaceClassGuid')), Uint8Array.from(classGuid));
  view.set('SymbolicLinkName', name);
  setCountedString(kernel, name, { length: 2 * link.length, room: 2 * link.length + 2, buffer: text });
  writeText(kernel, text, `${link}\0`, 2);
  return region.start;
}

function end(kernel: Kernel, packet: GuestAddress): NativeResult {
  const region = kernel.memory.regionAt(packet);
  if (region?.start === packet && !region.isFreed) freeObject(kernel, region);
  return returns(0);
}

function unregister(kernel: Kernel, call: string, entry: GuestAddress): NativeResult {
  if (kernel.parts.registrations.delete(entry)) {
    dereferenceObject(kernel, entry);
    return returns(0);
  }
  kernel.memory.readU8(entry);
  return kernel.report({
    rule: 'object-not-initialised',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, entry)}, which is no notification entry.`,
    bugCheck: bugCheck('REFERENCE_BY_POINTER', 0, entry, 0, 0),
  });
}

function reportIrql(kernel: Kernel, callback: GuestAddress): NativeResult {
  return kernel.report({
    rule: 'irql-not-restored',
    severity: 'error',
    message: `The notification callback ${functionName(kernel, callback)} returns at IRQL ${kernel.irql}, but was called at PASSIVE_LEVEL.`,
    span: kernel.machine.returnPlace(),
    also: ['IrqlReturn', 'C28167'],
    bugCheck: bugCheck('IRQL_NOT_LESS_OR_EQUAL', callback, kernel.irql, 0, callback),
  });
}
