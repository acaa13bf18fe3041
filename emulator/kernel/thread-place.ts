/** Where a thread stands in the driver's own code, whether it runs or waits. */
import type { Kernel, RunFinding } from './kernel-types.ts';
import type { KernelThread } from './scheduler-state.ts';

/** The statement of its innermost frame that has one. */
export function threadPlace(kernel: Kernel, thread: KernelThread): RunFinding['span'] | undefined {
  return kernel.machine.frames(thread.guest).find((frame) => frame.span !== undefined)?.span;
}
