/**
 * Callbacks before and after a handle to a process or a thread is made (ObRegisterCallbacks). Those before come in the order
 * of their altitudes, highest first, and may take access away; those after come the other way round, with what was granted.
 * A handle that is not the driver's own, as that of a program's parent, is told of and goes nowhere.
 */
import {
  type Continuation,
  type GuestAddress,
  type NativeResult,
  NULL_ADDRESS,
  returns,
  returnsVoid,
} from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';
import { STATUS_FLT_INSTANCE_ALTITUDE_COLLISION, STATUS_INVALID_PARAMETER } from '../statuses.ts';
import { kernelHandleFlag, openHandle } from './handles.ts';
import { createObject, dereferenceObject, objectAt } from './objects.ts';

const filterVersion = 0x100;
const create = 1;
const duplicate = 2;
const preType = 'OB_PRE_OPERATION_INFORMATION';
const postType = 'OB_POST_OPERATION_INFORMATION';
/** Both unions of parameters fit. */
const parametersSize = 32;

interface Watch {
  readonly type: 'process' | 'thread';
  readonly operations: number;
  readonly before: GuestAddress;
  readonly after: GuestAddress;
  readonly context: bigint;
  readonly altitude: string;
}

export interface HandleRequest {
  readonly operation: 'create' | 'duplicate';
  readonly object: GuestAddress;
  readonly isKernelHandle: boolean;
  readonly access: number;
  /** Where the handle goes; NULL where somebody else gets it. */
  readonly handleAt: GuestAddress;
  /** Processes from and to which a handle is duplicated. */
  readonly source?: GuestAddress;
  readonly target?: GuestAddress;
}

interface Opening {
  readonly request: HandleRequest;
  readonly watches: readonly Watch[];
  /** What each of them has left in CallContext. */
  readonly contexts: readonly bigint[];
  readonly info: GuestAddress;
  /** Whoever is under way, from 0. */
  readonly at: number;
  readonly then: Continuation;
}

export const objectCallbackApis = {
  ObGetFilterVersion: () => returns(filterVersion),
  ObRegisterCallbacks: (kernel, { arguments: args }) => {
    const registration = kernel.view('OB_CALLBACK_REGISTRATION', args.pointer(0));
    const count = registration.getNumber('OperationRegistrationCount');
    if (registration.getNumber('Version') !== filterVersion || count === 0) return returns(STATUS_INVALID_PARAMETER);
    const altitude = unicodeString(kernel, registration.addressOf('Altitude'));
    for (const { address } of kernel.parts.registrations.values())
      if (objectAt(kernel, address)?.details.altitude === altitude)
        return returns(STATUS_FLT_INSTANCE_ALTITUDE_COLLISION);
    const context = registration.get('RegistrationContext');
    const first = registration.getPointer('OperationRegistration');
    const watches: Watch[] = [];
    for (let i = 0; i < count; i++) {
      const watch = readWatch(kernel, first, i, { context, altitude });
      if (watch === undefined) return returns(STATUS_INVALID_PARAMETER);
      watches.push(watch);
    }
    const what = `object callbacks at altitude ${altitude}`;
    const handle = createObject(kernel, 'registration', what, 16, { altitude, watches });
    kernel.parts.registrations.set(handle, {
      address: handle,
      what: `The ${what}`,
      undo: 'ObUnRegisterCallbacks',
      registeredAt: currentSpan(kernel),
    });
    kernel.memory.writePointer(args.pointer(1), handle);
    return returns(0);
  },
  ObUnRegisterCallbacks: (kernel, { arguments: args }) => {
    const handle = args.pointer(0);
    kernel.memory.readU8(handle);
    if (kernel.parts.registrations.delete(handle)) dereferenceObject(kernel, handle);
    return returnsVoid;
  },
} satisfies KernelApis;

export const objectCallbackContinuations = {
  'ob.before-returned': (kernel, _thread, given) => {
    const opening = given as unknown as Opening;
    const left = kernel.view(preType, opening.info).get('CallContext');
    return callBefore(kernel, { ...opening, contexts: [...opening.contexts, left], at: opening.at + 1 });
  },
  'ob.after-returned': (kernel, _thread, given) => {
    const opening = given as unknown as Opening;
    return callAfter(kernel, { ...opening, at: opening.at - 1 });
  },
  'ob.opened': () => returns(0),
} satisfies ContinuationTable;

/** Somebody hears of handles that are made. */
export function isHandleNews(kernel: Kernel): boolean {
  for (const { undo } of kernel.parts.registrations.values()) if (undo === 'ObUnRegisterCallbacks') return true;
  return false;
}

/** Makes a handle for a call that returns the status. */
export function openWatchedHandle(kernel: Kernel, request: HandleRequest): NativeResult {
  return openWatched(kernel, request, { name: 'ob.opened', state: {} });
}

export function openWatched(kernel: Kernel, request: HandleRequest, then: Continuation): NativeResult {
  const watches = watchesOf(kernel, request);
  const opening = { request, watches, contexts: [], info: NULL_ADDRESS, at: 0, then };
  if (watches.length === 0) return finish(kernel, opening, request.access);
  const size = kernel.types.sizeOf(postType) + parametersSize;
  const region = kernel.memory.allocate({ size, kind: 'object', label: 'information about a handle' });
  if (region === undefined) return finish(kernel, { ...opening, watches: [] }, request.access);
  const parameters = (region.start + BigInt(kernel.types.sizeOf(postType))) as GuestAddress;
  fill(kernel, preType, region.start, request, parameters);
  kernel.memory.writeU32(parameters, request.access);
  kernel.memory.writeU32((parameters + 4n) as GuestAddress, request.access);
  if (request.operation === 'duplicate') {
    kernel.memory.writePointer((parameters + 8n) as GuestAddress, request.source ?? NULL_ADDRESS);
    kernel.memory.writePointer((parameters + 16n) as GuestAddress, request.target ?? NULL_ADDRESS);
  }
  return callBefore(kernel, { ...opening, info: region.start });
}

