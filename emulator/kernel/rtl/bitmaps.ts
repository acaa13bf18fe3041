/** RTL_BITMAP: bits in an array of ULONGs. */
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';

const notFound = 0xffffffff;

export const bitmapApis = {
  RtlInitializeBitMap: (kernel, { arguments: args }) => {
    const view = kernel.view('RTL_BITMAP', args.pointer(0));
    view.set('SizeOfBitMap', args.uint(2));
    view.set('Buffer', args.pointer(1));
    return returnsVoid;
  },
  RtlClearAllBits: (kernel, { arguments: args }) => fillAll(kernel, args.pointer(0), 0),
  RtlSetAllBits: (kernel, { arguments: args }) => fillAll(kernel, args.pointer(0), 0xff),
  RtlClearBit: (kernel, { arguments: args }) => setRange(kernel, args.pointer(0), args.uint(1), 1, false),
  RtlSetBit: (kernel, { arguments: args }) => setRange(kernel, args.pointer(0), args.uint(1), 1, true),
  RtlClearBits: (kernel, { arguments: args }) => setRange(kernel, args.pointer(0), args.uint(1), args.uint(2), false),
  RtlSetBits: (kernel, { arguments: args }) => setRange(kernel, args.pointer(0), args.uint(1), args.uint(2), true),
  RtlTestBit: (kernel, { arguments: args }) => returns(testBit(kernel, args.pointer(0), args.uint(1)) ? 1 : 0),
  RtlFindClearBits: (kernel, { arguments: args }) =>
    returns(findRun(kernel, args.pointer(0), args.uint(1), args.uint(2), false)),
  RtlFindSetBits: (kernel, { arguments: args }) =>
    returns(findRun(kernel, args.pointer(0), args.uint(1), args.uint(2), true)),
  RtlFindClearBitsAndSet: (kernel, { arguments: args }) => {
    const at = findRun(kernel, args.pointer(0), args.uint(1), args.uint(2), false);
    if (at !== notFound) setRange(kernel, args.pointer(0), at, args.uint(1), true);
    return returns(at);
  },
  RtlNumberOfSetBits: (kernel, { arguments: args }) => returns(count(kernel, args.pointer(0), true)),
  RtlNumberOfClearBits: (kernel, { arguments: args }) => returns(count(kernel, args.pointer(0), false)),
} satisfies KernelApis;

function sizeOf(kernel: Kernel, bitmap: GuestAddress): number {
  return kernel.view('RTL_BITMAP', bitmap).getNumber('SizeOfBitMap');
}

function byteAt(kernel: Kernel, bitmap: GuestAddress, bit: number): GuestAddress {
  return (kernel.view('RTL_BITMAP', bitmap).get('Buffer') + BigInt(bit >>> 3)) as GuestAddress;
}

function testBit(kernel: Kernel, bitmap: GuestAddress, bit: number): boolean {
  return (kernel.memory.readU8(byteAt(kernel, bitmap, bit)) & (1 << (bit & 7))) !== 0;
}

function fillAll(kernel: Kernel, bitmap: GuestAddress, value: number): NativeResult {
  const words = Math.ceil(sizeOf(kernel, bitmap) / 32);
  kernel.memory.fill(kernel.view('RTL_BITMAP', bitmap).getPointer('Buffer'), words * 4, value);
  return returnsVoid;
}

function setRange(kernel: Kernel, bitmap: GuestAddress, start: number, length: number, isSet: boolean): NativeResult {
  for (let bit = start; bit < start + length; bit++) {
    const at = byteAt(kernel, bitmap, bit);
    const mask = 1 << (bit & 7);
    const byte = kernel.memory.readU8(at);
    kernel.memory.writeU8(at, isSet ? byte | mask : byte & ~mask);
  }
  return returnsVoid;
}

/** The first run from the hint on, then from the start: as the documentation describes the search. */
function findRun(kernel: Kernel, bitmap: GuestAddress, length: number, hint: number, isSet: boolean): number {
  const size = sizeOf(kernel, bitmap);
  const from = hint < size ? hint & ~7 : 0;
  if (length === 0) return from;
  const search = (start: number, end: number): number => {
    let run = 0;
    for (let bit = start; bit < end; bit++) {
      run = testBit(kernel, bitmap, bit) === isSet ? run + 1 : 0;
      if (run === length) return bit - length + 1;
    }
    return notFound;
  };
  const found = search(from, size);
  return found !== notFound || from === 0 ? found : search(0, Math.min(size, from + length - 1));
}

function count(kernel: Kernel, bitmap: GuestAddress, isSet: boolean): number {
  const size = sizeOf(kernel, bitmap);
  let total = 0;
  for (let bit = 0; bit < size; bit++) if (testBit(kernel, bitmap, bit) === isSet) total++;
  return total;
}
