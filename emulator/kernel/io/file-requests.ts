/**
 * Requests on open devices, as the I/O manager makes them for NtReadFile, NtDeviceIoControlFile and their relatives: the
 * IRP with its buffers by the device's kind of I/O or the control code's method, and at its completion the way back: bytes
 * into the caller's buffer, the status block, the event, the references.
 */
import type { Span } from '../../../base/source.ts';
import { type Continuation, type GuestAddress, type NativeResult, NULL_ADDRESS } from '../../machine/native.ts';
import { blockOnKey, currentThread, wakeKey } from '../ke/blocking.ts';
import { setSignal } from '../ke/dispatcher.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import { cancelTimed, scheduleAt } from '../ke/timed-events.ts';
import type { ContinuationTable, IrpRecord, Kernel, StructView } from '../kernel-types.ts';
import { buildMdl } from '../mm/mdls.ts';
import { dereferenceObject, referenceObject } from '../ob/objects.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_PENDING } from '../statuses.ts';
import type { DeviceFile } from './device-files.ts';
import { copyOut } from './file-results.ts';
import { callDriver } from './irp-send.ts';
import { allocateIrp, irpView, releaseIrp, rememberIrp, stackLocation } from './irps.ts';
import { freeBuffer, freeMdls, systemBuffer } from './request-buffers.ts';
import { majors } from './request-codes.ts';

export type RequestMajor = Exclude<keyof typeof majors, 'internal-control' | 'power' | 'pnp'>;

export interface CreateParameters {
  readonly access: number;
  readonly share: number;
  readonly disposition: number;
  readonly options: number;
  readonly attributes: number;
}

export interface BufferRange {
  readonly address: GuestAddress;
  readonly length: number;
}

export interface FileRequest {
  readonly major: RequestMajor;
  /** The system service: "NtReadFile". */
  readonly call: string;
  readonly file: DeviceFile;
  /** The top of its stack. */
  readonly device: GuestAddress;
  readonly create?: CreateParameters;
  readonly code?: number;
  /** What the driver gets, and where its answer goes. */
  readonly input?: BufferRange;
  readonly output?: BufferRange;
  readonly offset?: bigint;
  /** Of a Zw function's caller. */
  readonly event?: GuestAddress;
  readonly iosb?: GuestAddress;
  /** `then` gets the final status, when the request is over; otherwise it gets STATUS_PENDING for one that pends. */
  readonly isWaited: boolean;
  /** A wait gives up, and cancels the request, after so long. */
  readonly timeoutNs?: number | undefined;
}

export interface RequestRecord {
  readonly id: number;
  readonly irp: GuestAddress;
  readonly irpId: number;
  readonly what: string;
  readonly file: GuestAddress;
  readonly request: FileRequest;
  readonly threadId: number;
  readonly sentAt: Span | undefined;
  state: 'sent' | 'done';
  status: number;
  information: bigint;
  /** Bytes that came back, where there is a buffer for them. */
  output: Uint8Array | undefined;
  /** A wait for it was given up. */
  hasTimedOut: boolean;
}

const statusTimeout = 0x102n;
// IRP.Flags.
const irpSynchronousApi = 0x4;
const irpBufferedIo = 0x10;
const irpDeallocateBuffer = 0x20;
const irpInputOperation = 0x40;
const irpCreateOperation = 0x80;
const irpReadOperation = 0x100;
const irpWriteOperation = 0x200;
const irpCloseOperation = 0x400;
const methodBuffered = 0;
const methodNeither = 3;

export function sendFileRequest(kernel: Kernel, request: FileRequest, then: Continuation): NativeResult {
  const device = kernel.view('DEVICE_OBJECT', request.device);
  const irp = allocateIrp(kernel, device.getNumber('StackSize'), 'io-manager', request.call);
  if (irp === undefined) return continueWith(kernel, then, BigInt(STATUS_INSUFFICIENT_RESOURCES));
  const { io } = kernel.parts;
  const id = io.nextRequest++;
  const record: RequestRecord = {
    id,
    irp: irp.address,
    irpId: irp.id,
    what: `${request.call} on ${request.file.path}`,
    file: request.file.address,
    request,
    threadId: currentThread(kernel).id,
    sentAt: undefined,
    state: 'sent',
    status: STATUS_PENDING,
    information: 0n,
    output: undefined,
    hasTimedOut: false,
  };
  io.requests.set(id, record);
  irp.request = id;
  fillIrp(kernel, irp, request, device);
  if (holdsFile(request)) referenceObject(kernel, request.file.address);
  const state = { id, then };
  return callDriver(kernel, request.call, request.device, irp.address, { name: 'io.request-returned', state });
}

