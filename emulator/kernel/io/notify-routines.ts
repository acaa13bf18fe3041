/**
 * Routines that a driver has called when processes, threads or images come and go, when handles are opened, and at a bug
 * check: kept, counted as Windows counts them, and a leak where the driver goes without taking them back. In a run
 * nothing of the kind happens after they are registered but the driver's own threads and the scenario's programs, whose
 * beginning and end such routines do not hear of.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import { currentSpan, functionName } from '../places.ts';
import {
  STATUS_FLT_INSTANCE_ALTITUDE_COLLISION,
  STATUS_INVALID_PARAMETER,
  STATUS_PROCEDURE_NOT_FOUND,
} from '../statuses.ts';

/** Of each kind, as on Windows since Vista. */
const routinesMax = 64;
const filterVersion = 0x100;
const bufferEmpty = 0;
const bufferInserted = 1;

export const notifyRoutineApis = {
  PsSetCreateProcessNotifyRoutine: (kernel, call) => setProcessRoutine(kernel, call),
  PsSetCreateProcessNotifyRoutineEx: (kernel, call) => setProcessRoutine(kernel, call),
  PsSetCreateThreadNotifyRoutine: (kernel, call) => add(kernel, call, 'PsRemoveCreateThreadNotifyRoutine'),
  PsRemoveCreateThreadNotifyRoutine: (kernel, call) => remove(kernel, call),
  PsSetLoadImageNotifyRoutine: (kernel, call) => add(kernel, call, 'PsRemoveLoadImageNotifyRoutine'),
  PsRemoveLoadImageNotifyRoutine: (kernel, call) => remove(kernel, call),

  ObGetFilterVersion: () => returns(filterVersion),
  ObRegisterCallbacks: (kernel, { arguments: args }) => {
    const registration = kernel.view('OB_CALLBACK_REGISTRATION', args.pointer(0));
    if (registration.getNumber('Version') !== filterVersion) return returns(STATUS_INVALID_PARAMETER);
    if (registration.getNumber('OperationRegistrationCount') === 0) return returns(STATUS_INVALID_PARAMETER);
    const altitude = unicodeString(kernel, registration.addressOf('Altitude'));
    for (const { address } of kernel.parts.registrations.values())
      if (objectAt(kernel, address)?.details.altitude === altitude)
        return returns(STATUS_FLT_INSTANCE_ALTITUDE_COLLISION);
    const handle = createObject(kernel, 'registration', `object callbacks at altitude ${altitude}`, 16, { altitude });
    keep(kernel, handle, `The object callbacks at altitude ${altitude}`, 'ObUnRegisterCallbacks');
    kernel.memory.writePointer(args.pointer(1), handle);
    return returns(0);
  },
  ObUnRegisterCallbacks: (kernel, { arguments: args }) => {
    const handle = args.pointer(0);
    kernel.memory.readU8(handle);
    if (kernel.parts.registrations.delete(handle)) dereferenceObject(kernel, handle);
    return returnsVoid;
  },

  KeRegisterBugCheckCallback: (kernel, call) => addBugCheck(kernel, call, 'KBUGCHECK_CALLBACK_RECORD'),
  KeRegisterBugCheckReasonCallback: (kernel, call) => addBugCheck(kernel, call, 'KBUGCHECK_REASON_CALLBACK_RECORD'),
  KeDeregisterBugCheckCallback: (kernel, call) => removeBugCheck(kernel, call, 'KBUGCHECK_CALLBACK_RECORD'),
  KeDeregisterBugCheckReasonCallback: (kernel, call) =>
    removeBugCheck(kernel, call, 'KBUGCHECK_REASON_CALLBACK_RECORD'),
} satisfies KernelApis;

function keep(kernel: Kernel, address: GuestAddress, what: string, undo: string): void {
  kernel.parts.registrations.set(address, { address, what, undo, registeredAt: currentSpan(kernel) });
}

/** Process routines are set and removed by the same function. */
function setProcessRoutine(kernel: Kernel, call: NativeCall): NativeResult {
  const routine = call.arguments.pointer(0);
  if (call.arguments.bool(1)) return remove(kernel, call);
  if (kernel.parts.registrations.has(routine)) return returns(STATUS_INVALID_PARAMETER);
  return add(kernel, call, `${call.name} with Remove = TRUE`);
}

function add(kernel: Kernel, call: NativeCall, undo: string): NativeResult {
  const routine = call.arguments.pointer(0);
  const others = [...kernel.parts.registrations.values()].filter((one) => one.undo === undo);
  if (others.length >= routinesMax) return returns(STATUS_INVALID_PARAMETER);
  keep(kernel, routine, `The routine ${functionName(kernel, routine)} of ${call.name}`, undo);
  return returns(0);
}

function remove(kernel: Kernel, call: NativeCall): NativeResult {
  return returns(kernel.parts.registrations.delete(call.arguments.pointer(0)) ? 0 : STATUS_PROCEDURE_NOT_FOUND);
}

/** FALSE for a record that is registered already. */
function addBugCheck(kernel: Kernel, call: NativeCall, type: string): NativeResult {
  const address = call.arguments.pointer(0);
  const record = kernel.view(type, address);
  if (record.getNumber('State') !== bufferEmpty) return returns(0);
  record.set('State', bufferInserted);
  record.set('CallbackRoutine', call.arguments.pointer(1));
  keep(kernel, address, 'A bug check callback', call.name.replace('Register', 'Deregister'));
  return returns(1);
}

function removeBugCheck(kernel: Kernel, call: NativeCall, type: string): NativeResult {
  const address = call.arguments.pointer(0);
  const record = kernel.view(type, address);
  if (record.getNumber('State') !== bufferInserted) return returns(0);
  record.set('State', bufferEmpty);
  kernel.parts.registrations.delete(address);
  return returns(1);
}
