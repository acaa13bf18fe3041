/**
 * math.h. Results are JavaScript's: sqrt, floor, ceil, fabs, fmod, trunc, round and the like are exact; sin, exp, pow and
 * their relatives may differ in the last bit from Microsoft's library, but never from run to run with one engine.
 *
 * The functions of float work on the double that the argument is, and their result is rounded to float.
 */
import { returns } from '../../machine/native.ts';
import type { DeclaredFunction } from '../declared-functions.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api } from '../kernel-types.ts';

const oneArgument = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  exp2: (x: number) => 2 ** x,
  expm1: Math.expm1,
  fabs: Math.abs,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  nearbyint: toNearestEven,
  rint: toNearestEven,
  round: awayFromZero,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
} as const satisfies Partial<Record<DeclaredFunction, (x: number) => number>>;

const twoArguments = {
  atan2: Math.atan2,
  copysign: (x: number, y: number) => (isNegative(y) ? -Math.abs(x) : Math.abs(x)),
  fdim: (x: number, y: number) => (x > y ? x - y : Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0),
  fmax: (x: number, y: number) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y)),
  fmin: (x: number, y: number) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y)),
  fmod: (x: number, y: number) => x % y,
  hypot: Math.hypot,
  pow: power,
} as const satisfies Partial<Record<DeclaredFunction, (x: number, y: number) => number>>;

type OneName = keyof typeof oneArgument;
type TwoName = keyof typeof twoArguments;

export const mathApis = {
  ...tableOf(
    oneArgument,
    (compute) =>
      (_kernel, { arguments: args }) =>
        returns(compute(args.double(0))),
  ),
  ...tableOf(
    twoArguments,
    (compute) =>
      (_kernel, { arguments: args }) =>
        returns(compute(args.double(0), args.double(1))),
  ),
  frexp: (kernel, { arguments: args }) => {
    const { fraction, exponent } = split(args.double(0));
    kernel.memory.writeU32(args.pointer(1), exponent);
    return returns(fraction);
  },
  ldexp: (_kernel, { arguments: args }) => returns(scaled(args.double(0), args.int(1))),
  modf: (kernel, { arguments: args }) => {
    const x = args.double(0);
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, Math.trunc(x), true);
    kernel.memory.writeU64(args.pointer(1), bits.getBigUint64(0, true));
    const rest = Number.isFinite(x) ? x - Math.trunc(x) : Number.isNaN(x) ? x : 0;
    return returns(isNegative(x) ? -Math.abs(rest) : rest);
  },
  lround: (_kernel, { arguments: args }) => returns(wholeOf(awayFromZero(args.double(0)), 32)),
  llround: (_kernel, { arguments: args }) => returns(wholeOf(awayFromZero(args.double(0)), 64)),
  _isnan: (_kernel, { arguments: args }) => returns(Number.isNaN(args.double(0)) ? 1 : 0),
  _finite: (_kernel, { arguments: args }) => returns(Number.isFinite(args.double(0)) ? 1 : 0),
  __wsk_is_infinite: (_kernel, { arguments: args }) => returns(Math.abs(args.double(0)) === Infinity ? 1 : 0),
  __wsk_sign_bit: (_kernel, { arguments: args }) => returns(isNegative(args.double(0)) ? 1 : 0),
} satisfies KernelApis;

/** The functions under their names and, for float, with an `f` behind them. */
function tableOf<Name extends OneName | TwoName, F>(
  functions: Readonly<Record<Name, F>>,
  make: (compute: F) => Api,
): Readonly<Record<Name | `${Name}f`, Api>> {
  const entries = Object.entries(functions) as [Name, F][];
  const table = Object.fromEntries(
    entries.flatMap(([name, compute]) => [
      [name, make(compute)],
      [`${name}f`, make(compute)],
    ]),
  );
  return table as Record<Name | `${Name}f`, Api>;
}

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** Ties go to the even neighbour, as the processor rounds. */
function toNearestEven(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const magnitude = Math.abs(x) + 2 ** 52 - 2 ** 52;
  return isNegative(x) ? -magnitude : magnitude;
}

/** Ties go away from zero. */
function awayFromZero(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const whole = Math.trunc(x);
  const rounded = Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
  return isNegative(x) ? -Math.abs(rounded) : rounded;
}

/** C has 1 for pow(1, NaN) and pow(-1, ±infinity), JavaScript NaN. */
function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

/** x = fraction * 2^exponent, with a fraction from 0.5 to 1. */
function split(x: number): { readonly fraction: number; readonly exponent: number } {
  if (x === 0 || !Number.isFinite(x)) return { fraction: x, exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  // A subnormal number is made normal first.
  const isSmall = Math.abs(x) < 2 ** -1022;
  view.setFloat64(0, isSmall ? x * 2 ** 54 : x);
  const exponent = ((view.getUint16(0) >> 4) & 0x7ff) - 1022 - (isSmall ? 54 : 0);
  view.setUint16(0, (view.getUint16(0) & 0x800f) | (1022 << 4));
  return { fraction: view.getFloat64(0), exponent };
}

/** x * 2^n in steps that neither overflow nor round early. */
function scaled(x: number, n: number): number {
  const { fraction, exponent } = split(x);
  if (fraction === 0 || !Number.isFinite(fraction)) return x;
  const power_ = Math.max(-2200, Math.min(2200, exponent + n));
  if (power_ > 1023) return fraction * 2 ** 1023 * 2 ** Math.min(1023, power_ - 1023);
  return power_ >= -1021 ? fraction * 2 ** power_ : fraction * 2 ** -1021 * 2 ** (power_ + 1021);
}

/** What does not fit becomes the least value, as the processor's conversion has it. */
function wholeOf(x: number, bits: 32 | 64): bigint {
  const limit = 2 ** (bits - 1);
  return x >= -limit && x < limit ? BigInt(x) : -(1n << BigInt(bits - 1));
}
