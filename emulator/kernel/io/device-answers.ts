/**
 * Lower devices that the scenario makes: each request gets the answer that the scenario has for it, at once or after a
 * while, so that filter drivers and clients of other drivers have something below them. What has no answer is refused,
 * but for opening and closing. A request that takes its time can be cancelled.
 */
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, IrpRecord, Kernel, RunFinding, StructView } from '../kernel-types.ts';
import { mdlData, mdlFlags, pagesUsable } from '../mm/mdl-records.ts';
import { createObject } from '../ob/objects.ts';
import {
  STATUS_CANCELLED,
  STATUS_DEVICE_NOT_READY,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_NO_SUCH_DEVICE,
  STATUS_PENDING,
} from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import { thenDone, thenReturn } from '../verifier/lock-records.ts';
import { answerTo, askedBy, transferBuffer } from './device-expectations.ts';
import { addDeviceKeys } from './device-keys.ts';
import { linkPath } from './device-names.ts';
import type { AnsweringDevice, DeviceAnswer, DevicePlan } from './device-plans.ts';
import { createDevice, createDriverObject } from './devices.ts';
import { checkDot4Use, dot4Askers, noteDot4Result } from './dot4-objects.ts';
import { checkDot4Request } from './dot4-requests.ts';
import { releaseCancelLock } from './irp-cancel.ts';
import { completeIrp } from './irp-completion.ts';
import { markPending } from './irp-stack.ts';
import { watchHeld } from './irp-watch.ts';
import { currentLocation, irpArgument, irpView, reportIrp } from './irps.ts';
import { isDirect, majorFunctions, majors, methodOf, methods, pnpMinors } from './request-codes.ts';

const pnpServed: readonly number[] = Object.values(pnpMinors);
const deviceTypeUnknown = 0x22;
const dispatchLevel = 2;

/** Makes the scenario's devices: before the driver is loaded. */
export function createAnsweringDevices(kernel: Kernel, plans: readonly DevicePlan[]): void {
  if (plans.length === 0) return;
  const driver = createDriverObject(kernel, 'Scenario');
  const answer = kernel.machine.functionAddress('IopAnswerRequest') ?? NULL_ADDRESS;
  const table = kernel.view('DRIVER_OBJECT', driver).addressOf('MajorFunction');
  for (let i = 0; i < majorFunctions; i++) kernel.memory.writePointer((table + BigInt(i * 8)) as GuestAddress, answer);
  for (const [i, plan] of plans.entries()) {
    const device = createDevice(kernel, {
      driver,
      extensionSize: 0,
      name: plan.name,
      type: deviceTypeUnknown,
      characteristics: 0,
    });
    if (device === undefined) continue;
    const { constant } = kernel.types;
    const flags = { buffered: constant('DO_BUFFERED_IO'), direct: constant('DO_DIRECT_IO'), neither: 0 };
    kernel.view('DEVICE_OBJECT', device).set('Flags', 0x40 | flags[plan.io]);
    const answering: AnsweringDevice = {
      ...plan,
      instance: String(i).padStart(4, '0'),
      given: [],
      properties: new Map(),
      state: 'there',
      wasStarted: false,
      isStarted: false,
      changed: 0,
    };
    kernel.parts.io.answering.set(device, answering);
    addDeviceKeys(kernel, answering);
    if (plan.link === undefined) continue;
    const link = createObject(kernel, 'symbolic link', `symbolic link ${plan.link}`, 16, { target: plan.name });
    kernel.parts.objects.names.set(linkPath(plan.link).toLowerCase(), link);
  }
}

export const deviceAnswerApis = {
  IopAnswerRequest: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(1));
    if ('kind' in record) return record;
    const unusable = reportUnlocked(kernel, record);
    if (unusable !== undefined) return unusable;
    const device = kernel.parts.io.answering.get(args.pointer(0));
    const location = currentLocation(kernel, record.address);
    if (device?.state === 'gone' && needsDevice(location))
      return completeIrp(kernel, record, STATUS_NO_SUCH_DEVICE, 0n, thenReturn(STATUS_NO_SUCH_DEVICE));
    if (device !== undefined && needsDevice(location) && isIdle(device)) {
      reportNotStarted(kernel, device, record);
      return completeIrp(kernel, record, STATUS_DEVICE_NOT_READY, 0n, thenReturn(STATUS_DEVICE_NOT_READY));
    }
    const bad = checkDot4Request(kernel, record, location) ?? checkDot4Use(kernel, record, location);
    if (bad !== undefined) return bad;
    const asked = askedBy(kernel, record.address, location);
    const answer = device === undefined ? undefined : answerTo(kernel, device, record, asked);
    if (device !== undefined) noteStarted(device, location, answer);
    if (answer === undefined || answer.delayNs === 0) {
      const done = fulfil(kernel, record, answer, dot4Askers(kernel, location));
      if ('kind' in done) return done;
      return completeIrp(kernel, record, done.status, done.information, thenReturn(done.status));
    }
    markPending(kernel, name, record);
    watchHeld(kernel, record, irpView(kernel, record.address).getNumber('CurrentLocation') + 1);
    irpView(kernel, record.address).set('CancelRoutine', kernel.machine.functionAddress('IopCancelAnswer') ?? 0n);
    if (answer.delayNs === undefined) return returns(STATUS_PENDING);
    kernel.schedule({
      afterNs: answer.delayNs,
      irql: dispatchLevel,
      label: `answer of ${device?.name ?? 'a device'}`,
      step: {
        name: 'device.answer',
        state: { irp: record.address, id: record.id, answer, askers: dot4Askers(kernel, location) },
      },
    });
    return returns(STATUS_PENDING);
  },
  IopCancelAnswer: (kernel, { name, arguments: args }) => {
    const record = irpArgument(kernel, name, args.pointer(1));
    if ('kind' in record) return record;
    const irql = irpView(kernel, record.address).getNumber('CancelIrql');
    const bad = releaseCancelLock(kernel, name, irql);
    return bad ?? completeIrp(kernel, record, STATUS_CANCELLED, 0n, thenDone);
  },
} satisfies KernelApis;

