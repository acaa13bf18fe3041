/**
 * Requests that the I/O manager owns: made by IoBuildDeviceIoControlRequest and its relatives, or for a user's call.
 *
 * A threaded request is finished when its completion has gone all the way up: output is copied back, the status block
 * written, the event set, the IRP freed, so the driver must never free it. Windows does this in a special APC of the
 * thread that made it; here it happens at once, in the context that completes.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
} from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { currentThread } from '../ke/blocking.ts';
import { setSignal } from '../ke/dispatcher.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { IrpRecord, Kernel } from '../kernel-types.ts';
import { buildMdl } from '../mm/mdls.ts';
import { describeAddress } from '../places.ts';
import { goneBecause, lend } from '../verifier/lent-memory.ts';
import { finishFileRequest } from './file-requests.ts';
import { allocateIrp, irpView, releaseIrp, reportIrp, stackLocation } from './irps.ts';
import { freeBuffer, freeMdls, systemBuffer } from './request-buffers.ts';

// IRP.Flags (wdm.h).
const irpBufferedIo = 0x10;
const irpDeallocateBuffer = 0x20;
const irpInputOperation = 0x40;

const methodBuffered = 0;
const methodNeither = 3;

export const requestApis = {
  IoBuildDeviceIoControlRequest: (kernel, call) => buildDeviceControl(kernel, call),
  IoBuildSynchronousFsdRequest: (kernel, call) => buildFsdRequest(kernel, call, { isSynchronous: true }),
  IoBuildAsynchronousFsdRequest: (kernel, call) => buildFsdRequest(kernel, call, { isSynchronous: false }),
} satisfies KernelApis;

/** The completion has reached the top of an IRP that the I/O manager owns. */
export function finishRequest(kernel: Kernel, record: IrpRecord, then: Continuation): NativeResult {
  if (record.request !== undefined) return finishFileRequest(kernel, record, then);
  const view = irpView(kernel, record.address);
  const status = view.getNumber('IoStatus.Status');
  const flags = view.getNumber('Flags');
  const bad = checkLent(kernel, record, status);
  if (bad !== undefined) return bad;
  const systemBuffer = view.getPointer('AssociatedIrp.SystemBuffer');
  const isError = status < 0 && status >>> 30 === 3;
  const information = view.get('IoStatus.Information');
  const room = BigInt(record.outputLength ?? 0);
  if ((flags & irpInputOperation) !== 0 && !isError && information > room)
    return reportTooMuch(kernel, record, information, room);
  if ((flags & irpBufferedIo) !== 0 && (flags & irpInputOperation) !== 0 && !isError && information > 0n)
    kernel.memory.copy(view.getPointer('UserBuffer'), systemBuffer, Number(information));
  if ((flags & irpDeallocateBuffer) !== 0 && systemBuffer !== 0n) freeBuffer(kernel, systemBuffer);
  freeMdls(kernel, view);
  // A request that fails at once tells its maker by IoCallDriver's result alone.
  if (!isError || view.getNumber('PendingReturned') !== 0) {
    const iosb = view.getPointer('UserIosb');
    if (iosb !== 0n) kernel.memory.copy(iosb, view.addressOf('IoStatus'), kernel.types.sizeOf('IO_STATUS_BLOCK'));
    const event = view.getPointer('UserEvent');
    if (event !== 0n) setSignal(kernel, event, 1);
  }
  record.state = 'completed';
  releaseIrp(kernel, record);
  return continueWith(kernel, then, 0n);
}

function buildDeviceControl(kernel: Kernel, call: NativeCall): NativeResult {
  const { arguments: args } = call;
  const device = kernel.view('DEVICE_OBJECT', args.pointer(1));
  const record = allocateIrp(kernel, device.getNumber('StackSize'), 'io-manager', call.name);
  if (record === undefined) return returns(NULL_ADDRESS);
  const code = args.uint(0);
  const [input, inputLength] = [args.pointer(2), args.uint(3)];
  const [output, outputLength] = [args.pointer(4), args.uint(5)];
  const view = irpView(kernel, record.address);
  const location = kernel.view('IO_STACK_LOCATION', stackLocation(kernel, record.address, record.stackSize));
  location.set('MajorFunction', args.bool(6) ? 0x0f : 0x0e);
  location.set('Parameters.DeviceIoControl.OutputBufferLength', outputLength);
  location.set('Parameters.DeviceIoControl.InputBufferLength', inputLength);
  location.set('Parameters.DeviceIoControl.IoControlCode', code);
  const method = code & 3;
  if (method === methodNeither) {
    view.set('UserBuffer', output);
    location.set('Parameters.DeviceIoControl.Type3InputBuffer', input);
  } else {
    const bytes = method === methodBuffered ? Math.max(inputLength, outputLength) : input === 0n ? 0 : inputLength;
    if (bytes > 0) view.set('AssociatedIrp.SystemBuffer', systemBuffer(kernel, bytes, input, inputLength));
    const hasOutput = method === methodBuffered && output !== 0n;
    view.set('Flags', bytes > 0 ? irpBufferedIo | irpDeallocateBuffer | (hasOutput ? irpInputOperation : 0) : 0);
    view.set('UserBuffer', method === methodBuffered ? output : 0);
    if (method !== methodBuffered && output !== 0n && outputLength > 0)
      view.set('MdlAddress', buildMdl(kernel, output, outputLength, { isLocked: true, call: call.name }));
  }
  record.outputLength = outputLength;
  finishBuilding(kernel, record, args.pointer(7), args.pointer(8));
  return warnStackStatus(kernel, call.name, args.pointer(7), args.pointer(8)) ?? returns(record.address);
}

