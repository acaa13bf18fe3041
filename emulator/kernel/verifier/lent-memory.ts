/**
 * Memory that a driver has lent to a pending call, and whether it is still there when the call completes.
 *
 * Status blocks, events, option values, addresses and output buffers must live until the IRP completes. A stack frame that
 * has returned or a pool block that was freed meanwhile is found at the moment when the memory would be touched, which is
 * when Windows corrupts memory. Nothing is looked at before: a driver that waits in the same function is right.
 */
import { sizeOf } from '../../../cfront/types/layout.ts';
import { GuestFault } from '../../machine/faults.ts';
import type { Fault, GuestThread, Region } from '../../machine/machine-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { offsetAddress } from '../struct-view.ts';

export interface LentMemory {
  /** Name of the parameter. */
  readonly name: string;
  readonly address: GuestAddress;
  readonly size: number;
  readonly region: Region | undefined;
  /** Of memory on a stack: the frame that it belongs to. */
  readonly frame: FrameMark | undefined;
  /** Of pages that an MDL has locked: whether they still are. */
  readonly lock?: { readonly flags: GuestAddress; readonly bit: number };
}

interface FrameMark {
  readonly thread: GuestThread;
  /** Another one, and the thread has ended: its record is another context's. */
  readonly threadId: number;
  readonly functionName: string;
  readonly base: GuestAddress;
}

/** Remembers a buffer that is lent now; undefined for NULL or nothing. */
export function lend(kernel: Kernel, name: string, address: GuestAddress, size: number): LentMemory | undefined {
  if (address === 0n || size === 0) return undefined;
  const region = kernel.memory.regionAt(address);
  return { name, address, size, region, frame: region?.kind === 'stack' ? frameOf(kernel, address) : undefined };
}

/** Why a lent buffer is gone, as the end of a sentence; undefined while it is there. */
export function goneBecause(kernel: Kernel, buffer: LentMemory): string | undefined {
  const { region, lock } = buffer;
  if (lock !== undefined && (kernel.memory.readU16(lock.flags) & lock.bit) === 0)
    return 'its pages are no longer locked';
  // Memory of a region goes all at once; only on a stack it goes by frames.
  if (region !== undefined && !region.isFreed && region.kind !== 'stack' && isWithin(buffer, region)) return undefined;
  const fault = probe(kernel, buffer.address) ?? probe(kernel, lastByte(buffer));
  if (fault?.kind === 'use-after-free' || buffer.region?.isFreed === true) {
    return `${buffer.region?.label ?? 'it'} has been freed`;
  }
  const { frame } = buffer;
  if (fault?.kind === 'use-after-return') {
    return frame === undefined ? 'the stack frame is gone' : `${frame.functionName} has returned`;
  }
  if (frame === undefined) return undefined;
  const { thread } = frame;
  const isThere =
    thread.id === frame.threadId &&
    kernel.machine.frames(thread).some((f) => f.base === frame.base && f.functionName === frame.functionName);
  return isThere ? undefined : `${frame.functionName} has returned`;
}

function isWithin({ address, size }: LentMemory, region: Region): boolean {
  const from = Number(address - region.start);
  return from >= 0 && from + size <= region.size;
}

function lastByte(buffer: LentMemory): GuestAddress {
  return offsetAddress(buffer.address, buffer.size - 1);
}

function probe(kernel: Kernel, address: GuestAddress): Fault | undefined {
  // Memory that was never written is there all the same; most receive buffers are such.
  if (kernel.memory.isPoisoned(address)) return undefined;
  try {
    kernel.memory.readU8(address);
    return undefined;
  } catch (error) {
    if (error instanceof GuestFault) return error.fault;
    throw error;
  }
}

/** The frame of the current thread that one of whose variables holds the address. */
function frameOf(kernel: Kernel, address: GuestAddress): FrameMark | undefined {
  const thread = kernel.current;
  if (thread === undefined) return undefined;
  for (const { base, functionName, index } of kernel.machine.frames(thread)) {
    for (const symbol of kernel.machine.locals(thread, index)) {
      const home = kernel.machine.home(thread, index, symbol);
      if (home.kind !== 'memory' || symbol.duration !== 'automatic') continue;
      const isInside = address >= home.address && address < home.address + BigInt(sizeOf(symbol.type));
      if (isInside) return { thread, threadId: thread.id, functionName, base };
    }
  }
  return undefined;
}
