/** Interlocked operations: each is one step, because nothing interrupts a native. */

import type { NativeCall } from '../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns } from '../machine/native.ts';
import type { KernelApis } from './kernel-apis.ts';
import type { Api, Kernel } from './kernel-types.ts';
import { readUnsigned, writeUnsigned } from './struct-view.ts';

type Size = 1 | 2 | 4 | 8;
type Operation = (before: bigint, operand: bigint) => bigint;

const add: Operation = (a, b) => a + b;
const and: Operation = (a, b) => a & b;
const or: Operation = (a, b) => a | b;
const xor: Operation = (a, b) => a ^ b;
const exchange: Operation = (_a, b) => b;

export const interlockedApis = {
  InterlockedIncrement: step(4, 1n),
  InterlockedDecrement: step(4, -1n),
  InterlockedIncrement16: step(2, 1n),
  InterlockedDecrement16: step(2, -1n),
  InterlockedIncrement64: step(8, 1n),
  InterlockedDecrement64: step(8, -1n),
  InterlockedAdd: update(4, add, 'after'),
  InterlockedAdd64: update(8, add, 'after'),
  InterlockedExchangeAdd: update(4, add, 'before'),
  InterlockedExchangeAdd64: update(8, add, 'before'),
  InterlockedExchange: update(4, exchange, 'before'),
  InterlockedExchange8: update(1, exchange, 'before'),
  InterlockedExchange16: update(2, exchange, 'before'),
  InterlockedExchange64: update(8, exchange, 'before'),
  InterlockedExchangePointer: update(8, exchange, 'before'),
  InterlockedAnd: update(4, and, 'before'),
  InterlockedAnd8: update(1, and, 'before'),
  InterlockedAnd16: update(2, and, 'before'),
  InterlockedAnd64: update(8, and, 'before'),
  InterlockedOr: update(4, or, 'before'),
  InterlockedOr8: update(1, or, 'before'),
  InterlockedOr16: update(2, or, 'before'),
  InterlockedOr64: update(8, or, 'before'),
  InterlockedXor: update(4, xor, 'before'),
  InterlockedXor64: update(8, xor, 'before'),
  InterlockedCompareExchange: compareExchange(4),
  InterlockedCompareExchange16: compareExchange(2),
  InterlockedCompareExchange64: compareExchange(8),
  InterlockedCompareExchangePointer: compareExchange(8),
  InterlockedBitTestAndSet: bitTest(4, (word, bit) => word | bit),
  InterlockedBitTestAndReset: bitTest(4, (word, bit) => word & ~bit),
  InterlockedBitTestAndComplement: bitTest(4, (word, bit) => word ^ bit),
  InterlockedBitTestAndSet64: bitTest(8, (word, bit) => word | bit),
  InterlockedBitTestAndReset64: bitTest(8, (word, bit) => word & ~bit),
} satisfies KernelApis;

/** Increment and decrement return the new value. */
function step(size: Size, by: bigint): Api {
  return (kernel, { arguments: args }) => apply(kernel, args.pointer(0), size, (before) => before + by, 'after');
}

function update(size: Size, operation: Operation, result: 'before' | 'after'): Api {
  return (kernel, { arguments: args }: NativeCall) =>
    apply(kernel, args.pointer(0), size, (before) => operation(before, args.uint64(1)), result);
}

function compareExchange(size: Size): Api {
  return (kernel, { arguments: args }) => {
    const wanted = BigInt.asUintN(size * 8, args.uint64(2));
    return apply(kernel, args.pointer(0), size, (before) => (before === wanted ? args.uint64(1) : before), 'before');
  };
}

function apply(
  kernel: Kernel,
  address: GuestAddress,
  size: Size,
  next: (before: bigint) => bigint,
  result: 'before' | 'after',
): NativeResult {
  const before = readUnsigned(kernel.memory, address, size);
  const after = next(before);
  writeUnsigned(kernel.memory, address, size, after);
  return returns(BigInt.asIntN(size * 8, result === 'before' ? before : after));
}

/** The bit's value before; bit numbers may lie beyond the word, as the processor allows. */
function bitTest(size: 4 | 8, change: (word: bigint, bit: bigint) => bigint): Api {
  return (kernel, { arguments: args }) => {
    const number = args.int(1);
    const bits = size * 8;
    const address = (args.pointer(0) + BigInt(Math.floor(number / bits) * size)) as GuestAddress;
    const bit = 1n << BigInt(((number % bits) + bits) % bits);
    const word = readUnsigned(kernel.memory, address, size);
    writeUnsigned(kernel.memory, address, size, change(word, bit));
    return returns((word & bit) === 0n ? 0 : 1);
  };
}
