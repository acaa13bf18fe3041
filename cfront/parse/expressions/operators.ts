/**
 * Typed nodes for operators: operands in, the node with its implicit conversions out. An operand of error type gives
 * a node of error type and no further problem.
 */
import type { Token } from '../../tokenize/token.ts';
import { commonType } from '../../types/arithmetic.ts';
import { sameUnqualified } from '../../types/compatible.ts';
import { sizeOf } from '../../types/layout.ts';
import { ERROR, INT, LONG_LONG, pointerTo, unqualified, VOID } from '../../types/make.ts';
import { isArithmetic, isComplete, isInteger, isPointer, isScalar } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType, PointerType } from '../../types/types.ts';
import type { AssignExpression, BinaryOperator, Expression, UnaryOperator } from '../ast.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { errorAt, warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { hasError } from '../walk.ts';
import { constantValue, isImplicitCall } from './constants.ts';
import {
  ASSIGNMENT,
  commonPointer,
  convertForAssignment,
  convertTo,
  decayed,
  indexValue,
  isNullConstant,
  pointerMismatch,
  promote,
  promotedType,
} from './conversions.ts';
import { castAsLvalue, isLvalue, markAddressTaken, objectBehindCast, requireModifiable } from './lvalues.ts';

export function binary(p: Parser, operator: BinaryOperator, l: Expression, r: Expression): Expression {
  const left = decayed(l);
  const right = decayed(r);
  if (left.type.kind === 'error' || right.type.kind === 'error') {
    return { kind: 'binary', first: l.first, last: r.last, type: resultUnderError(operator), operator, left, right };
  }
  if (isArithmetic(left.type) && isArithmetic(right.type)) return arithmetic(p, operator, left, right);
  if (operator === '+' || operator === '-') {
    const node = pointerArithmetic(p, operator, left, right);
    if (node !== undefined) return node;
  }
  if (isComparison(operator) && isScalar(left.type) && isScalar(right.type))
    return comparePointers(p, operator, left, right);
  return badOperands(p, operator, left, right);
}

export function logical(p: Parser, operator: '&&' | '||', l: Expression, r: Expression): Expression {
  const left = condition(p, l);
  const right = condition(p, r);
  return { kind: 'logical', first: l.first, last: r.last, type: INT, operator, left, right };
}

/** What is tested against zero. */
export function condition(p: Parser, expression: Expression): Expression {
  const e = decayed(expression);
  if (!isScalar(e.type) && e.type.kind !== 'error') {
    errorAt(p, 'not-scalar', `A condition must be a number or a pointer; this is '${typeText(e.type)}'.`, e);
    return errorExpression(e.first, e.last, [e]);
  }
  return e;
}

export function unary(p: Parser, operator: UnaryOperator, first: Token, operandIn: Expression): Expression {
  const last = operandIn.last;
  if (operator === '!') {
    return { kind: 'unary', first, last, type: INT, operator, operand: condition(p, operandIn) };
  }
  const operand = promote(operandIn);
  const type = operand.type;
  if (type.kind !== 'error' && (operator === '~' ? !isInteger(type) : !isArithmetic(type))) {
    errorAt(p, 'bad-operands', `'${operator}' cannot be applied to '${typeText(type)}'.`, operandIn);
    return errorExpression(first, last, [operandIn]);
  }
  if (operator === '-') warnOfUnsigned(p, operandIn);
  return { kind: 'unary', first, last, type, operator, operand };
}

/** `-2147483648`: the number alone does not fit into a signed type, so that the minus gives an unsigned value too. */
function warnOfUnsigned(p: Parser, e: Expression): void {
  if (e.kind !== 'integer' || e.type.kind !== 'integer' || e.type.isSigned || /[uU]/.test(e.first.text)) return;
  if (!/^[1-9]/.test(e.first.text)) return;
  const minimum = e.value === 1n << 31n ? ' Write (-2147483647 - 1), or INT_MIN of <limits.h>.' : '';
  const text = `${e.first.text} is unsigned ('${typeText(e.type)}'), so it is a positive number with the minus too.${minimum}`;
  warningAt(p, 'unsigned-minus', text, e);
}

