/** Instructions as functions: barriers, bit scans and counts, rotations, wide multiplication. */

import type { GuestAddress } from '../machine/native.ts';
import { type NativeResult, returns, returnsVoid } from '../machine/native.ts';
import type { KernelApis } from './kernel-apis.ts';
import type { Api, Kernel } from './kernel-types.ts';

/** One processor and no reordering: a barrier has nothing to hold back. */
const barrier: Api = () => returnsVoid;

export const intrinsicApis = {
  __nop: barrier,
  _mm_pause: barrier,
  _mm_mfence: barrier,
  _mm_lfence: barrier,
  _mm_sfence: barrier,

  _BitScanForward: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), BigInt(args.uint(1)), 'lowest'),
  _BitScanReverse: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), BigInt(args.uint(1)), 'highest'),
  _BitScanForward64: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), args.uint64(1), 'lowest'),
  _BitScanReverse64: (kernel, { arguments: args }) => scan(kernel, args.pointer(0), args.uint64(1), 'highest'),
  _bittest: (kernel, { arguments: args }) =>
    returns((kernel.memory.readU32(args.pointer(0)) >>> (args.int(1) & 31)) & 1),
  __popcnt: (_kernel, { arguments: args }) => returns(bitCount(BigInt(args.uint(0)))),
  __popcnt64: (_kernel, { arguments: args }) => returns(bitCount(args.uint64(0))),
  __lzcnt: (_kernel, { arguments: args }) => returns(32 - bitLength(BigInt(args.uint(0)))),
  __lzcnt64: (_kernel, { arguments: args }) => returns(64 - bitLength(args.uint64(0))),
  _rotl: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0)), args.int(1), 32n)),
  _rotr: (_kernel, { arguments: args }) => returns(rotated(BigInt(args.uint(0)), -args.int(1), 32n)),
  _rotl64: (_kernel, { arguments: args }) => returns(rotated(args.uint64(0), args.int(1), 64n)),
  _rotr64: (_kernel, { arguments: args }) => returns(rotated(args.uint64(0), -args.int(1), 64n)),
  _umul128: (kernel, { arguments: args }) => {
    const product = args.uint64(0) * args.uint64(1);
    kernel.memory.writeU64(args.pointer(2), product >> 64n);
    return returns(BigInt.asUintN(64, product));
  },
  /** The processor's counter: here it counts nanoseconds of virtual time. */
  __rdtsc: (kernel) => returns(BigInt(Math.floor(kernel.timeNs))),
  /** The task priority register is the IRQL. */
  __readcr8: (kernel) => returns(kernel.irql),
} satisfies KernelApis;

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
