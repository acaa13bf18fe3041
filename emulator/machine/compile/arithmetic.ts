/**
 * Binary operators on values in registers: which instruction, with which operand as an immediate.
 *
 * Operands have been converted to a common type (shifts: the left one decides). Integer types narrower than 32 bits
 * never come here: C promotes them first.
 */
import type { BinaryOperator, Expression } from '../../../cfront/parse/ast.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { highWord, lowWord } from '../memory/layout.ts';
import type { OpName } from '../opcodes.ts';
import { emit } from './assembly.ts';
import { classOf, isFloating, isSignedType } from './classes.ts';
import { constantOf } from './constants.ts';
import { type FunctionContext, type Register, resultRegister, temporary } from './context.ts';
import { move } from './convert.ts';
import { assigns } from './hold-place.ts';
import { addIndex, narrowIndex, stepOf } from './pointer.ts';

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
  const immediate = o.right.type.kind === 'float' ? undefined : constantOf(c.link, o.right);
  const valueClass = classOf(o.type);
  const withImmediate = typeof immediate === 'bigint' ? immediateOp(o, valueClass, immediate) : undefined;
  if (withImmediate !== undefined) {
    const result = resultRegister(c, o.mark, o.target);
    emit(c.code, withImmediate.op, result, o.left, withImmediate.value, withImmediate.high);
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
  if (isPointerFirst) {
    const index = narrowIndex(o.second);
    const right = c.parts.value(c, index);
    const result = resultRegister(c, o.mark, o.target);
    addIndex(c, result, o.left, right, index.type, step);
    return result;
  }
  const right = c.parts.value(c, o.second);
  const result = resultRegister(c, o.mark, o.target);
  addIndex(c, result, right, o.left, o.first.type, step);
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

interface Immediate {
  readonly op: OpName;
  readonly value: number;
  /** The constant's high word, where the instruction carries all 64 bits. */
  readonly high?: number;
}

function immediateOp(
  o: Pick<Operation, 'operator' | 'type'>,
  valueClass: ReturnType<typeof classOf>,
  value: bigint,
): Immediate | undefined {
  const isSigned = isSignedType(o.type);
  if (valueClass === 'long') return wideImmediate(o.operator, isSigned, value);
  return valueClass === 'int' ? wordImmediate(o.operator, isSigned, lowWord(value)) : undefined;
}

function wideImmediate(operator: ArithmeticOperator, isSigned: boolean, value: bigint): Immediate | undefined {
  const low = lowWord(value);
  const high = highWord(value);
  const isSmall = high === low >> 31;
  const isCount = value >= 0n && value < 64n;
  const power = powerOfTwo(BigInt.asUintN(64, value));
  switch (operator) {
    case '+':
      return isSmall ? { op: 'ADDI8', value: low } : undefined;
    case '-':
      return isSmall && low !== -0x80000000 ? { op: 'ADDI8', value: -low } : undefined;
    case '*':
      return { op: 'MULI8', value: low, high };
    case '&':
      return { op: 'ANDI8', value: low, high };
    case '<<':
      return isCount ? { op: 'SHLI8', value: low } : undefined;
    case '>>':
      return isCount ? { op: isSigned ? 'SHRI8' : 'USHRI8', value: low } : undefined;
    case '/':
      return isSigned || power === undefined ? undefined : { op: 'USHRI8', value: power };
    case '%': {
      const mask = value - 1n;
      return isSigned || power === undefined ? undefined : { op: 'ANDI8', value: lowWord(mask), high: highWord(mask) };
    }
    default:
      return undefined;
  }
}

function wordImmediate(operator: ArithmeticOperator, isSigned: boolean, value: number): Immediate | undefined {
  const power = powerOfTwo(BigInt(value >>> 0));
  switch (operator) {
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
      return { op: isSigned ? 'SHRI' : 'USHRI', value: value & 31 };
    case '/':
      if (!isSigned && power !== undefined) return { op: 'USHRI', value: power };
      return value === 0 || value === -1 ? undefined : { op: isSigned ? 'DIVI' : 'UDIVI', value };
    case '%':
      if (!isSigned && power !== undefined) return { op: 'ANDI', value: (value - 1) | 0 };
      return value === 0 || value === -1 ? undefined : { op: isSigned ? 'MODI' : 'UMODI', value };
  }
}

/** The exponent of an unsigned value that is a power of two. */
function powerOfTwo(value: bigint): number | undefined {
  return value !== 0n && (value & (value - 1n)) === 0n ? value.toString(2).length - 1 : undefined;
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
