/**
 * Values that are known without running: C11 6.6, with 64-bit integers held exactly as BigInt.
 *
 * Works on the typed tree, so that every conversion is already there to be applied. Addresses count as far as they
 * are numbers: `&((T *)0)->m` is the member's offset, which is how FIELD_OFFSET and CONTAINING_RECORD are written.
 */
import { nearestFloat, truncated, wrap } from '../../types/arithmetic.ts';
import { sizeOf } from '../../types/layout.ts';
import { comparisonResult, floatResult, integerResult } from '../../types/operations.ts';
import type { CType } from '../../types/types.ts';
import type { BinaryExpression, Expression, Initializer, UnaryExpression } from '../ast.ts';
import { builtinConstant } from './builtin-constants.ts';

/** The value of an integer (or numeric pointer) constant expression; undefined for all others. */
export function constantValue(expression: Expression): bigint | undefined {
  const value = evaluate(expression);
  return typeof value === 'bigint' ? value : undefined;
}

/** As `constantValue`, floating values included. */
function evaluate(e: Expression): bigint | number | undefined {
  switch (e.kind) {
    case 'integer':
    case 'float':
    case 'sizeof':
      return e.value;
    case 'enum-constant':
      return e.symbol.value;
    case 'unary':
      return evaluateUnary(e);
    case 'binary':
      return evaluateBinary(e);
    case 'logical': {
      const left = truth(evaluate(e.left));
      if (left === undefined) return undefined;
      if (left === (e.operator === '||')) return left ? 1n : 0n;
      const right = truth(evaluate(e.right));
      return right === undefined ? undefined : right ? 1n : 0n;
    }
    case 'conditional': {
      const condition = evaluate(e.condition);
      const isTrue = truth(condition);
      if (isTrue === undefined) return undefined;
      if (!isTrue) return evaluate(e.otherwise);
      return e.then === undefined ? condition : evaluate(e.then);
    }
    case 'comma':
      return evaluate(e.left) === undefined ? undefined : evaluate(e.right);
    case 'cast':
    case 'convert':
      return convertValue(evaluate(e.operand), e.type);
    case 'builtin':
      return builtinConstant(e.name, e.arguments.map(constantValue));
    case 'address-of':
      return addressValue(e.operand);
    case 'decay':
      return addressValue(e.operand);
    default:
      return undefined;
  }
}

/** What keeps an integer expression from being a constant, where that is clear: a division by zero. */
export function whyNotConstant(e: Expression): string | undefined {
  return dividesByZero(e) ? 'This constant divides by zero.' : undefined;
}

function dividesByZero(e: Expression): boolean {
  switch (e.kind) {
    case 'binary': {
      const isDivision = e.operator === '/' || e.operator === '%';
      return (isDivision && constantValue(e.right) === 0n) || dividesByZero(e.left) || dividesByZero(e.right);
    }
    case 'unary':
    case 'cast':
    case 'convert':
      return dividesByZero(e.operand);
    default:
      return false;
  }
}

/** The value as a type holds it. */
function convertValue(value: bigint | number | undefined, type: CType): bigint | number | undefined {
  if (value === undefined) return undefined;
  switch (type.kind) {
    case 'integer':
    case 'enum':
    case 'pointer':
      if (typeof value === 'bigint') return wrap(value, type);
      return type.kind === 'pointer' ? undefined : truncated(value, type);
    case 'float':
      if (type.name !== 'float') return Number(value);
      return typeof value === 'bigint' ? nearestFloat(value) : Math.fround(value);
    default:
      return undefined;
  }
}

/**
 * What may initialise an object that lives as long as the driver: constants, and addresses of such objects and of
 * functions plus a constant.
 */
export function isStaticInitializer(initializer: Initializer): boolean {
  if (initializer.kind === 'list') return initializer.entries.every((entry) => isStaticValue(entry.value));
  return isStaticValue(initializer.value);
}

function isStaticValue(e: Expression): boolean {
  switch (e.kind) {
    case 'string':
    case 'error':
      return true;
    case 'name':
      return e.symbol.kind === 'function';
    case 'call':
      return isImplicitCall(e);
    case 'cast':
    case 'convert':
    case 'unary':
      return isStaticValue(e.operand);
    case 'decay':
    case 'address-of':
      return isStaticPlace(e.operand);
    case 'binary':
      if (e.operator === '/' || e.operator === '%') return evaluate(e) !== undefined;
      return (isStaticValue(e.left) && isStaticValue(e.right)) || evaluate(e) !== undefined;
    case 'conditional':
      return isStaticValue(e.otherwise) && (e.then === undefined || isStaticValue(e.then));
    case 'compound-literal':
      return e.symbol.duration === 'static' && isStaticInitializer(e.initializer);
    default:
      return evaluate(e) !== undefined || e.type.kind === 'error';
  }
}

