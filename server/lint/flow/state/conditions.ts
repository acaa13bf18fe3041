/**
 * Operations on values, and what a condition's outcome says about its operands.
 *
 * Numbers are seen as signed, whatever their type: equality is exact that way (constants are brought to the same
 * form), and of an unsigned comparison only what holds in both views is used.
 */
import type { BinaryOperator } from '../../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { between, contains, exactly, except, type Range, single } from '../values/ranges.ts';
import {
  ANYTHING,
  integerValue,
  ONE,
  type OperationValue,
  operationValue,
  type SymbolValue,
  sameValue,
  type Value,
  WORD,
  ZERO,
} from '../values/values.ts';
import { isComparison, mayBeNull, narrow, rangeOf, resolve, type State } from './state.ts';

/** `left operator right`, as far as it is known. */
export function operate(state: State, operator: BinaryOperator, left: Value, right: Value, type: CType): Value {
  const a = resolve(state, left);
  const b = resolve(state, right);
  if (a.kind === 'integer' && b.kind === 'integer') return fold(operator, a.value, b.value, type);
  if (isComparison(operator)) return compare(state, operator, a, b, type);
  if (operator === '-' && sameValue(a, b)) return ZERO;
  if (operator === '&' && (isZero(a) || isZero(b))) return ZERO;
  if ((operator === '|' || operator === '+' || operator === '^') && isZero(a)) return b;
  if (
    (operator === '|' ||
      operator === '+' ||
      operator === '^' ||
      operator === '-' ||
      operator === '<<' ||
      operator === '>>') &&
    isZero(b)
  ) {
    return a;
  }
  return isSum(operator) && b.kind === 'integer' && a.kind === 'operation'
    ? moveFurther(a, operator === '+' ? b.value : -b.value, type)
    : operationValue(operator, a, b);
}

function isSum(operator: BinaryOperator): boolean {
  return operator === '+' || operator === '-';
}

/** `x + 1` and another 1 is `x + 2`. */
function moveFurther(sum: OperationValue, by: bigint, type: CType): Value {
  const { operator, left, right } = sum;
  const isMoved = isSum(operator) && right.kind === 'integer';
  const before = !isMoved ? 0n : operator === '+' ? right.value : -right.value;
  const total = asSigned(before + by, type);
  const from = isMoved ? left : sum;
  if (total === 0n) return from;
  return total > 0n ? operationValue('+', from, integerValue(total)) : operationValue('-', from, integerValue(-total));
}

/** Takes `condition` to be true or false; gives false where that cannot be. */
export function assume(state: State, condition: Value, truth: boolean): boolean {
  const value = resolve(state, condition);
  switch (value.kind) {
    case 'integer':
      return (value.value !== 0n) === truth;
    case 'function':
    case 'address':
      return truth;
    case 'anything':
      return true;
    case 'symbol':
      return narrow(state, value, truth ? except(0n) : exactly(0n));
    case 'operation':
      return isComparison(value.operator)
        ? assumeComparison(state, value, truth)
        : narrowBits(state, value, truth ? except(0n) : exactly(0n));
  }
}

/** `x & y` is not 0 where neither is, `x | y` is 0 where both are. */
function narrowBits(state: State, value: Value, range: Range): boolean {
  if (!narrow(state, value, range)) return false;
  if (value.kind !== 'operation') return true;
  const { operator, left, right } = value;
  if (operator === '&' && !contains(range, 0n)) return assume(state, left, true) && assume(state, right, true);
  if (operator === '|' && single(range) === 0n) return assume(state, left, false) && assume(state, right, false);
  return true;
}

/** The value lies in `low` … `high` (or outside, for one number). */
export function assumeCase(state: State, value: Value, low: bigint, high: bigint, type: CType): boolean {
  return narrow(state, resolve(state, value), between(asSigned(low, type), asSigned(high, type)));
}

export function assumeNotCase(state: State, value: Value, low: bigint, high: bigint, type: CType): boolean {
  return low !== high || narrow(state, resolve(state, value), except(asSigned(low, type)));
}

