/** Blocks of memory: copy, fill, compare, and the byte order of numbers. */

import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { askBeforeTouch } from '../verifier/watched-memory.ts';

const errnoInvalid = 22;
const errnoRange = 34;

export const memoryApis = {
  memcpy: (kernel, call) => copy(kernel, call, { mayOverlap: false }),
  memmove: (kernel, call) => copy(kernel, call, { mayOverlap: true }),
  RtlCopyMemoryNonTemporal: (kernel, call) => copy(kernel, call, { mayOverlap: false }),
  memset: (kernel, { arguments: args }) => {
    const size = extent(args.uint64(2));
    askBeforeTouch(kernel, args.pointer(0), size, 'write');
    kernel.memory.fill(args.pointer(0), size, args.uint(1) & 0xff);
    return returns(args.pointer(0));
  },
  RtlSecureZeroMemory: (kernel, { arguments: args }) => {
    kernel.memory.fill(args.pointer(0), extent(args.uint64(1)), 0);
    return returns(args.pointer(0));
  },
  memcmp: (kernel, { arguments: args }) => {
    const [a, b, size] = [args.pointer(0), args.pointer(1), length(args.uint64(2))];
    askBeforeTouch(kernel, a, size, 'read');
    askBeforeTouch(kernel, b, size, 'read');
    const at = firstDifference(kernel, a, b, size);
    if (at === undefined) return returns(0);
    return returns(kernel.memory.readU8(plus(a, at)) < kernel.memory.readU8(plus(b, at)) ? -1 : 1);
  },
  /** Number of equal bytes from the start. */
  RtlCompareMemory: (kernel, { arguments: args }) => {
    const [a, b, size] = [args.pointer(0), args.pointer(1), length(args.uint64(2))];
    askBeforeTouch(kernel, a, size, 'read');
    askBeforeTouch(kernel, b, size, 'read');
    return returns(firstDifference(kernel, a, b, size) ?? size);
  },
  RtlCompareMemoryUlong: (kernel, { arguments: args }) => {
    const words = length(args.uint64(1)) >> 2;
    let equal = 0;
    while (equal < words && kernel.memory.readU32(plus(args.pointer(0), equal * 4)) === args.uint(2)) equal++;
    return returns(equal * 4);
  },
  memchr: (kernel, { arguments: args }) => {
    const wanted = args.uint(1) & 0xff;
    const size = length(args.uint64(2));
    for (let i = 0; i < size; i++) {
      const at = plus(args.pointer(0), i);
      if (kernel.memory.readU8(at) === wanted) return returns(at);
    }
    return returns(0n);
  },
  memcpy_s: (kernel, call) => copySafely(kernel, call),
  memmove_s: (kernel, call) => copySafely(kernel, call),

  RtlUshortByteSwap: (_kernel, { arguments: args }) => returns(swapped(args.uint64(0), 2)),
  RtlUlongByteSwap: (_kernel, { arguments: args }) => returns(swapped(args.uint64(0), 4)),
  RtlUlonglongByteSwap: (_kernel, { arguments: args }) => returns(swapped(args.uint64(0), 8)),
  _byteswap_ushort: (_kernel, { arguments: args }) => returns(swapped(args.uint64(0), 2)),
  _byteswap_ulong: (_kernel, { arguments: args }) => returns(swapped(args.uint64(0), 4)),
  _byteswap_uint64: (_kernel, { arguments: args }) => returns(swapped(args.uint64(0), 8)),
} satisfies KernelApis;

/** Sizes beyond what memory can hold make the access fail where it begins to. */
function length(size: bigint): number {
  return size > 0x7fff_ffffn ? 0x7fff_ffff : Number(size);
}

/** A size that wrapped below zero (`Length - sizeof(HEADER)`) stays what it is, so that a message can tell it. */
function extent(size: bigint): number {
  return Number(size > 0x7fff_ffff_ffff_ffffn ? BigInt.asIntN(64, size) : size);
}

function plus(address: GuestAddress, offset: number): GuestAddress {
  return (address + BigInt(offset)) as GuestAddress;
}

function copy(kernel: Kernel, call: NativeCall, how: { readonly mayOverlap: boolean }): NativeResult {
  const { arguments: args } = call;
  const [to, from, size] = [args.pointer(0), args.pointer(1), args.uint64(2)];
  const distance = to > from ? to - from : from - to;
  if (!how.mayOverlap && distance !== 0n && distance < size) {
    kernel.report({
      rule: 'overlapping-copy',
      severity: 'warning',
      message: `${call.name} copies ${size} bytes between places that overlap: what arrives is undefined. Use memmove (RtlMoveMemory).`,
      also: ['0xC4/0xF0'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xf0, to, from, size),
    });
  }
  askBeforeTouch(kernel, from, extent(size), 'read');
  askBeforeTouch(kernel, to, extent(size), 'write');
  kernel.memory.copy(to, from, extent(size));
  return call.name === 'RtlCopyMemoryNonTemporal' ? returnsVoid : returns(to);
}

function copySafely(kernel: Kernel, { arguments: args }: NativeCall): NativeResult {
  const [to, room, from, size] = [args.pointer(0), args.uint64(1), args.pointer(2), args.uint64(3)];
  if (size === 0n) return returns(0);
  if (to === 0n) return returns(errnoInvalid);
  if (from === 0n || size > room) {
    kernel.memory.fill(to, extent(room), 0);
    return returns(from === 0n ? errnoInvalid : errnoRange);
  }
  kernel.memory.copy(to, from, extent(size));
  return returns(0);
}

/**
 * Position of the first bytes that differ. Bytes behind it decide nothing: padding there may never have been written.
 * Bytes before it must have been, and both blocks must be there as a whole.
 */
function firstDifference(kernel: Kernel, a: GuestAddress, b: GuestAddress, size: number): number | undefined {
  const { memory } = kernel;
  const [left, right] = [memory.peek(a, size), memory.peek(b, size)];
  const at = left === undefined || right === undefined ? -1 : left.findIndex((byte, i) => byte !== right[i]);
  const decided = at < 0 ? size : at + 1;
  if (decided > 0) {
    memory.readBytes(a, decided);
    memory.readBytes(b, decided);
  }
  return at < 0 ? undefined : at;
}

function swapped(value: bigint, size: 2 | 4 | 8): bigint {
  let result = 0n;
  for (let i = 0n; i < size; i++) result = (result << 8n) | ((value >> (i * 8n)) & 0xffn);
  return result;
}
