/**
 * Binary operators on values in registers: which instruction, with which operand as an immediate.
 *
 * Operands have been converted to a common type (shifts: the left one decides). Integer types narrower than 32 bits
 * never come here: C promotes them first.
 */
import type { BinaryOperator, Expression } from '../../../cfront/parse/ast.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { lowWord } from '../memory/layout.ts';
import type { OpName } from '../opcodes.ts';
import { emit } from './assembly.ts';
import { classOf, isFloating, isSignedType } from './classes.ts';
import { constantOf } from './constants.ts';
import { type FunctionContext, type Register, resultRegister, temporary } from './context.ts';
import { move } from './convert.ts';
import { assigns } from './place.ts';
import { addIndex, stepOf } from './pointer.ts';

export type ArithmeticOperator = Exclude<BinaryOperator, '==' | '!=' | '<' | '>' | '<=' | '>='>;

/** The value of a binary expression; comparisons give 0 or 1. */
export function binaryValue(c: FunctionContext, e: Expression & { kind: 'binary' }, target?: Register): Register {
  switch (e.operator) {
    case '==':
    case '!=':
    case '<':
    case '>':
    case '<=':
    case '>=':
      return comparison(c, e, target);
    default:
      break;
  }
  const mark = c.nextTemporary;
  // Constants go to the right, where they can be part of the instruction.
  const isSwapped =
    isCommutative(e.operator) && smallConstant(c, e.left) !== undefined && e.left.type.kind !== 'pointer';
  const first = isSwapped ? e.right : e.left;
  const second = isSwapped ? e.left : e.right;
  const left = heldValue(c, first, second);
  if (first.type.kind === 'pointer' || second.type.kind === 'pointer') {
    return pointerValue(c, e, { left, first, second, mark, target });
  }
  return operate(c, { operator: e.operator, type: e.type, left, right: second, mark, target });
}

export interface Operation {
  readonly operator: ArithmeticOperator;
  readonly type: CType;
  readonly left: Register;
  /** Evaluated here, after the left operand. */
  readonly right: Expression;
  /** Temporaries from here on are free once the operands are read. */
  readonly mark: Register;
  readonly target: Register | undefined;
}

/** left `operator` right in `type`, which is not a pointer. */
export function operate(c: FunctionContext, o: Operation): Register {
  const immediate = smallConstant(c, o.right);
  const valueClass = classOf(o.type);
  const withImmediate = immediate === undefined ? undefined : immediateOp(o, valueClass, immediate);
  if (withImmediate !== undefined) {
    const result = resultRegister(c, o.mark, o.target);
    emit(c.code, withImmediate.op, result, o.left, withImmediate.value);
    return result;
  }
  const right = c.parts.value(c, o.right);
  return operateOn(c, o, right);
}

/** As `operate`, with the right operand in a register. */
export function operateOn(c: FunctionContext, o: Omit<Operation, 'right'>, right: Register): Register {
  const valueClass = classOf(o.type);
  const result = resultRegister(c, o.mark, o.target);
  const op = isFloating(valueClass)
    ? floatOp(o.operator)
    : integerOp(o.operator, valueClass === 'long', isSignedType(o.type));
  emit(c.code, op, result, o.left, right);
  if (valueClass === 'float') emit(c.code, 'ROUNDF', result, result);
  return result;
}

/** The value of `e` in a register that computing `later` will not change. */
export function heldValue(c: FunctionContext, e: Expression, later: Expression): Register {
  const register = c.parts.value(c, e);
  if (register >= c.firstTemporary || !assigns(later)) return register;
  return move(c, register, 'long', temporary(c));
}

/** A constant of up to 32 bits that an instruction can carry. */
export function smallConstant(c: FunctionContext, e: Expression): number | undefined {
  if (e.type.kind === 'float') return undefined;
  const value = constantOf(c.link, e);
  if (typeof value !== 'bigint') return undefined;
  if (classOf(e.type) === 'int') return lowWord(value);
  const signed = BigInt.asIntN(64, value);
  return BigInt.asIntN(32, signed) === signed ? Number(signed) : undefined;
}

