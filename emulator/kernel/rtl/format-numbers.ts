/** Numbers as the conversions of printf write them: integers of each size and radix, and floating point in each form. */
import { exponentText, fixedText, generalText } from './exact-decimal.ts';
import type { Conversion } from './format-pieces.ts';

/** Bytes of an integer argument. */
function sizeOfInteger(conversion: Conversion): number {
  switch (conversion.size) {
    case 'hh':
      return 1;
    case 'h':
      return 2;
    case 'll':
    case 'I64':
    case 'I':
    case 'z':
    case 'j':
    case 't':
      return 8;
    default:
      return 4;
  }
}

export function signedOf(value: bigint, conversion: Conversion): bigint {
  return BigInt.asIntN(sizeOfInteger(conversion) * 8, value);
}

export function unsignedOf(value: bigint, conversion: Conversion): bigint {
  return BigInt.asUintN(sizeOfInteger(conversion) * 8, value);
}

export function integer(value: bigint, conversion: Conversion, radix: 2 | 8 | 10 | 16): string {
  const { flags, precision, type } = conversion;
  let digits = (value < 0n ? -value : value).toString(radix);
  if (precision === 0 && value === 0n) digits = '';
  if (type === 'X') digits = digits.toUpperCase();
  digits = digits.padStart(precision ?? 0, '0');
  let prefix = '';
  if (value < 0n) prefix = '-';
  else if ('di'.includes(type) && flags.includes('+')) prefix = '+';
  else if ('di'.includes(type) && flags.includes(' ')) prefix = ' ';
  if (flags.includes('#') && radix === 16 && value !== 0n) prefix = type === 'X' ? '0X' : '0x';
  if (flags.includes('#') && radix === 8 && !digits.startsWith('0')) digits = `0${digits}`;
  // The 0 flag counts only where no precision is given.
  const zeroes = flags.includes('0') && !flags.includes('-') && precision === undefined;
  if (zeroes) digits = digits.padStart(conversion.width - prefix.length, '0');
  return justified(prefix + digits, conversion);
}

export function floatText(value: number, conversion: Conversion): string {
  const { flags, type, width } = conversion;
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const isUpper = type === type.toUpperCase();
  let digits: string;
  if (!Number.isFinite(value)) digits = Number.isNaN(value) ? 'nan' : 'inf';
  else digits = finiteText(value, conversion);
  if (isUpper) digits = digits.toUpperCase();
  const text = sign + digits;
  if (Number.isFinite(value) && flags.includes('0') && !flags.includes('-'))
    return sign + digits.padStart(width - sign.length, '0');
  return text;
}

function finiteText(value: number, conversion: Conversion): string {
  const precision = conversion.precision ?? 6;
  const options = { keepsPoint: conversion.flags.includes('#') };
  switch (conversion.type.toLowerCase()) {
    case 'e':
      return exponentText(value, precision, options);
    case 'g':
      return generalText(value, precision, options);
    case 'a':
      return hexFloatText(Math.abs(value));
    default:
      return fixedText(value, precision, options);
  }
}

/** %a: the exact value, "0x1.8p+1". */
function hexFloatText(value: number): string {
  if (value === 0) return '0x0p+0';
  let exponent = Math.floor(Math.log2(value));
  let mantissa = value / 2 ** exponent;
  if (mantissa >= 2) {
    mantissa /= 2;
    exponent++;
  }
  const fraction = Math.round((mantissa - 1) * 2 ** 52)
    .toString(16)
    .padStart(13, '0')
    .replace(/0+$/, '');
  return `0x1${fraction === '' ? '' : `.${fraction}`}p${exponent < 0 ? '' : '+'}${exponent}`;
}

export function padded(text: string, conversion: Conversion): string {
  return justified(text, conversion);
}

function justified(text: string, { flags, width }: Conversion): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}
