/**
 * Values of the compiler's own functions whose arguments are constants: byte swaps and bit counts (mingw's headers use
 * them in constant expressions). Undefined for all others, and where C leaves the result open.
 */
export function builtinConstant(name: string, values: readonly (bigint | undefined)[]): bigint | undefined {
  const [value] = values;
  if (value === undefined) return undefined;
  switch (name) {
    case '__builtin_expect':
      return value;
    case '__builtin_bswap16':
      return swapped(value, 2);
    case '__builtin_bswap32':
      return swapped(value, 4);
    case '__builtin_bswap64':
      return swapped(value, 8);
    case '__builtin_clz':
      return value === 0n ? undefined : 32n - BigInt(value.toString(2).length);
    case '__builtin_clzll':
      return value === 0n ? undefined : 64n - BigInt(value.toString(2).length);
    case '__builtin_ctz':
    case '__builtin_ctzll':
      return value === 0n ? undefined : lowestBit(value);
    case '__builtin_ffs':
    case '__builtin_ffsll':
      return value === 0n ? 0n : lowestBit(value) + 1n;
    case '__builtin_popcount':
    case '__builtin_popcountll':
      return bitCount(value);
    case '__builtin_parity':
    case '__builtin_parityll':
      return bitCount(value) & 1n;
    default:
      return undefined;
  }
}

function swapped(value: bigint, bytes: number): bigint {
  let result = 0n;
  for (let i = 0; i < bytes; i++) result = (result << 8n) | ((value >> BigInt(8 * i)) & 255n);
  return result;
}

function lowestBit(value: bigint): bigint {
  return BigInt((value & -value).toString(2).length - 1);
}

function bitCount(value: bigint): bigint {
  return BigInt(value.toString(2).replaceAll('0', '').length);
}
