/**
 * The front door of emulator/kernel.
 *
 * A run boots a kernel (`createKernel`, `attach`), makes a thread for DriverEntry (`createKernelThread`), and calls
 * `runNext` until that thread has ended; then the same for the scenario and for DriverUnload, with `checkUnload` after it.
 */
export { waitText } from './blocking.ts';
export { createKernel, type KernelBoot, type KernelRequest } from './create-kernel.ts';
export { flushLog, logText } from './debug-print.ts';
export {
  createDevice,
  createDriverObject,
  createFileObject,
  type DeviceRequest,
  deviceByName,
  topOfStack,
  writeUnicodeString,
} from './devices.ts';
export { regionHistory } from './fault-finding.ts';
export { createGuestTypes } from './guest-types.ts';
export { headersUnit } from './headers-unit.ts';
export { callDriver } from './irp-send.ts';
export { allocateIrp, stackLocation } from './irps.ts';
export { continueWith, createKernelThread, type ThreadRequest } from './kernel-threads.ts';
export { heldSpinLocks, thenDone, thenReturn } from './lock-records.ts';
export type { FaultPlan, KernelStop } from './parts.ts';
export { definitionSpan, describeAddress, functionName, hexAddress, returnSpan } from './places.ts';
export { quantumStatements, runNext, type Step, type StepOptions } from './scheduler.ts';
export type { KernelThread } from './scheduler-state.ts';
export { statusName, statusText } from './status-names.ts';
export { describeHang, type ThreadView, threadList } from './thread-list.ts';
export { nextDueNs } from './timed-events.ts';
export { checkUnload } from './unload.ts';
export { textOfBytes, utf8Bytes } from './utf8.ts';
