/** Instructions as functions: barriers, bit scans and counts, rotations, wide arithmetic, string instructions. */

import type { NativeCall } from '../../machine/machine-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api, Kernel } from '../kernel-types.ts';

/** One processor and no reordering: a barrier has nothing to hold back. */
const barrier: Api = () => returnsVoid;

export const intrinsicApis = {
  __nop: barrier,
  __faststorefence: barrier,
  _mm_pause: barrier,
  _mm_mfence: barrier,
  _mm_lfence: barrier,
  _mm_sfence: barrier,

  _BitScanForward: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), BigInt(args.uint(1)), 'lowest'),
  _BitScanReverse: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), BigInt(args.uint(1)), 'highest'),
  _BitScanForward64: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), args.uint64(1), 'lowest'),
  _BitScanReverse64: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), args.uint64(1), 'highest'),
  _bittest: (kernel, { arguments: args }) => testBit(kernel, args.pointer(0), BigInt(args.int(1))),
  _bittest64: (kernel, { arguments: args }) => testBit(kernel, args.pointer(0), args.int64(1)),
  __popcnt16: (_kernel, { arguments: args }) => returns(bitCount(BigInt(args.uint(0) & 0xffff))),
  __popcnt: (_kernel, { arguments: args }) => returns(bitCount(BigInt(args.uint(0)))),
  __popcnt64: (_kernel, { arguments: args }) => returns(bitCount(args.uint64(0))),
  __lzcnt16: (_kernel, { arguments: args }) => returns(16 - bitLength(BigInt(args.uint(0) & 0xffff))),
  __lzcnt: (_kernel, { arguments: args }) => returns(32 - bitLength(BigInt(args.uint(0)))),
  __lzcnt64: (_kernel, { arguments: args }) => returns(64 - bitLength(args.uint64(0))),
  _lzcnt_u32: (_kernel, { arguments: args }) => returns(32 - bitLength(BigInt(args.uint(0)))),
  _lzcnt_u64: (_kernel, { arguments: args }) => returns(64 - bitLength(args.uint64(0))),
  _tzcnt_u32: (_kernel, { arguments: args }) => returns(trailingZeros(BigInt(args.uint(0)), 32)),
  _tzcnt_u64: (_kernel, { arguments: args }) => returns(trailingZeros(args.uint64(0), 64)),
  _rotl8: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0) & 0xff), args.int(1), 8n)),
  _rotr8: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0) & 0xff), -args.int(1), 8n)),
  _rotl16: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0) & 0xffff), args.int(1), 16n)),
  _rotr16: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0) & 0xffff), -args.int(1), 16n)),
  _rotl: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0)), args.int(1), 32n)),
  _rotr: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0)), -args.int(1), 32n)),
  _lrotl: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0)), args.int(1), 32n)),
  _lrotr: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0)), -args.int(1), 32n)),
  _rotl64: (_kernel, { arguments: args }) => returns(rotated(args.uint64(0), args.int(1), 64n)),
  _rotr64: (_kernel, { arguments: args }) => returns(rotated(args.uint64(0), -args.int(1), 64n)),

  __umulh: (_kernel, { arguments: args }) => returns((args.uint64(0) * args.uint64(1)) >> 64n),
  __mulh: (_kernel, { arguments: args }) => returns((args.int64(0) * args.int64(1)) >> 64n),
  _umul128: (kernel, { arguments: args }) => product(kernel, args.uint64(0) * args.uint64(1), args.pointer(2)),
  _mul128: (kernel, { arguments: args }) => product(kernel, args.int64(0) * args.int64(1), args.pointer(2)),
  _udiv128: (kernel, { arguments: args }) =>
    quotient(kernel, (args.uint64(0) << 64n) | args.uint64(1), args.uint64(2), args.pointer(3), BigInt.asUintN),
  _div128: (kernel, { arguments: args }) =>
    quotient(kernel, (args.int64(0) << 64n) | args.uint64(1), args.int64(2), args.pointer(3), BigInt.asIntN),
  __emulu: (_kernel, { arguments: args }) => returns(BigInt(args.uint(0)) * BigInt(args.uint(1))),
  __emul: (_kernel, { arguments: args }) => returns(BigInt(args.int(0)) * BigInt(args.int(1))),
  __shiftleft128: (_kernel, { arguments: args }) =>
    returns(BigInt.asUintN(64, (joined(args.uint64(0), args.uint64(1)) << BigInt(args.uint(2) & 63)) >> 64n)),
  __shiftright128: (_kernel, { arguments: args }) =>
    returns(BigInt.asUintN(64, joined(args.uint64(0), args.uint64(1)) >> BigInt(args.uint(2) & 63))),
  __ll_lshift: (_kernel, { arguments: args }) =>
    returns(BigInt.asUintN(64, args.uint64(0) << BigInt(args.int(1) & 63))),
  __ll_rshift: (_kernel, { arguments: args }) => returns(args.int64(0) >> BigInt(args.int(1) & 63)),
  __ull_rshift: (_kernel, { arguments: args }) => returns(args.uint64(0) >> BigInt(args.int(1) & 63)),

  __stosb: (kernel, call) => store(kernel, call, 1),
  __stosw: (kernel, call) => store(kernel, call, 2),
  __stosd: (kernel, call) => store(kernel, call, 4),
  __stosq: (kernel, call) => store(kernel, call, 8),
  __movsb: (kernel, call) => move(kernel, call, 1),
  __movsw: (kernel, call) => move(kernel, call, 2),
  __movsd: (kernel, call) => move(kernel, call, 4),
  __movsq: (kernel, call) => move(kernel, call, 8),

  /** The processor's counter: here it counts nanoseconds of virtual time. */
  __rdtsc: (kernel) => returns(BigInt(Math.floor(kernel.timeNs))),
  __rdtscp: (kernel, { arguments: args }) => {
    kernel.memory.writeU32(args.pointer(0), 0);
    return returns(BigInt(Math.floor(kernel.timeNs)));
  },
  /** The task priority register is the IRQL. */
  __readcr8: (kernel) => returns(kernel.irql),
} satisfies KernelApis;