export function dereference(p: Parser, first: Token, operandIn: Expression): Expression {
  const operand = decayed(operandIn);
  const last = operandIn.last;
  if (operand.type.kind === 'error' || isImplicitCall(operand)) return errorExpression(first, last, [operand]);
  if (operand.type.kind !== 'pointer') {
    errorAt(p, 'not-a-pointer', `'*' needs a pointer; this is '${typeText(operand.type)}'.`, operandIn);
    return errorExpression(first, last, [operand]);
  }
  return { kind: 'dereference', first, last, type: operand.type.target, operand };
}

/** `base[index]`, whichever side the pointer stands on. `last` is the closing bracket. */
export function index(p: Parser, a: Expression, b: Expression, last: Token): Expression {
  let base = decayed(a);
  let subscript = decayed(b);
  if (isInteger(base.type) && isPointer(subscript.type)) [base, subscript] = [subscript, base];
  if (base.type.kind === 'error' || (base.type.kind === 'pointer' && subscript.type.kind === 'error')) {
    return errorExpression(a.first, last, [a, b]);
  }
  if (base.type.kind !== 'pointer' || !isInteger(subscript.type)) {
    const what =
      base.type.kind === 'pointer' ? `the index is '${typeText(subscript.type)}'` : `this is '${typeText(base.type)}'`;
    if (!hasError(a) && !hasError(b)) {
      errorAt(p, 'bad-operands', `Indexing needs a pointer or an array and an integer; ${what}.`, a);
    }
    return errorExpression(a.first, last, [a, b]);
  }
  requireSize(p, base.type, a);
  return { kind: 'index', first: a.first, last, type: base.type.target, base, index: indexValue(subscript) };
}

export function addressOf(p: Parser, first: Token, operandIn: Expression): Expression {
  const operand = objectBehindCast(p, operandIn) ?? operandIn;
  const last = operand.last;
  if (operand.type.kind === 'error') return { kind: 'address-of', first, last, type: ERROR, operand };
  if (operand.kind === 'member' && operand.field?.bits !== undefined) {
    errorAt(p, 'not-an-lvalue', `'${operand.name}' is a bit-field; it has no address.`, operand);
  } else if (operand.type.kind !== 'function' && !isLvalue(operand)) {
    if (!hasError(operand))
      errorAt(
        p,
        'not-an-lvalue',
        `'&' needs a variable, a member or an element; this is a value without an address.`,
        operand,
      );
    return errorExpression(first, last, [operand]);
  }
  if (operand.kind === 'name' && operand.symbol.kind === 'variable' && operand.symbol.isRegister === true) {
    errorAt(p, 'not-an-lvalue', `'${operand.symbol.name}' is declared register; it has no address.`, operand);
  }
  markAddressTaken(p, operand);
  return { kind: 'address-of', first, last, type: pointerTo(operand.type), operand };
}

/** `++` and `--`. */
export function increment(
  p: Parser,
  operator: '++' | '--',
  operandIn: Expression,
  place: { readonly first: Token; readonly last: Token; readonly isPrefix: boolean },
): Expression {
  const { first, last, isPrefix } = place;
  const operand = castAsLvalue(p, operandIn);
  if (operand.type.kind === 'error') return errorExpression(first, last, [operand]);
  if (!requireModifiable(p, operand)) return errorExpression(first, last, [operand]);
  if (!isScalar(operand.type)) {
    errorAt(p, 'bad-operands', `'${operator}' cannot be applied to '${typeText(operand.type)}'.`, operand);
    return errorExpression(first, last, [operand]);
  }
  if (operand.type.kind === 'pointer') requireSize(p, operand.type, operand);
  return { kind: 'increment', first, last, type: unqualified(operand.type), operator, isPrefix, operand };
}

export function assign(
  p: Parser,
  operator: AssignExpression['operator'],
  targetIn: Expression,
  valueIn: Expression,
): Expression {
  const target = castAsLvalue(p, targetIn);
  const first = target.first;
  const last = valueIn.last;
  const type = unqualified(target.type);
  if (target.type.kind === 'error') {
    return {
      kind: 'assign',
      first,
      last,
      type,
      operator,
      target,
      value: decayed(valueIn),
      computation: operator && type,
    };
  }
  if (!requireModifiable(p, target)) return errorExpression(first, last, [target, valueIn]);
  if (operator === undefined) {
    const value = convertForAssignment(p, valueIn, target.type, ASSIGNMENT);
    return { kind: 'assign', first, last, type, operator, target, value, computation: undefined };
  }
  // The operation itself says what types it works in and what it complains about.
  const operation = binary(p, operator, target, valueIn);
  if (operation.kind !== 'binary') return errorExpression(first, last, [target, valueIn]);
  const computation = operation.type;
  if (computation.kind === 'pointer' && !isPointer(type)) {
    warningAt(
      p,
      'pointer-to-integer',
      `The pointer that '${operator}=' gives is stored in '${typeText(type)}'.`,
      target,
    );
  }
  return { kind: 'assign', first, last, type, operator, target, value: operation.right, computation };
}