export const deviceAnswerContinuations = {
  'device.answer': (kernel, _thread, given): NativeResult => {
    const { irp, id, answer, askers } = given as unknown as {
      irp: GuestAddress;
      id: number;
      answer: DeviceAnswer;
      askers: RunFinding['history'];
    };
    const record = takeWaiting(kernel, irp, id);
    if (record === undefined) return returnsVoid;
    const done = fulfil(kernel, record, answer, askers);
    if ('kind' in done) return done;
    return completeIrp(kernel, record, done.status, done.information, thenDone);
  },
  'device.refuse': (kernel, _thread, given): NativeResult => {
    const { irp, id } = given as unknown as { irp: GuestAddress; id: number };
    const record = takeWaiting(kernel, irp, id);
    return record === undefined ? returnsVoid : completeIrp(kernel, record, STATUS_NO_SUCH_DEVICE, 0n, thenDone);
  },
} satisfies ContinuationTable;

/** A request that waits for its answer, and is not being cancelled. */
function takeWaiting(kernel: Kernel, irp: GuestAddress, id: number): IrpRecord | undefined {
  const record = kernel.irps.get(irp);
  if (record === undefined || record.id !== id || record.state === 'freed') return undefined;
  const view = irpView(kernel, irp);
  // Without its cancel routine it is being cancelled, or has been.
  if (view.get('CancelRoutine') === 0n) return undefined;
  view.set('CancelRoutine', 0);
  return record;
}

/** A device has been pulled out: what waits for its answer is refused. */
export function refuseWaiting(kernel: Kernel, device: GuestAddress): void {
  const cancel = kernel.machine.functionAddress('IopCancelAnswer') ?? NULL_ADDRESS;
  for (const record of kernel.irps.values()) {
    if (record.state !== 'pending' && record.state !== 'sent') continue;
    if (irpView(kernel, record.address).get('CancelRoutine') !== cancel) continue;
    if (currentLocation(kernel, record.address).get('DeviceObject') !== device) continue;
    const step = { name: 'device.refuse', state: { irp: record.address, id: record.id } };
    kernel.schedule({ afterNs: 0, irql: dispatchLevel, label: 'a device that is gone', step });
  }
}

/** The driver below has not seen IRP_MN_START_DEVICE, or IRP_MN_STOP_DEVICE since. */
function isIdle({ isPnp, isStarted }: AnsweringDevice): boolean {
  return isPnp && !isStarted;
}

function noteStarted(device: AnsweringDevice, location: StructView, answer: DeviceAnswer | undefined): void {
  if (location.getNumber('MajorFunction') !== majors.pnp) return;
  const minor = location.getNumber('MinorFunction');
  const { IRP_MN_START_DEVICE, IRP_MN_REMOVE_DEVICE, IRP_MN_STOP_DEVICE } = pnpMinors;
  if (minor === IRP_MN_START_DEVICE) device.isStarted = (answer?.status ?? 0) >= 0;
  else if (minor === IRP_MN_REMOVE_DEVICE || minor === IRP_MN_STOP_DEVICE) device.isStarted = false;
}

function reportNotStarted(kernel: Kernel, device: AnsweringDevice, record: IrpRecord): void {
  reportIrp(kernel, record, {
    rule: 'device-not-started',
    severity: 'warning',
    message: `IRP #${record.id} comes to ${device.name} while that is not started: the driver below refuses it. Let IRP_MN_START_DEVICE complete below first, and pass stop and removal down last.`,
  });
}

/** What only a device can do that is there and started. */
function needsDevice(location: StructView): boolean {
  const major = location.getNumber('MajorFunction');
  return ![majors.create, majors.cleanup, majors.close, majors.pnp, majors.power].some((one) => one === major);
}

