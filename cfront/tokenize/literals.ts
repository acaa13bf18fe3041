/**
 * The values of integer and character constants and the code units of strings.
 *
 * In: the spelling of a `number`, `char` or `string` token. Out: its value as plain data, or undefined where the
 * spelling is no such constant. Types are left to the reader: `#if` and the parser choose them by different rules.
 */
import type { CodePage } from '../../base/source.ts';

export interface IntegerConstant {
  /** As written, before any type is chosen; never negative. */
  readonly value: bigint;
  readonly radix: 2 | 8 | 10 | 16;
  /** By a `u` in the suffix. */
  readonly isUnsigned: boolean;
  /** From the suffix: none, `l`, `ll`, or Microsoft's `i8` to `i64` (`i128` is not known). */
  readonly size: 'plain' | 'long' | 'long-long' | 8 | 16 | 32 | 64;
}

const integerPattern = /^(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|(0[0-7]*)|([1-9][0-9]*))([a-zA-Z0-9]*)$/;
const suffixPattern = /^(?:(u)?(ll|l|i8|i16|i32|i64)?|(ll|l)(u))$/i;

/** Reads `12`, `0x1FuLL`, `077`, `0b101`, `5i64`; undefined for floating constants and misspelt ones. */
export function readInteger(text: string): IntegerConstant | undefined {
  /* No constant is that long; without a limit a hostile one costs quadratic time. */
  const match = text.length > 128 ? null : integerPattern.exec(text);
  if (match === null) return undefined;
  const [, hex, binary, octal, decimal, rest] = match;
  const suffix = suffixPattern.exec(rest ?? '');
  /* `lL` and `Ll` are no suffixes. */
  if (suffix === null || /lL|Ll/.test(rest ?? '')) return undefined;
  const isUnsigned = suffix[1] !== undefined || suffix[4] !== undefined;
  const size = sizeOfSuffix((suffix[2] ?? suffix[3] ?? '').toLowerCase());
  if (hex !== undefined) return { value: BigInt(`0x${hex}`), radix: 16, isUnsigned, size };
  if (binary !== undefined) return { value: BigInt(`0b${binary}`), radix: 2, isUnsigned, size };
  if (octal !== undefined) return { value: BigInt(`0o0${octal}`), radix: 8, isUnsigned, size };
  return { value: BigInt(decimal ?? '0'), radix: 10, isUnsigned, size };
}

function sizeOfSuffix(suffix: string): IntegerConstant['size'] {
  switch (suffix) {
    case 'l':
      return 'long';
    case 'll':
      return 'long-long';
    case 'i8':
      return 8;
    case 'i16':
      return 16;
    case 'i32':
      return 32;
    case 'i64':
      return 64;
    default:
      return 'plain';
  }
}

export type LiteralPrefix = '' | 'L' | 'u' | 'U' | 'u8';

export interface LiteralUnits {
  readonly prefix: LiteralPrefix;
  /** Bytes of one unit: `L` and `u` are 2 on Windows. */
  readonly width: 1 | 2 | 4;
  /** Code units without a terminating zero, each from 0 to 2^(8 * width) - 1. Narrow text is UTF-8. */
  readonly units: readonly number[];
  /** The first wrong escape as written, undefined where all are right. */
  readonly wrongEscape: string | undefined;
}

