/**
 * Routines that a driver has called at a bug check: kept, and a leak where the driver goes without taking them back. A bug
 * check ends the run at once, so none of them is called.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { currentSpan } from '../places.ts';

const bufferEmpty = 0;
const bufferInserted = 1;

export const notifyRoutineApis = {
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
