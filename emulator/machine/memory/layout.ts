/**
 * Where things lie in the guest's 64-bit address space.
 *
 * All data lives in one buffer. Kernel addresses are a constant high word and the offset into the buffer as low word,
 * so that a dereference is two integer tests. User addresses use another high word over the same buffer; bytes of user
 * regions are marked so that neither range reaches the other's bytes. Functions have addresses of their own at which
 * no data can be read. Everything else, the lower 64 KB first of all, is never mapped.
 */
import type { GuestAddress } from '../native.ts';

/** High word of kernel data addresses, as a signed 32-bit integer. */
export const KERNEL_HIGH = 0xffff8000 | 0;
export const KERNEL_BASE = 0xffff8000_00000000n;
/** High word of user-mode data addresses. */
export const USER_HIGH = 0x0000021c;
const USER_BASE = 0x0000021c_00000000n;
/** First of the high words under which bytes of the kernel are seen from user mode, where a driver maps them there. */
const MAPPED_HIGH = 0x0000021d;
/** How many there are: the same bytes may be mapped several times. */
export const userMappingRanges = 16;
/** High word of the addresses of functions. */
const CODE_HIGH = 0xfffff804 | 0;
const CODE_BASE = 0xfffff804_00000000n;
const CODE_START = 0x10000;
const CODE_STEP = 16;

/** Addresses below this are "null": a null pointer plus the offset of a member. */
export const NULL_LIMIT = 0x10000n;
/** First address that user-mode code cannot have. */
export const USER_LIMIT = 0x00008000_00000000n;
/** Between the two halves of the address space there are no addresses: bits 47 to 63 of one are alike. */
export function isNoAddress(address: bigint): boolean {
  return address >= USER_LIMIT && address < 0xffff8000_00000000n;
}

/** Offsets below this belong to nobody, so that offset 0 is free to mean "none". */
export const FIRST_OFFSET = 4096;

export function kernelAddress(offset: number): GuestAddress {
  return fromWords(offset, KERNEL_HIGH) as GuestAddress;
}

export function userAddress(offset: number): GuestAddress {
  return (USER_BASE + BigInt(offset)) as GuestAddress;
}

/** Whether an address with this high word is one of kernel bytes that are mapped into user mode. */
export function isMappedHigh(high: number): boolean {
  return high >= MAPPED_HIGH && high < MAPPED_HIGH + userMappingRanges;
}

/** The address in one of the ranges at which user mode sees a byte of the kernel. */
export function mappedAddress(kernelByte: GuestAddress, range: number): GuestAddress {
  return fromWords(lowWord(kernelByte), MAPPED_HIGH + range) as GuestAddress;
}

/** The byte of the kernel that such an address stands for; undefined for all other addresses. */
export function mappedTarget(address: bigint): GuestAddress | undefined {
  const words = bothWords(address);
  const [low, high] = [words[0] as number, words[1] as number];
  return isMappedHigh(high) ? (fromWords(low, KERNEL_HIGH) as GuestAddress) : undefined;
}

/** Low word of the address of function number `index`. */
function codeLow(index: number): number {
  return CODE_START + index * CODE_STEP;
}

export function codeAddress(index: number): GuestAddress {
  return fromWords(codeLow(index), CODE_HIGH) as GuestAddress;
}

/** Number of the function at an address, or -1. Whether there are that many functions is the caller's question. */
export function codeIndex(low: number, high: number): number {
  const index = ((low >>> 0) - CODE_START) / CODE_STEP;
  return high === CODE_HIGH && low >= 0 && index >= 0 && Number.isInteger(index) ? index : -1;
}

/** Low words of return addresses start here: no function has one of them. */
const RETURN_START = 0x80000000;
/** What the kernel's own call of a driver's function returns to. */
const KERNEL_RETURN = 0x7fff0000;

/** The address behind a call, by the number of the instruction there; without one, the kernel made the call. */
export function returnAddress(instruction: number | undefined): GuestAddress {
  const low = instruction === undefined ? KERNEL_RETURN : RETURN_START + instruction;
  return (CODE_BASE + BigInt(low)) as GuestAddress;
}

/** Number of the instruction that a return address names; -1 for other addresses. */
export function returnInstruction(low: number, high: number): number {
  return high === CODE_HIGH && low < 0 ? (low >>> 0) - RETURN_START : -1;
}

/*
 * A 64-bit value and its halves, seen through the same eight bytes: no bigint arithmetic, which would make a new bigint
 * at each step. Whoever puts something in reads it out at once.
 */
const whole = new BigUint64Array(1);
const halves = new Int32Array(whole.buffer);

/** The two signed 32-bit halves of a 64-bit value. */
export function lowWord(value: bigint): number {
  whole[0] = value;
  return halves[0] as number;
}

/** Both of them, the low one first; to be read out at once. */
export function bothWords(value: bigint): Int32Array {
  whole[0] = value;
  return halves;
}

export function highWord(value: bigint): number {
  whole[0] = value;
  return halves[1] as number;
}

/** The unsigned 64-bit value of two halves. */
export function fromWords(low: number, high: number): bigint {
  halves[0] = low;
  halves[1] = high;
  return whole[0] as bigint;
}
