/** Threads are made and end: each gets a stack, which rests for a while after its end and is then used again. */
import { assert } from '../../../base/assert.ts';
import type { GuestThread, Machine } from '../machine-types.ts';
import { endThread } from './natives.ts';
import type { MachineState } from './state.ts';
import {
  allocateStack,
  createThreadState,
  renewStack,
  renewThread,
  type StackBlock,
  type ThreadState,
  wipeStack,
} from './thread.ts';

/** An x64 kernel stack. */
const STACK_SIZE = 24 * 1024;
/** Stacks of ended threads that wait before they are used again. */
const RESTING_STACKS = 4;
const CONTEXT = { kind: 'context' } as const;

/** A thread that begins with a function. */
export function createThread(m: MachineState, request: Parameters<Machine['createThread']>[0]): GuestThread {
  const { name, entry } = request;
  const stack = takeStack(m, request.stackSize ?? STACK_SIZE, name);
  const next = { kind: 'start', entry, arguments: request.arguments } as const;
  return createThreadState({ id: m.nextThreadId++, name, next, stack });
}

/** A thread that begins with what the kernel does for it. */
export function createContext(m: MachineState, name: string): GuestThread {
  return createThreadState({ id: m.nextThreadId++, name, next: CONTEXT, stack: takeStack(m, STACK_SIZE, name) });
}

/** A context that has ended becomes another one. */
export function renewContext(m: MachineState, context: ThreadState, name: string): void {
  assert(context.state === 'ended', 'the context has ended');
  renewThread(context, { id: m.nextThreadId++, name, next: CONTEXT, stack: takeStack(m, STACK_SIZE, name) });
}

/** Gives a thread's stack back. */
export function destroyThread(m: MachineState, thread: ThreadState): void {
  if (thread.state !== 'ended') endThread(thread, 0n);
  const { region } = thread.stack;
  // Frames that returned are dead already; those of a thread that ended in the middle are not.
  if (thread.top !== region.offset + region.size) wipeStack(m.store, region);
  m.freeStacks.push(thread.stack);
}

/** A stack that has rested longest, or a new one. */
function takeStack(m: MachineState, size: number, name: string): StackBlock {
  const resting = restingStack(m, size);
  const isRested = resting >= 0 && m.freeStacks.length > RESTING_STACKS;
  const fresh = isRested ? undefined : allocateStack(m.store, size, name);
  if (fresh !== undefined) return fresh;
  // A driver that has used up all memory still gets its threads, from stacks that have not rested.
  const stack = resting <= 0 ? m.freeStacks.shift() : m.freeStacks.splice(resting, 1)[0];
  assert(stack !== undefined, 'there is memory for a stack');
  renewStack(stack, m.registersMax);
  if (stack.owner !== name) {
    stack.owner = name;
    stack.region.label = `stack of ${name}`;
  }
  return stack;
}

/** Index of the stack of that size that has rested longest; -1 where there is none. */
function restingStack({ freeStacks }: MachineState, size: number): number {
  for (let i = 0; i < freeStacks.length; i++) if (freeStacks[i]?.size === size) return i;
  return -1;
}
