/**
 * The PnP manager, as far as a driver with AddDevice needs it: for each device of the scenario that is there to be driven
 * (`pnp: true`) AddDevice and IRP_MN_START_DEVICE after DriverEntry, IRP_MN_QUERY_REMOVE_DEVICE and IRP_MN_REMOVE_DEVICE
 * before DriverUnload. All of it happens in one system thread, one piece after the other.
 */
import { defined } from '../../../base/assert.ts';
import { type Continuation, type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { blockOn, currentThread } from '../ke/blocking.ts';
import { createDispatcher, satisfiedBy } from '../ke/dispatcher.ts';
import { continueWith, createKernelThread } from '../ke/kernel-threads.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import { definitionSpan, describeAddress, functionName, returnSpan } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_NOT_SUPPORTED, STATUS_PENDING } from '../statuses.ts';
import { topOfStack } from './device-stacks.ts';
import { callDriver } from './irp-send.ts';
import { allocateIrp, irpView, stackLocation } from './irps.ts';
import { majors } from './request-codes.ts';

const minor = { start: 0x00, queryRemove: 0x01, remove: 0x02 };

/** One thing to do. */
export type PnpPiece =
  | { readonly kind: 'add'; readonly device: GuestAddress }
  | { readonly kind: 'irp'; readonly device: GuestAddress; readonly minor: number; readonly name: string };

/** Adds and starts the devices; undefined when the driver has no AddDevice, or nothing is there for it. */
export function startPnp(kernel: Kernel, driver: GuestAddress): KernelThread | undefined {
  const routine = addDeviceOf(kernel, driver);
  if (routine === 0n) return undefined;
  const devices = pnpDevices(kernel);
  if (devices.length === 0) {
    const what = `${functionName(kernel, routine)} (AddDevice) is not called: no device of the scenario is for the driver (devices: pnp: true)`;
    kernel.emit({ kind: 'caller', caller: 'PnP', what });
  }
  const pieces = devices.flatMap((device): PnpPiece[] => [
    { kind: 'add', device },
    { kind: 'irp', device, minor: minor.start, name: 'IRP_MN_START_DEVICE' },
  ]);
  return runPieces(kernel, driver, pieces);
}

/** Removes the devices that were added. */
export function stopPnp(kernel: Kernel, driver: GuestAddress): KernelThread | undefined {
  const pieces = pnpDevices(kernel)
    .filter((device) => topOfStack(kernel, device) !== device)
    .flatMap((device): PnpPiece[] => [
      { kind: 'irp', device, minor: minor.queryRemove, name: 'IRP_MN_QUERY_REMOVE_DEVICE' },
      { kind: 'irp', device, minor: minor.remove, name: 'IRP_MN_REMOVE_DEVICE' },
    ]);
  return runPieces(kernel, driver, pieces);
}

export const pnpApis = {
  IopRunPnp: (kernel, { arguments: args }) => nextPiece(kernel, args.pointer(0)),
} satisfies KernelApis;

export const pnpContinuations = {
  'pnp.added': (kernel, _thread, state, value) => {
    const status = Number(BigInt.asIntN(32, value));
    const { driver, device } = state as unknown as { driver: GuestAddress; device: GuestAddress };
    const routine = addDeviceOf(kernel, driver);
    kernel.emit({ kind: 'caller', caller: 'PnP', what: `AddDevice → ${statusText(kernel, status)}` });
    if (status < 0) {
      forget(kernel, device);
      kernel.report({
        rule: 'add-device-failed',
        severity: 'warning',
        span: definitionSpan(kernel, routine),
        message: `${functionName(kernel, routine)} (AddDevice) fails for ${describeAddress(kernel, device)} with ${statusText(kernel, status)}: the device is not started.`,
      });
    }
    return (status < 0 ? undefined : checkInitialised(kernel, driver, routine)) ?? nextPiece(kernel, driver);
  },
  'pnp.sent': (kernel, _thread, state, value) => {
    const { event } = state as unknown as { event: GuestAddress };
    const status = Number(BigInt.asIntN(32, value));
    if (status !== STATUS_PENDING) return afterIrp(kernel, state, status);
    const then: Continuation = { name: 'pnp.waited', state };
    const thread = currentThread(kernel);
    if (satisfiedBy(kernel, thread, [event], 'any') !== undefined) return continueWith(kernel, then, 0n);
    const sequence = kernel.parts.scheduler.nextSequence++;
    const timeout = undefined;
    const wait = {
      kind: 'objects',
      objects: [event],
      type: 'any',
      timeout,
      sinceNs: kernel.timeNs,
      sequence,
      isUserMode: false,
    } as const;
    return blockOn(kernel, wait, 'the PnP manager', then);
  },
  'pnp.waited': (kernel, _thread, state) =>
    afterIrp(kernel, state, kernel.view('IO_STATUS_BLOCK', state.iosb as GuestAddress).getNumber('Status')),
} satisfies ContinuationTable;

/**
 * A device that AddDevice leaves in initialisation can never be opened: only for DriverEntry the I/O manager clears the
 * flag.
 */
function checkInitialised(kernel: Kernel, driver: GuestAddress, routine: GuestAddress): NativeResult | undefined {
  for (const { address, driver: owner, isDeleted, createdAt } of kernel.parts.io.devices.values()) {
    if (owner !== driver || isDeleted) continue;
    const flags = kernel.view('DEVICE_OBJECT', address).getNumber('Flags');
    if ((flags & kernel.types.constant('DO_DEVICE_INITIALIZING')) === 0) continue;
    return kernel.report({
      rule: 'device-initializing-not-cleared',
      severity: 'error',
      span: returnSpan(kernel, routine) ?? definitionSpan(kernel, routine),
      message: `${functionName(kernel, routine)} (AddDevice) returns while DO_DEVICE_INITIALIZING is set in ${describeAddress(kernel, address)}: the device can be neither opened nor attached to. Clear the flag in DeviceObject->Flags as the last step.`,
      also: ['C28152', '0xC9/0x243'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x243, address),
      history: [{ what: 'created here', span: createdAt, statements: 0 }],
    });
  }
  return undefined;
}

function runPieces(kernel: Kernel, driver: GuestAddress, pieces: readonly PnpPiece[]): KernelThread | undefined {
  if (pieces.length === 0) return undefined;
  kernel.parts.io.pnpQueue.push(...pieces);
  const entry = defined(kernel.machine.functionAddress('IopRunPnp'), 'the entry of the PnP manager');
  return createKernelThread(kernel, { name: 'PnP', entry, arguments: [driver], kind: 'worker' });
}

function nextPiece(kernel: Kernel, driver: GuestAddress): NativeResult {
  const piece = kernel.parts.io.pnpQueue.shift();
  if (piece === undefined) return returnsVoid;
  const { device } = piece;
  if (piece.kind === 'add') {
    const then = { name: 'pnp.added', state: { driver, device } };
    const target = addDeviceOf(kernel, driver);
    return { kind: 'call', target, arguments: [driver, device], frameLabel: 'the PnP manager', then };
  }
  const top = topOfStack(kernel, device);
  const stackSize = kernel.view('DEVICE_OBJECT', top).getNumber('StackSize');
  const irp = allocateIrp(kernel, stackSize, 'io-manager', 'the PnP manager');
  if (irp === undefined) return nextPiece(kernel, driver);
  const iosb = createObject(kernel, 'event', 'status block of the PnP manager', 16);
  const event = createObject(kernel, 'event', 'event of the PnP manager', kernel.types.sizeOf('KEVENT'));
  createDispatcher(kernel, event, 'notification event', 0);
  const view = irpView(kernel, irp.address);
  view.set('IoStatus.Status', STATUS_NOT_SUPPORTED);
  view.set('UserEvent', event);
  view.set('UserIosb', iosb);
  view.set('Tail.Overlay.Thread', currentThread(kernel).object);
  const location = kernel.view('IO_STACK_LOCATION', stackLocation(kernel, irp.address, irp.stackSize));
  location.set('MajorFunction', majors.pnp);
  location.set('MinorFunction', piece.minor);
  const state = { driver, device, event, iosb, name: piece.name };
  return callDriver(kernel, piece.name, top, irp.address, { name: 'pnp.sent', state });
}

function afterIrp(kernel: Kernel, state: Readonly<Record<string, unknown>>, status: number): NativeResult {
  dereferenceObject(kernel, state.event as GuestAddress);
  dereferenceObject(kernel, state.iosb as GuestAddress);
  kernel.emit({ kind: 'caller', caller: 'PnP', what: `${String(state.name)} → ${statusText(kernel, status)}` });
  return nextPiece(kernel, state.driver as GuestAddress);
}

/** A device that was not added is not started either. */
function forget(kernel: Kernel, device: GuestAddress): void {
  const queue = kernel.parts.io.pnpQueue;
  for (let i = queue.length - 1; i >= 0; i--) if (queue[i]?.device === device) queue.splice(i, 1);
}

function pnpDevices(kernel: Kernel): GuestAddress[] {
  return [...kernel.parts.io.answering].filter(([, { isPnp }]) => isPnp).map(([device]) => device);
}

function addDeviceOf(kernel: Kernel, driver: GuestAddress): GuestAddress {
  const extension = kernel.view('DRIVER_OBJECT', driver).getPointer('DriverExtension');
  return kernel.view('DRIVER_EXTENSION', extension).getPointer('AddDevice');
}
