/**
 * Failures that the scenario asks for: the n-th call of a function fails, the kernel's own at once, others by
 * themselves.
 */
import type { NativeCall } from '../machine/machine-types.ts';
import { type NativeResult, returns } from '../machine/native.ts';
import type { Kernel } from './kernel-types.ts';
import { mapsToUser } from './mm/mdl-mappings.ts';

/** Functions that fail by returning NULL, and nothing else. */
const nullOnFailure = new Set([
  'IoAllocateIrp',
  'IoAllocateIrpEx',
  'IoAllocateMdl',
  'IoAllocateWorkItem',
  'IoBuildDeviceIoControlRequest',
  'IoBuildSynchronousFsdRequest',
  'IoBuildAsynchronousFsdRequest',
  'MmGetSystemAddressForMdlSafe',
  'MmMapLockedPagesSpecifyCache',
  'ExAllocatePool',
  'ExAllocatePool2',
  'ExAllocatePool3',
  'ExAllocatePoolWithTag',
  'ExAllocatePoolZero',
  'ExAllocatePoolUninitialized',
  'ExAllocatePoolPriorityZero',
  'ExAllocatePoolPriorityUninitialized',
  'ExAllocatePoolWithTagPriority',
  'ExAllocateFromNPagedLookasideList',
  'ExAllocateFromPagedLookasideList',
  'ExAllocateFromLookasideListEx',
  'ExAllocateTimer',
]);

/** Functions of the kernel that fail by returning the status, having done nothing. */
const statusOnFailure = new Set([
  'PsCreateSystemThread',
  'ObReferenceObjectByHandle',
  'IoCreateDevice',
  'IoCreateSymbolicLink',
  'IoGetDeviceObjectPointer',
  'IoSetCompletionRoutineEx',
  'ExInitializeResourceLite',
  'ExInitializeLookasideListEx',
  'RtlAnsiStringToUnicodeString',
  'RtlUnicodeStringToAnsiString',
  'NmrRegisterClient',
  'NmrRegisterProvider',
  'WskRegister',
  'WskCaptureProviderNPI',
  // A wait that is over before what it waits for has come: STATUS_ALERTED, STATUS_USER_APC, STATUS_TIMEOUT.
  'KeWaitForSingleObject',
  'KeWaitForMultipleObjects',
  'KeDelayExecutionThread',
]);

/** Functions that fail by raising the status, for the caller's __except. */
const raisesOnFailure = new Set([
  'MmProbeAndLockPages',
  'MmProbeAndLockProcessPages',
  'ExAllocatePoolWithQuota',
  'ExAllocatePoolWithQuotaTag',
]);

export function injectFault(kernel: Kernel, call: NativeCall): NativeResult | undefined {
  if (kernel.parts.faults.length === 0) return undefined;
  const isNull = nullOnFailure.has(call.name);
  const doesRaise = raisesOnFailure.has(call.name) || mapsToUser(call);
  if (!isNull && !doesRaise && !statusOnFailure.has(call.name)) return undefined;
  const status = kernel.injectedFault(call.name);
  if (status === undefined) return undefined;
  if (doesRaise) return { kind: 'raise', code: status };
  if (call.name.startsWith('IoAllocateIrp')) kernel.parts.io.failedIrpAllocationAt = call.site.span;
  const irp = call.name === 'IoSetCompletionRoutineEx' ? kernel.irps.get(call.arguments.pointer(1)) : undefined;
  if (irp !== undefined) irp.routineFailure = { routine: call.arguments.pointer(2), status, span: call.site.span };
  return returns(isNull ? 0n : status);
}

/** Counts this call and says whether it fails. */
export function injectedFault(kernel: Kernel, name: string): number | undefined {
  const { faults, faultCounts } = kernel.parts;
  if (!faults.some((fault) => fault.call === name)) return undefined;
  const occurrence = (faultCounts.get(name) ?? 0) + 1;
  faultCounts.set(name, occurrence);
  return faults.find((fault) => fault.call === name && fault.occurrence === occurrence)?.status;
}