function buildFsdRequest(kernel: Kernel, call: NativeCall, how: { readonly isSynchronous: boolean }): NativeResult {
  const { arguments: args } = call;
  const device = kernel.view('DEVICE_OBJECT', args.pointer(1));
  const owner = how.isSynchronous ? 'io-manager' : 'driver';
  const record = allocateIrp(kernel, device.getNumber('StackSize'), owner, call.name);
  if (record === undefined) return returns(NULL_ADDRESS);
  const major = args.uint(0);
  const [buffer, length, startingOffset] = [args.pointer(2), args.uint(3), args.pointer(4)];
  const view = irpView(kernel, record.address);
  const location = kernel.view('IO_STACK_LOCATION', stackLocation(kernel, record.address, record.stackSize));
  location.set('MajorFunction', major);
  if (buffer !== 0n && length > 0) {
    const flags = device.getNumber('Flags');
    const isRead = major === 3;
    if ((flags & kernel.types.constant('DO_BUFFERED_IO')) !== 0) {
      view.set('AssociatedIrp.SystemBuffer', systemBuffer(kernel, length, isRead ? NULL_ADDRESS : buffer, length));
      view.set('UserBuffer', buffer);
      view.set('Flags', irpBufferedIo | irpDeallocateBuffer | (isRead ? irpInputOperation : 0));
    } else if ((flags & kernel.types.constant('DO_DIRECT_IO')) !== 0) {
      view.set('MdlAddress', buildMdl(kernel, buffer, length, { isLocked: true, call: call.name }));
    } else view.set('UserBuffer', buffer);
    location.set('Parameters.Read.Length', length);
    record.outputLength = length;
    if (startingOffset !== 0n) location.set('Parameters.Read.ByteOffset', kernel.memory.readU64(startingOffset));
  }
  finishBuilding(
    kernel,
    record,
    how.isSynchronous ? args.pointer(5) : NULL_ADDRESS,
    args.pointer(how.isSynchronous ? 6 : 5),
  );
  return returns(record.address);
}

function finishBuilding(kernel: Kernel, record: IrpRecord, event: GuestAddress, iosb: GuestAddress): void {
  const view = irpView(kernel, record.address);
  view.set('UserEvent', event);
  view.set('UserIosb', iosb);
  view.set('Tail.Overlay.Thread', currentThread(kernel).object);
  const lent = [
    lend(kernel, 'the status block', iosb, kernel.types.sizeOf('IO_STATUS_BLOCK')),
    lend(kernel, 'the event', event, kernel.types.sizeOf('KEVENT')),
  ];
  record.lent = lent.filter((one) => one !== undefined);
}

/** The I/O manager is about to write the status block and to set the event, if they are still there. */
function checkLent(kernel: Kernel, record: IrpRecord, status: number): NativeResult | undefined {
  const isError = status >>> 30 === 3;
  if (isError && irpView(kernel, record.address).getNumber('PendingReturned') === 0) return undefined;
  for (const memory of record.lent ?? []) {
    const because = goneBecause(kernel, memory);
    if (because === undefined) continue;
    const code = memory.name === 'the event' ? 0xd : 0xc;
    return reportIrp(kernel, record, {
      rule: 'stack-buffer-outlives-call',
      span: record.sentAt,
      message: `IRP #${record.id} completes now and the I/O manager writes to ${memory.name} that it was built with, but ${because}. Where IoCallDriver returns STATUS_PENDING, wait for the event before you return.`,
      docRules: ['R75'],
      also: [`0xC9/0x${code.toString(16).toUpperCase()}`],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', code, memory.address),
    });
  }
  return undefined;
}

function reportTooMuch(kernel: Kernel, record: IrpRecord, information: bigint, room: bigint): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'information-too-large',
    message: `IRP #${record.id} is completed with IoStatus.Information = ${information}, but its caller's buffer has room for ${room}: the I/O manager copies what lies behind the system buffer. Never set more than the output length.`,
    also: ['0xC9/0x312'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x312, record.address),
  });
}

/** Without an event nobody may wait for the request, and a status block on the stack is gone when it completes. */
function warnStackStatus(
  kernel: Kernel,
  call: string,
  event: GuestAddress,
  iosb: GuestAddress,
): NativeResult | undefined {
  if (event !== 0n || iosb === 0n || kernel.memory.regionAt(iosb)?.kind !== 'stack') return undefined;
  kernel.report({
    rule: 'status-block-on-stack',
    severity: 'warning',
    message: `${call} gets a status block on the stack (${describeAddress(kernel, iosb)}) and no event to wait for: the block may be gone when the request completes.`,
    also: ['0xC9/0xC'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0xc, iosb),
  });
  return undefined;
}
