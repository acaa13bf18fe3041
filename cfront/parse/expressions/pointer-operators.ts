/** Operators on pointers: arithmetic that counts in elements, comparisons, and what they ask of the type behind. */
import { INT, LONG_LONG, unqualified } from '../../types/make.ts';
import { isComplete, isInteger } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { PointerType } from '../../types/types.ts';
import type { BinaryOperator, Expression } from '../ast.ts';
import { errorAt, warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { isImplicitCall } from './constants.ts';
import { commonPointer, convertTo, indexValue, isNullConstant, pointerMismatch } from './conversions.ts';
import { badOperands } from './operator-problems.ts';

export function pointerArithmetic(
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

export function comparePointers(p: Parser, operator: BinaryOperator, left: Expression, right: Expression): Expression {
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

/** Pointer arithmetic counts in elements, so their size must be known. */
export function requireSize(p: Parser, type: PointerType, at: Expression): void {
  const target = type.target;
  if (target.kind === 'error' || isComplete(target)) return;
  const text = `The size of '${typeText(target)}' is not known, so a pointer to it cannot be moved or indexed.`;
  // A record that a header leaves open may be defined in one that was not found.
  errorAt(p, target.kind === 'record' ? 'incomplete-type' : 'unknown-size', text, at);
}
