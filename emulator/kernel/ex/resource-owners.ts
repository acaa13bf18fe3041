/** What a resource says about those that wait for it, and giving it up in the name of another thread. */
import { returns, returnsVoid } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { noteDropped } from '../verifier/lock-order.ts';
import { dropLock, lockAt, lockKey, reportNotHeld } from '../verifier/lock-records.ts';

/** Owner pointers are told from threads by these bits. */
const ownerPointerBits = 3n;

export const resourceOwnerApis = {
  ExGetExclusiveWaiterCount: (kernel, { arguments: args }) =>
    returns(lockAt(kernel, 'resource', args.pointer(0)).exclusiveWaiters),
  ExGetSharedWaiterCount: (kernel, { arguments: args }) => {
    const lock = lockAt(kernel, 'resource', args.pointer(0));
    const waiters = kernel.parts.scheduler.threads.values();
    let count = 0;
    for (const { wait } of waiters) if (wait?.kind === 'key' && wait.key === lockKey(lock.address)) count++;
    return returns(Math.max(0, count - lock.exclusiveWaiters));
  },
  ExReleaseResourceForThreadLite: (kernel, { name, arguments: args }) => {
    const [resource, owner] = [args.pointer(0), args.uint64(1)];
    const isOwn = owner === currentThread(kernel).object;
    const isOthers = (owner & ownerPointerBits) === ownerPointerBits || isThread(kernel, owner);
    const dropped = isOwn || isOthers ? dropLock(kernel, 'resource', resource, { anyThread: !isOwn }) : undefined;
    return dropped === undefined
      ? reportNotHeld(kernel, name, 'resource', resource, 'RESOURCE_NOT_OWNED')
      : returnsVoid;
  },
  /** The hold stays where it is; whoever names the pointer gives it up with ExReleaseResourceForThreadLite. */
  ExSetResourceOwnerPointer: (kernel, { arguments: args }) => {
    // From here on it is not the thread's: the thread may end, and its other locks stand in no order with it.
    noteDropped(kernel, currentThread(kernel).id, args.pointer(0));
    return returnsVoid;
  },
} satisfies KernelApis;

function isThread(kernel: Kernel, object: bigint): boolean {
  for (const thread of kernel.parts.scheduler.threads.values()) if (thread.object === object) return true;
  return false;
}
