/**
 * Interlocked operations: each is one step, because nothing interrupts a native. Every function has two names, that of
 * the WDK's headers and that of the compiler's intrinsic.
 */

import type { NativeCall } from '../../machine/machine-types.ts';
import { lowWord } from '../../machine/memory/layout.ts';
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { readUnsigned, writeUnsigned } from '../struct-view.ts';

type Size = 1 | 2 | 4 | 8;
type Operation = (before: bigint, operand: bigint) => bigint;

const add: Operation = (a, b) => a + b;
const and: Operation = (a, b) => a & b;
const or: Operation = (a, b) => a | b;
const xor: Operation = (a, b) => a ^ b;
const exchange: Operation = (_a, b) => b;

const operations = {
  InterlockedIncrement: stepLong(1),
  InterlockedDecrement: stepLong(-1),
  InterlockedIncrement16: step(2, 1n),
  InterlockedDecrement16: step(2, -1n),
  InterlockedIncrement64: step(8, 1n),
  InterlockedDecrement64: step(8, -1n),
  InterlockedExchangeAdd: update(4, add, 'before'),
  InterlockedExchangeAdd8: update(1, add, 'before'),
  InterlockedExchangeAdd16: update(2, add, 'before'),
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
  InterlockedXor8: update(1, xor, 'before'),
  InterlockedXor16: update(2, xor, 'before'),
  InterlockedXor64: update(8, xor, 'before'),
  InterlockedCompareExchange: compareExchange(4),
  InterlockedCompareExchange16: compareExchange(2),
  InterlockedCompareExchange64: compareExchange(8),
  InterlockedCompareExchangePointer: compareExchange(8),
  InterlockedCompareExchange128: compareExchange128,
} as const satisfies KernelApis;

type OperationName = keyof typeof operations;

export const interlockedApis = {
  ...operations,
  ...intrinsicNames(),
  /** Under the caller's spin lock, which nobody can hold while a native runs on the one processor. */
  ExInterlockedAddUlong: update(4, add, 'before'),
  _InterlockedCompareExchange8: compareExchange(1),
  InterlockedAdd: update(4, add, 'after'),
  InterlockedAdd64: update(8, add, 'after'),
  InterlockedBitTestAndSet: bitTest(4, (word, bit) => word | bit, 'locked'),
  InterlockedBitTestAndReset: bitTest(4, (word, bit) => word & ~bit, 'locked'),
  InterlockedBitTestAndComplement: bitTest(4, (word, bit) => word ^ bit, 'locked'),
  InterlockedBitTestAndSet64: bitTest(8, (word, bit) => word | bit, 'locked'),
  InterlockedBitTestAndReset64: bitTest(8, (word, bit) => word & ~bit, 'locked'),
  _interlockedbittestandset: bitTest(4, (word, bit) => word | bit, 'locked'),
  _interlockedbittestandset64: bitTest(8, (word, bit) => word | bit, 'locked'),
  _interlockedbittestandreset: bitTest(4, (word, bit) => word & ~bit, 'locked'),
  _interlockedbittestandreset64: bitTest(8, (word, bit) => word & ~bit, 'locked'),
  _bittestandset: bitTest(4, (word, bit) => word | bit),
  _bittestandset64: bitTest(8, (word, bit) => word | bit),
  _bittestandreset: bitTest(4, (word, bit) => word & ~bit),
  _bittestandreset64: bitTest(8, (word, bit) => word & ~bit),
  _bittestandcomplement: bitTest(4, (word, bit) => word ^ bit),
  _bittestandcomplement64: bitTest(8, (word, bit) => word ^ bit),
} satisfies KernelApis;

/** `_InterlockedAnd` for `InterlockedAnd`, and so on. */
function intrinsicNames(): Readonly<Record<`_${OperationName}`, Api>> {
  const entries = Object.entries(operations).map(([name, api]) => [`_${name}`, api] as const);
  return Object.fromEntries(entries) as Record<`_${OperationName}`, Api>;
}

