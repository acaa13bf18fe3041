/**
 * Routines that a driver has called when handles are opened, and at a bug check: kept, and a leak where the driver goes
 * without taking them back. In a run nobody opens a handle to a process or thread but the driver itself, and a bug check
 * ends the run at once, so none of them is called.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { unicodeString } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { createObject, dereferenceObject, objectAt } from '../ob/objects.ts';
import { currentSpan } from '../places.ts';
import { STATUS_FLT_INSTANCE_ALTITUDE_COLLISION, STATUS_INVALID_PARAMETER } from '../statuses.ts';

const filterVersion = 0x100;
const bufferEmpty = 0;
const bufferInserted = 1;

export const notifyRoutineApis = {
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
