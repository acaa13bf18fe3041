/** Values and types of numbers by their spelling. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeText } from '../../types/text.ts';
import { readNumber } from './literals.ts';

function shown(text: string): string {
  const number = readNumber(text);
  return number.kind === 'bad' ? number.message : `${number.value} ${typeText(number.type)}`;
}

/** The first type that holds the value; a decimal one may be an unsigned long as in C90 and Microsoft's compiler. */
const numbers: readonly (readonly [text: string, expected: string])[] = [
  ['2147483647', '2147483647 int'],
  ['2147483648', '2147483648 unsigned long'],
  ['4294967295', '4294967295 unsigned long'],
  ['4294967296', '4294967296 long long'],
  ['2147483648L', '2147483648 unsigned long'],
  ['2147483648LL', '2147483648 long long'],
  ['9223372036854775808', '9223372036854775808 unsigned long long'],
  ['0x7fffffff', '2147483647 int'],
  ['0x80000000', '2147483648 unsigned int'],
  ['0x100000000', '4294967296 long long'],
  ['2147483648u', '2147483648 unsigned int'],
  ['0b101', '5 int'],
  ['0b12', "'0b12' has a digit that a binary number does not have."],
  ['0x', "'0x': a hexadecimal digit is wanted behind '0x', and none follows."],
  ['0xg', "'0xg': a hexadecimal digit is wanted behind '0x', and 'g' follows."],
  ['0b2', "'0b2': a binary digit is wanted behind '0b', and '2' follows."],
  ['089', "'089' has a digit that octal does not have."],
  ['12ab', "'ab' is not a suffix that an integer can have."],
  // Rounded once: these doubles lie exactly between two floats, and the digits say on which side.
  ['1.00000005960464477539062500000001f', `${1 + 2 ** -23} float`],
  ['1.000000059604644775390625f', '1 float'],
  ['1.00000005960464477539062499999999f', '1 float'],
  ['1.00000017881393432617187499999999f', `${1 + 2 ** -23} float`],
  ['16777217.0000000000000001f', '16777218 float'],
  ['0.1f', `${Math.fround(0.1)} float`],
  ['7.006492321624085354618e-46f', '0 float'],
  ['7.006492321624085354619e-46f', `${2 ** -149} float`],
  ['1e400f', 'Infinity float'],
];

for (const [text, expected] of numbers) test(text, () => assert.equal(shown(text), expected));
