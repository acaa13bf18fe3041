/**
 * Queue objects (KQUEUE): a list of entries on which threads wait, one thread for each entry. The entries hang in guest
 * memory, in the object's own list, because whoever runs a queue down walks them there. The signal state is the number of
 * entries that no waiting thread has been promised, so that a thread that was let through always finds one.
 *
 * How many threads may work on entries at a time is written into the object and holds nobody up: Windows itself lets more
 * of them run as soon as one of them waits for something else.
 */
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { checkNewObject } from '../verifier/lock-checks.ts';
import { checkPageable } from '../verifier/pageable-objects.ts';
import { unblock } from './blocking.ts';
import { createDispatcher, setSignal, signalState, waitersOf } from './dispatcher.ts';
import { checkInitialised } from './events.ts';
import { blockForObject, deadline, reportWaitAtDispatch } from './waits.ts';

const statusTimeout = 0x102n;
const statusAbandoned = 0x80n;

export const queueApis = {
  KeInitializeQueue: (kernel, { name, arguments: args }) => {
    const queue = args.pointer(0);
    const bad = checkPageable(kernel, name, queue) ?? checkNewObject(kernel, name, queue);
    if (bad !== undefined) return bad;
    kernel.memory.fill(queue, kernel.types.sizeOf('KQUEUE'), 0);
    createDispatcher(kernel, queue, 'queue', 0);
    const view = kernel.view('KQUEUE', queue);
    for (const list of ['EntryListHead', 'ThreadListHead']) emptyList(kernel, view.addressOf(list));
    view.set('MaximumCount', args.uint(1) === 0 ? 1 : args.uint(1));
    return returnsVoid;
  },
  KeReadStateQueue: (kernel, { name, arguments: args }) =>
    checkQueue(kernel, name, args.pointer(0)) ?? returns(signalState(kernel, args.pointer(0))),
  KeInsertQueue: (kernel, { name, arguments: args }) => insert(kernel, name, args.pointer(0), args.pointer(1), 'tail'),
  KeInsertHeadQueue: (kernel, { name, arguments: args }) =>
    insert(kernel, name, args.pointer(0), args.pointer(1), 'head'),
  KeRemoveQueue: (kernel, call) => remove(kernel, call, call.arguments.pointer(2), undefined),
  KeRemoveQueueEx: (kernel, call) =>
    remove(kernel, call, call.arguments.pointer(3), {
      array: call.arguments.pointer(4),
      count: Math.max(1, call.arguments.uint(5)),
    }),
  KeRundownQueue: (kernel, { name, arguments: args }) => {
    const queue = args.pointer(0);
    const bad = checkQueue(kernel, name, queue);
    if (bad !== undefined) return bad;
    const head = kernel.view('KQUEUE', queue).addressOf('EntryListHead');
    const first = link(kernel, head, 'Flink');
    // What is left hangs together without the head: its first entry leads to all of them and back to itself.
    if (first !== head) unlink(kernel, head);
    emptyList(kernel, head);
    kernel.view('DISPATCHER_HEADER', queue).set('SignalState', 0);
    for (const thread of waitersOf(kernel, queue)) unblock(kernel, thread, statusAbandoned);
    return returns(first === head ? NULL_ADDRESS : first);
  },
} satisfies KernelApis;

export const queueContinuations = {
  'ke.queue-waited': (kernel, _thread, state, value): NativeResult => {
    if (value !== 0n) return returns(value);
    return returns(take(kernel, state.queue as GuestAddress, state.into as Room | undefined));
  },
} satisfies ContinuationTable;

/** Where KeRemoveQueueEx puts entries. */
interface Room {
  readonly array: GuestAddress;
  readonly count: number;
}

function checkQueue(kernel: Kernel, call: string, queue: GuestAddress): NativeResult | undefined {
  return checkInitialised(kernel, call, queue, ['queue']);
}

function insert(
  kernel: Kernel,
  call: string,
  queue: GuestAddress,
  entry: GuestAddress,
  where: 'head' | 'tail',
): NativeResult {
  const bad = checkQueue(kernel, call, queue);
  if (bad !== undefined) return bad;
  const head = kernel.view('KQUEUE', queue).addressOf('EntryListHead');
  const before = where === 'tail' ? link(kernel, head, 'Blink') : head;
  const after = where === 'tail' ? head : link(kernel, head, 'Flink');
  setLink(kernel, entry, 'Flink', after);
  setLink(kernel, entry, 'Blink', before);
  setLink(kernel, before, 'Flink', entry);
  setLink(kernel, after, 'Blink', entry);
  const state = signalState(kernel, queue);
  setSignal(kernel, queue, state + 1);
  return returns(state);
}

function remove(kernel: Kernel, call: NativeCall, timeoutAt: GuestAddress, into: Room | undefined): NativeResult {
  const queue = call.arguments.pointer(0);
  const due = deadline(kernel, timeoutAt);
  if (kernel.irql >= 2 && due !== 'now') return reportWaitAtDispatch(kernel, call.name, due);
  const bad = checkQueue(kernel, call.name, queue);
  if (bad !== undefined) return bad;
  const state = signalState(kernel, queue);
  if (state > 0) {
    kernel.view('DISPATCHER_HEADER', queue).set('SignalState', state - 1);
    return returns(take(kernel, queue, into));
  }
  if (due === 'now') return returns(statusTimeout);
  return blockForObject(kernel, call.name, queue, due, {
    name: 'ke.queue-waited',
    state: into === undefined ? { queue } : { queue, into: { ...into } },
  });
}

/** The entry of a thread that was let through; with an array, that one, those that nobody waits for, and their number. */
function take(kernel: Kernel, queue: GuestAddress, into: Room | undefined): bigint {
  const first = takeFirst(kernel, queue);
  if (first === undefined) return statusAbandoned;
  if (into === undefined) return first;
  kernel.memory.writePointer(into.array, first);
  let count = 1;
  for (let left = signalState(kernel, queue); left > 0 && count < into.count; left--) {
    const entry = takeFirst(kernel, queue);
    if (entry === undefined) break;
    kernel.view('DISPATCHER_HEADER', queue).set('SignalState', left - 1);
    kernel.memory.writePointer((into.array + BigInt(count * 8)) as GuestAddress, entry);
    count++;
  }
  return BigInt(count);
}

/** Undefined where the queue was run down since the thread was let through. */
function takeFirst(kernel: Kernel, queue: GuestAddress): GuestAddress | undefined {
  const head = kernel.view('KQUEUE', queue).addressOf('EntryListHead');
  const first = link(kernel, head, 'Flink');
  if (first === head) return undefined;
  unlink(kernel, first);
  // By this its owner can tell that it is in no queue.
  setLink(kernel, first, 'Flink', NULL_ADDRESS);
  return first;
}

function emptyList(kernel: Kernel, head: GuestAddress): void {
  setLink(kernel, head, 'Flink', head);
  setLink(kernel, head, 'Blink', head);
}

function unlink(kernel: Kernel, entry: GuestAddress): void {
  const [after, before] = [link(kernel, entry, 'Flink'), link(kernel, entry, 'Blink')];
  setLink(kernel, before, 'Flink', after);
  setLink(kernel, after, 'Blink', before);
}

function link(kernel: Kernel, entry: GuestAddress, which: 'Flink' | 'Blink'): GuestAddress {
  return kernel.view('LIST_ENTRY', entry).getPointer(which);
}

function setLink(kernel: Kernel, entry: GuestAddress, which: 'Flink' | 'Blink', to: GuestAddress): void {
  kernel.view('LIST_ENTRY', entry).set(which, to);
}
