/**
 * Numbers, characters and strings: from a token's spelling to value and type.
 *
 * Text outside ASCII becomes UTF-8 in narrow literals and UTF-16 in wide ones. Several characters in one constant
 * make an int with the first in the highest byte, as pool tags rely on.
 */
import type { CodePage } from '../../../base/source.ts';
import { codeUnits } from '../../tokenize/literals.ts';
import { wrap } from '../../types/arithmetic.ts';
import * as t from '../../types/make.ts';
import type { CType, FloatType, IntegerType } from '../../types/types.ts';

export type NumberValue =
  | { readonly kind: 'integer'; readonly value: bigint; readonly type: IntegerType }
  | { readonly kind: 'float'; readonly value: number; readonly type: FloatType }
  | { readonly kind: 'bad'; readonly message: string };

const integerPattern = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([a-zA-Z]\w*|[2-9]\w*)?$/;
const floatPattern = /^(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/;
const hexFloatPattern = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)([a-zA-Z]*)$/;

/** A preprocessing number as C reads it. */
export function readNumber(text: string): NumberValue {
  if (text.length === 1 && text >= '0' && text <= '9') return { kind: 'integer', value: BigInt(text), type: t.INT };
  const integer = integerPattern.exec(text);
  if (integer !== null && !isFloatInDisguise(text)) return readInteger(text, integer[1] as string, integer[2] ?? '');
  const hex = hexFloatPattern.exec(text);
  if (hex !== null) {
    const [, whole = '', fraction = '', exponent = '0', suffix = ''] = hex;
    const mantissa = Number.parseInt(`${whole}${fraction}` || '0', 16);
    return readFloat(text, mantissa * 2 ** (Number(exponent) - 4 * fraction.length), suffix);
  }
  const float = floatPattern.exec(text);
  if (float !== null) return readFloat(text, Number(float[1]), float[2] ?? '');
  return { kind: 'bad', message: `'${text}' is not a number.` };
}

/** `1e5`, `1f` and `0x1p4` match as integers with a strange suffix. */
function isFloatInDisguise(text: string): boolean {
  return /^0[xX]/.test(text) ? /[pP]/.test(text) : /^\d+([eE]\d|[fF]$)/.test(text);
}

function readInteger(text: string, digits: string, suffix: string): NumberValue {
  const isOctal = digits.length > 1 && digits.charCodeAt(0) === 48 && /^\d+$/.test(digits);
  if (isOctal && /[89]/.test(digits))
    return { kind: 'bad', message: `'${text}' has a digit that octal does not have.` };
  const digit = /^0[bB][01]+$/.test(digits) ? /^[2-9]/.exec(suffix) : null;
  if (digits === '0' && /^[xXbB]/.test(suffix)) return prefixAlone(text, suffix);
  if (digit !== null) return { kind: 'bad', message: `'${text}' has a digit that a binary number does not have.` };
  const value = BigInt(isOctal ? `0o${digits}` : digits);
  const isDecimal = !isOctal && !/^0[xXbB]/.test(digits);
  const type = integerType(value, suffix.toLowerCase(), isDecimal);
  if (type === undefined) return { kind: 'bad', message: `'${suffix}' is not a suffix that an integer can have.` };
  if (value >= 1n << 64n) return { kind: 'bad', message: `'${text}' does not fit into 64 bits.` };
  return { kind: 'integer', value: wrap(value, type), type };
}

/** `0x`, `0xg`, `0b2`: the prefix, and no digit of its kind behind it. */
function prefixAlone(text: string, suffix: string): NumberValue {
  const kind = /^x/i.test(suffix) ? 'hexadecimal' : 'binary';
  const found = suffix.length === 1 ? 'none follows' : `'${suffix.charAt(1)}' follows`;
  return { kind: 'bad', message: `'${text}': a ${kind} digit is wanted behind '0${suffix.charAt(0)}', and ${found}.` };
}

/**
 * The first type of the suffix's list that holds the value, or Microsoft's fixed width. A decimal constant may become an
 * unsigned long before it becomes a long long: C90's list, which Microsoft's compiler keeps (its warning C4146).
 */
function integerType(value: bigint, suffix: string, isDecimal: boolean): IntegerType | undefined {
  const fixed = /^(u?)i(8|16|32|64)$/.exec(suffix);
  if (fixed !== null) return fixedWidth(fixed[1] === 'u', fixed[2] as string);
  if (!/^(?:u?(?:ll?)?|ll?u)$/.test(suffix)) return undefined;
  const isUnsigned = suffix.includes('u');
  const longs = suffix.split('l').length - 1;
  const candidates: IntegerType[] = [];
  if (longs === 0) candidates.push(t.INT, t.UNSIGNED_INT);
  if (longs <= 1) candidates.push(t.LONG, t.UNSIGNED_LONG);
  candidates.push(t.LONG_LONG, t.UNSIGNED_LONG_LONG);
  for (const type of candidates) {
    if (type.isSigned ? isUnsigned : isDecimal && !isUnsigned && type.name !== 'unsigned long') continue;
    if (wrap(value, type) === value) return type;
  }
  return t.UNSIGNED_LONG_LONG;
}

