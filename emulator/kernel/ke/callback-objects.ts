/**
 * Callback objects (ExCreateCallback): a name under \Callback, and functions that are called in the order of their
 * registration when somebody notifies. Their registrations are a list in the object's details.
 */
import { type Continuation, type GuestAddress, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { addDriverReference } from '../ob/handles.ts';
import { createObject, dereferenceObject, objectAt, referenceObject } from '../ob/objects.ts';
import { currentSpan, functionName } from '../places.ts';
import { STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_NOT_FOUND } from '../statuses.ts';
import { continueWith } from './kernel-threads.ts';

const objOpenIf = 0x80;
const objPermanent = 0x10;
const recordSize = 32;
/** What Windows itself made, for drivers that only listen. */
const systemNames = ['\\callback\\setsystemtime', '\\callback\\powerstate', '\\callback\\processoradd'];

interface Registered {
  readonly handle: GuestAddress;
  readonly routine: GuestAddress;
  readonly context: bigint;
}

interface CallbackDetails {
  readonly isMultiple: boolean;
  readonly routines: Registered[];
}

export const callbackObjectApis = {
  ExCreateCallback: (kernel, { arguments: args }) => {
    const attributes = kernel.view('OBJECT_ATTRIBUTES', args.pointer(1));
    const nameAt = attributes.getPointer('ObjectName');
    const name = nameAt === 0n ? undefined : unicodeString(kernel, nameAt).toLowerCase();
    const flags = attributes.getNumber('Attributes');
    const known = name === undefined ? undefined : findOrMakeSystem(kernel, name);
    if (known === undefined && !args.bool(2)) return returns(STATUS_OBJECT_NAME_NOT_FOUND);
    if (known !== undefined && args.bool(2) && (flags & objOpenIf) === 0) return returns(STATUS_OBJECT_NAME_COLLISION);
    const object = known ?? makeCallback(kernel, name, { isMultiple: args.bool(3) });
    addDriverReference(kernel, object);
    // Its maker's reference is all that keeps it, unless it is permanent.
    if (known === undefined && (flags & objPermanent) === 0) dereferenceObject(kernel, object);
    kernel.memory.writePointer(args.pointer(0), object);
    return returns(0);
  },
  ExRegisterCallback: (kernel, { arguments: args }) => {
    const object = args.pointer(0);
    const details = detailsOf(kernel, object);
    if (details === undefined || (!details.isMultiple && details.routines.length > 0)) return returns(NULL_ADDRESS);
    const handle = createObject(kernel, 'registration', 'callback registration', recordSize, { object });
    details.routines.push({ handle, routine: args.pointer(1), context: args.uint64(2) });
    referenceObject(kernel, object);
    const what = `The callback ${functionName(kernel, args.pointer(1))}`;
    kernel.parts.registrations.set(handle, {
      address: handle,
      what,
      undo: 'ExUnregisterCallback',
      registeredAt: currentSpan(kernel),
    });
    return returns(handle);
  },
  ExUnregisterCallback: (kernel, { arguments: args }) => {
    const handle = args.pointer(0);
    kernel.memory.readU8(handle);
    const object = objectAt(kernel, handle)?.details.object as GuestAddress | undefined;
    const details = object === undefined ? undefined : detailsOf(kernel, object);
    if (object === undefined || details === undefined) return returnsVoid;
    const at = details.routines.findIndex((one) => one.handle === handle);
    if (at >= 0) details.routines.splice(at, 1);
    kernel.parts.registrations.delete(handle);
    dereferenceObject(kernel, handle);
    dereferenceObject(kernel, object);
    return returnsVoid;
  },
  ExNotifyCallback: (kernel, { arguments: args }) => {
    const routines = [...(detailsOf(kernel, args.pointer(0))?.routines ?? [])];
    return continueWith(kernel, next(routines, [args.uint64(1), args.uint64(2)]), 0n);
  },
} satisfies KernelApis;

export const callbackObjectContinuations = {
  'ex.notify-next': (_kernel, _thread, state) => {
    const [first, ...rest] = state.routines as readonly Registered[];
    if (first === undefined) return returnsVoid;
    const values = state.values as readonly bigint[];
    const then = next(rest, values);
    return {
      kind: 'call',
      target: first.routine,
      arguments: [first.context, ...values],
      frameLabel: 'ExNotifyCallback',
      then,
    };
  },
} satisfies ContinuationTable;

function next(routines: readonly Registered[], values: readonly bigint[]): Continuation {
  return { name: 'ex.notify-next', state: { routines, values } };
}

function detailsOf(kernel: Kernel, object: GuestAddress): CallbackDetails | undefined {
  const details = objectAt(kernel, object)?.details;
  return details?.routines === undefined ? undefined : (details as unknown as CallbackDetails);
}

function findOrMakeSystem(kernel: Kernel, name: string): GuestAddress | undefined {
  const known = kernel.parts.objects.names.get(name);
  if (known !== undefined || !systemNames.includes(name)) return known;
  return makeCallback(kernel, name, { isMultiple: true });
}

function makeCallback(
  kernel: Kernel,
  name: string | undefined,
  { isMultiple }: Pick<CallbackDetails, 'isMultiple'>,
): GuestAddress {
  const details = { isMultiple, routines: [] } satisfies CallbackDetails;
  const object = createObject(kernel, 'callback', `callback object ${name ?? ''}`, recordSize, { ...details });
  if (name !== undefined) kernel.parts.objects.names.set(name, object);
  return object;
}
