/**
 * Single steps of a program: what NtCreateFile, NtDeviceIoControlFile and their relatives check before a driver hears of
 * them, and the request that they make. Buffers lie in the program's own memory and stay there until it ends.
 */
import { unreachable } from '../../../base/assert.ts';
import { type Continuation, type GuestAddress, type NativeResult, NULL_ADDRESS } from '../../machine/native.ts';
import { closeDeviceHandle, type DeviceFile, openDevice } from '../io/device-files.ts';
import { deviceNames } from '../io/device-names.ts';
import { topOfStack } from '../io/device-stacks.ts';
import { type BufferRange, type FileRequest, sendFileRequest, waitForRequest } from '../io/file-requests.ts';
import { cancelRequest } from '../io/irp-cancel.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { isMappedHere } from '../mm/user-mappings.ts';
import { allocateUserMemory, isOfProcess } from '../mm/user-memory.ts';
import { statusText } from '../status-names.ts';
import {
  STATUS_ACCESS_DENIED,
  STATUS_ACCESS_VIOLATION,
  STATUS_OBJECT_NAME_NOT_FOUND,
  STATUS_PENDING,
} from '../statuses.ts';
import { checkOutcome, reportCaller, stepText } from './caller-results.ts';
import { type CallerRecord, callerAt, pause } from './caller-state.ts';
import type { CallerStep } from './caller-types.ts';

const readRight = 0x1;
const writeRights = 0x6;
const userLimit = 0x7fff_ffff_0000n;
const methodNeither = 3;
/** A name that is not found is explained with at most so many that are. */
const namesShown = 6;

/** Undefined where the step is over already. */
export function doStep(kernel: Kernel, index: number, step: CallerStep, number: number): NativeResult | undefined {
  const caller = callerAt(kernel, index);
  const next: Continuation = { name: 'caller.next', state: { caller: index } };
  switch (step.kind) {
    case 'open': {
      const { device: path, access, share, disposition, options } = step;
      const isUserMode = caller.plan.mode === 'user';
      const how = { attributes: 0, isUserMode, isDrivers: false, handleAttributes: 0 };
      const request = { path, access, share, disposition, options, ...how };
      return openDevice(kernel, request, { name: 'caller.opened', state: { caller: index, step, number } });
    }
    case 'close': {
      const found = handleOf(caller, step.handle);
      if (found === undefined) return missing(kernel, caller, step, number, step.handle);
      caller.handles.delete(found.name);
      kernel.emit({ kind: 'caller', caller: caller.plan.name, what: 'close' });
      return closeDeviceHandle(kernel, found.handle, next);
    }
    case 'ioctl':
    case 'read':
    case 'write':
    case 'flush':
      return transfer(kernel, index, step, number);
    case 'wait-for': {
      const operation = caller.operations.get(step.operation);
      const record = operation === undefined ? undefined : kernel.parts.io.requests.get(operation.request);
      if (operation === undefined || record === undefined) {
        reportCaller(kernel, caller, step, number, `the operation ${step.operation}`, 'none of that name');
        return undefined;
      }
      operation.isObserved = true;
      const state = { caller: index, request: record.id, step, number };
      return waitForRequest(kernel, record, step.timeoutNs, { name: 'caller.finished', state });
    }
    case 'cancel': {
      const operation = caller.operations.get(step.operation);
      const record = operation === undefined ? undefined : kernel.parts.io.requests.get(operation.request);
      if (record === undefined) {
        reportCaller(kernel, caller, step, number, `the operation ${step.operation}`, 'none of that name');
        return undefined;
      }
      if (record.state === 'done') return undefined;
      cancelRequest(kernel, record);
      return pause(kernel, index, 0, 'cancels a request');
    }
    case 'wait':
      return pause(kernel, index, step.ns, 'waits (a step of the scenario)');
    case 'exit':
      return undefined;
    case 'impossible':
      reportCaller(kernel, caller, step, number, 'a step that can be done', step.why);
      return undefined;
    default:
      return unreachable(step);
  }
}

