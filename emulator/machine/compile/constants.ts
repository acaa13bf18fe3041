/**
 * Constant expressions: the value as the guest would compute it, or undefined where it depends on the run.
 *
 * Addresses of static objects, strings and functions are known numbers by the time anything is compiled, so an
 * address constant is an ordinary 64-bit integer. Integers come as bigints in their type's range, floats as numbers.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { wrap } from '../../../cfront/types/arithmetic.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { comparisonResult, floatResult, integerResult } from '../../../cfront/types/operations.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { codeAddress, kernelAddress } from '../memory/layout.ts';
import { classOf, isFloating, isSignedType } from './classes.ts';
import type { LinkServices } from './context.ts';
import { spanOf } from './spans.ts';

export type Constant = bigint | number;

export function constantOf(link: LinkServices, e: Expression): Constant | undefined {
  switch (e.kind) {
    case 'integer':
      return e.value;
    case 'float':
      return e.value;
    case 'enum-constant':
      return e.symbol.value;
    case 'sizeof':
      return e.value;
    case 'convert':
    case 'cast': {
      const value = constantOf(link, e.operand);
      return value === undefined ? undefined : convertConstant(value, e.operand.type, e.type);
    }
    case 'decay':
    case 'address-of':
      return constantAddress(link, e.operand);
    case 'unary': {
      const value = constantOf(link, e.operand);
      return value === undefined ? undefined : unaryConstant(e.operator, value, e.operand.type, e.type);
    }
    case 'binary':
      return binaryConstant(link, e);
    case 'logical': {
      const left = constantOf(link, e.left);
      if (left === undefined) return undefined;
      if (isTrue(left) === (e.operator === '||')) return isTrue(left) ? 1n : 0n;
      const right = constantOf(link, e.right);
      return right === undefined ? undefined : isTrue(right) ? 1n : 0n;
    }
    case 'conditional': {
      const condition = constantOf(link, e.condition);
      if (condition === undefined) return undefined;
      if (!isTrue(condition)) return constantOf(link, e.otherwise);
      return e.then === undefined ? condition : constantOf(link, e.then);
    }
    default:
      return undefined;
  }
}

/** Address of an object with static life, or of a function. */
export function constantAddress(link: LinkServices, e: Expression): bigint | undefined {
  switch (e.kind) {
    case 'name':
      if (e.symbol.kind === 'function') return codeAddress(link.codeIndex(e.symbol, spanOf(e)));
      return e.symbol.duration === 'static' ? kernelAddress(link.globalOffset(e.symbol)) : undefined;
    case 'string': {
      const unitSize = e.type.kind === 'array' ? sizeOf(e.type.element) : 1;
      return kernelAddress(link.stringOffset(e.units, unitSize));
    }
    case 'compound-literal':
      return e.symbol.duration === 'static' ? kernelAddress(link.literalOffset(e)) : undefined;
    case 'member': {
      const base = e.isArrow ? constantOf(link, e.object) : constantAddress(link, e.object);
      return typeof base === 'bigint' ? BigInt.asUintN(64, base + BigInt(e.offset)) : undefined;
    }
    case 'index': {
      const base = constantOf(link, e.base);
      const index = constantOf(link, e.index);
      if (typeof base !== 'bigint' || typeof index !== 'bigint') return undefined;
      return BigInt.asUintN(64, base + index * BigInt(sizeOf(e.type)));
    }
    case 'dereference': {
      const base = constantOf(link, e.operand);
      return typeof base === 'bigint' ? base : undefined;
    }
    case 'decay':
      // A function stays what it is through any number of `*`.
      return e.operand.type.kind === 'function' ? constantAddress(link, e.operand) : undefined;
    default:
      return undefined;
  }
}

export function convertConstant(value: Constant, from: CType, to: CType): Constant | undefined {
  const goal = classOf(to);
  if (goal === 'record' || goal === 'void') return undefined;
  if (isFloating(goal)) {
    const result = Number(value);
    return goal === 'float' ? floatOf(value) : result;
  }
  if (typeof value === 'bigint') return wrap(value, to);
  if (to.kind === 'integer' && to.name === '_Bool') return value !== 0 ? 1n : 0n;
  return isFloating(classOf(from)) ? truncated(value, to) : undefined;
}

/** As the instructions of `floatToInt` do it: what the x64 conversion has no room for is its least value. */
function truncated(value: number, to: CType): bigint {
  const isUnsigned = !isSignedType(to);
  const bits = sizeOf(to) === 8 || (sizeOf(to) === 4 && isUnsigned) ? 64 : 32;
  const limit = 2 ** (bits - 1);
  const whole = Math.trunc(value);
  const isHighHalf = sizeOf(to) === 8 && isUnsigned && whole >= limit && whole < 2 ** 64;
  return wrap((whole >= -limit && whole < limit) || isHighHalf ? BigInt(whole) : -(1n << BigInt(bits - 1)), to);
}

/** A float from an integer is rounded once, whatever a double would have made of it. */
function floatOf(value: Constant): number {
  if (typeof value === 'number') return Math.fround(value);
  const magnitude = value < 0n ? -value : value;
  if (magnitude < 1n << 53n) return Math.fround(Number(value));
  const sticky = (magnitude & 0xfffn) !== 0n ? 1n << 12n : 0n;
  const rounded = Math.fround(Number((magnitude & ~0xfffn) | sticky));
  return value < 0n ? -rounded : rounded;
}

function isTrue(value: Constant): boolean {
  return typeof value === 'bigint' ? value !== 0n : value !== 0;
}

function unaryConstant(operator: string, value: Constant, from: CType, to: CType): Constant | undefined {
  if (operator === '!') return isTrue(value) ? 0n : 1n;
  if (typeof value === 'number') return operator === '-' ? -value : operator === '+' ? value : undefined;
  if (from.kind === 'pointer') return undefined;
  return wrap(operator === '-' ? -value : operator === '~' ? ~value : value, to);
}

function binaryConstant(link: LinkServices, e: Expression & { kind: 'binary' }): Constant | undefined {
  const left = constantOf(link, e.left);
  if (left === undefined) return undefined;
  const right = constantOf(link, e.right);
  if (right === undefined) return undefined;
  if (typeof left === 'number' || typeof right === 'number')
    return floatResult(e.operator, Number(left), Number(right), e.type);
  if (e.left.type.kind === 'pointer' || e.right.type.kind === 'pointer') return pointerConstant(e, left, right);
  return integerResult(e.operator, left, right, e.type);
}

function pointerConstant(e: Expression & { kind: 'binary' }, left: bigint, right: bigint): bigint | undefined {
  const { type } = e;
  if (e.operator === '+' && type.kind === 'pointer') {
    const size = BigInt(sizeOf(type.target));
    const sum = e.left.type.kind === 'pointer' ? left + right * size : left * size + right;
    return BigInt.asUintN(64, sum);
  }
  if (e.operator === '-' && type.kind === 'pointer')
    return BigInt.asUintN(64, left - right * BigInt(sizeOf(type.target)));
  if (e.operator === '-' && e.left.type.kind === 'pointer') {
    const size = BigInt(sizeOf(e.left.type.target) || 1);
    return BigInt.asIntN(64, left - right) / size;
  }
  return comparisonResult(e.operator, BigInt.asUintN(64, left), BigInt.asUintN(64, right));
}
