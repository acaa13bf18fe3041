/**
 * Doubles as decimal digits, rounded to even from the exact value, as a C library writes %f, %e and %g. JavaScript's
 * toFixed rounds ties upwards and stops at 100 digits, so the digits are worked out with big integers.
 */

/** `digits` of a finite value's magnitude times 10 to the power of `-fraction`: "1234" with fraction 2 is 12.34. */
function scaledDigits(value: number, fraction: number): string {
  const { mantissa, exponent } = parts(Math.abs(value));
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (fraction >= 0) numerator *= 10n ** BigInt(fraction);
  else denominator *= 10n ** BigInt(-fraction);
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const roundsUp = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return (roundsUp ? quotient + 1n : quotient).toString();
}

/** `mantissa * 2 ** exponent` is the value exactly. */
function parts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** The magnitude with `precision` digits behind the point: "12.340". */
export function fixedText(value: number, precision: number, options: { readonly keepsPoint: boolean }): string {
  const digits = scaledDigits(value, precision).padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  const rest = digits.slice(digits.length - precision);
  return rest === '' ? `${whole}${options.keepsPoint ? '.' : ''}` : `${whole}.${rest}`;
}

/** The magnitude as "1.234e+01", the exponent with two digits or three. */
export function exponentText(value: number, precision: number, options: { readonly keepsPoint: boolean }): string {
  const { digits, exponent } = significant(value, precision + 1);
  const point = digits.length > 1 || options.keepsPoint ? '.' : '';
  const sign = exponent < 0 ? '-' : '+';
  return `${digits[0] ?? '0'}${point}${digits.slice(1)}e${sign}${Math.abs(exponent).toString().padStart(2, '0')}`;
}

/** The magnitude as %g writes it: the shorter form, without trailing zeros unless they are kept. */
export function generalText(value: number, precision: number, options: { readonly keepsPoint: boolean }): string {
  const wanted = precision === 0 ? 1 : precision;
  const { exponent } = significant(value, wanted);
  const isFixed = exponent >= -4 && exponent < wanted;
  const text = isFixed ? fixedText(value, wanted - 1 - exponent, options) : exponentText(value, wanted - 1, options);
  if (options.keepsPoint) return text;
  const [head = '', tail] = text.split('e');
  const trimmed = head.includes('.') ? head.replace(/\.?0+$/, '') : head;
  return tail === undefined ? trimmed : `${trimmed}e${tail}`;
}

/** `count` significant digits and the exponent of the first. */
function significant(value: number, count: number): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  let exponent = Math.floor(Math.log10(Math.abs(value)));
  // The estimate may be off by one, and rounding may carry into a new digit.
  for (let tries = 0; tries < 3; tries++) {
    const digits = scaledDigits(value, count - 1 - exponent);
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length - count;
  }
  return { digits: scaledDigits(value, count - 1 - exponent).slice(0, count), exponent };
}