/** `then` undefined: GNU `a ?: b`. */
export function conditional(
  p: Parser,
  test: Expression,
  thenIn: Expression | undefined,
  otherwiseIn: Expression,
): Expression {
  const tested = condition(p, test);
  const a = thenIn === undefined ? tested : decayed(thenIn);
  const b = decayed(otherwiseIn);
  const type = conditionalType(p, a, b);
  const isVoid = type.kind === 'void';
  const then = thenIn === undefined ? undefined : isVoid ? a : convertTo(a, type);
  const otherwise = isVoid ? b : convertTo(b, type);
  return { kind: 'conditional', first: test.first, last: otherwiseIn.last, type, condition: tested, then, otherwise };
}

function isComparison(operator: BinaryOperator): boolean {
  switch (operator) {
    case '==':
    case '!=':
    case '<':
    case '>':
    case '<=':
    case '>=':
      return true;
    default:
      return false;
  }
}

function resultUnderError(operator: BinaryOperator): CType {
  return isComparison(operator) ? INT : ERROR;
}

function arithmetic(p: Parser, operator: BinaryOperator, left: Expression, right: Expression): Expression {
  const first = left.first;
  const last = right.last;
  const needsIntegers =
    operator === '%' || operator === '&' || operator === '|' || operator === '^' || isShift(operator);
  if (needsIntegers && !(isInteger(left.type) && isInteger(right.type))) return badOperands(p, operator, left, right);
  if (isShift(operator)) {
    const value = promote(left);
    warnOfShift(p, value.type, right);
    return { kind: 'binary', first, last, type: value.type, operator, left: value, right: promote(right) };
  }
  const common = commonType(promotedType(left), promotedType(right));
  const type = isComparison(operator) ? INT : common;
  if ((operator === '/' || operator === '%') && common.kind === 'integer') warnOfZero(p, operator, right);
  return {
    kind: 'binary',
    first,
    last,
    type,
    operator,
    left: convertTo(left, common),
    right: convertTo(right, common),
  };
}

/** A count that is known and does not lie below the width: C leaves the result open, x64 takes the count's low bits. */
function warnOfShift(p: Parser, type: CType, right: Expression): void {
  const count = constantValue(right);
  if (count === undefined || type.kind !== 'integer') return;
  const bits = sizeOf(type) * 8;
  if (count >= 0n && count < BigInt(bits)) return;
  warningAt(p, 'shift-count', `'${typeText(type)}' has ${bits} bits and cannot be shifted by ${count}.`, right);
}

function warnOfZero(p: Parser, operator: string, right: Expression): void {
  // At file scope only constants stand, and one that divides by zero is refused as such.
  if (p.function === undefined || constantValue(right) !== 0n) return;
  warningAt(p, 'division-by-zero', `The right side of '${operator}' is zero.`, right);
}

function isShift(operator: BinaryOperator): boolean {
  return operator === '<<' || operator === '>>';
}

function pointerArithmetic(
  p: Parser,
  operator: '+' | '-',
  left: Expression,
  right: Expression,
): Expression | undefined {
  const first = left.first;
  const last = right.last;
  if (left.type.kind === 'pointer' && isInteger(right.type)) {
    requireSize(p, left.type, left);
    return { kind: 'binary', first, last, type: unqualified(left.type), operator, left, right: indexValue(right) };
  }
  if (operator === '+' && isInteger(left.type) && right.type.kind === 'pointer') {
    requireSize(p, right.type, right);
    return { kind: 'binary', first, last, type: unqualified(right.type), operator, left: indexValue(left), right };
  }
  if (operator === '-' && left.type.kind === 'pointer' && right.type.kind === 'pointer') {
    requireSize(p, left.type, left);
    const mismatch = pointerMismatch(left.type, right.type);
    if (mismatch !== undefined && mismatch !== 'discards-qualifiers') {
      const text = `The difference of '${typeText(left.type)}' and '${typeText(right.type)}': they point to different types.`;
      warningAt(p, 'incompatible-pointer', text, right);
    }
    return { kind: 'binary', first, last, type: LONG_LONG, operator, left, right };
  }
  return undefined;
}

