/**
 * Drivers that filter the registry: their routines by altitude, and what each has noted at a key object
 * (CmSetCallbackObjectContext). `registry-callbacks.ts` calls the routines.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import { writeUnicodeString } from '../io/devices.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import { currentSpan, functionName } from '../places.ts';
import { STATUS_FLT_INSTANCE_ALTITUDE_COLLISION, STATUS_INVALID_PARAMETER } from '../statuses.ts';
import { systemRecord } from '../system-record.ts';
import { thenReturn } from '../verifier/lock-records.ts';

/** A registered routine; the address of its object is its cookie. */
export interface RegistryFilter {
  readonly cookie: GuestAddress;
  readonly routine: GuestAddress;
  readonly context: bigint;
  readonly altitude: string;
  /** By key object. */
  readonly contexts: Map<GuestAddress, bigint>;
}

/** Altitude of a driver that CmRegisterCallback gives none to. */
const legacyAltitude = '320000';
/** Of Windows 7 and everything since. */
const version = { major: 1, minor: 1 };
const undo = 'CmUnRegisterCallback';
const idStep = 0x10;

export const registryFilterApis = {
  CmRegisterCallback: (kernel, call) => {
    const { arguments: args } = call;
    return returns(register(kernel, call, { altitude: undefined, context: args.uint64(1), cookieAt: args.pointer(2) }));
  },
  CmRegisterCallbackEx: (kernel, call) => {
    const { arguments: args } = call;
    const altitude = unicodeString(kernel, args.pointer(1));
    if (!/^\d+(\.\d+)?$/.test(altitude)) return returns(STATUS_INVALID_PARAMETER);
    if (registryFilters(kernel).some((one) => one.altitude === altitude))
      return returns(STATUS_FLT_INSTANCE_ALTITUDE_COLLISION);
    return returns(register(kernel, call, { altitude, context: args.uint64(3), cookieAt: args.pointer(4) }));
  },
  CmUnRegisterCallback: (kernel, { arguments: args }) => {
    const filter = filterOf(kernel, args.uint64(0));
    if (filter === undefined) return returns(STATUS_INVALID_PARAMETER);
    kernel.parts.registrations.delete(filter.cookie);
    const left = [...filter.contexts].map(([object, context]) => ({ filter, object, context }));
    return cleanUp(kernel, left, { name: 'cm.unregistered', state: { cookie: filter.cookie } });
  },
  CmGetCallbackVersion: (kernel, { arguments: args }) => {
    if (args.pointer(0) !== 0n) kernel.memory.writeU32(args.pointer(0), version.major);
    if (args.pointer(1) !== 0n) kernel.memory.writeU32(args.pointer(1), version.minor);
    return returnsVoid;
  },
  CmSetCallbackObjectContext: (kernel, { arguments: args }) => {
    const filter = filterOf(kernel, kernel.memory.readU64(args.pointer(1)));
    const object = args.pointer(0);
    if (filter === undefined || objectAt(kernel, object)?.type !== 'key') return returns(STATUS_INVALID_PARAMETER);
    const before = filter.contexts.get(object) ?? 0n;
    filter.contexts.set(object, args.uint64(2));
    if (args.pointer(3) !== 0n) kernel.memory.writeU64(args.pointer(3), before);
    return returns(0);
  },
  CmCallbackGetKeyObjectID: (kernel, { arguments: args }) =>
    keyObjectId(kernel, args.pointer(0), args.pointer(1), args.pointer(2), args.pointer(3)),
  /** The caller gives the name back by CmCallbackReleaseKeyObjectIDEx; it lives as long as the key object. */
  CmCallbackGetKeyObjectIDEx: (kernel, { arguments: args }) =>
    args.uint(4) === 0
      ? keyObjectId(kernel, args.pointer(0), args.pointer(1), args.pointer(2), args.pointer(3))
      : returns(STATUS_INVALID_PARAMETER),
  CmCallbackReleaseKeyObjectIDEx: (kernel, { arguments: args }) => {
    freeText(kernel, args.pointer(0));
    return returnsVoid;
  },
  CmGetBoundTransaction: () => returns(0n),
} satisfies KernelApis;

export const registryFilterContinuations = {
  'cm.cleaned-up': (kernel, _thread, given) => {
    const state = given as unknown as CleanUpState;
    const region = kernel.memory.regionAt(state.info);
    if (region !== undefined && !region.isFreed) kernel.memory.free(region);
    return cleanUp(kernel, state.left, state.then);
  },
  'cm.unregistered': (kernel, _thread, state) => {
    dereferenceObject(kernel, state.cookie as GuestAddress);
    return returns(0);
  },
} satisfies ContinuationTable;

interface CleanUp {
  readonly filter: RegistryFilter;
  readonly object: GuestAddress;
  readonly context: bigint;
}

interface CleanUpState {
  readonly left: readonly CleanUp[];
  readonly then: Continuation;
  readonly info: GuestAddress;
}