/** Waits until a request is over; `then` gets its status, or STATUS_TIMEOUT. */
export function waitForRequest(
  kernel: Kernel,
  record: RequestRecord,
  timeoutNs: number | undefined,
  then: Continuation,
): NativeResult {
  if (record.state === 'done') return continueWith(kernel, then, BigInt(record.status));
  const threadId = currentThread(kernel).id;
  const timeout =
    timeoutNs === undefined
      ? undefined
      : scheduleAt(kernel, kernel.timeNs + timeoutNs, { kind: 'wait-timeout', threadId });
  const result = blockOnKey(kernel, `request ${record.id}`, `waits for IRP #${record.irpId} (${record.what})`, {
    name: 'io.request-waited',
    state: { id: record.id, then },
  });
  const { wait } = currentThread(kernel);
  if (timeout !== undefined && wait?.kind === 'key') currentThread(kernel).wait = { ...wait, timeout };
  else if (timeout !== undefined) cancelTimed(kernel, timeout);
  return result;
}

export const fileRequestContinuations = {
  'io.request-returned': (kernel, _thread, given, value) => {
    const { id, then } = given as unknown as { id: number; then: Continuation };
    const record = kernel.parts.io.requests.get(id);
    const status = Number(BigInt.asIntN(32, value));
    if (record === undefined) return continueWith(kernel, then, value);
    if (record.state === 'done') {
      return continueWith(kernel, then, status === STATUS_PENDING ? BigInt(record.status) : value);
    }
    if (!record.request.isWaited) return continueWith(kernel, then, BigInt(STATUS_PENDING));
    return waitForRequest(kernel, record, record.request.timeoutNs, then);
  },
  'io.request-waited': (kernel, _thread, given, value) => {
    const { id, then } = given as unknown as { id: number; then: Continuation };
    const record = kernel.parts.io.requests.get(id);
    if (value === statusTimeout && record !== undefined && record.state !== 'done') {
      record.hasTimedOut = true;
      return continueWith(kernel, then, statusTimeout);
    }
    return continueWith(kernel, then, BigInt(record?.status ?? 0));
  },
} satisfies ContinuationTable;

/** The completion of such a request has reached the top. */
export function finishFileRequest(kernel: Kernel, irp: IrpRecord, then: Continuation): NativeResult {
  const record = kernel.parts.io.requests.get(irp.request ?? 0);
  const view = irpView(kernel, irp.address);
  const status = view.getNumber('IoStatus.Status');
  const isError = status >>> 30 === 3;
  if (record !== undefined) {
    record.status = status;
    record.information = view.get('IoStatus.Information');
    const bad = isError ? undefined : copyOut(kernel, irp, record, view);
    if (bad !== undefined) return bad;
  }
  const buffer = view.getPointer('AssociatedIrp.SystemBuffer');
  if ((view.getNumber('Flags') & irpDeallocateBuffer) !== 0 && buffer !== 0n) freeBuffer(kernel, buffer);
  freeMdls(kernel, view);
  if (record !== undefined) endRequest(kernel, record, view, isError);
  irp.state = 'completed';
  rememberIrp(kernel, irp, 'finished by the I/O manager');
  releaseIrp(kernel, irp);
  if (record !== undefined) wakeKey(kernel, `request ${record.id}`, 0n);
  return continueWith(kernel, then, 0n);
}

function endRequest(kernel: Kernel, record: RequestRecord, view: StructView, isError: boolean): void {
  const { iosb, event, output, major } = record.request;
  if (!isError || view.getNumber('PendingReturned') !== 0) {
    if (iosb !== undefined && iosb !== 0n) {
      const block = kernel.view('IO_STATUS_BLOCK', iosb);
      block.set('Status', record.status);
      block.set('Information', record.information);
    }
    if (event !== undefined && event !== 0n) setSignal(kernel, event, 1);
  }
  // Direct I/O has put its bytes there when the pages were unlocked.
  if (!isError && output !== undefined && major !== 'write') {
    const length = Math.min(output.length, Number(record.information));
    record.output ??= kernel.memory.peek(output.address, length);
  }
  record.state = 'done';
  if (holdsFile(record.request)) dereferenceObject(kernel, record.file);
}

/** Requests hold the file open; those that open and close it are its life itself. */
function holdsFile({ major }: FileRequest): boolean {
  return major !== 'create' && major !== 'cleanup' && major !== 'close';
}

function fillIrp(kernel: Kernel, irp: IrpRecord, request: FileRequest, device: StructView): void {
  const view = irpView(kernel, irp.address);
  const location = kernel.view('IO_STACK_LOCATION', stackLocation(kernel, irp.address, irp.stackSize));
  const thread = currentThread(kernel);
  view.set('RequestorMode', request.file.isUserMode && thread.kind === 'caller' ? 1 : 0);
  view.set('Tail.Overlay.Thread', thread.object);
  view.set('Tail.Overlay.OriginalFileObject', request.file.address);
  location.set('MajorFunction', majors[request.major]);
  location.set('FileObject', request.file.address);
  const waits = request.isWaited ? irpSynchronousApi : 0;
  switch (request.major) {
    case 'create':
      view.set('Flags', irpCreateOperation | irpSynchronousApi);
      fillCreate(kernel, location, request);
      return;
    case 'cleanup':
    case 'close':
      view.set('Flags', irpCloseOperation | irpSynchronousApi);
      return;
    case 'flush':
      view.set('Flags', waits);
      return;
    case 'control':
    case 'fs-control':
      view.set('Flags', waits);
      fillControl(kernel, view, location, request);
      return;
    case 'read':
    case 'write': {
      view.set('Flags', waits | (request.major === 'read' ? irpReadOperation : irpWriteOperation));
      fillTransfer(kernel, view, location, request, device.getNumber('Flags'));
      return;
    }
  }
}

