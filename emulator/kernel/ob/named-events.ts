/** Events behind handles: ZwCreateEvent and the I/O manager's named ones. */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import { createDispatcher, setSignal, signalState } from '../ke/dispatcher.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { STATUS_INVALID_HANDLE, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_TYPE_MISMATCH } from '../statuses.ts';
import { type HandleRequest, handleAttributes, handleObject, kernelHandleFlag, openHandle } from './handles.ts';
import { createObject, dereferenceObject, objectAt } from './objects.ts';

type EventKind = 'notification event' | 'synchronization event';

export const namedEventApis = {
  ZwCreateEvent: (kernel, { arguments: args }) => {
    const attributes = args.pointer(2);
    const nameAt =
      attributes === 0n ? NULL_ADDRESS : kernel.view('OBJECT_ATTRIBUTES', attributes).getPointer('ObjectName');
    const name = nameAt === 0n ? undefined : unicodeString(kernel, nameAt);
    const how = { access: args.uint(1), attributes: handleAttributes(kernel, attributes), owner: 'driver' } as const;
    const kind = args.int(3) === 0 ? 'notification event' : 'synchronization event';
    const { handle } = openEvent(kernel, name, { kind, isSignalled: args.bool(4), how });
    kernel.memory.writeU64(args.pointer(0), handle);
    return returns(0);
  },
  ZwOpenEvent: (kernel, { arguments: args }) => {
    const nameAt = kernel.view('OBJECT_ATTRIBUTES', args.pointer(2)).getPointer('ObjectName');
    const name = nameAt === 0n ? '' : unicodeString(kernel, nameAt);
    const event = kernel.parts.objects.names.get(name.toLowerCase());
    if (event === undefined) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    if (objectAt(kernel, event)?.type !== 'event') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    const attributes = handleAttributes(kernel, args.pointer(2));
    kernel.memory.writeU64(
      args.pointer(0),
      openHandle(kernel, { object: event, access: args.uint(1), attributes, owner: 'driver' }),
    );
    return returns(0);
  },
  ZwSetEvent: (kernel, { arguments: args }) => {
    const event = handleObject(kernel, args.uint64(0));
    if (event === undefined) return returns(STATUS_INVALID_HANDLE);
    if (args.pointer(1) !== 0n) kernel.memory.writeU32(args.pointer(1), signalState(kernel, event));
    setSignal(kernel, event, 1);
    return returns(0);
  },
  IoCreateNotificationEvent: (kernel, call) => createForDriver(kernel, call, 'notification event'),
  IoCreateSynchronizationEvent: (kernel, call) => createForDriver(kernel, call, 'synchronization event'),
} satisfies KernelApis;

function createForDriver(kernel: Kernel, { arguments: args }: NativeCall, kind: EventKind): NativeResult {
  const nameAt = args.pointer(0);
  const name = nameAt === 0n ? undefined : unicodeString(kernel, nameAt);
  // Its handle is one of the kernel's, says the documentation of both.
  const how = { attributes: kernelHandleFlag, owner: 'driver' } as const;
  const { event, handle } = openEvent(kernel, name, { kind, isSignalled: true, how });
  kernel.memory.writeU64(args.pointer(1), handle);
  return returns(event);
}

/** A handle to the event of that name, made if there is none. */
function openEvent(
  kernel: Kernel,
  name: string | undefined,
  {
    kind,
    isSignalled,
    how,
  }: { readonly kind: EventKind; readonly isSignalled: boolean; readonly how: Omit<HandleRequest, 'object'> },
): { readonly event: GuestAddress; readonly handle: bigint } {
  const { names } = kernel.parts.objects;
  const known = name === undefined ? undefined : names.get(name.toLowerCase());
  if (known !== undefined) return { event: known, handle: openHandle(kernel, { ...how, object: known }) };
  const label = name === undefined ? 'event' : `event ${name}`;
  const event = createObject(kernel, 'event', label, kernel.types.sizeOf('KEVENT'));
  createDispatcher(kernel, event, kind, isSignalled ? 1 : 0);
  const handle = openHandle(kernel, { ...how, object: event });
  // The handle keeps it; a name alone does not.
  dereferenceObject(kernel, event);
  if (name !== undefined) names.set(name.toLowerCase(), event);
  return { event, handle };
}