/** A conversion between types; what may change the number, and is not a number we know, is anything. */
export function convert(state: State, value: Value, from: CType, to: CType): Value {
  const known = resolve(state, value);
  if (to.kind === 'integer' && to.name === '_Bool') {
    return compare(state, '!=', known, ZERO, from);
  }
  if (known.kind === 'integer') {
    return to.kind === 'pointer' || to.kind === 'integer' || to.kind === 'enum'
      ? integerValue(extend(known.value, from, to))
      : ANYTHING;
  }
  if (to.kind === 'float' || from.kind === 'float') return ANYTHING;
  if (known.kind !== 'symbol' && known.kind !== 'operation') return value;
  if (sizeOf(to) >= sizeOf(from) || to.kind === 'void' || sizeOf(from) === 0) return value;
  // Narrowed: the same number where it is known to fit.
  const { min, max } = rangeOf(state, known);
  const limit = 1n << BigInt(sizeOf(to) * 8 - 1);
  if (min !== undefined && max !== undefined && min >= -limit && max < limit) return value;
  return sizeOf(from) === 8 && sizeOf(to) === 4 && to.kind === 'integer' ? operationValue('&', known, WORD) : ANYTHING;
}

/** A constant as it is kept: signed, in the width of its type. */
export function asSigned(value: bigint, type: CType): bigint {
  const size = type.kind === 'pointer' ? 8 : sizeOf(type);
  return size === 0 || size > 8 ? value : BigInt.asIntN(size * 8, value);
}

function extend(value: bigint, from: CType, to: CType): bigint {
  const isUnsigned = from.kind === 'integer' && !from.isSigned;
  const size = sizeOf(from);
  const exact = isUnsigned && size > 0 ? BigInt.asUintN(size * 8, value) : value;
  return asSigned(exact, to);
}

function compare(state: State, operator: BinaryOperator, left: Value, right: Value, type: CType): Value {
  if (left.kind === 'integer' && right.kind !== 'integer') return compare(state, mirrored(operator), right, left, type);
  if (sameValue(left, right)) return operator === '==' || operator === '<=' || operator === '>=' ? ONE : ZERO;
  // A comparison compared with 0 or 1 is that comparison, or its opposite.
  if (
    left.kind === 'operation' &&
    isComparison(left.operator) &&
    right.kind === 'integer' &&
    (operator === '==' || operator === '!=')
  ) {
    if (right.value === 0n || right.value === 1n) {
      return (right.value === 1n) === (operator === '==') ? left : opposite(left);
    }
  }
  if (operator !== '==' && operator !== '!=' && isUnsigned(type))
    return compareUnsigned(state, operator, left, right, type);
  if (right.kind === 'integer') {
    const known = decide(operator, rangeOf(state, left), right.value);
    if (known !== undefined) return known ? ONE : ZERO;
  } else if (operator === '==' || operator === '!=') {
    const areApart =
      left.kind === 'address' && right.kind === 'address' && left.place.root.key !== right.place.root.key;
    if (areApart && left.place.root.kind !== 'pointee' && right.place.root.kind !== 'pointee')
      return operator === '!=' ? ONE : ZERO;
    const isNew = isNewBeside(state, left, right) || isNewBeside(state, right, left);
    if (isNew && !(mayBeNull(state, left) && mayBeNull(state, right))) return operator === '!=' ? ONE : ZERO;
  }
  return operationValue(operator, left, right);
}

/**
 * What was made in this function is not what was there when it began, nor something else that was made. A reference
 * is one to an object that may well have been known before.
 */
function isNewBeside({ kernel }: State, made: Value, other: Value): boolean {
  const block = kernel.blocks.get(made.key);
  return (
    block?.made !== undefined &&
    block.kind !== 'reference' &&
    made.kind === 'symbol' &&
    made.source.kind === 'new' &&
    isOfAnother(made, other)
  );
}

/** A value that was there before `made`, or the address of a variable, or of a part of an object that was there. */
function isOfAnother(made: SymbolValue, other: Value): boolean {
  if (other.kind === 'symbol') return other.source.kind !== 'other';
  if (other.kind !== 'address') return false;
  const { root } = other.place;
  return root.kind !== 'pointee' || (root.pointer.key !== made.key && root.pointer.source.kind !== 'other');
}