function fillCreate(kernel: Kernel, location: StructView, { create, file }: FileRequest): void {
  if (create === undefined) return;
  const security = kernel.memory.allocate({
    size: kernel.types.sizeOf('IO_SECURITY_CONTEXT'),
    kind: 'object',
    label: `security context of ${file.path}`,
  });
  if (security !== undefined) {
    const view = kernel.view('IO_SECURITY_CONTEXT', security.start);
    view.set('DesiredAccess', create.access >>> 0);
    view.set('FullCreateOptions', create.options >>> 0);
    location.set('Parameters.Create.SecurityContext', security.start);
  }
  location.set('Parameters.Create.Options', ((create.disposition << 24) | (create.options & 0xff_ffff)) >>> 0);
  location.set('Parameters.Create.FileAttributes', create.attributes & 0xffff);
  location.set('Parameters.Create.ShareAccess', create.share & 0xffff);
}

function fillControl(kernel: Kernel, view: StructView, location: StructView, request: FileRequest): void {
  const { code = 0, input, output, call } = request;
  location.set('Parameters.DeviceIoControl.OutputBufferLength', output?.length ?? 0);
  location.set('Parameters.DeviceIoControl.InputBufferLength', input?.length ?? 0);
  location.set('Parameters.DeviceIoControl.IoControlCode', code >>> 0);
  const method = code & 3;
  if (method === methodNeither) {
    view.set('UserBuffer', output?.address ?? NULL_ADDRESS);
    location.set('Parameters.DeviceIoControl.Type3InputBuffer', input?.address ?? NULL_ADDRESS);
    return;
  }
  const [inputLength, outputLength] = [input?.length ?? 0, output?.length ?? 0];
  const size = method === methodBuffered ? Math.max(inputLength, outputLength) : inputLength;
  let flags = view.getNumber('Flags');
  if (size > 0) {
    view.set('AssociatedIrp.SystemBuffer', filledBuffer(kernel, size, input));
    flags |= irpBufferedIo | irpDeallocateBuffer;
  }
  view.set('UserBuffer', output?.address ?? NULL_ADDRESS);
  if (method === methodBuffered) {
    if (outputLength > 0) flags |= irpInputOperation;
  } else if (output !== undefined && outputLength > 0) {
    view.set('MdlAddress', buildMdl(kernel, output.address, outputLength, { isLocked: true, call }));
  }
  view.set('Flags', flags);
}

function fillTransfer(
  kernel: Kernel,
  view: StructView,
  location: StructView,
  request: FileRequest,
  deviceFlags: number,
): void {
  const isRead = request.major === 'read';
  const range = isRead ? request.output : request.input;
  const length = range?.length ?? 0;
  const member = isRead ? 'Read' : 'Write';
  location.set(`Parameters.${member}.Length`, length);
  location.set(`Parameters.${member}.ByteOffset`, request.offset ?? 0n);
  if (range === undefined) return;
  if ((deviceFlags & kernel.types.constant('DO_BUFFERED_IO')) !== 0) {
    view.set('UserBuffer', range.address);
    if (length === 0) return;
    view.set('AssociatedIrp.SystemBuffer', filledBuffer(kernel, length, isRead ? undefined : range));
    const flags = view.getNumber('Flags') | irpBufferedIo | irpDeallocateBuffer | (isRead ? irpInputOperation : 0);
    view.set('Flags', flags);
  } else if ((deviceFlags & kernel.types.constant('DO_DIRECT_IO')) !== 0) {
    if (length === 0) return;
    view.set('MdlAddress', buildMdl(kernel, range.address, length, { isLocked: true, call: request.call }));
  } else view.set('UserBuffer', range.address);
}

/** A system buffer of pool, in which nothing but the input has ever been written. */
function filledBuffer(kernel: Kernel, size: number, input: BufferRange | undefined): GuestAddress {
  const buffer = systemBuffer(kernel, size, NULL_ADDRESS, 0);
  if (buffer === 0n) return buffer;
  kernel.memory.poison(buffer, size);
  const bytes = input === undefined ? undefined : kernel.memory.peek(input.address, Math.min(size, input.length));
  if (bytes !== undefined) kernel.memory.poke(buffer, bytes);
  return buffer;
}
