/**
 * The PnP manager, as far as a driver with AddDevice needs it: for each device of the scenario that is there to be driven
 * (`pnp: true`) AddDevice and IRP_MN_START_DEVICE after DriverEntry, what the scenario has happen to it meanwhile
 * (`changes:`), IRP_MN_QUERY_REMOVE_DEVICE and IRP_MN_REMOVE_DEVICE before DriverUnload. All of it happens in one system
 * thread, one piece after the other; what a request leads to hangs on its status.
 */
import { defined } from '../../../base/assert.ts';
import { type Continuation, type GuestAddress, type NativeResult, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { blockOn, blockOnKey, currentThread } from '../ke/blocking.ts';
import { createDispatcher, satisfiedBy } from '../ke/dispatcher.ts';
import { continueWith, createKernelThread } from '../ke/kernel-threads.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import { definitionSpan, describeAddress, functionName, returnSpan } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_NOT_SUPPORTED, STATUS_PENDING } from '../statuses.ts';
import { refuseWaiting } from './device-answers.ts';
import { topOfStack } from './device-stacks.ts';
import { forgetDot4Objects } from './dot4-objects.ts';
import { callDriver } from './irp-send.ts';
import { allocateIrp, irpView, stackLocation } from './irps.ts';
import {
  closedKey,
  following,
  isLive,
  isOpen,
  type PnpChange,
  type PnpPiece,
  removing,
  requestOf,
  type Sent,
} from './pnp-requests.ts';
import { majors, pnpMinors } from './request-codes.ts';

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
    { kind: 'irp', device, request: 'IRP_MN_START_DEVICE' },
  ]);
  return runPieces(kernel, driver, pieces);
}

/** Removes the devices that were added, and waits for what the scenario had happen to them. */
export function stopPnp(kernel: Kernel, driver: GuestAddress): KernelThread | undefined {
  const pieces = pnpDevices(kernel).flatMap((device): PnpPiece[] =>
    isLive(kernel, device)
      ? [{ kind: 'irp', device, request: 'IRP_MN_QUERY_REMOVE_DEVICE', then: 'IRP_MN_REMOVE_DEVICE' }]
      : [],
  );
  kernel.parts.io.pnp.isEnding = true;
  return runPieces(kernel, driver, pieces);
}

/** From now on what the scenario says happens to its devices, each at its time. */
export function scheduleChanges(kernel: Kernel, driver: GuestAddress): void {
  for (const [device, { name, changes }] of kernel.parts.io.answering) {
    for (const { what, afterNs } of changes) {
      const step = { name: 'pnp.change', state: { driver, device, what } };
      kernel.schedule({ afterNs, irql: 2, label: `${what} of ${name}`, step });
    }
  }
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
    const { event } = state as unknown as Sent;
    const status = Number(BigInt.asIntN(32, value));
    if (status !== STATUS_PENDING) return afterIrp(kernel, state as unknown as Sent, status);
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
  'pnp.waited': (kernel, _thread, given) => {
    const state = given as unknown as Sent;
    return afterIrp(kernel, state, kernel.view('IO_STATUS_BLOCK', state.iosb).getNumber('Status'));
  },
  'pnp.closed': (kernel, _thread, state) => nextPiece(kernel, state.driver as GuestAddress),
  'pnp.change': (kernel, _thread, state) => {
    const { driver, device, what } = state as unknown as {
      driver: GuestAddress;
      device: GuestAddress;
      what: PnpChange;
    };
    change(kernel, driver, device, what);
    return returnsVoid;
  },
} satisfies ContinuationTable;