function fixedWidth(isUnsigned: boolean, bits: string): IntegerType {
  switch (bits) {
    case '8':
      return isUnsigned ? t.UNSIGNED_CHAR : t.CHAR;
    case '16':
      return isUnsigned ? t.UNSIGNED_SHORT : t.SHORT;
    case '32':
      return isUnsigned ? t.UNSIGNED_INT : t.INT;
    default:
      return isUnsigned ? t.UNSIGNED_LONG_LONG : t.LONG_LONG;
  }
}

function readFloat(text: string, value: number, suffix: string): NumberValue {
  switch (suffix.toLowerCase()) {
    case '':
      return { kind: 'float', value, type: t.DOUBLE };
    case 'f':
      return { kind: 'float', value: nearestFloat(text, value), type: t.FLOAT };
    case 'l':
      return { kind: 'float', value, type: t.LONG_DOUBLE };
    default:
      return { kind: 'bad', message: `'${text}' is not a number: it cannot end in '${suffix}'.` };
  }
}

/**
 * The float nearest to a number as it is written, whose nearest double is `near`. Rounding the double again is wrong only
 * where it lies exactly between two floats: then the digits say on which side of it the number is.
 */
function nearestFloat(text: string, near: number): number {
  const rounded = Math.fround(near);
  const other = 2 * near - rounded;
  if (rounded === near || !Number.isFinite(rounded) || Math.fround(other) !== other) return rounded;
  const side = compareWritten(text, near);
  if (side === 0) return rounded;
  return side > 0 === other > rounded ? other : rounded;
}

/** Digits of an exponent beyond this mean infinity or zero, for which nothing is compared. */
const exponentMax = 400;

/** Whether the decimal number written is above (1), at (0) or below (-1) a double; exact. */
function compareWritten(text: string, double: number): number {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?/.exec(text) ?? [];
  const power = Number(exponent) - fraction.length;
  if (whole.length + fraction.length > exponentMax || Math.abs(power) > exponentMax) return 0;
  let left = BigInt(`${whole}${fraction}` || '0');
  let scaled = double;
  let halvings = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    halvings++;
  }
  let right = BigInt(scaled);
  left <<= BigInt(halvings);
  if (power >= 0) left *= 10n ** BigInt(power);
  else right *= 10n ** BigInt(-power);
  return left === right ? 0 : left > right ? 1 : -1;
}

export interface CharacterValue {
  readonly value: bigint;
  readonly type: CType;
  /** What is wrong with it, if anything. */
  readonly message: string | undefined;
}

/** A character constant with its quotes and prefix. Of one without a character the tokenizer has told. */
export function readCharacter(text: string, codePage?: CodePage): CharacterValue {
  const quote = text.indexOf("'");
  const prefix = text.slice(0, quote);
  const body = text.slice(quote + 1, text.endsWith("'") && text.length > quote + 1 ? -1 : undefined);
  const element = elementType(prefix);
  const { units } = codeUnits(body, widthOf(element), prefix === 'u8' ? undefined : codePage);
  if (prefix !== '' && prefix !== 'u8') {
    return { value: wrap(BigInt(units[0] ?? 0), element), type: element, message: undefined };
  }
  if (units.length === 1) return { value: wrap(BigInt(units[0] as number), t.CHAR), type: t.INT, message: undefined };
  let value = 0n;
  // The last four are all that an int keeps.
  for (const unit of units.slice(-4)) value = (value << 8n) | BigInt(unit & 0xff);
  const tooLong =
    units.length > 4 ? `The character constant has ${units.length} characters; an int holds 4.` : undefined;
  return { value: wrap(value, t.INT), type: t.INT, message: tooLong };
}

/** The element type that a string's or character's prefix asks for. */
export function elementType(prefix: string): IntegerType {
  switch (prefix) {
    case 'L':
      return t.WCHAR_T;
    case 'u':
      return t.UNSIGNED_SHORT;
    case 'U':
      return t.UNSIGNED_INT;
    default:
      return t.CHAR;
  }
}

/** The code units of a string literal token without a terminator, in elements of the type. */
export function stringUnits(text: string, element: IntegerType, codePage?: CodePage): readonly number[] {
  const width = widthOf(element);
  const quote = text.indexOf('"');
  // What u8 stands before is UTF-8 wherever it stands.
  const page = text.startsWith('u8') ? undefined : codePage;
  if (text.slice(0, quote).endsWith('R')) return codeUnits(text.slice(quote + 1, -1), width, page).units;
  const end = text.endsWith('"') && text.length > quote + 1 ? -1 : undefined;
  return codeUnits(text.slice(quote + 1, end), width, page).units;
}

function widthOf({ size }: IntegerType): 1 | 2 | 4 {
  return size === 4 ? 4 : size === 2 ? 2 : 1;
}
