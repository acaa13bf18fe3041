/**
 * The front door of emulator/kernel.
 *
 * A run boots a kernel (`createKernel`, `attach`), makes a thread for DriverEntry (`createKernelThread`), and calls
 * `runNext` until that thread has ended; then the same for the scenario and for DriverUnload, with `checkUnload` after it.
 */

export { createKernel } from './create-kernel.ts';
export { regionHistory } from './fault-finding.ts';
export { headersUnit } from './headers-unit.ts';
export { createDriverObject } from './io/devices.ts';
export { describeDriverImage } from './io/driver-image.ts';
export { stackLocation } from './io/irps.ts';
export { createRegistryPath } from './io/registry-path.ts';
export { majorName, requestName } from './io/request-codes.ts';
export { createKernelThread, type ThreadRequest } from './ke/kernel-threads.ts';
export { runNext, runSteps, type Step } from './ke/scheduler.ts';
export { threadList } from './ke/thread-list.ts';
export { allocateObject, endedFor, freeObject, freeObjects } from './object-memory.ts';
export type { FaultPlan } from './parts.ts';
export { definitionSpan, describeAddress, functionName, hexAddress, returnSpan } from './places.ts';
export { flushLog } from './rtl/debug-print.ts';
export { statusName, statusText } from './status-names.ts';
export { describeHang } from './verifier/hang.ts';
export { announcedFunctions } from './verifier/list-locks.ts';
export { heldSpinLocks } from './verifier/lock-records.ts';
export { checkUnload } from './verifier/unload.ts';