/** Unsigned order says something about the signed view only next to 0; otherwise it is about a view of its own. */
function compareUnsigned(state: State, operator: BinaryOperator, left: Value, right: Value, type: CType): Value {
  if (right.kind !== 'integer') return operationValue(operator, left, right);
  const { value } = right;
  if ((operator === '>' && value === 0n) || (operator === '>=' && value === 1n))
    return compare(state, '!=', left, ZERO, type);
  if ((operator === '<' && value === 1n) || (operator === '<=' && value === 0n))
    return compare(state, '==', left, ZERO, type);
  const view = operationValue('^', left, ZERO);
  const bound = BigInt.asUintN(Math.max(1, sizeOf(type)) * 8, value);
  const known = decide(operator, rangeOf(state, view), bound);
  if (known !== undefined) return known ? ONE : ZERO;
  return operationValue(operator, view, integerValue(bound));
}

function assumeComparison(state: State, condition: OperationValue, truth: boolean): boolean {
  const operator = truth ? condition.operator : negated(condition.operator);
  const { left, right } = condition;
  const constant = resolve(state, right);
  if (constant.kind === 'integer') {
    // What is now known of the operand says it all.
    return narrowBits(state, left, solutions(operator, constant.value));
  }
  if (operator === '==') {
    const known = resolve(state, left);
    if (known.kind === 'integer' && !narrow(state, right, exactly(known.value))) return false;
  }
  return narrow(state, condition, exactly(truth ? 1n : 0n));
}

/** Numbers x for which `x operator constant` holds. */
function solutions(operator: BinaryOperator, constant: bigint): Range {
  switch (operator) {
    case '==':
      return exactly(constant);
    case '!=':
      return except(constant);
    case '<':
      return between(undefined, constant - 1n);
    case '<=':
      return between(undefined, constant);
    case '>':
      return between(constant + 1n, undefined);
    case '>=':
      return between(constant, undefined);
    default:
      return between(undefined, undefined);
  }
}

function decide(operator: BinaryOperator, range: Range, constant: bigint): boolean | undefined {
  const only = single(range);
  if (operator === '==' || operator === '!=') {
    if (only === constant) return operator === '==';
    return contains(range, constant) ? undefined : operator === '!=';
  }
  const { min, max } = range;
  switch (operator) {
    case '<':
      return max !== undefined && max < constant ? true : min !== undefined && min >= constant ? false : undefined;
    case '<=':
      return max !== undefined && max <= constant ? true : min !== undefined && min > constant ? false : undefined;
    case '>':
      return min !== undefined && min > constant ? true : max !== undefined && max <= constant ? false : undefined;
    case '>=':
      return min !== undefined && min >= constant ? true : max !== undefined && max < constant ? false : undefined;
    default:
      return undefined;
  }
}

function fold(operator: BinaryOperator, a: bigint, b: bigint, type: CType): Value {
  const unsigned = isUnsigned(type);
  const size = BigInt(Math.max(1, sizeOf(type)) * 8);
  const left = unsigned ? BigInt.asUintN(Number(size), a) : a;
  const right = unsigned ? BigInt.asUintN(Number(size), b) : b;
  const truth = (holds: boolean): Value => (holds ? ONE : ZERO);
  const number = (value: bigint): Value => integerValue(asSigned(value, type));
  switch (operator) {
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '+':
      return number(left + right);
    case '-':
      return number(left - right);
    case '*':
      return number(left * right);
    case '/':
      return right === 0n ? ANYTHING : number(left / right);
    case '%':
      return right === 0n ? ANYTHING : number(left % right);
    case '<<':
      return right < 0n || right >= size ? ANYTHING : number(left << right);
    case '>>':
      return right < 0n || right >= size ? ANYTHING : number(left >> right);
    case '&':
      return number(left & right);
    case '|':
      return number(left | right);
    case '^':
      return number(left ^ right);
  }
}

function opposite(comparison: OperationValue): Value {
  return operationValue(negated(comparison.operator), comparison.left, comparison.right);
}

function negated(operator: BinaryOperator): BinaryOperator {
  const table: Partial<Record<BinaryOperator, BinaryOperator>> = {
    '==': '!=',
    '!=': '==',
    '<': '>=',
    '>=': '<',
    '>': '<=',
    '<=': '>',
  };
  return table[operator] ?? operator;
}

function mirrored(operator: BinaryOperator): BinaryOperator {
  const table: Partial<Record<BinaryOperator, BinaryOperator>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
  return table[operator] ?? operator;
}

function isZero(value: Value): boolean {
  return value.kind === 'integer' && value.value === 0n;
}

function isUnsigned(type: CType): boolean {
  return type.kind === 'pointer' || (type.kind === 'integer' && !type.isSigned);
}
