/** What is said of operators whose operands do not fit, or that do what was hardly meant. */
import { sizeOf } from '../../types/layout.ts';
import { typeText } from '../../types/text.ts';
import type { CType } from '../../types/types.ts';
import type { Expression } from '../ast.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { errorAt, warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { hasError } from '../walk.ts';
import { constantValue, isImplicitCall } from './constants.ts';

/** `-2147483648`: the number alone does not fit into a signed type, so that the minus gives an unsigned value too. */
export function warnOfUnsigned(p: Parser, e: Expression): void {
  if (e.kind !== 'integer' || e.type.kind !== 'integer' || e.type.isSigned || /[uU]/.test(e.first.text)) return;
  if (!/^[1-9]/.test(e.first.text)) return;
  const minimum = e.value === 1n << 31n ? ' Write (-2147483647 - 1), or INT_MIN of <limits.h>.' : '';
  const text = `${e.first.text} is unsigned ('${typeText(e.type)}'), so it is a positive number with the minus too.${minimum}`;
  warningAt(p, 'unsigned-minus', text, e);
}

/** A count that is known and does not lie below the width: C leaves the result open, x64 takes the count's low bits. */
export function warnOfShift(p: Parser, type: CType, right: Expression): void {
  const count = constantValue(right);
  if (count === undefined || type.kind !== 'integer') return;
  const bits = sizeOf(type) * 8;
  if (count >= 0n && count < BigInt(bits)) return;
  warningAt(p, 'shift-count', `'${typeText(type)}' has ${bits} bits and cannot be shifted by ${count}.`, right);
}

export function warnOfZero(p: Parser, operator: string, right: Expression): void {
  // At file scope only constants stand, and one that divides by zero is refused as such.
  if (p.function === undefined || constantValue(right) !== 0n) return;
  warningAt(p, 'division-by-zero', `The right side of '${operator}' is zero.`, right);
}

export function warnArms(p: Parser, a: Expression, b: Expression): void {
  if (isImplicitCall(a) || isImplicitCall(b)) return;
  const text = `The two sides of ':' have different types, '${typeText(a.type)}' and '${typeText(b.type)}'.`;
  warningAt(p, 'incompatible-pointer', text, b);
}

export function badOperands(p: Parser, operator: string, left: Expression, right: Expression): Expression {
  const text = `'${operator}' cannot be applied to '${typeText(left.type)}' and '${typeText(right.type)}'.`;
  if (!hasError(left) && !hasError(right)) errorAt(p, 'bad-operands', text, left);
  return errorExpression(left.first, right.last, [left, right]);
}