function pointerValue(
  c: FunctionContext,
  e: Expression & { kind: 'binary' },
  o: {
    readonly left: Register;
    readonly first: Expression;
    readonly second: Expression;
    readonly mark: Register;
    readonly target: Register | undefined;
  },
): Register {
  const isDifference = e.operator === '-' && o.second.type.kind === 'pointer';
  if (isDifference) {
    const right = c.parts.value(c, o.second);
    const result = resultRegister(c, o.mark, o.target);
    emit(c.code, 'DISTANCE', result, o.left, right, stepOf(o.first.type));
    return result;
  }
  const isPointerFirst = o.first.type.kind === 'pointer';
  const step = stepOf(isPointerFirst ? o.first.type : o.second.type) * (e.operator === '-' ? -1 : 1);
  const known = isPointerFirst ? smallConstant(c, o.second) : undefined;
  if (known !== undefined && Math.abs(known * step) < 0x40000000) {
    const result = resultRegister(c, o.mark, o.target);
    emit(c.code, 'ADDI8', result, o.left, known * step);
    return result;
  }
  const right = c.parts.value(c, o.second);
  const result = resultRegister(c, o.mark, o.target);
  if (isPointerFirst) addIndex(c, result, o.left, right, o.second.type, step);
  else addIndex(c, result, right, o.left, o.first.type, step);
  return result;
}

function comparison(c: FunctionContext, e: Expression & { kind: 'binary' }, target: Register | undefined): Register {
  const mark = c.nextTemporary;
  const left = heldValue(c, e.left, e.right);
  const right = c.parts.value(c, e.right);
  const result = resultRegister(c, mark, target);
  const isSwapped = e.operator === '>' || e.operator === '>=';
  emit(c.code, comparisonOp(e), result, isSwapped ? right : left, isSwapped ? left : right);
  return result;
}

/** `>` and `>=` use the instruction of `<` and `<=` with swapped operands. */
function comparisonOp(e: Expression & { kind: 'binary' }): OpName {
  const valueClass = classOf(e.left.type);
  const kind =
    e.operator === '==' ? 'EQ' : e.operator === '!=' ? 'NE' : e.operator === '<' || e.operator === '>' ? 'LT' : 'LE';
  if (isFloating(valueClass)) return `${kind}F`;
  const wide = valueClass === 'long' ? '8' : '';
  if (kind === 'EQ' || kind === 'NE') return `${kind}${wide}`;
  return isSignedType(e.left.type) ? `${kind}${wide}` : `U${kind}${wide}`;
}

function isCommutative(operator: BinaryOperator): boolean {
  return operator === '+' || operator === '*' || operator === '&' || operator === '|' || operator === '^';
}

function immediateOp(
  o: Pick<Operation, 'operator' | 'type'>,
  valueClass: ReturnType<typeof classOf>,
  value: number,
): { readonly op: OpName; readonly value: number } | undefined {
  if (valueClass === 'long') {
    if (o.operator === '+') return { op: 'ADDI8', value };
    return o.operator === '-' && value !== -0x80000000 ? { op: 'ADDI8', value: -value } : undefined;
  }
  if (valueClass !== 'int') return undefined;
  switch (o.operator) {
    case '+':
      return { op: 'ADDI', value };
    case '-':
      return { op: 'ADDI', value: -value | 0 };
    case '*':
      return { op: 'MULI', value };
    case '&':
      return { op: 'ANDI', value };
    case '|':
      return { op: 'ORI', value };
    case '^':
      return { op: 'XORI', value };
    case '<<':
      return { op: 'SHLI', value: value & 31 };
    case '>>':
      return { op: isSignedType(o.type) ? 'SHRI' : 'USHRI', value: value & 31 };
    default:
      return undefined;
  }
}

function integerOp(operator: ArithmeticOperator, isWide: boolean, isSigned: boolean): OpName {
  const wide = isWide ? '8' : '';
  switch (operator) {
    case '+':
      return `ADD${wide}`;
    case '-':
      return `SUB${wide}`;
    case '*':
      return `MUL${wide}`;
    case '/':
      return isSigned ? `DIV${wide}` : `UDIV${wide}`;
    case '%':
      return isSigned ? `MOD${wide}` : `UMOD${wide}`;
    case '&':
      return `AND${wide}`;
    case '|':
      return `OR${wide}`;
    case '^':
      return `XOR${wide}`;
    case '<<':
      return `SHL${wide}`;
    case '>>':
      return isSigned ? `SHR${wide}` : `USHR${wide}`;
  }
}

function floatOp(operator: ArithmeticOperator): OpName {
  switch (operator) {
    case '+':
      return 'ADDF';
    case '-':
      return 'SUBF';
    case '*':
      return 'MULF';
    default:
      return 'DIVF';
  }
}