/** The same of a LONG, as reference counts are: no bigint is needed. */
function stepLong(by: number): Api {
  return (kernel, call) => {
    const address = call.arguments.pointer(0);
    checkAlignment(kernel, call, address, 4);
    const after = (kernel.memory.readI32(address) + by) | 0;
    kernel.memory.writeU32(address, after);
    return returns(after);
  };
}

/** Increment and decrement return the new value. */
function step(size: Size, by: bigint): Api {
  return (kernel, call) => apply(kernel, call, size, (before) => before + by, 'after');
}

function update(size: Size, operation: Operation, result: 'before' | 'after'): Api {
  return (kernel, call) => apply(kernel, call, size, (before) => operation(before, call.arguments.uint64(1)), result);
}

function compareExchange(size: Size): Api {
  return (kernel, call) => {
    const wanted = BigInt.asUintN(size * 8, call.arguments.uint64(2));
    return apply(kernel, call, size, (before) => (before === wanted ? call.arguments.uint64(1) : before), 'before');
  };
}

/** cmpxchg16b: 1 when both halves were the expected ones, which get what was found otherwise. */
function compareExchange128(kernel: Kernel, { name, arguments: args }: NativeCall): NativeResult {
  const target = args.pointer(0);
  if (target % 16n !== 0n) {
    return kernel.report({
      rule: 'misaligned-access',
      severity: 'error',
      message: `${name} is given ${describeAddress(kernel, target)}, which does not lie on a multiple of 16 bytes: the instruction faults there.`,
      bugCheck: bugCheck('SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', 0x80000002),
    });
  }
  const { memory } = kernel;
  const high = plus(target, 8);
  const comparand = args.pointer(3);
  const found = [memory.readU64(target), memory.readU64(high)] as const;
  const isEqual = found[0] === memory.readU64(comparand) && found[1] === memory.readU64(plus(comparand, 8));
  memory.writeU64(target, isEqual ? args.uint64(2) : found[0]);
  memory.writeU64(high, isEqual ? args.uint64(1) : found[1]);
  memory.writeU64(comparand, found[0]);
  memory.writeU64(plus(comparand, 8), found[1]);
  return returns(isEqual ? 1 : 0);
}

function plus(address: GuestAddress, offset: number): GuestAddress {
  return (address + BigInt(offset)) as GuestAddress;
}

function apply(
  kernel: Kernel,
  call: NativeCall,
  size: Size,
  next: (before: bigint) => bigint,
  result: 'before' | 'after',
): NativeResult {
  const address = call.arguments.pointer(0);
  checkAlignment(kernel, call, address, size);
  const before = readUnsigned(kernel.memory, address, size);
  const after = next(before);
  writeUnsigned(kernel.memory, address, size, after);
  return returns(BigInt.asIntN(size * 8, result === 'before' ? before : after));
}

/** The processor does it, but slowly and, across a cache line, with a split lock that Windows may forbid. */
function checkAlignment(kernel: Kernel, call: NativeCall, address: GuestAddress, size: Size): void {
  if ((lowWord(address) & (size - 1)) === 0) return;
  kernel.report({
    rule: 'misaligned-access',
    severity: 'warning',
    message: `${call.name} is given ${describeAddress(kernel, address)}, which does not lie on a multiple of ${size} bytes: interlocked operations need aligned variables.`,
  });
}

/** The bit's value before; bit numbers may lie beyond the word, as the processor allows. */
function bitTest(size: 4 | 8, change: (word: bigint, bit: bigint) => bigint, how?: 'locked'): Api {
  return (kernel, call) => {
    const { arguments: args } = call;
    if (how === 'locked') checkAlignment(kernel, call, args.pointer(0), size);
    const number = size === 8 ? args.int64(1) : BigInt(args.int(1));
    const bits = BigInt(size * 8);
    const place = ((number % bits) + bits) % bits;
    const address = (args.pointer(0) + ((number - place) / bits) * BigInt(size)) as GuestAddress;
    const bit = 1n << place;
    const word = readUnsigned(kernel.memory, address, size);
    writeUnsigned(kernel.memory, address, size, change(word, bit));
    return returns((word & bit) === 0n ? 0 : 1);
  };
}
