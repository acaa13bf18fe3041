/**
 * Files and devices as drivers use them by handle: ZwReadFile, ZwWriteFile, ZwDeviceIoControlFile and their relatives.
 * What belongs to the run's file system is done here, what belongs to a device becomes a request. Nothing touches the host.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
} from '../../machine/native.ts';
import { topOfStack } from '../io/device-stacks.ts';
import { sendFileRequest } from '../io/file-requests.ts';
import { setSignal } from '../ke/dispatcher.ts';
import { systemTimeNow } from '../ke/system-time.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { handleObject } from '../ob/handles.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_DISK_FULL,
  STATUS_END_OF_FILE,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_PARAMETER,
} from '../statuses.ts';
import { type OpenFile, resize } from './file-system.ts';
import { fileOf, finish, rightAppend, rightRead, rightWrite } from './open-files.ts';

const writeToEnd = -1n;
const usePointer = -2n;

export const fileApis = {
  ZwReadFile: (kernel, call) => transfer(kernel, call, 'read'),
  ZwWriteFile: (kernel, call) => transfer(kernel, call, 'write'),
  ZwDeviceIoControlFile: (kernel, call) => control(kernel, call, 'control'),
  /** No file system control is known to the run's own volume. */
  ZwFsControlFile: (kernel, call) => control(kernel, call, 'fs-control'),
  ZwFlushBuffersFile: (kernel, { name, arguments: args }) => {
    const file = fileOf(kernel, args.uint64(0));
    if (typeof file === 'number') return returns(file);
    const iosb = args.pointer(1);
    if (file.kind === 'file') return finish(kernel, iosb, 0, 0);
    const device = topOfStack(kernel, file.device.device);
    return sendFileRequest(
      kernel,
      { major: 'flush', call: name, file: file.device, device, iosb, isWaited: true },
      dispatched,
    );
  },
} satisfies KernelApis;

function control(kernel: Kernel, { name, arguments: args }: NativeCall, major: 'control' | 'fs-control'): NativeResult {
  const file = fileOf(kernel, args.uint64(0));
  if (typeof file === 'number') return returns(file);
  if (file.kind === 'file') return returns(STATUS_INVALID_DEVICE_REQUEST);
  const event = eventOf(kernel, args.uint64(1));
  if (event === undefined) return returns(STATUS_INVALID_HANDLE);
  const [input, output] = [args.pointer(6), args.pointer(8)];
  return sendFileRequest(
    kernel,
    {
      major,
      call: name,
      file: file.device,
      device: topOfStack(kernel, file.device.device),
      code: args.uint(5),
      ...(input === 0n ? {} : { input: { address: input, length: args.uint(7) } }),
      ...(output === 0n ? {} : { output: { address: output, length: args.uint(9) } }),
      event,
      iosb: args.pointer(4),
      isWaited: file.device.isSynchronous,
    },
    dispatched,
  );
}

/** A request's status is what the Zw function returns. */
const dispatched: Continuation = { name: 'io.dispatched', state: {} };

function eventOf(kernel: Kernel, handle: bigint): GuestAddress | undefined {
  return handle === 0n ? NULL_ADDRESS : handleObject(kernel, handle);
}

function transfer(kernel: Kernel, { name, arguments: args }: NativeCall, major: 'read' | 'write'): NativeResult {
  const opened = fileOf(kernel, args.uint64(0));
  if (typeof opened === 'number') return returns(opened);
  const event = eventOf(kernel, args.uint64(1));
  if (event === undefined) return returns(STATUS_INVALID_HANDLE);
  const [iosb, address, length, offsetAt] = [args.pointer(4), args.pointer(5), args.uint(6), args.pointer(7)];
  const given = offsetAt === 0n ? undefined : BigInt.asIntN(64, kernel.memory.readU64(offsetAt));
  if (opened.kind === 'device') {
    const range = { address, length };
    return sendFileRequest(
      kernel,
      {
        major,
        call: name,
        file: opened.device,
        device: topOfStack(kernel, opened.device.device),
        ...(major === 'read' ? { output: range } : { input: range }),
        offset: given ?? 0n,
        event,
        iosb,
        isWaited: opened.device.isSynchronous,
      },
      dispatched,
    );
  }
  const { file } = opened;
  const needed = major === 'read' ? rightRead : rightWrite | rightAppend;
  if ((file.access & needed) === 0) return returns(STATUS_ACCESS_DENIED);
  if (file.node.isDirectory) return returns(STATUS_INVALID_DEVICE_REQUEST);
  const offset = offsetOf(file, given, major);
  if (offset === undefined) return returns(STATUS_INVALID_PARAMETER);
  if (event !== 0n) setSignal(kernel, event, 1);
  return major === 'read'
    ? readFile(kernel, file, { iosb, address, length, offset })
    : writeFile(kernel, file, { iosb, address, length, offset });
}

/** Where a transfer begins; undefined where its caller has not said so. */
function offsetOf(file: OpenFile, given: bigint | undefined, major: 'read' | 'write'): number | undefined {
  const isAppendOnly = (file.access & rightWrite) === 0;
  if (major === 'write' && (isAppendOnly || given === writeToEnd)) return file.node.bytes.length;
  if (given === undefined || given === usePointer) return file.isSynchronous ? file.offset : undefined;
  return given < 0n || given > 0x7fff_ffffn ? undefined : Number(given);
}

interface Transfer {
  readonly iosb: GuestAddress;
  readonly address: GuestAddress;
  readonly length: number;
  readonly offset: number;
}

function readFile(kernel: Kernel, file: OpenFile, { iosb, address, length, offset }: Transfer): NativeResult {
  const bytes = file.node.bytes.subarray(offset, offset + length);
  if (length > 0 && bytes.length === 0) return finish(kernel, iosb, STATUS_END_OF_FILE, 0);
  if (bytes.length > 0) kernel.memory.writeBytes(address, bytes);
  if (file.isSynchronous) file.offset = offset + bytes.length;
  return finish(kernel, iosb, 0, bytes.length);
}

function writeFile(kernel: Kernel, file: OpenFile, { iosb, address, length, offset }: Transfer): NativeResult {
  const { node } = file;
  const bytes = length === 0 ? new Uint8Array() : kernel.memory.readBytes(address, length);
  const end = offset + length;
  if (end > node.bytes.length && !resize(kernel.parts.files, node, end)) return returns(STATUS_DISK_FULL);
  node.bytes.set(bytes, offset);
  node.writtenAt = systemTimeNow(kernel);
  if (file.isSynchronous) file.offset = end;
  return finish(kernel, iosb, 0, length);
}