/** The code units between the quotes of a `string` or `char` token. */
export function readUnits(text: string): LiteralUnits | undefined {
  const match = /^(L|u8|u|U)?(["'])/.exec(text);
  if (match === null || text.length < match[0].length + 1 || !text.endsWith(match[2] as string)) return undefined;
  const prefix = (match[1] ?? '') as LiteralPrefix; /* the pattern allows no other */
  const width = prefix === 'L' || prefix === 'u' ? 2 : prefix === 'U' ? 4 : 1;
  return { prefix, width, ...codeUnits(text.slice(match[0].length, -1), width) };
}

/** What stands between quotes as code units of `width` bytes: UTF-8 or the file's code page, UTF-16 or UTF-32. */
export function codeUnits(
  body: string,
  width: 1 | 2 | 4,
  codePage?: CodePage,
): Pick<LiteralUnits, 'units' | 'wrongEscape'> {
  const units: number[] = [];
  let wrongEscape: string | undefined;
  let i = 0;
  while (i < body.length) {
    const code = body.codePointAt(i) as number;
    if (code !== 92) {
      const byte = width === 1 && codePage !== undefined ? byteIn(codePage, code) : undefined;
      if (byte === undefined) encode(code, width, units);
      else units.push(byte);
      i += code > 0xffff ? 2 : 1;
      continue;
    }
    const found = readEscape(body, i);
    if (found.isWrong) wrongEscape ??= body.slice(i, found.end);
    if (found.isCharacter) encode(found.value, width, units);
    else {
      units.push(width === 4 ? found.value >>> 0 : found.value & (width === 1 ? 0xff : 0xffff));
    }
    i = found.end;
  }
  return { units, wrongEscape };
}

interface Escape {
  /** A character's number where `isCharacter`, else a code unit. */
  readonly value: number;
  readonly isCharacter: boolean;
  readonly end: number;
  readonly isWrong: boolean;
}

const simpleEscapes: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** Reads the escape whose backslash stands at `at`; what is not known stands for itself, as in Microsoft's compiler. */
function readEscape(text: string, at: number): Escape {
  const letter = text[at + 1] ?? '';
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { value: simple, isCharacter: false, end: at + 2, isWrong: false };
  const rest = text.slice(at + 1, at + 64);
  const octal = /^[0-7]{1,3}/.exec(rest);
  if (octal !== null) {
    return { value: Number.parseInt(octal[0], 8), isCharacter: false, end: at + 1 + octal[0].length, isWrong: false };
  }
  const hex = /^x([0-9a-fA-F]+)/.exec(rest);
  if (hex !== null) {
    const value = Number.parseInt((hex[1] as string).slice(-8), 16);
    return { value, isCharacter: false, end: at + 1 + hex[0].length, isWrong: false };
  }
  const named = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(rest);
  if (named !== null) {
    const value = Number.parseInt((named[1] ?? named[2]) as string, 16);
    return { value, isCharacter: true, end: at + 1 + named[0].length, isWrong: value > 0x10ffff };
  }
  const code = text.codePointAt(at + 1) ?? 92;
  return {
    value: code,
    isCharacter: true,
    end: Math.min(text.length, at + 1 + (code > 0xffff ? 2 : 1)),
    isWrong: true,
  };
}

/** What Windows-1252 has between 0x80 and 0x9f; the rest is as in Unicode. */
const upperControls = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const codePages: Readonly<Record<CodePage, string>> = { 'windows-1252': upperControls };

/** The byte of a character in a code page; undefined where it has none. */
function byteIn(codePage: CodePage, code: number): number | undefined {
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  const at = codePages[codePage].indexOf(String.fromCodePoint(code));
  return at < 0 ? undefined : 0x80 + at;
}

/** Appends a character in UTF-8, UTF-16 or UTF-32. */
function encode(code: number, width: 1 | 2 | 4, units: number[]): void {
  if (width === 4) units.push(code);
  else if (width === 2) {
    if (code > 0xffff) units.push(0xd800 + (((code - 0x10000) >> 10) & 0x3ff), 0xdc00 + (code & 0x3ff));
    else units.push(code);
  } else if (code < 0x80) units.push(code);
  else if (code < 0x800) units.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) units.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else {
    units.push(0xf0 | ((code >> 18) & 7), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
}

/**
 * Value of a character constant. A plain one is an `int`: one `char` is sign-extended, several (`'WskT'`) are packed
 * with the first highest, as a pool tag is. A wide one is its code unit. Undefined where it is empty or malformed.
 */
export function readCharacter(text: string): { readonly value: bigint; readonly literal: LiteralUnits } | undefined {
  const literal = readUnits(text);
  if (literal === undefined || literal.units.length === 0) return undefined;
  const { units, width } = literal;
  if (width !== 1 || literal.prefix === 'u8') return { value: BigInt(units[0] as number), literal };
  if (units.length === 1) return { value: BigInt.asIntN(8, BigInt(units[0] as number)), literal };
  let packed = 0;
  for (const unit of units) packed = (packed << 8) | unit | 0;
  return { value: BigInt(packed), literal };
}