/** Routines that hear of registry operations, the highest altitude first. */
export function registryFilters(kernel: Kernel): RegistryFilter[] {
  const filters: RegistryFilter[] = [];
  for (const { address, undo: how } of kernel.parts.registrations.values()) {
    if (how !== undo) continue;
    const details = objectAt(kernel, address)?.details as unknown as RegistryFilter | undefined;
    if (details !== undefined) filters.push({ ...details, cookie: address });
  }
  return filters.sort((a, b) => Number(b.altitude) - Number(a.altitude));
}

/** Calls the routines whose notes at key objects go with them (RegNtCallbackObjectContextCleanup). */
export function cleanUp(kernel: Kernel, all: readonly CleanUp[], then: Continuation): NativeResult {
  const [first, ...left] = all;
  if (first === undefined) return continueWith(kernel, then, 0n);
  const { filter, object, context } = first;
  filter.contexts.delete(object);
  const size = kernel.types.sizeOf('REG_CALLBACK_CONTEXT_CLEANUP_INFORMATION');
  const region = kernel.memory.allocate({ size, kind: 'object', label: 'REG_CALLBACK_CONTEXT_CLEANUP_INFORMATION' });
  if (region === undefined) return continueWith(kernel, then, 0n);
  const info = kernel.view('REG_CALLBACK_CONTEXT_CLEANUP_INFORMATION', region.start);
  info.set('Object', object);
  info.set('ObjectContext', context);
  return {
    kind: 'call',
    target: filter.routine,
    arguments: [filter.context, BigInt(kernel.types.constant('RegNtCallbackObjectContextCleanup')), region.start],
    frameLabel: 'CmpCallbackFillObjectContext',
    then: { name: 'cm.cleaned-up', state: { left, then, info: region.start } },
  };
}

/** Notes at a key object that goes. */
export function notesAt(kernel: Kernel, object: GuestAddress): CleanUp[] {
  return registryFilters(kernel).flatMap((filter) => {
    const context = filter.contexts.get(object);
    return context === undefined ? [] : [{ filter, object, context }];
  });
}

/** `\REGISTRY\MACHINE\…`, each component as it was first named. */
export function shownPath(kernel: Kernel, path: string): string {
  const parts = path.split('\\').slice(1);
  let at = '';
  return parts
    .map((part, depth) => {
      at += `\\${part}`;
      // Roots and hives have names of their own, whoever names them how.
      return `\\${depth < 3 ? part.toUpperCase() : (kernel.parts.registryNames.get(at) ?? part)}`;
    })
    .join('');
}

function register(
  kernel: Kernel,
  call: NativeCall,
  how: { readonly altitude: string | undefined; readonly context: bigint; readonly cookieAt: GuestAddress },
): number {
  const routine = call.arguments.pointer(0);
  const what = `The registry callback ${functionName(kernel, routine)} of ${call.name}`;
  const details = { routine, context: how.context, altitude: how.altitude ?? legacyAltitude, contexts: new Map() };
  const cookie = createObject(kernel, 'registration', what, 16, details);
  kernel.parts.registrations.set(cookie, { address: cookie, what, undo, registeredAt: currentSpan(kernel) });
  kernel.memory.writeU64(how.cookieAt, cookie);
  return 0;
}

function filterOf(kernel: Kernel, cookie: bigint): RegistryFilter | undefined {
  return registryFilters(kernel).find((one) => one.cookie === cookie);
}

function keyObjectId(
  kernel: Kernel,
  cookieAt: GuestAddress,
  object: GuestAddress,
  idAt: GuestAddress,
  nameAt: GuestAddress,
): NativeResult {
  const path = objectAt(kernel, object)?.details.path;
  if (filterOf(kernel, kernel.memory.readU64(cookieAt)) === undefined || typeof path !== 'string')
    return returns(STATUS_INVALID_PARAMETER);
  // One number for one key, whichever of its objects is asked.
  const id = [...kernel.parts.registryNames.keys()].indexOf(path) + 1;
  if (idAt !== 0n) kernel.memory.writeU64(idAt, BigInt(id * idStep));
  if (nameAt === 0n) return returns(0);
  const label = `name of registry key ${path}`;
  const name = systemRecord(kernel, 'UNICODE_STRING', label, (address) => {
    writeUnicodeString(kernel, address, shownPath(kernel, path));
  });
  if (name === 0n) return returns(STATUS_INVALID_PARAMETER);
  kernel.memory.writePointer(nameAt, name);
  return continueWith(kernel, thenReturn(0), 0n);
}

function freeText(kernel: Kernel, text: GuestAddress): void {
  const region = kernel.memory.regionAt(text);
  if (region === undefined || region.isFreed || !region.label.startsWith('name of registry key')) return;
  const buffer = kernel.memory.regionAt(kernel.view('UNICODE_STRING', text).getPointer('Buffer'));
  if (buffer !== undefined && !buffer.isFreed) kernel.memory.free(buffer);
  kernel.memory.free(region);
}
