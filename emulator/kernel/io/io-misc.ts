/**
 * The rest of the I/O manager: synchronous forwarding, power, error log, notifications. No power changes and no shutdown
 * comes in a run, so what is registered for such news is kept and never called.
 */
import type { Span } from '../../../base/source.ts';
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { blockOn, currentThread } from '../ke/blocking.ts';
import { createDispatcher, satisfiedBy, setSignal } from '../ke/dispatcher.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject } from '../ob/objects.ts';
import type { NotifyKind } from '../ob/process-notify.ts';
import { currentSpan } from '../places.ts';
import { STATUS_MORE_PROCESSING_REQUIRED } from '../statuses.ts';
import { callDriver } from './irp-send.ts';
import { slInvokeOnCancel, slInvokeOnError, slInvokeOnSuccess } from './irp-stack.ts';
import { irpArgument, stackLocation } from './irps.ts';
import type { InterfaceListener } from './pnp-notifications.ts';

/** Something that a driver registered and must take back before it goes. */
export interface Registration {
  readonly address: GuestAddress;
  /** "a PnP notification (IoRegisterPlugPlayNotification)". */
  readonly what: string;
  readonly undo: string;
  readonly registeredAt: Span | undefined;
  /** Of a routine that hears of processes, threads or images. */
  readonly notifies?: NotifyKind;
  /** Of a callback that hears of device interfaces. */
  readonly interfaces?: InterfaceListener;
}

const errorLogEntryMax = 240;

export const ioMiscApis = {
  IoForwardIrpSynchronously: (kernel, { name, arguments: args }) =>
    forward(kernel, name, args.pointer(0), args.pointer(1)),
  IopForwardCompletion: (kernel, { arguments: args }) => {
    setSignal(kernel, args.pointer(2), 1);
    return returns(STATUS_MORE_PROCESSING_REQUIRED);
  },
  PoCallDriver: (kernel, { name, arguments: args }) =>
    callDriver(kernel, name, args.pointer(0), args.pointer(1), { name: 'io.dispatched', state: {} }),
  /** Power IRPs are not serialised, as on Windows Vista and later. */
  PoStartNextPowerIrp: () => returnsVoid,
  PoSetPowerState: (_kernel, { arguments: args }) => returns(args.uint(2)),

  IoAllocateErrorLogEntry: (kernel, { arguments: args }) => {
    const size = args.uint(1) & 0xff;
    if (size > errorLogEntryMax || size < kernel.types.sizeOf('IO_ERROR_LOG_PACKET') - 4) return returns(NULL_ADDRESS);
    const region = kernel.memory.allocate({ size, kind: 'object', label: 'error log entry' });
    return returns(region?.start ?? NULL_ADDRESS);
  },
  IoWriteErrorLogEntry: (kernel, { arguments: args }) => {
    const code = kernel.view('IO_ERROR_LOG_PACKET', args.pointer(0)).getNumber('ErrorCode');
    kernel.emit({ kind: 'log', text: `error log entry 0x${(code >>> 0).toString(16).toUpperCase()}` });
    return freeEntry(kernel, args.pointer(0));
  },
  IoFreeErrorLogEntry: (kernel, { arguments: args }) => freeEntry(kernel, args.pointer(0)),

  IoInvalidateDeviceRelations: () => returnsVoid,
  IoRegisterShutdownNotification: (kernel, { arguments: args }) => {
    register(kernel, args.pointer(0), 'A shutdown notification', 'IoUnregisterShutdownNotification');
    return returns(0);
  },
  IoRegisterLastChanceShutdownNotification: (kernel, { arguments: args }) => {
    register(kernel, args.pointer(0), 'A shutdown notification', 'IoUnregisterShutdownNotification');
    return returns(0);
  },
  IoUnregisterShutdownNotification: (kernel, { arguments: args }) => {
    kernel.parts.registrations.delete(args.pointer(0));
    return returnsVoid;
  },
  IoWMIRegistrationControl: () => returns(0),
} satisfies KernelApis;

export const ioMiscContinuations = {
  'io.forwarded': (kernel, _thread, state) => {
    const event = state.event as GuestAddress;
    const thread = currentThread(kernel);
    if (satisfiedBy(kernel, thread, [event], 'any') !== undefined) return endForward(kernel, event);
    const then: Continuation = { name: 'io.forward-waited', state: { event } };
    const sequence = kernel.parts.scheduler.nextSequence++;
    const wait = {
      kind: 'objects',
      objects: [event],
      type: 'any',
      timeout: undefined,
      sinceNs: kernel.timeNs,
      sequence,
      isUserMode: false,
    } as const;
    return blockOn(kernel, wait, 'IoForwardIrpSynchronously', then);
  },
  'io.forward-waited': (kernel, _thread, state) => endForward(kernel, state.event as GuestAddress),
} satisfies ContinuationTable;

/** Copies the stack location down, sends, and waits until the lower driver has completed; the IRP is the caller's again. */
function forward(kernel: Kernel, call: string, device: GuestAddress, irp: GuestAddress): NativeResult {
  const record = irpArgument(kernel, call, irp);
  if ('kind' in record) return record;
  const view = kernel.view('IRP', irp);
  const current = view.getNumber('CurrentLocation');
  if (current <= 1) return returns(0);
  const next = kernel.view('IO_STACK_LOCATION', stackLocation(kernel, irp, current - 1));
  const bytes = kernel.types.offsetOf('IO_STACK_LOCATION', 'CompletionRoutine');
  kernel.memory.copy(next.address, view.getPointer('Tail.Overlay.CurrentStackLocation'), bytes);
  const event = createObject(kernel, 'event', 'event of IoForwardIrpSynchronously', kernel.types.sizeOf('KEVENT'));
  createDispatcher(kernel, event, 'notification event', 0);
  record.next = 'copied';
  next.set('CompletionRoutine', kernel.machine.functionAddress('IopForwardCompletion') ?? 0n);
  next.set('Context', event);
  next.set('Control', slInvokeOnSuccess | slInvokeOnError | slInvokeOnCancel);
  return callDriver(kernel, call, device, irp, { name: 'io.forwarded', state: { event } });
}

function endForward(kernel: Kernel, event: GuestAddress): NativeResult {
  dereferenceObject(kernel, event);
  return returns(1);
}

function freeEntry(kernel: Kernel, entry: GuestAddress): NativeResult {
  const region = kernel.memory.regionAt(entry);
  if (region !== undefined && !region.isFreed && region.label === 'error log entry') kernel.memory.free(region);
  return returnsVoid;
}

function register(kernel: Kernel, address: GuestAddress, what: string, undo: string): void {
  kernel.parts.registrations.set(address, { address, what, undo, registeredAt: currentSpan(kernel) });
}