/**
 * A call of a function that nothing declares. Its int is a guess, and the call was reported: whatever does not fit
 * is no second problem.
 */
export function isImplicitCall(expression: Expression): boolean {
  let e = expression;
  while (e.kind === 'convert' || e.kind === 'decay') e = e.operand;
  if (e.kind !== 'call') return false;
  const callee = e.callee.kind === 'decay' ? e.callee.operand : e.callee;
  if (callee.kind !== 'name' || callee.symbol.kind !== 'function') return false;
  return callee.symbol.declarations.length === 0 && !callee.symbol.type.hasPrototype;
}

/** An lvalue whose address is fixed when the driver is loaded. */
function isStaticPlace(e: Expression): boolean {
  switch (e.kind) {
    case 'name':
      return e.symbol.kind === 'function' || e.symbol.duration === 'static';
    case 'string':
    case 'error':
      return true;
    case 'compound-literal':
      return e.symbol.duration === 'static';
    case 'member':
      return e.isArrow ? isStaticValue(e.object) : isStaticPlace(e.object);
    case 'index':
      return isStaticValue(e.base) && evaluate(e.index) !== undefined;
    case 'dereference':
      return isStaticValue(e.operand);
    default:
      return false;
  }
}

function truth(value: bigint | number | undefined): boolean | undefined {
  return value === undefined ? undefined : typeof value === 'bigint' ? value !== 0n : value !== 0;
}

function evaluateUnary(e: UnaryExpression): bigint | number | undefined {
  const value = evaluate(e.operand);
  if (value === undefined) return undefined;
  switch (e.operator) {
    case '+':
      return value;
    case '-':
      return typeof value === 'bigint' ? wrap(-value, e.type) : -value;
    case '~':
      return typeof value === 'bigint' ? wrap(~value, e.type) : undefined;
    case '!':
      return truth(value) ? 0n : 1n;
  }
}

function evaluateBinary(e: BinaryExpression): bigint | number | undefined {
  const left = evaluate(e.left);
  const right = left === undefined ? undefined : evaluate(e.right);
  if (left === undefined || right === undefined) return undefined;
  if (e.left.type.kind === 'pointer' || e.right.type.kind === 'pointer') return pointerArithmetic(e, left, right);
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    return integerResult(e.operator, left, right, e.type);
  }
  return floatResult(e.operator, Number(left), Number(right), e.type);
}

/** Pointers that are numbers: `(char *)0 + 3`, and differences of member addresses. */
function pointerArithmetic(e: BinaryExpression, left: bigint | number, right: bigint | number): bigint | undefined {
  if (typeof left !== 'bigint' || typeof right !== 'bigint') return undefined;
  const scale = (type: CType): bigint => BigInt(type.kind === 'pointer' ? Math.max(1, sizeOf(type.target)) : 1);
  if (e.operator === '+') {
    return wrap(
      e.left.type.kind === 'pointer' ? left + right * scale(e.left.type) : right + left * scale(e.right.type),
      e.type,
    );
  }
  if (e.operator !== '-') return comparisonResult(e.operator, left, right);
  if (e.right.type.kind !== 'pointer') return wrap(left - right * scale(e.left.type), e.type);
  return BigInt.asIntN(64, left - right) / scale(e.left.type);
}

/** The address of an lvalue, where it hangs on a constant pointer. */
function addressValue(e: Expression): bigint | undefined {
  switch (e.kind) {
    case 'member': {
      const base = e.isArrow ? constantValue(e.object) : addressValue(e.object);
      return base === undefined ? undefined : BigInt.asUintN(64, base + BigInt(e.offset));
    }
    case 'dereference':
      return constantValue(e.operand);
    case 'index': {
      const base = constantValue(e.base);
      const index = base === undefined ? undefined : constantValue(e.index);
      if (base === undefined || index === undefined) return undefined;
      return BigInt.asUintN(64, base + index * BigInt(sizeOf(e.type)));
    }
    default:
      return undefined;
  }
}
