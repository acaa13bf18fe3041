/**
 * 64-bit arithmetic that does not fit into a few 32-bit operations: multiply, divide, remainder, odd conversions.
 *
 * A register is two words of `words` or one element of `longs` over the same bytes. Values that a double holds exactly
 * take the fast way; BigInt does the rest.
 */

const TWO_32 = 4294967296;
/** Below this high word a value has at most 53 bits. */
const SAFE_HIGH = 0x200000;
/** Integers below this are exact in a double. */
const SAFE = 9007199254740992;

/** High 32 bits of the unsigned product of two 32-bit words. */
export function multiplyHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const rest = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle >>> 16) + (rest >>> 16)) | 0;
}

export interface Registers {
  readonly words: Int32Array;
  readonly longs: BigInt64Array;
}

/** What of a division. */
type Part = 'quotient' | 'remainder';

/** words[a] = words[b] / words[c] or the remainder; the divisor is not 0, and not -1 for the least value. */
export function divideSigned(r: Registers, a: number, b: number, c: number, part: Part): void {
  const { words, longs } = r;
  const bh = words[b + 1];
  const ch = words[c + 1];
  if (bh < SAFE_HIGH && bh >= -SAFE_HIGH && ch < SAFE_HIGH && ch >= -SAFE_HIGH) {
    const x = bh * TWO_32 + (words[b] >>> 0);
    const y = ch * TWO_32 + (words[c] >>> 0);
    setDouble(words, a, part === 'remainder' ? x % y : Math.trunc(x / y));
  } else {
    const x = longs[b >> 1];
    const y = longs[c >> 1];
    longs[a >> 1] = part === 'remainder' ? x % y : x / y;
  }
}

export function divideUnsigned(r: Registers, a: number, b: number, c: number, part: Part): void {
  const { words, longs } = r;
  const bh = words[b + 1] >>> 0;
  const ch = words[c + 1] >>> 0;
  if (bh < SAFE_HIGH && ch < SAFE_HIGH) {
    const x = bh * TWO_32 + (words[b] >>> 0);
    const y = ch * TWO_32 + (words[c] >>> 0);
    setDouble(words, a, part === 'remainder' ? x % y : Math.trunc(x / y));
  } else {
    const x = BigInt.asUintN(64, longs[b >> 1]);
    const y = BigInt.asUintN(64, longs[c >> 1]);
    longs[a >> 1] = part === 'remainder' ? x % y : x / y;
  }
}

/** Stores an integer of less than 2^53 in magnitude. */
function setDouble(words: Int32Array, a: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  words[a] = value - high * TWO_32;
  words[a + 1] = high;
}

/** pointer + index * size for an index of 32 bits. */
export function indexFar(r: Registers, a: number, b: number, index: number, size: number): void {
  const { words } = r;
  const bytes = index * size;
  if (bytes >= SAFE || bytes <= -SAFE) {
    indexWide(r, a, b, BigInt(index), size);
    return;
  }
  const x = words[b];
  const low = (x + (bytes | 0)) | 0;
  words[a + 1] = words[b + 1] + Math.floor(bytes / TWO_32) + (low >>> 0 < x >>> 0 ? 1 : 0);
  words[a] = low;
}

/** pointer + index * size where the product does not fit into a double. */
export function indexWide(r: Registers, a: number, b: number, index: bigint, size: number): void {
  r.longs[a >> 1] = r.longs[b >> 1] + index * BigInt(size);
}

/** (left - right) / size, for pointers. */
export function distance(r: Registers, a: number, b: number, c: number, size: number): void {
  r.longs[a >> 1] = BigInt.asIntN(64, r.longs[b >> 1] - r.longs[c >> 1]) / BigInt(size);
}

/** Truncation as the x64 instruction does it: what does not fit becomes the least value. */
export function doubleToSigned(words: Int32Array, a: number, value: number): void {
  if (value >= -(2 ** 63) && value < 2 ** 63) {
    setDouble(words, a, Math.trunc(value));
    return;
  }
  words[a] = 0;
  words[a + 1] = -0x80000000;
}

export function doubleToUnsigned(words: Int32Array, a: number, value: number): void {
  if (value >= 2 ** 63 && value < 2 ** 64) setDouble(words, a, Math.trunc(value));
  else doubleToSigned(words, a, value);
}

/**
 * A 64-bit integer as a float, rounded once. By way of a double it could be rounded twice, so the bits that a double
 * may lose are first folded into one that stands for "not exact".
 */
export function wideToFloat(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  const sticky = (magnitude & 0xfffn) === 0n ? 0n : 1n;
  const rounded = Math.fround(Number(((magnitude >> 12n) | sticky) << 12n));
  return value < 0n ? -rounded : rounded;
}

export function extractSigned(r: Registers, a: number, b: number, offset: number, width: number): void {
  r.longs[a >> 1] = BigInt.asIntN(width, BigInt.asUintN(64, r.longs[b >> 1]) >> BigInt(offset));
}

export function extractUnsigned(r: Registers, a: number, b: number, offset: number, width: number): void {
  r.longs[a >> 1] = BigInt.asUintN(width, BigInt.asUintN(64, r.longs[b >> 1]) >> BigInt(offset));
}

export function insertBits(r: Registers, a: number, b: number, offset: number, width: number): void {
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(offset);
  r.longs[a >> 1] = (r.longs[a >> 1] & ~mask) | ((r.longs[b >> 1] << BigInt(offset)) & mask);
}