function callBefore(kernel: Kernel, opening: Opening): NativeResult {
  const { watches, contexts, info, at, request } = opening;
  const watch = watches[at];
  if (watch === undefined) {
    const parameters = kernel.view(preType, info).getPointer('Parameters');
    // Nobody can add to what was asked for.
    return finish(kernel, opening, request.access & kernel.memory.readU32(parameters));
  }
  if (watch.before === 0n) return callBefore(kernel, { ...opening, contexts: [...contexts, 0n], at: at + 1 });
  kernel.view(preType, info).set('CallContext', 0);
  return call(watch.before, watch.context, opening, 'ob.before-returned');
}

/** A duplicate that is none of the kernel's is in the table of the process that it was made for. */
function openFor(kernel: Kernel, { object, isKernelHandle, target }: HandleRequest, access: number): bigint {
  const attributes = isKernelHandle ? kernelHandleFlag : 0;
  return openHandle(kernel, { object, access, attributes, owner: 'driver', process: target });
}

/** The handle is made; then those are told who want to hear of it afterwards. */
function finish(kernel: Kernel, opening: Opening, granted: number): NativeResult {
  const { request, watches, info } = opening;
  if (request.handleAt !== 0n) kernel.memory.writeU64(request.handleAt, openFor(kernel, request, granted));
  if (watches.length === 0) return continueWith(kernel, opening.then, 0n);
  const parameters = kernel.view(preType, info).getPointer('Parameters');
  kernel.memory.fill(info, kernel.types.sizeOf(postType) + parametersSize, 0);
  fill(kernel, postType, info, request, parameters);
  kernel.memory.writeU32(parameters, granted >>> 0);
  return callAfter(kernel, { ...opening, at: watches.length - 1 });
}

function callAfter(kernel: Kernel, opening: Opening): NativeResult {
  const { watches, contexts, info, at, then } = opening;
  const watch = watches[at];
  if (watch === undefined) {
    const region = kernel.memory.regionAt(info);
    if (region !== undefined) kernel.memory.free(region);
    return continueWith(kernel, then, 0n);
  }
  if (watch.after === 0n) return callAfter(kernel, { ...opening, at: at - 1 });
  kernel.view(postType, info).set('CallContext', contexts[at] ?? 0n);
  return call(watch.after, watch.context, opening, 'ob.after-returned');
}

function call(target: GuestAddress, context: bigint, opening: Opening, name: string): NativeResult {
  return {
    kind: 'call',
    target,
    arguments: [context, opening.info],
    frameLabel: 'ObpCallObjectCallbacks',
    then: { name, state: { ...opening } },
  };
}

function fill(
  kernel: Kernel,
  type: string,
  info: GuestAddress,
  request: HandleRequest,
  parameters: GuestAddress,
): void {
  const view = kernel.view(type, info);
  view.set('Operation', request.operation === 'create' ? create : duplicate);
  view.set('Flags', request.isKernelHandle ? 1 : 0);
  view.set('Object', request.object);
  view.set('ObjectType', typeObject(kernel, objectAt(kernel, request.object)?.type) ?? 0n);
  view.set('Parameters', parameters);
}

function watchesOf(kernel: Kernel, { object, operation }: HandleRequest): Watch[] {
  const type = objectAt(kernel, object)?.type;
  const bit = operation === 'create' ? create : duplicate;
  const found: Watch[] = [];
  for (const { address } of kernel.parts.registrations.values()) {
    const watches = objectAt(kernel, address)?.details.watches as readonly Watch[] | undefined;
    for (const one of watches ?? []) if (one.type === type && (one.operations & bit) !== 0) found.push(one);
  }
  return found.sort((a, b) => Number(b.altitude) - Number(a.altitude));
}

/** Undefined for an entry that ObRegisterCallbacks refuses. */
function readWatch(
  kernel: Kernel,
  first: GuestAddress,
  index: number,
  of: Pick<Watch, 'context' | 'altitude'>,
): Watch | undefined {
  const type = 'OB_OPERATION_REGISTRATION';
  const view = kernel.view(type, (first + BigInt(index * kernel.types.sizeOf(type))) as GuestAddress);
  const object = kernel.memory.readPointer(view.getPointer('ObjectType'));
  const operations = view.getNumber('Operations');
  const [before, after] = [view.getPointer('PreOperation'), view.getPointer('PostOperation')];
  if (operations === 0 || (operations & ~(create | duplicate)) !== 0 || (before === 0n && after === 0n))
    return undefined;
  for (const kind of ['process', 'thread'] as const)
    if (object === typeObject(kernel, kind)) return { type: kind, operations, before, after, ...of };
  return undefined;
}

/** The object that stands for a type: *PsProcessType. */
function typeObject(kernel: Kernel, type: string | undefined): GuestAddress | undefined {
  for (const record of kernel.parts.objects.records.values())
    if (record.type === 'type' && record.details.typeOf === type) return record.address;
  return undefined;
}
