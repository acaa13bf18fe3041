/**
 * C's binary operators on values, once the usual conversions are done: what a constant expression gives, and what the
 * machine would compute. Undefined for an operator of another kind, and for a division that has no result.
 */
import { wrap } from './arithmetic.ts';
import { sizeOf } from './layout.ts';
import type { CType } from './types.ts';

/** Integers in `type`, to which the operands were converted. */
export function integerResult(operator: string, left: bigint, right: bigint, type: CType): bigint | undefined {
  switch (operator) {
    case '+':
      return wrap(left + right, type);
    case '-':
      return wrap(left - right, type);
    case '*':
      return wrap(left * right, type);
    case '/':
      return isBadDivision(left, right, type) ? undefined : wrap(left / right, type);
    case '%':
      return isBadDivision(left, right, type) ? undefined : wrap(left % right, type);
    // x64 takes the count modulo the width; C leaves it open.
    case '<<':
      return wrap(left << (right & BigInt(sizeOf(type) * 8 - 1)), type);
    case '>>':
      return wrap(left >> (right & BigInt(sizeOf(type) * 8 - 1)), type);
    case '&':
      return wrap(left & right, type);
    case '|':
      return wrap(left | right, type);
    case '^':
      return wrap(left ^ right, type);
    default:
      return comparisonResult(operator, left, right);
  }
}

/** Floating numbers in `type`; a comparison gives an int. */
export function floatResult(operator: string, left: number, right: number, type: CType): bigint | number | undefined {
  const round = (value: number): number =>
    type.kind === 'float' && type.name === 'float' ? Math.fround(value) : value;
  switch (operator) {
    case '+':
      return round(left + right);
    case '-':
      return round(left - right);
    case '*':
      return round(left * right);
    case '/':
      return round(left / right);
    default:
      return comparisonResult(operator, left, right);
  }
}

export function comparisonResult<T extends bigint | number>(operator: string, left: T, right: T): bigint | undefined {
  switch (operator) {
    case '==':
      return left === right ? 1n : 0n;
    case '!=':
      return left !== right ? 1n : 0n;
    case '<':
      return left < right ? 1n : 0n;
    case '>':
      return left > right ? 1n : 0n;
    case '<=':
      return left <= right ? 1n : 0n;
    case '>=':
      return left >= right ? 1n : 0n;
    default:
      return undefined;
  }
}

/** By zero, or the least number by -1: the processor raises an exception for both. */
function isBadDivision(left: bigint, right: bigint, type: CType): boolean {
  if (right === 0n) return true;
  const isSigned = type.kind === 'integer' ? type.isSigned : type.kind === 'enum';
  return isSigned && right === -1n && left === -(1n << BigInt(sizeOf(type) * 8 - 1));
}
