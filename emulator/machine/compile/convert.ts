/**
 * Conversions between C types in registers.
 *
 * In: a register with a value of one type. Out: a register with the value in the other type; the same register where
 * the two look alike, so a caller that needs a fresh one passes `target`.
 */

import { sizeOf } from '../../../cfront/types/layout.ts';
import { isBool } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { OpName } from '../opcodes.ts';
import { emit } from './assembly.ts';
import { classOf, isSignedType } from './classes.ts';
import { type FunctionContext, type Register, temporary } from './context.ts';

export function convert(
  c: FunctionContext,
  from: Register,
  fromType: CType,
  toType: CType,
  target?: Register,
): Register {
  const source = classOf(fromType);
  const goal = classOf(toType);
  if (goal === 'void' || goal === 'record' || source === 'record' || source === 'void')
    return move(c, from, goal, target);
  if (isBool(toType) && !isBool(fromType)) {
    return unary(c, source === 'int' ? 'BOOL' : source === 'long' ? 'BOOL8' : 'BOOLF', from, target);
  }
  switch (goal) {
    case 'int': {
      if (source === 'float' || source === 'double') return floatToInt(c, from, toType, target);
      if (source === 'int' && fits(fromType, toType)) return move(c, from, 'int', target);
      const narrow = narrowing(toType);
      return narrow === undefined ? move(c, from, 'int', target) : unary(c, narrow, from, target);
    }
    case 'long':
      if (source === 'int') return unary(c, isSignedType(fromType) ? 'S4TO8' : 'U4TO8', from, target);
      if (source === 'long') return move(c, from, 'long', target);
      return unary(c, isSignedType(toType) ? 'FTOS8' : 'FTOU8', from, target);
    case 'double':
    case 'float':
      return toFloat(c, from, fromType, goal, target);
  }
}

/** Instruction that brings a 32-bit result into the range of a narrower type; undefined when there is nothing to do. */
export function narrowing(type: CType): OpName | undefined {
  if (isBool(type)) return 'BOOL';
  const isSigned = isSignedType(type);
  switch (sizeOf(type)) {
    case 1:
      return isSigned ? 'S1TO4' : 'U1TO4';
    case 2:
      return isSigned ? 'S2TO4' : 'U2TO4';
    default:
      return undefined;
  }
}

/** Copies a register where a certain target is wanted. */
export function move(
  c: FunctionContext,
  from: Register,
  valueClass: ReturnType<typeof classOf>,
  target: Register | undefined,
): Register {
  if (target === undefined || target === from) return from;
  emit(c.code, valueClass === 'int' ? 'MOV4' : 'MOV8', target, from);
  return target;
}

/** Every value of the first integer type is a value of the second, or both have the same 32 bits. */
function fits(from: CType, to: CType): boolean {
  const fromSize = isBool(from) ? 0 : sizeOf(from);
  const toSize = sizeOf(to);
  if (toSize >= 4) return true;
  if (fromSize === toSize) return isSignedType(from) === isSignedType(to);
  return fromSize < toSize && (!isSignedType(from) || isSignedType(to));
}

function floatToInt(c: FunctionContext, from: Register, toType: CType, target: Register | undefined): Register {
  // As x64 compilers do: unsigned 32-bit results go through the 64-bit conversion, narrower ones through the 32-bit.
  const isWide = sizeOf(toType) === 4 && !isSignedType(toType);
  const narrow = narrowing(toType);
  const result = unary(c, isWide ? 'FTOS8' : 'FTOS4', from, target);
  if (narrow !== undefined) emit(c.code, narrow, result, result);
  return result;
}

function toFloat(
  c: FunctionContext,
  from: Register,
  fromType: CType,
  goal: 'float' | 'double',
  target: Register | undefined,
): Register {
  const isSigned = isSignedType(fromType);
  switch (classOf(fromType)) {
    case 'float':
      return move(c, from, 'double', target);
    case 'double':
      return goal === 'double' ? move(c, from, 'double', target) : unary(c, 'ROUNDF', from, target);
    case 'int': {
      const result = unary(c, isSigned ? 'S4TOF' : 'U4TOF', from, target);
      if (goal === 'float') emit(c.code, 'ROUNDF', result, result);
      return result;
    }
    default:
      // Rounded once: by way of a double a 64-bit integer could be rounded twice.
      if (goal === 'float') return unary(c, isSigned ? 'S8TOF4' : 'U8TOF4', from, target);
      return unary(c, isSigned ? 'S8TOF' : 'U8TOF', from, target);
  }
}

function unary(c: FunctionContext, op: OpName, from: Register, target: Register | undefined): Register {
  const result = target ?? temporary(c);
  emit(c.code, op, result, from);
  return result;
}