interface Fulfilled {
  readonly status: number;
  readonly information: bigint;
}

/** Gives the answer; `askers` have asked for it. */
function fulfil(
  kernel: Kernel,
  record: IrpRecord,
  answer: DeviceAnswer | undefined,
  askers: RunFinding['history'],
): Fulfilled | NativeResult {
  const location = currentLocation(kernel, record.address);
  const done = putAnswer(kernel, record, location, answer);
  if ('kind' in done || done.status < 0 || answer === undefined) return done;
  const given = answer.bytes === undefined ? 0 : answer.outputAt + answer.bytes.length;
  noteDot4Result(kernel, record, location, { given, askers });
  return done;
}

/** Puts the answer's bytes where the request wants them. */
function putAnswer(
  kernel: Kernel,
  record: IrpRecord,
  location: StructView,
  answer: DeviceAnswer | undefined,
): Fulfilled | NativeResult {
  const major = location.getNumber('MajorFunction');
  if (answer === undefined) {
    if (major === majors.pnp || major === majors.power) {
      // A bus driver serves start and remove; it leaves what it does not know as it is.
      const isServed = major === majors.power || pnpServed.includes(location.getNumber('MinorFunction'));
      const unchanged = irpView(kernel, record.address).getNumber('IoStatus.Status');
      return { status: isServed ? 0 : unchanged, information: 0n };
    }
    const isOpening = major === majors.create || major === majors.cleanup || major === majors.close;
    return { status: isOpening ? 0 : STATUS_INVALID_DEVICE_REQUEST, information: 0n };
  }
  const { status, bytes, outputAt } = answer;
  const isControl = major === majors.control || major === majors['internal-control'];
  const room = location.getNumber(
    isControl ? 'Parameters.DeviceIoControl.OutputBufferLength' : 'Parameters.Read.Length',
  );
  if (bytes === undefined) {
    // What is written has gone, by a write or by a control code that brings its data in the second buffer.
    const isWrite = major === majors.write || (isControl && methodAt(location) === methods['in-direct']);
    return { status, information: answer.information ?? (isWrite && status >= 0 ? BigInt(room) : 0n) };
  }
  const length = Math.max(0, Math.min(room - outputAt, bytes.length));
  const target = outputOf(kernel, record.address, location, isControl);
  if (length > 0 && target === 0n) return reportNoBuffer(kernel, record, location, isControl, length);
  if (length > 0) kernel.memory.poke(offsetAddress(target, outputAt), bytes.subarray(0, length));
  return { status, information: answer.information ?? (length > 0 ? BigInt(outputAt + length) : 0n) };
}

function outputOf(kernel: Kernel, irp: GuestAddress, location: StructView, isControl: boolean): GuestAddress {
  const view = irpView(kernel, irp);
  const method = isControl ? methodAt(location) : undefined;
  if (method === undefined) return transferBuffer(kernel, view);
  const mdl = view.getPointer('MdlAddress');
  // A direct control request has its input in the system buffer, which is no place for what comes back.
  if (isDirect(method)) return mdl === 0n ? NULL_ADDRESS : mdlData(kernel, mdl);
  const buffer = view.getPointer('AssociatedIrp.SystemBuffer');
  return buffer !== 0n && method !== methods.neither ? buffer : view.getPointer('UserBuffer');
}

function methodAt(location: StructView): number {
  return methodOf(location.getNumber('Parameters.DeviceIoControl.IoControlCode'));
}

/** The driver below takes the address of memory whose MDL says nothing of where its pages are. */
function reportUnlocked(kernel: Kernel, record: IrpRecord): NativeResult | undefined {
  const mdl = irpView(kernel, record.address).getPointer('MdlAddress');
  if (mdl === 0n || (mdlFlags(kernel, mdl) & pagesUsable) !== 0) return undefined;
  return reportIrp(kernel, record, {
    rule: 'mdl-not-locked',
    severity: 'error',
    message: `IRP #${record.id} goes to the device below with an MDL whose pages are neither non-paged pool (MmBuildMdlForNonPagedPool) nor locked (MmProbeAndLockPages).`,
  });
}

/** A driver that answers would stop the machine at the NULL that it takes for its buffer. */
function reportNoBuffer(
  kernel: Kernel,
  record: IrpRecord,
  location: StructView,
  isControl: boolean,
  length: number,
): NativeResult {
  const method = isControl ? methodAt(location) : undefined;
  const member =
    method === 0
      ? 'AssociatedIrp.SystemBuffer'
      : method === methods.neither
        ? 'UserBuffer'
        : isControl
          ? 'MdlAddress'
          : 'buffer';
  return reportIrp(kernel, record, {
    rule: 'irp-without-buffer',
    severity: 'error',
    message: `IRP #${record.id} asks the device below for data, and says that there is room, but has no ${member}: the driver below would write ${length} bytes through NULL.`,
  });
}