function change(kernel: Kernel, driver: GuestAddress, device: GuestAddress, what: PnpChange): void {
  const answering = defined(kernel.parts.io.answering.get(device), 'a device of the scenario');
  if (answering.state === 'removed' || kernel.parts.io.pnp.isEnding) return;
  kernel.emit({ kind: 'caller', caller: 'PnP', what: `${what} of ${answering.name}` });
  answering.changed++;
  if (what === 'surprise-removal') {
    answering.state = 'gone';
    refuseWaiting(kernel, device);
    forgetDot4Objects(kernel, device);
  }
  // Nobody stands above it, so nobody is asked.
  if (!isLive(kernel, device)) return;
  runPieces(kernel, driver, [{ kind: 'irp', device, ...requestOf(what) }]);
}

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
  const { pnp } = kernel.parts.io;
  const running = pnp.threadId === undefined ? undefined : kernel.parts.scheduler.threads.get(pnp.threadId);
  if (running !== undefined) {
    pnp.queue.push(...pieces);
    return running;
  }
  if (pieces.length === 0) return undefined;
  pnp.queue.push(...pieces);
  const entry = defined(kernel.machine.functionAddress('IopRunPnp'), 'the entry of the PnP manager');
  const thread = createKernelThread(kernel, { name: 'PnP', entry, arguments: [driver], kind: 'worker' });
  pnp.threadId = thread.id;
  return thread;
}

function nextPiece(kernel: Kernel, driver: GuestAddress): NativeResult {
  const piece = kernel.parts.io.pnp.queue.shift();
  if (piece === undefined) {
    kernel.parts.io.pnp.threadId = undefined;
    return returnsVoid;
  }
  const { device } = piece;
  if (piece.kind === 'add') {
    const then = { name: 'pnp.added', state: { driver, device } };
    const target = addDeviceOf(kernel, driver);
    return { kind: 'call', target, arguments: [driver, device], frameLabel: 'the PnP manager', then };
  }
  // Its driver has been told meanwhile that it is removed.
  if (!isLive(kernel, device)) return nextPiece(kernel, driver);
  if (piece.kind === 'closed') {
    const then = { name: 'pnp.closed', state: { driver } };
    if (!isOpen(kernel, device)) return nextPiece(kernel, driver);
    kernel.parts.io.pnp.queue.unshift(piece);
    return blockOnKey(kernel, closedKey, 'waits until no program has the device open', then);
  }
  return send(kernel, driver, piece);
}

function send(kernel: Kernel, driver: GuestAddress, piece: Extract<PnpPiece, { kind: 'irp' }>): NativeResult {
  const { device, request } = piece;
  const answering = defined(kernel.parts.io.answering.get(device), 'a device of the scenario');
  // Who has it open now may go on, and nobody opens it any more.
  if (removing.has(request) && answering.state !== 'gone') answering.state = 'remove-pending';
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
  location.set('MinorFunction', pnpMinors[request]);
  const state = { driver, device, event, iosb, request, then: piece.then } satisfies Sent;
  return callDriver(kernel, request, top, irp.address, { name: 'pnp.sent', state });
}

function afterIrp(kernel: Kernel, sent: Sent, status: number): NativeResult {
  const { driver, device, request } = sent;
  dereferenceObject(kernel, sent.event);
  dereferenceObject(kernel, sent.iosb);
  kernel.emit({ kind: 'caller', caller: 'PnP', what: `${request} → ${statusText(kernel, status)}` });
  const answering = defined(kernel.parts.io.answering.get(device), 'a device of the scenario');
  const next = following(kernel, sent, answering, status);
  kernel.parts.io.pnp.queue.unshift(...next.map((piece) => ({ ...piece, device })));
  return nextPiece(kernel, driver);
}

/** A device that was not added is not started either. */
function forget(kernel: Kernel, device: GuestAddress): void {
  const { queue } = kernel.parts.io.pnp;
  for (let i = queue.length - 1; i >= 0; i--) if (queue[i]?.device === device) queue.splice(i, 1);
}

function pnpDevices(kernel: Kernel): GuestAddress[] {
  return [...kernel.parts.io.answering].filter(([, { isPnp }]) => isPnp).map(([device]) => device);
}

function addDeviceOf(kernel: Kernel, driver: GuestAddress): GuestAddress {
  const extension = kernel.view('DRIVER_OBJECT', driver).getPointer('DriverExtension');
  return kernel.view('DRIVER_EXTENSION', extension).getPointer('AddDevice');
}
