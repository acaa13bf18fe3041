/** Where a thread stands in the driver's own code, whether it runs or waits. */

import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';

/** The statement of its innermost frame that has one. */
export function threadPlace(kernel: Kernel, thread: KernelThread): RunFinding['span'] | undefined {
  return kernel.machine.frames(thread.guest).find((frame) => frame.span !== undefined)?.span;
}
