/** Threads stop and go on here: every wait of the kernel ends in `blockOn` and begins again in `unblock`. */
import { assert, defined } from '../../../base/assert.ts';
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import type { KernelThread, Wait } from './scheduler-state.ts';
import { cancelTimed } from './timed-events.ts';

/** The kernel's record of the thread or context that runs now. */
export function currentThread(kernel: Kernel): KernelThread {
  const guest = defined(kernel.current, 'the current thread');
  const { context } = kernel.parts.scheduler;
  if (context?.guest === guest) return context;
  return defined(kernel.parts.scheduler.threads.get(guest.id), 'the record of the current thread');
}

/** Blocks the current thread; `then` gets the value that it is woken with. */
export function blockOn(kernel: Kernel, wait: Wait, frameLabel: string, then: Continuation): NativeResult {
  const thread = currentThread(kernel);
  assert(thread.wait === undefined, 'a thread waits for one thing at a time');
  thread.wait = wait;
  kernel.emit({ kind: 'thread', what: 'waits', detail: waitText(kernel, thread) });
  return { kind: 'block', then, frameLabel };
}

/** Makes a blocked thread ready: what it waited with gets `value`. */
export function unblock(kernel: Kernel, thread: KernelThread, value: bigint): void {
  const { wait } = thread;
  assert(wait !== undefined, 'only a thread that waits is woken');
  if (wait.timeout !== undefined) cancelTimed(kernel, wait.timeout);
  thread.wait = undefined;
  const { scheduler } = kernel.parts;
  thread.readySequence = scheduler.nextSequence++;
  scheduler.mustReschedule ||= thread.irql >= 2;
  kernel.machine.resume(thread.guest, value);
}

/** Blocks the current thread until `wake(key)`. */
export function blockOnKey(kernel: Kernel, key: string, reason: string, then: Continuation): NativeResult {
  return blockOn(kernel, { kind: 'key', key, reason, sinceNs: kernel.timeNs }, reason, then);
}

/** Wakes every thread that is blocked on `key`, in the order of their blocking; returns how many. */
export function wakeKey(kernel: Kernel, key: string, value: bigint): number {
  let count = 0;
  for (const thread of [...kernel.parts.scheduler.threads.values()]) {
    if (thread.wait?.kind !== 'key' || thread.wait.key !== key) continue;
    unblock(kernel, thread, value);
    count++;
  }
  return count;
}

/** What a thread waits for, for people: "waits for the event Done of StopListen". */
export function waitText(kernel: Kernel, thread: KernelThread): string {
  const { wait } = thread;
  if (wait === undefined) return 'ready';
  switch (wait.kind) {
    case 'delay':
      return 'sleeps (KeDelayExecutionThread)';
    case 'key':
      return wait.reason;
    case 'objects': {
      const names = wait.objects.map((object) => objectText(kernel, object));
      const until = wait.timeout === undefined ? ', with no time-out' : '';
      return `waits for ${names.join(wait.type === 'all' ? ' and ' : ' or ')}${until}`;
    }
  }
}

function objectText(kernel: Kernel, address: GuestAddress): string {
  const kind = kernel.parts.dispatchers.get(address)?.kind ?? 'object';
  const thread = [...kernel.parts.scheduler.threads.values()].find((t) => t.object === address);
  if (kind === 'thread') return `the end of thread ${thread?.name ?? describeAddress(kernel, address)}`;
  return `the ${kind} ${describeAddress(kernel, address)}`;
}