export const callerStepContinuations = {
  'caller.opened': (kernel, _thread, given, value) => {
    const state = given as unknown as { caller: number; step: CallerStep & { kind: 'open' }; number: number };
    const caller = callerAt(kernel, state.caller);
    const status = Number(BigInt.asIntN(32, value));
    const { step, number } = state;
    if (status >= 0) {
      keepOlder(caller, step.handle);
      caller.handles.set(step.handle, given.handle as bigint);
    }
    const expected = step.expect.status;
    if (status === STATUS_OBJECT_NAME_NOT_FOUND && expected === undefined) {
      const names = deviceNames(kernel).slice(0, namesShown);
      const known = names.length === 0 ? 'there is no device' : `there are ${names.join(', ')}`;
      reportCaller(kernel, caller, step, number, 'success', `${statusText(kernel, status)}; ${known}`);
    } else checkOutcome(kernel, caller, step, number, { status, information: 0n, output: undefined }, step.expect);
    return continueWith(kernel, { name: 'caller.next', state: { caller: state.caller } }, 0n);
  },
  /** The service has returned: it is over, or it goes on and the program does so too. */
  'caller.returned': (kernel, _thread, given, value) => {
    const state = given as unknown as { caller: number; step: TransferStep; number: number; request: number };
    const status = Number(BigInt.asIntN(32, value));
    const record = kernel.parts.io.requests.get(state.request);
    const { step, number, request } = state;
    const caller = callerAt(kernel, state.caller);
    if (step.operation !== undefined) {
      const { operation: name } = step;
      const operation = { name, request, step, stepNumber: number, isObserved: status !== STATUS_PENDING };
      caller.operations.set(name, operation);
      if (status === STATUS_PENDING) {
        kernel.emit({ kind: 'caller', caller: caller.plan.name, what: `${stepText(step)} pends as ${name}` });
        return continueWith(kernel, { name: 'caller.next', state: { caller: state.caller } }, 0n);
      }
      // A later wait for it finds it done.
      operation.isObserved = false;
      return continueWith(kernel, { name: 'caller.next', state: { caller: state.caller } }, 0n);
    }
    const returned = record?.hasTimedOut === true ? undefined : status;
    return continueWith(kernel, { name: 'caller.finished', state: { ...state, returned } }, value);
  },
} satisfies ContinuationTable;

type TransferStep = CallerStep & { readonly kind: 'ioctl' | 'read' | 'write' | 'flush' };

function transfer(kernel: Kernel, index: number, step: TransferStep, number: number): NativeResult | undefined {
  const caller = callerAt(kernel, index);
  const found = handleOf(caller, step.handle);
  const object = found === undefined ? undefined : kernel.parts.objects.handles.get(found.handle)?.object;
  const file = object === undefined ? undefined : kernel.parts.io.files.get(object);
  if (file === undefined) return missing(kernel, caller, step, number, step.handle);
  const refused = refusal(kernel, caller, file, step);
  if (refused !== undefined) {
    const outcome = { status: refused, information: 0n, output: undefined };
    checkOutcome(kernel, caller, step, number, outcome, step.expect);
    return undefined;
  }
  const { operation, timeoutNs } = step;
  const common = { file, device: topOfStack(kernel, file.device), isWaited: operation === undefined, timeoutNs };
  const id = kernel.parts.io.nextRequest;
  const state = { caller: index, step, number, request: id };
  return sendFileRequest(kernel, { ...common, ...requestOf(kernel, caller, step) }, { name: 'caller.returned', state });
}

function requestOf(
  kernel: Kernel,
  caller: CallerRecord,
  step: TransferStep,
): Omit<FileRequest, 'file' | 'device' | 'isWaited'> {
  switch (step.kind) {
    case 'ioctl': {
      const { code, input: bytes, data, outputLength, inputAddress, outputAddress } = step;
      const input = bytes === undefined && inputAddress === undefined ? undefined : inputOf(kernel, caller, bytes);
      const output = outputLength === 0 ? undefined : buffer(kernel, caller, 'output', outputLength);
      if (output !== undefined && data !== undefined) kernel.memory.poke(output.address, data);
      return {
        major: 'control',
        call: 'NtDeviceIoControlFile',
        code,
        ...given('input', input, inputAddress, code),
        ...given('output', output, outputAddress, code),
      };
    }
    case 'read': {
      const output = buffer(kernel, caller, 'read', step.length);
      return { major: 'read', call: 'NtReadFile', output, offset: step.offset ?? 0n };
    }
    case 'write': {
      const input = inputOf(kernel, caller, step.bytes);
      return { major: 'write', call: 'NtWriteFile', input, offset: step.offset ?? 0n };
    }
    case 'flush':
      return { major: 'flush', call: 'NtFlushBuffersFile' };
    default:
      return unreachable(step);
  }
}

