/** Numbers in text as strtol and strtod read them: value, and how many characters belong to it. */

export interface ParsedInteger {
  /** Saturated at the type's limits. */
  readonly value: bigint;
  readonly length: number;
  /** The number in the text did not fit. */
  readonly isSaturated: boolean;
}

export function parseInteger(
  text: string,
  radix: number,
  type: { readonly bits: 32 | 64; readonly isSigned: boolean },
): ParsedInteger {
  const head = /^[\t-\r ]*([+-]?)/.exec(text);
  let at = head?.[0].length ?? 0;
  let base = radix;
  const isHex = /^0[xX][0-9a-fA-F]/.test(text.slice(at, at + 3));
  if ((base === 0 || base === 16) && isHex) {
    base = 16;
    at += 2;
  } else if (base === 0) base = text.charAt(at) === '0' ? 8 : 10;
  const start = at;
  let value = 0n;
  for (; at < text.length; at++) {
    const digit = digitValue(text.charCodeAt(at));
    if (digit >= base) break;
    value = value * BigInt(base) + BigInt(digit);
  }
  if (at === start) return { value: 0n, length: 0, isSaturated: false };
  const isNegative = head?.[1] === '-';
  const exact = isNegative ? -value : value;
  const fitted = saturated(exact, type);
  const isSaturated =
    fitted !== exact &&
    (type.isSigned || fitted !== BigInt.asUintN(type.bits, exact) || value >= 1n << BigInt(type.bits));
  return { value: fitted, length: at, isSaturated };
}

function saturated(value: bigint, { bits, isSigned }: { readonly bits: 32 | 64; readonly isSigned: boolean }): bigint {
  const span = 1n << BigInt(bits);
  if (!isSigned) return value >= span || value <= -span ? span - 1n : BigInt.asUintN(bits, value);
  const limit = span / 2n;
  return value >= limit ? limit - 1n : value < -limit ? -limit : value;
}

function digitValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 122 ? letter - 87 : 99;
}

export function parseDouble(text: string): { readonly value: number; readonly length: number } {
  const hex = /^[\t-\r ]*([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?/i.exec(text);
  if (hex !== null && `${hex[2] ?? ''}${hex[3] ?? ''}` !== '') {
    const [whole, sign, integer = '', fraction = '', exponent = '0'] = hex;
    const digits = Number.parseInt(`0${integer}${fraction}`, 16);
    const value = digits * 2 ** (Number(exponent) - 4 * fraction.length);
    return { value: sign === '-' ? -value : value, length: whole.length };
  }
  const match = /^[\t-\r ]*[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
  if (match === null) return { value: 0, length: 0 };
  const word = match[0].trim().toLowerCase();
  const sign = word.startsWith('-') ? -1 : 1;
  const value = word.includes('inf') ? sign * Number.POSITIVE_INFINITY : Number(word);
  return { value, length: match[0].length };
}
