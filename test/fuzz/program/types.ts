/**
 * The types of random programs, their literals, and places (lvalues) of them.
 *
 * Every type has one size on both sides: no `long`, no enum without a negative value (gcc makes those unsigned), no
 * bit-field of more than 31 bits (gcc computes with wider ones in a type of its own).
 */
import type { Random } from '../random.ts';

export const integers = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'i64', 'u64', 'bool'] as const;
export const floats = ['float', 'double'] as const;
export type Integer = (typeof integers)[number];
export type Float = (typeof floats)[number];
export type Scalar = Integer | Float;

export function isFloat(type: Scalar): type is Float {
  return type === 'float' || type === 'double';
}

/** A place that can be read and assigned: its text is a primary or postfix expression, or is in parentheses. */
export interface Place {
  readonly text: string;
  readonly type: Scalar;
  /** Bit-fields have no address. */
  readonly isBitField?: boolean;
}

/** A structure type and how an object of it may be used. */
export interface RecordShape {
  readonly name: string;
  /** Places in it, as they follow the object's text: `.f0`, `.in.g1`, `.a[2]`. */
  readonly members: readonly Place[];
}

/** An array whose length is a power of two, so that a mask keeps an index inside. */
export interface ArrayShape {
  readonly name: string;
  readonly type: Scalar;
  readonly length: number;
  readonly isConstant: boolean;
}

export const preludeTypes = `typedef signed char i8;
typedef unsigned char u8;
typedef short i16;
typedef unsigned short u16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef _Bool bool;
enum mood { SAD = -2, CALM, GLAD = 7, EAGER };`;

const smallLiterals = [
  '0',
  '1',
  '2',
  '3',
  '7',
  '0x1f',
  '017',
  "'a'",
  "'\\n'",
  '127',
  '128',
  '255',
  '256',
  'GLAD',
  'SAD',
];
const edges = [
  '32767',
  '65535',
  '65536',
  '2147483647',
  '(-2147483647 - 1)',
  '0x80000000',
  '4294967295u',
  '1u',
  '(-1)',
  '0u',
];
const wideEdges = [
  '0x7fffffffffffffffll',
  '0x8000000000000000ull',
  '(-9223372036854775807ll - 1)',
  '4294967296ll',
  '(-4294967297ll)',
  '0x123456789abcdefull',
  '0xffffffffffffffffull',
  '9007199254740993ll',
];

export function integerLiteral(random: Random): string {
  if (random.oneIn(5)) return random.pick(wideEdges);
  if (random.oneIn(3)) return random.pick(edges);
  return random.oneIn(3) ? String(random.below(1000)) : random.pick(smallLiterals);
}

export function floatLiteral(random: Random): string {
  const literals = [
    '0.0',
    '1.0',
    '(-1.5)',
    '0.1',
    '3.25f',
    '1e10',
    '1e-5',
    '0x1.8p1',
    '16777217.0f',
    '1000000007.0',
    '0.3f',
  ];
  return random.pick(literals);
}

/** A literal for a static initialiser: any integer constant converts to any type. */
export function constantFor(random: Random, type: Scalar): string {
  return isFloat(type) && random.oneIn(2) ? floatLiteral(random) : integerLiteral(random);
}