function joined(low: bigint, high: bigint): bigint {
  return (high << 64n) | low;
}

function product(kernel: Kernel, value: bigint, highAt: GuestAddress): NativeResult {
  kernel.memory.writeU64(highAt, BigInt.asUintN(64, value >> 64n));
  return returns(BigInt.asUintN(64, value));
}

/** The instruction traps where the quotient does not fit into 64 bits. */
function quotient(
  kernel: Kernel,
  dividend: bigint,
  divisor: bigint,
  remainderAt: GuestAddress,
  fit: (bits: number, value: bigint) => bigint,
): NativeResult {
  const result = divisor === 0n ? undefined : dividend / divisor;
  if (result === undefined || fit(64, result) !== result) {
    return kernel.report({
      rule: divisor === 0n ? 'division-by-zero' : 'division-overflow',
      severity: 'error',
      message:
        divisor === 0n
          ? 'Divides by zero.'
          : `The quotient of 0x${BigInt.asUintN(128, dividend).toString(16)} and ${divisor} does not fit into 64 bits.`,
    });
  }
  kernel.memory.writeU64(remainderAt, BigInt.asUintN(64, dividend % divisor));
  return returns(BigInt.asUintN(64, result));
}

/** As many elements as the count says, each in its place; the direction is upwards. */
function store(kernel: Kernel, { arguments: args }: NativeCall, size: 1 | 2 | 4 | 8): NativeResult {
  const count = elements(args.uint64(2));
  const bytes = new Uint8Array(count * size);
  const value = args.uint64(1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number((value >> BigInt(8 * (i % size))) & 0xffn);
  if (count > 0) kernel.memory.writeBytes(args.pointer(0), bytes);
  return returnsVoid;
}

function move(kernel: Kernel, { arguments: args }: NativeCall, size: 1 | 2 | 4 | 8): NativeResult {
  kernel.memory.copy(args.pointer(0), args.pointer(1), elements(args.uint64(2)) * size);
  return returnsVoid;
}

/** A count beyond all memory makes the access fail where it begins to. */
function elements(count: bigint): number {
  return count > 0x0fff_ffffn ? 0x0fff_ffff : Number(count);
}

/** Bit numbers may lie beyond the first word. */
function testBit(kernel: Kernel, base: GuestAddress, number: bigint): NativeResult {
  const byte = kernel.memory.readU8((base + (number >> 3n)) as GuestAddress);
  return returns((byte >> Number(number & 7n)) & 1);
}

function trailingZeros(value: bigint, bits: number): number {
  return value === 0n ? bits : bitLength(value & -value) - 1;
}

function scan(kernel: Kernel, indexAt: GuestAddress, mask: bigint, which: 'lowest' | 'highest'): NativeResult {
  if (mask === 0n) return returns(0);
  const highest = bitLength(mask) - 1;
  kernel.memory.writeU32(indexAt, which === 'highest' ? highest : bitLength(mask & -mask) - 1);
  return returns(1);
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function bitCount(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}

function rotated(value: bigint, left: number, bits: bigint): bigint {
  const by = ((BigInt(left) % bits) + bits) % bits;
  return BigInt.asUintN(Number(bits), (value << by) | (value >> (bits - by)));
}