/**
 * The buffer where the scenario wants it. NULL is none, whatever its length, but with METHOD_NEITHER, which looks at
 * nothing.
 */
function given(
  name: 'input' | 'output',
  range: BufferRange | undefined,
  address: bigint | undefined,
  code: number,
): { readonly [Name in 'input' | 'output']?: BufferRange } {
  if (range === undefined || (address === 0n && (code & 3) !== methodNeither)) return {};
  return { [name]: address === undefined ? range : { address: address as GuestAddress, length: range.length } };
}

function inputOf(kernel: Kernel, caller: CallerRecord, bytes: Uint8Array | undefined): BufferRange {
  const range = buffer(kernel, caller, 'input', bytes?.length ?? 0);
  if (bytes !== undefined) kernel.memory.poke(range.address, bytes);
  return range;
}

/** Memory of the program: of user mode, or of the kernel where it is a kernel thread. */
function buffer(kernel: Kernel, caller: CallerRecord, what: string, length: number): BufferRange {
  const label = `${what} buffer of ${caller.plan.name}`;
  const region =
    caller.plan.mode === 'user'
      ? allocateUserMemory(kernel, caller.process, length, label)
      : kernel.memory.allocate({ size: Math.max(1, length), kind: 'object', label });
  return { address: region?.start ?? NULL_ADDRESS, length };
}

/** What the system service refuses before it makes a request. */
function refusal(kernel: Kernel, caller: CallerRecord, file: DeviceFile, step: TransferStep): number | undefined {
  switch (step.kind) {
    case 'read':
      return (file.access & readRight) === 0 ? STATUS_ACCESS_DENIED : undefined;
    case 'write':
      return (file.access & writeRights) === 0 ? STATUS_ACCESS_DENIED : undefined;
    case 'flush':
      return undefined;
    case 'ioctl': {
      const wanted = (step.code >>> 14) & 3;
      const isRefused =
        ((wanted & 1) !== 0 && (file.access & readRight) === 0) ||
        ((wanted & 2) !== 0 && (file.access & writeRights) === 0);
      if (isRefused) return STATUS_ACCESS_DENIED;
      // Buffers are probed, and copied or locked, for every method but METHOD_NEITHER.
      const isProbed = file.isUserMode && (step.code & 3) !== methodNeither;
      const { inputAddress, input, outputAddress, outputLength } = step;
      const hasBad =
        isBad(kernel, caller, inputAddress, input?.length ?? 0) || isBad(kernel, caller, outputAddress, outputLength);
      return isProbed && hasBad ? STATUS_ACCESS_VIOLATION : undefined;
    }
    default:
      return unreachable(step);
  }
}

/** An address of the scenario's at which the program has no such memory; NULL is no buffer at all. */
function isBad(kernel: Kernel, caller: CallerRecord, address: bigint | undefined, length: number): boolean {
  if (address === undefined || address === 0n) return false;
  if (address + BigInt(length) > userLimit) return true;
  if (length === 0) return false;
  const at = address as GuestAddress;
  if (isMappedHere(kernel, { address: at, size: length, access: 'write' })) return false;
  const region = kernel.memory.regionAt(at);
  const isInside =
    region !== undefined && at >= region.start && address + BigInt(length) <= region.start + BigInt(region.size);
  return !isInside || region.isFreed || !isOfProcess(region, caller.process);
}

/** A handle whose name is given to another one stays open as any other: until the program ends. */
function keepOlder({ handles }: CallerRecord, name: string): void {
  const older = handles.get(name);
  if (older === undefined) return;
  handles.delete(name);
  // No step can name it: names are words.
  handles.set(`${name} opened ${older}`, older);
}

/** The handle of that name, or the one that was opened last. */
function handleOf(
  caller: CallerRecord,
  name: string | undefined,
): { readonly name: string; readonly handle: bigint } | undefined {
  const found = name === undefined ? [...caller.handles].at(-1) : ([name, caller.handles.get(name)] as const);
  return found?.[1] === undefined ? undefined : { name: found[0], handle: found[1] };
}

function missing(
  kernel: Kernel,
  caller: CallerRecord,
  step: CallerStep,
  number: number,
  name: string | undefined,
): undefined {
  const what = name === undefined ? 'an open handle' : `the open handle "${name}"`;
  reportCaller(kernel, caller, step, number, what, 'none');
  return undefined;
}