function comparePointers(p: Parser, operator: BinaryOperator, left: Expression, right: Expression): Expression {
  const node = (a: Expression, b: Expression): Expression => {
    return { kind: 'binary', first: left.first, last: right.last, type: INT, operator, left: a, right: b };
  };
  if (left.type.kind === 'pointer' && right.type.kind === 'pointer') {
    const isNull = isNullConstant(left) || isNullConstant(right);
    const mismatch = isNull ? undefined : pointerMismatch(left.type, right.type);
    if (mismatch !== undefined && mismatch !== 'discards-qualifiers') {
      const text = `Comparison of '${typeText(left.type)}' with '${typeText(right.type)}': they point to different types.`;
      warningAt(p, 'incompatible-pointer', text, right);
    }
    const common = commonPointer(left.type, right.type);
    return node(convertTo(left, common), convertTo(right, common));
  }
  const pointer = left.type.kind === 'pointer' ? left : right;
  const number = pointer === left ? right : left;
  if (!isInteger(number.type)) return badOperands(p, operator, left, right);
  if (!isNullConstant(number) && !isImplicitCall(number)) {
    const text = `Comparison of the pointer '${typeText(pointer.type)}' with the integer '${typeText(number.type)}'.`;
    warningAt(p, 'pointer-integer-comparison', text, number);
  }
  const type = pointer.type;
  return pointer === left ? node(left, convertTo(right, type)) : node(convertTo(left, type), right);
}

function conditionalType(p: Parser, a: Expression, b: Expression): CType {
  const left = a.type;
  const right = b.type;
  if (left.kind === 'error') return right.kind === 'void' ? VOID : right;
  if (right.kind === 'error') return left;
  if (isArithmetic(left) && isArithmetic(right)) return commonType(promotedType(a), promotedType(b));
  if (left.kind === 'void' || right.kind === 'void') return VOID;
  if (left.kind === 'pointer' && right.kind === 'pointer') {
    if (isNullConstant(b)) return unqualified(left);
    if (isNullConstant(a)) return unqualified(right);
    const mismatch = pointerMismatch(left, right);
    if (mismatch !== undefined && mismatch !== 'discards-qualifiers') warnArms(p, a, b);
    return commonPointer(left, right);
  }
  if (left.kind === 'pointer' && isInteger(right)) {
    if (!isNullConstant(b)) warnArms(p, a, b);
    return unqualified(left);
  }
  if (right.kind === 'pointer' && isInteger(left)) {
    if (!isNullConstant(a)) warnArms(p, a, b);
    return unqualified(right);
  }
  if (sameUnqualified(left, right)) return unqualified(left);
  errorAt(
    p,
    'incompatible-types',
    `The two sides of '?:' do not go together: '${typeText(left)}' and '${typeText(right)}'.`,
    b,
  );
  return ERROR;
}

function warnArms(p: Parser, a: Expression, b: Expression): void {
  if (isImplicitCall(a) || isImplicitCall(b)) return;
  const text = `The two sides of ':' have different types, '${typeText(a.type)}' and '${typeText(b.type)}'.`;
  warningAt(p, 'incompatible-pointer', text, b);
}

/** Pointer arithmetic counts in elements, so their size must be known. */
function requireSize(p: Parser, type: PointerType, at: Expression): void {
  const target = type.target;
  if (target.kind === 'error' || isComplete(target)) return;
  const text = `The size of '${typeText(target)}' is not known, so a pointer to it cannot be moved or indexed.`;
  errorAt(p, 'unknown-size', text, at);
}

function badOperands(p: Parser, operator: string, left: Expression, right: Expression): Expression {
  const text = `'${operator}' cannot be applied to '${typeText(left.type)}' and '${typeText(right.type)}'.`;
  if (!hasError(left) && !hasError(right)) errorAt(p, 'bad-operands', text, left);
  return errorExpression(left.first, right.last, [left, right]);
}
