/**
 * Random expressions without side effects that are defined whatever the values: shift counts are masked, divisors are
 * small and not zero, floating values are checked before they become integers, indices are masked.
 */
import type { Random } from '../random.ts';
import {
  type ArrayShape,
  floatLiteral,
  integerLiteral,
  integers,
  isFloat,
  type Place,
  type RecordShape,
  type Scalar,
} from './types.ts';

/** A function that reads its parameters only, so that it may stand anywhere in an expression. */
export interface PureFunction {
  readonly name: string;
  readonly parameters: readonly Scalar[];
  readonly result: Scalar;
}

/** What an expression may mention. */
export interface Scope {
  readonly places: readonly Place[];
  readonly arrays: readonly ArrayShape[];
  readonly pure: readonly PureFunction[];
  readonly records: readonly RecordShape[];
}

export function expressionOf(random: Random, scope: Scope, type: Scalar, depth: number): string {
  return isFloat(type) ? floating(random, scope, depth) : integer(random, scope, depth);
}

export function integer(random: Random, scope: Scope, depth: number): string {
  if (depth <= 0) return integerLeaf(random, scope);
  const next = (): string => integer(random, scope, depth - 1);
  switch (random.below(22)) {
    case 0:
    case 1:
    case 2:
      return `(${next()} ${random.pick(['+', '-', '*'])} ${next()})`;
    case 3:
      return `(${next()} ${random.pick(['&', '|', '^'])} ${next()})`;
    case 4:
      return `(${next()} ${random.pick(['/', '%'])} ${divisor(random, scope, depth)})`;
    case 5:
      return `((${random.pick(integers)})${next()})`;
    case 6:
      return `(${narrow(random, scope, depth)} ${random.pick(['<<', '>>'])} (${next()} & 31))`;
    case 7:
      return `((${random.pick(['i64', 'u64'])})${next()} ${random.pick(['<<', '>>'])} (${next()} & 63))`;
    case 8:
      return `((i64)${next()} >> ${random.below(64)})`;
    case 9:
      return `(${next()} ${random.pick(comparisons)} ${next()})`;
    case 10:
      return `(${next()} ${random.pick(['&&', '||'])} ${next()})`;
    case 11:
      return `(${next()} ? ${next()} : ${next()})`;
    case 12:
      return `(${random.pick(['-', '~', '!', '+', '- -', '!!', '~-'])}${next()})`;
    case 13:
      return `(${floating(random, scope, depth - 1)} ${random.pick(comparisons)} ${floating(random, scope, depth - 1)})`;
    case 14:
      return `whole(${floating(random, scope, depth - 1)})`;
    case 15:
      // Whether a bit-field is still one behind a comma differs between compilers.
      return `(${next()}, +${next()})`;
    case 16:
      return element(random, scope, depth, (type) => !isFloat(type)) ?? next();
    case 17:
      return call(random, scope, depth, (type) => !isFloat(type)) ?? next();
    case 18:
      return `(i32)sizeof(${random.oneIn(2) ? random.pick(integers) : `+${next()}`})`;
    case 19:
      return `((u${random.pick(['8', '16', '32'])})${next()} ${random.pick(['+', '-', '*', '>>', '<'])} ${1 + random.below(7)})`;
    case 20:
      return `(${floating(random, scope, depth - 1)} ${random.pick(['&&', '||'])} ${next()})`;
    default:
      return `_Generic(${generic(random, scope)}, i32: ${next()}, u32: ${next()}, i64: 5, u64: 7u, default: 9)`;
  }
}

/** What a wide bit-field is promoted to differs between compilers, so none decides here. */
function generic(random: Random, scope: Scope): string {
  return integer(random, { ...scope, places: scope.places.filter((place) => place.isBitField !== true) }, 1);
}

const comparisons = ['==', '!=', '<', '>', '<=', '>='];

/** Of at most 32 bits after promotion, for a shift below 32. */
function narrow(random: Random, scope: Scope, depth: number): string {
  return `(${random.pick(['i32', 'u32', 'u16', 'i8'])})${integer(random, scope, depth - 1)}`;
}

function divisor(random: Random, scope: Scope, depth: number): string {
  const value = integer(random, scope, depth - 1);
  switch (random.below(4)) {
    case 0:
      return `((${value} & 15) + 1)`;
    case 1:
      return `(-(i32)((${value} & 7) + 2))`;
    case 2:
      return `((${value} & 0xffff) | 0x10000ull)`;
    default:
      return String(1 + random.below(100));
  }
}

/** Stays small enough not to matter when it is rounded, and never divides by zero. */
export function floating(random: Random, scope: Scope, depth: number): string {
  const places = scope.places.filter((place) => isFloat(place.type));
  if (depth <= 0) return places.length > 0 && !random.oneIn(4) ? random.pick(places).text : floatLiteral(random);
  const next = (): string => floating(random, scope, depth - 1);
  switch (random.below(9)) {
    case 0:
    case 1:
      return `(${next()} ${random.pick(['+', '-', '*'])} ${next()})`;
    case 2:
      return `(${next()} / (${next()} + 1234567.5))`;
    case 3:
      return `(${random.pick(['float', 'double'])})${integer(random, scope, depth - 1)}`;
    case 4:
      return `(${integer(random, scope, depth - 1)} ? ${next()} : ${next()})`;
    case 5:
      return `(-${next()})`;
    case 6:
      return element(random, scope, depth, isFloat) ?? next();
    case 7:
      return call(random, scope, depth, isFloat) ?? next();
    default:
      return `((float)${next()})`;
  }
}

function element(random: Random, scope: Scope, depth: number, fits: (type: Scalar) => boolean): string | undefined {
  const arrays = scope.arrays.filter((array) => fits(array.type));
  if (arrays.length === 0) return undefined;
  const { name, length } = random.pick(arrays);
  const index = `(${integer(random, scope, Math.min(depth - 1, 1))} & ${length - 1})`;
  return random.pick([
    `${name}[${index}]`,
    `*(${name} + ${index})`,
    `${index}[${name}]`,
    `(&${name}[${length - 1}])[-(i32)${index}]`,
  ]);
}

function call(random: Random, scope: Scope, depth: number, fits: (type: Scalar) => boolean): string | undefined {
  const functions = scope.pure.filter((one) => fits(one.result));
  if (functions.length === 0) return undefined;
  const { name, parameters } = random.pick(functions);
  // Arguments of any arithmetic type: the prototype converts; only floating to integer could be undefined.
  const list = parameters.map((type) => expressionOf(random, scope, type, Math.min(depth - 1, 1)));
  return `${name}(${list.join(', ')})`;
}

function integerLeaf(random: Random, scope: Scope): string {
  const places = scope.places.filter((place) => !isFloat(place.type));
  return places.length > 0 && !random.oneIn(4) ? random.pick(places).text : integerLiteral(random);
}
