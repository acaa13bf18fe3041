/**
 * The front door of emulator/kernel.
 *
 * A run boots a kernel (`createKernel`, `attach`), makes a thread for DriverEntry (`createKernelThread`), and calls
 * `runNext` until that thread has ended; then the same for the scenario and for DriverUnload, with `checkUnload` after it.
 */

export { createKernel, type KernelBoot, type KernelRequest } from './create-kernel.ts';
export { regionHistory } from './fault-finding.ts';
export { createGuestTypes } from './guest-types.ts';
export { headersUnit } from './headers-unit.ts';
export { topOfStack } from './io/device-stacks.ts';
export {
  createDevice,
  createDriverObject,
  createFileObject,
  type DeviceRequest,
  deviceByName,
  writeUnicodeString,
} from './io/devices.ts';
export { describeDriverImage } from './io/driver-image.ts';
export { callDriver } from './io/irp-send.ts';
export { allocateIrp, stackLocation } from './io/irps.ts';
export { createRegistryPath } from './io/registry-path.ts';
export { majorName, requestName } from './io/request-codes.ts';
export { waitText } from './ke/blocking.ts';
export { continueWith, createKernelThread, type ThreadRequest } from './ke/kernel-threads.ts';
export { quantumStatements, runNext, runSteps, type Step, type StepOptions } from './ke/scheduler.ts';
export type { KernelThread } from './ke/scheduler-state.ts';
export { type ThreadView, threadList } from './ke/thread-list.ts';
export { nextDueNs } from './ke/timed-events.ts';
export { allocateObject, endedFor, freeObject, freeObjects } from './object-memory.ts';
export type { FaultPlan, KernelStop } from './parts.ts';
export { definitionSpan, describeAddress, functionName, hexAddress, returnSpan } from './places.ts';
export { flushLog, logText } from './rtl/debug-print.ts';
export { textOfBytes, utf8Bytes } from './rtl/utf8.ts';
export { statusName, statusText } from './status-names.ts';
export { describeHang } from './verifier/hang.ts';
export { announcedFunctions } from './verifier/list-locks.ts';
export { heldSpinLocks, thenDone, thenReturn } from './verifier/lock-records.ts';
export { checkUnload } from './verifier/unload.ts';
