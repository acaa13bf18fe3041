/**
 * Typed nodes for operators: operands in, the node with its implicit conversions out. An operand of error type gives
 * a node of error type and no further problem.
 */
import type { Token } from '../../tokenize/token.ts';
import { commonType } from '../../types/arithmetic.ts';
import { sameUnqualified } from '../../types/compatible.ts';
import { ERROR, INT, pointerTo, unqualified, VOID } from '../../types/make.ts';
import { isArithmetic, isInteger, isPointer, isScalar } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType } from '../../types/types.ts';
import type { AssignExpression, BinaryOperator, Expression, UnaryOperator } from '../ast.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { errorAt, warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { hasError } from '../walk.ts';
import { isImplicitCall } from './constants.ts';
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
import { badOperands, warnArms, warnOfShift, warnOfUnsigned, warnOfZero } from './operator-problems.ts';
import { comparePointers, pointerArithmetic, requireSize } from './pointer-operators.ts';

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

function isShift(operator: BinaryOperator): boolean {
  return operator === '<<' || operator === '>>';
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
