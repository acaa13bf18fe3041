/**
 * C's arithmetic on types and the exact values that go with it: integer promotions, usual arithmetic conversions
 * (C11 6.3.1), and reduction of a value to a type's range. int and long have the same size here but different rank.
 */
import {
  DOUBLE,
  FLOAT,
  INT,
  LONG,
  LONG_DOUBLE,
  LONG_LONG,
  UNSIGNED_INT,
  UNSIGNED_LONG,
  UNSIGNED_LONG_LONG,
} from './make.ts';
import type { CType, EnumType, IntegerType } from './types.ts';

/** An integer type as int at least; other types without their qualifiers unchanged. */
export function promoted(type: CType): CType {
  if (type.kind === 'enum') return INT;
  if (type.kind !== 'integer' || type.size < 4) return type.kind === 'integer' ? INT : type;
  return plainInteger(type);
}

/** A bit-field is promoted by its width: what fits into an int is one. */
export function promotedBits(type: CType, width: number): CType {
  if (type.kind !== 'integer') return promoted(type);
  if (width < 32) return INT;
  if (width === 32) return type.isSigned ? INT : UNSIGNED_INT;
  return plainInteger(type);
}

/** The type in which two arithmetic operands meet. */
export function commonType(left: CType, right: CType): CType {
  if (left.kind === 'float' || right.kind === 'float') return commonFloat(left, right);
  const a = promoted(left);
  const b = promoted(right);
  if (a.kind !== 'integer' || b.kind !== 'integer') return a;
  if (a.name === b.name) return a;
  if (a.isSigned === b.isSigned) return rank(a) >= rank(b) ? a : b;
  const unsigned = a.isSigned ? b : a;
  const signed = a.isSigned ? a : b;
  if (rank(unsigned) >= rank(signed)) return unsigned;
  if (signed.size > unsigned.size) return signed;
  return asUnsigned(signed);
}

/** The value reduced modulo 2^n into the range of an integer type; `_Bool` holds 0 or 1. */
export function wrap(value: bigint, type: CType): bigint {
  if (type.kind === 'pointer') return BigInt.asUintN(64, value);
  if (type.kind === 'enum') return BigInt.asIntN(32, value);
  if (type.kind !== 'integer') return value;
  if (type.name === '_Bool') return value === 0n ? 0n : 1n;
  return type.isSigned ? BigInt.asIntN(type.size * 8, value) : BigInt.asUintN(type.size * 8, value);
}

/**
 * A floating value cut off to an integer type as x64's conversions do it; C leaves open what does not fit. The
 * instruction gives its least value then, and what is narrower than it takes the low bits.
 */
export function truncated(value: number, type: IntegerType | EnumType): bigint {
  if (type.kind === 'integer' && type.name === '_Bool') return value === 0 ? 0n : 1n;
  const size = type.kind === 'enum' ? 4 : type.size;
  const isUnsigned = type.kind === 'integer' && !type.isSigned;
  const bits = size === 8 || (size === 4 && isUnsigned) ? 64 : 32;
  const limit = 2 ** (bits - 1);
  const whole = Math.trunc(value);
  const isHighHalf = size === 8 && isUnsigned && whole >= limit && whole < 2 ** 64;
  return wrap((whole >= -limit && whole < limit) || isHighHalf ? BigInt(whole) : -(1n << BigInt(bits - 1)), type);
}

/** An integer as a float: rounded once, whatever a double would have made of it. */
export function nearestFloat(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  const sticky = (magnitude & 0xfffn) !== 0n ? 1n << 12n : 0n;
  const rounded = Math.fround(Number((magnitude & ~0xfffn) | sticky));
  return value < 0n ? -rounded : rounded;
}

/** The unsigned type of the same size and rank. */
function asUnsigned(type: IntegerType): IntegerType {
  if (type.name === 'int') return UNSIGNED_INT;
  if (type.name === 'long') return UNSIGNED_LONG;
  if (type.name === 'long long') return UNSIGNED_LONG_LONG;
  return type;
}

function commonFloat(left: CType, right: CType): CType {
  const size = (type: CType): number =>
    type.kind !== 'float' ? 0 : type.name === 'float' ? 1 : type.name === 'double' ? 2 : 3;
  const larger = Math.max(size(left), size(right));
  return larger === 3 ? LONG_DOUBLE : larger === 2 ? DOUBLE : FLOAT;
}

function rank(type: IntegerType): number {
  switch (type.name) {
    case 'long long':
    case 'unsigned long long':
      return 3;
    case 'long':
    case 'unsigned long':
      return 2;
    default:
      return 1;
  }
}

/** The shared constant without alias and qualifiers, so that equal types are often the same object. */
function plainInteger(type: IntegerType): IntegerType {
  switch (type.name) {
    case 'int':
      return INT;
    case 'unsigned int':
      return UNSIGNED_INT;
    case 'long':
      return LONG;
    case 'unsigned long':
      return UNSIGNED_LONG;
    case 'long long':
      return LONG_LONG;
    case 'unsigned long long':
      return UNSIGNED_LONG_LONG;
    default:
      return type;
  }
}
