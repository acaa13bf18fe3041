/**
 * Deadlocks that can be told at once: threads that wait without a time-out, each for something that only the next one can
 * give, and the last for something of the first's. What can be given is known here of locks, mutexes and the ends of
 * threads.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { threadPlace } from './thread-place.ts';

/** Who must act before a thread's wait can end, and what it holds. */
interface Obstacle {
  readonly thread: KernelThread;
  readonly what: string;
  readonly takenAt: RunFinding['span'] | undefined;
}

type Cycle = RunFinding['history'];

/** The current thread wants a lock: the cycle that its wait would close, as sentences with their places. */
export function lockCycle(kernel: Kernel, thread: KernelThread, lock: GuestAddress): Cycle | undefined {
  return cycleFrom(kernel, thread, lockObstacles(kernel, lock), []);
}

/** The current thread wants one dispatcher object, with no time-out. */
export function objectCycle(kernel: Kernel, thread: KernelThread, object: GuestAddress): Cycle | undefined {
  return cycleFrom(kernel, thread, objectObstacles(kernel, object), []);
}

/** Who waits for whom, without the places. */
export function cycleText(cycle: Cycle): string {
  return cycle.flatMap(({ what }) => (what.includes(' waits ') ? [what] : [])).join('; ');
}

/** What keeps a thread from going on; undefined where other things than threads may end its wait. */
export function obstaclesOf(kernel: Kernel, { wait }: KernelThread): readonly Obstacle[] {
  switch (wait?.kind) {
    case 'objects': {
      const [object] = wait.objects;
      const isOne = wait.timeout === undefined && (wait.type === 'all' || wait.objects.length === 1);
      if (!isOne || object === undefined) return [];
      return wait.type === 'all'
        ? wait.objects.flatMap((one) => objectObstacles(kernel, one))
        : objectObstacles(kernel, object);
    }
    case 'key':
      if (wait.timeout !== undefined || !wait.key.startsWith('lock:')) return [];
      return lockObstacles(kernel, BigInt(wait.key.slice('lock:'.length)) as GuestAddress);
    default:
      return [];
  }
}

function lockObstacles(kernel: Kernel, lock: GuestAddress): readonly Obstacle[] {
  const record = kernel.parts.locks.get(lock);
  return (record?.holders ?? []).flatMap(({ threadId, takenAt }) => {
    const thread = kernel.parts.scheduler.threads.get(threadId);
    const what = `the ${record?.kind} ${describeAddress(kernel, lock)}`;
    return thread === undefined ? [] : [{ thread, what, takenAt }];
  });
}

function objectObstacles(kernel: Kernel, object: GuestAddress): readonly Obstacle[] {
  const record = kernel.parts.dispatchers.get(object);
  const { threads } = kernel.parts.scheduler;
  if (record?.kind === 'mutex') {
    const thread = record.ownerId === undefined ? undefined : threads.get(record.ownerId);
    const what = `the mutex ${describeAddress(kernel, object)}`;
    return thread === undefined ? [] : [{ thread, what, takenAt: record.takenAt }];
  }
  if (record?.kind !== 'thread') return [];
  for (const thread of threads.values())
    if (thread.object === object && thread.kind !== 'context') return [{ thread, what: 'end', takenAt: undefined }];
  return [];
}

function cycleFrom(
  kernel: Kernel,
  first: KernelThread,
  obstacles: readonly Obstacle[],
  path: readonly Obstacle[],
): Cycle | undefined {
  for (const obstacle of obstacles) {
    const next = [...path, obstacle];
    if (obstacle.thread.id === first.id)
      return next.flatMap((one, i) => sentence(kernel, next[i - 1]?.thread ?? first, one));
    // A thread that is on the path already belongs to another cycle, which is told when that one waits.
    if (path.some(({ thread }) => thread.id === obstacle.thread.id)) continue;
    const found = cycleFrom(kernel, first, obstaclesOf(kernel, obstacle.thread), next);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** "Worker waits for the fast mutex A, which System holds", where it waits and where the other took it. */
function sentence(kernel: Kernel, waiter: KernelThread, { thread, what, takenAt }: Obstacle): Cycle {
  const statements = kernel.machine.statements;
  const reason = what === 'end' ? `for the end of ${thread.name}` : `for ${what}, which ${thread.name} holds`;
  const waits = { what: `${waiter.name} waits ${reason}`, span: threadPlace(kernel, waiter), statements };
  return takenAt === undefined ? [waits] : [waits, { what: `${thread.name} took it here`, span: takenAt, statements }];
}
