/**
 * ZwNotifyChangeKey: somebody hears of the next change below an open key. What is watched is fixed by a handle's first
 * call, and a change while nobody listens is remembered for the next call, as Windows does both. Closing the key's last
 * handle ends the wait with STATUS_NOTIFY_CLEANUP.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { blockOnKey, wakeKey } from '../ke/blocking.ts';
import { setSignal } from '../ke/dispatcher.ts';
import { addWork } from '../ke/work-queue.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { handleObject } from '../ob/handles.ts';
import { dereferenceObject, objectAt, referenceObject } from '../ob/objects.ts';
import {
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_PARAMETER,
  STATUS_NOTIFY_CLEANUP,
  STATUS_OBJECT_TYPE_MISMATCH,
  STATUS_PENDING,
} from '../statuses.ts';

/** What changed: REG_NOTIFY_CHANGE_NAME of a subkey, REG_NOTIFY_CHANGE_LAST_SET of a value. */
export const changedName = 1;
export const changedValue = 4;
/** REG_LEGAL_CHANGE_FILTER */
const filterAll = 0x1000_000f;

/** Somebody who listens now. */
interface Post {
  readonly statusBlock: GuestAddress;
  /** With a reference. */
  readonly event: GuestAddress | undefined;
  readonly workItem: GuestAddress;
}

export interface RegistryWatch {
  /** The key's object: one opening of it. */
  readonly key: GuestAddress;
  readonly path: string;
  readonly filter: number;
  readonly isTree: boolean;
  readonly posts: Post[];
  hasChanged: boolean;
}

export const registryWatchApis = {
  ZwNotifyChangeKey: (kernel, { arguments: args }) => {
    const key = handleObject(kernel, args.uint64(0));
    const path = key === undefined ? undefined : objectAt(kernel, key)?.details.path;
    if (key === undefined) return returns(STATUS_INVALID_HANDLE);
    if (typeof path !== 'string') return returns(STATUS_OBJECT_TYPE_MISMATCH);
    if ((args.uint(5) & ~filterAll) !== 0) return returns(STATUS_INVALID_PARAMETER);
    const event = args.uint64(1) === 0n ? undefined : handleObject(kernel, args.uint64(1));
    if (event === undefined && args.uint64(1) !== 0n) return returns(STATUS_INVALID_HANDLE);
    if (event !== undefined) setSignal(kernel, event, 0);
    const watch = watchOf(kernel, { key, path, filter: args.uint(5), isTree: args.bool(6) });
    const post: Post = { statusBlock: args.pointer(4), event, workItem: args.pointer(2) };
    return listen(kernel, watch, post, args.bool(9) ? 'later' : 'now');
  },
} satisfies KernelApis;

/** Tells those who watch a key: one of its values has changed, or a key right below it has come or gone. */
export function registryChanged(kernel: Kernel, path: string, change: number): void {
  for (const watch of kernel.parts.registryWatches) {
    const isBelow = watch.isTree && path.startsWith(`${watch.path}\\`);
    if ((watch.filter & change) === 0 || (path !== watch.path && !isBelow)) continue;
    if (watch.posts.length === 0) watch.hasChanged = true;
    complete(kernel, watch, 0);
  }
}

/** Ends the watches of keys whose last handle is gone. */
export function endRegistryWatches(kernel: Kernel): void {
  const watches = kernel.parts.registryWatches;
  for (const watch of [...watches]) {
    if (objectAt(kernel, watch.key) !== undefined) continue;
    watches.splice(watches.indexOf(watch), 1);
    complete(kernel, watch, STATUS_NOTIFY_CLEANUP);
  }
}

function watchOf(kernel: Kernel, what: Pick<RegistryWatch, 'key' | 'path' | 'filter' | 'isTree'>): RegistryWatch {
  const known = kernel.parts.registryWatches.find(({ key }) => key === what.key);
  if (known !== undefined) return known;
  const watch: RegistryWatch = { ...what, posts: [], hasChanged: false };
  kernel.parts.registryWatches.push(watch);
  return watch;
}

function listen(kernel: Kernel, watch: RegistryWatch, post: Post, hears: 'now' | 'later'): NativeResult {
  if (post.event !== undefined) referenceObject(kernel, post.event);
  watch.posts.push(post);
  const isOver = watch.hasChanged;
  watch.hasChanged = false;
  if (isOver) complete(kernel, watch, 0);
  if (hears === 'later') return returns(STATUS_PENDING);
  if (isOver) return returns(0);
  const reason = `waits for a change of the registry key ${watch.path} (ZwNotifyChangeKey)`;
  return blockOnKey(kernel, waitKey(watch), reason, { name: 'ke.waited', state: {} });
}

function waitKey({ key }: RegistryWatch): string {
  return `registry-watch ${key}`;
}

function complete(kernel: Kernel, watch: RegistryWatch, status: number): void {
  const block = new Uint8Array(16);
  new DataView(block.buffer).setInt32(0, status, true);
  for (const { statusBlock, event, workItem } of watch.posts.splice(0)) {
    kernel.memory.poke(statusBlock, block);
    if (event !== undefined) {
      setSignal(kernel, event, 1);
      dereferenceObject(kernel, event);
    }
    if (workItem === 0n) continue;
    const item = kernel.view('WORK_QUEUE_ITEM', workItem);
    const routine = item.getPointer('WorkerRoutine');
    addWork(kernel, { routine, arguments: [item.get('Parameter'), workItem], workItem: undefined });
  }
  wakeKey(kernel, waitKey(watch), BigInt(status));
}
