/** What every thread and context does, for the debugger's list of threads. */
import type { Kernel } from '../kernel-types.ts';
import { waitText } from './blocking.ts';
import type { KernelThread } from './scheduler-state.ts';

export interface ThreadView {
  readonly id: number;
  readonly name: string;
  /** "running", "ready", "waits for the synchronization event Done of StopListen, with no time-out". */
  readonly state: string;
  readonly isCurrent: boolean;
  readonly irql: number;
  readonly kind: KernelThread['kind'];
}

/** Threads and contexts in the order of their making. */
export function threadList(kernel: Kernel): readonly ThreadView[] {
  return [...kernel.parts.scheduler.threads.values()].map((thread) => {
    const isCurrent = kernel.current?.id === thread.id;
    const state = isCurrent && thread.wait === undefined ? 'running' : waitText(kernel, thread);
    return {
      id: thread.id,
      name: thread.name,
      state,
      isCurrent,
      irql: isCurrent ? kernel.irql : thread.irql,
      kind: thread.kind,
    };
  });
}
