/**
 * Assignments, compound assignments, increments.
 *
 * Order: the target's address, the value, then (compound) the target's old value, the operation, the store.
 */

import type { Expression } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import { UNSIGNED_INT } from '../../../cfront/types/make.ts';
import { isBool } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { OpName } from '../opcodes.ts';
import { operate, operateOn, smallConstant } from './arithmetic.ts';
import { emit } from './assembly.ts';
import { copiedElement, copiedVariable } from './carriers.ts';
import { classOf, isFloating } from './classes.ts';
import { type FunctionContext, type Place, type Register, temporary, type ValueWanted } from './context.ts';
import { convert, move, narrowing } from './convert.ts';
import { holdPlace } from './hold-place.ts';
import { floatWords } from './literals.ts';
import { addressOf, copyScalar, load, placeOf, store, truncateToBits } from './place.ts';
import { addIndex, stepOf } from './pointer.ts';
import { storedOperand } from './significant-bits.ts';

export function assign(c: FunctionContext, e: Expression & { kind: 'assign' }, options: ValueWanted): Register {
  if (e.operator !== undefined) return compoundAssign(c, e, options);
  const type = e.target.type;
  if (!options.wantsValue && copyStepping(c, e)) return c.nextTemporary;
  const place = holdPlace(c, placeOf(c, e.target), e.value);
  if (place.kind === 'register' && place.bits === undefined) {
    c.parts.value(c, e.value, place.register);
    return move(c, place.register, classOf(type), options.target);
  }
  const mark = c.nextTemporary;
  if (!options.wantsValue) {
    const source = copiedSource(c, e.value, type);
    if (source !== undefined && place.bits === undefined && place.kind !== 'register') {
      const from = placeOf(c, source);
      c.code.node = e;
      const isCarried = source.kind === 'name';
      if (!copyScalar(c, place, from, { size: sizeOf(type), isCarried })) {
        store(c, place, type, load(c, from, source.type));
      }
      return mark;
    }
  }
  const isWhole = options.wantsValue || place.bits !== undefined;
  const value = c.parts.value(c, isWhole ? e.value : storedOperand(e.value, type));
  c.code.node = e;
  store(c, place, type, value);
  if (!options.wantsValue) return value;
  if (classOf(type) === 'record') return addressOf(c, place, options.target);
  return assignedValue(c, place, type, value, { mark, target: options.target });
}

/** `*d++ = *s++` of two pointers in registers: one instruction, which steps once the copy has been made. */
function copyStepping(c: FunctionContext, e: Expression & { kind: 'assign' }): boolean {
  const source = copiedElement(e.value, e.target.type);
  const op = STEPPING_COPIES[sizeOf(e.target.type)];
  if (source === undefined || op === undefined) return false;
  const to = steppingPointer(c, e.target);
  const from = steppingPointer(c, source);
  if (to === undefined || from === undefined || to.register === from.register) return false;
  load(c, to.place, to.type);
  load(c, from.place, from.type);
  c.code.node = e;
  emit(c.code, op, to.register, from.register, to.step, from.step);
  return true;
}

const STEPPING_COPIES: Readonly<Record<number, OpName>> = { 1: 'CPYSTEP1', 8: 'CPYSTEP8' };

/** The pointer variable of `*p++` or `*p--`, where a register holds it. */
function steppingPointer(
  c: FunctionContext,
  e: Expression,
): { readonly place: Place; readonly register: Register; readonly type: CType; readonly step: number } | undefined {
  if (e.kind !== 'dereference' || e.operand.kind !== 'increment' || e.operand.isPrefix) return undefined;
  const { operand, operator } = e.operand;
  if (operand.kind !== 'name' || operand.type.kind !== 'pointer' || sizeOf(operand.type) !== 8) return undefined;
  const place = placeOf(c, operand);
  if (place.kind !== 'register' || place.bits !== undefined) return undefined;
  const step = stepOf(operand.type) * (operator === '++' ? 1 : -1);
  return { place, register: place.register, type: operand.type, step };
}

/** What is copied with the state of its bytes: an element, or a variable that carries one. */
function copiedSource(c: FunctionContext, e: Expression, type: CType): Expression | undefined {
  const variable = copiedVariable(e, type);
  if (variable === undefined) return copiedElement(e, type);
  return c.carriers.has(variable) ? withoutConversions(e) : undefined;
}

function withoutConversions(e: Expression): Expression {
  return e.kind === 'cast' || e.kind === 'convert' ? withoutConversions(e.operand) : e;
}

export function increment(c: FunctionContext, e: Expression & { kind: 'increment' }, options: ValueWanted): Register {
  const type = e.operand.type;
  const place = placeOf(c, e.operand);
  const delta = e.operator === '++' ? 1 : -1;
  const wantsOld = options.wantsValue && !e.isPrefix;
  if (place.kind === 'register' && place.bits === undefined) {
    const current = load(c, place, type);
    if (wantsOld && classOf(type) === 'long') {
      const before = options.target ?? temporary(c);
      if (before !== place.register) {
        emit(c.code, 'STEP8', before, place.register, type.kind === 'pointer' ? delta * stepOf(type) : delta);
        return before;
      }
    }
    const old = wantsOld ? move(c, current, classOf(type), options.target ?? temporary(c)) : current;
    step(c, type, current, delta, place.register);
    return wantsOld ? old : move(c, place.register, classOf(type), options.target);
  }
  const old = load(c, place, type, temporary(c));
  const changed = step(c, type, old, delta, temporary(c));
  c.code.node = e;
  store(c, place, type, changed);
  if (wantsOld) return move(c, old, classOf(type), options.target);
  return assignedValue(c, place, type, changed, { mark: c.nextTemporary, target: options.target });
}

/** `value` plus or minus one step of its type, into `result`. */
function step(c: FunctionContext, type: CType, value: Register, delta: number, result: Register): Register {
  const valueClass = classOf(type);
  switch (valueClass) {
    case 'long':
      emit(c.code, 'ADDI8', result, value, type.kind === 'pointer' ? delta * stepOf(type) : delta);
      return result;
    case 'float':
    case 'double': {
      const mark = c.nextTemporary;
      const one = temporary(c);
      const { low, high } = floatWords(delta);
      emit(c.code, 'LDI8', one, low, high);
      emit(c.code, 'ADDF', result, value, one);
      if (valueClass === 'float') emit(c.code, 'ROUNDF', result, result);
      c.nextTemporary = mark;
      return result;
    }
    default: {
      emit(c.code, 'ADDI', result, value, delta);
      const narrow = narrowing(type);
      if (narrow !== undefined) emit(c.code, narrow, result, result);
      return result;
    }
  }
}

function compoundAssign(c: FunctionContext, e: Expression & { kind: 'assign' }, options: ValueWanted): Register {
  const type = e.target.type;
  const place = holdPlace(c, placeOf(c, e.target), e.value);
  const mark = c.nextTemporary;
  const computed = type.kind === 'pointer' ? pointerStep(c, e, place) : computedValue(c, e, place, computationType(e));
  c.code.node = e;
  if (place.kind === 'register' && place.bits === undefined) {
    move(c, computed, classOf(type), place.register);
    c.nextTemporary = mark;
    return move(c, place.register, classOf(type), options.target);
  }
  store(c, place, type, computed);
  if (!options.wantsValue) return computed;
  return assignedValue(c, place, type, computed, { mark, target: options.target });
}

/**
 * The type in which a compound assignment computes. Where only the low 32 bits of the result are kept and nothing else
 * goes into them, 32 bits are enough: `length -= sizeof(x)`.
 */
function computationType(e: Expression & { kind: 'assign' }): CType {
  const type = e.computation ?? e.target.type;
  const isLowOnly = e.operator !== undefined && LOW_BITS_ONLY.includes(e.operator);
  return isLowOnly &&
    type.kind === 'integer' &&
    type.size === 8 &&
    classOf(e.target.type) === 'int' &&
    !isBool(e.target.type)
    ? UNSIGNED_INT
    : type;
}

const LOW_BITS_ONLY = ['+', '-', '*', '&', '|', '^'];

/** (target type)((computation)old `operator` value), straight into a register variable where nothing is in the way. */
function computedValue(
  c: FunctionContext,
  e: Expression & { kind: 'assign' },
  place: Place,
  computation: CType,
): Register {
  const type = e.target.type;
  const operator = e.operator ?? '+';
  const isPlain = place.kind === 'register' && place.bits === undefined;
  const goal = isPlain && !needsConversion(computation, type) ? place.register : undefined;
  const isImmediate = smallConstant(c, e.value) !== undefined && !isFloating(classOf(computation));
  // The value first, then the old content: a call on the right may change the target.
  const right = isImmediate ? undefined : heldRight(c, e, computation);
  const mark = c.nextTemporary;
  const old = load(c, place, type, isPlain ? undefined : temporary(c));
  const left = convert(c, old, type, computation);
  const common = { operator, type: computation, left, mark, target: goal };
  c.code.node = e;
  const result = right === undefined ? operate(c, { ...common, right: e.value }) : operateOn(c, common, right);
  return goal ?? convert(c, result, computation, type);
}

/** The right operand; for shifts it keeps its own type, and its low word is the count. */
function heldRight(c: FunctionContext, e: Expression & { kind: 'assign' }, computation: CType): Register {
  const register = c.parts.value(c, e.value);
  const isShift = e.operator === '<<' || e.operator === '>>';
  return isShift ? register : convert(c, register, e.value.type, computation);
}

function pointerStep(c: FunctionContext, e: Expression & { kind: 'assign' }, place: Place): Register {
  const step = stepOf(e.target.type) * (e.operator === '-' ? -1 : 1);
  const known = smallConstant(c, e.value);
  if (known !== undefined && Math.abs(known * step) < 0x40000000) {
    const old = load(c, place, e.target.type, place.kind === 'register' ? undefined : temporary(c));
    const result = place.kind === 'register' ? place.register : temporary(c);
    emit(c.code, 'ADDI8', result, old, known * step);
    return result;
  }
  const index = c.parts.value(c, e.value);
  const old = load(c, place, e.target.type, place.kind === 'register' ? undefined : temporary(c));
  const result = place.kind === 'register' ? place.register : temporary(c);
  addIndex(c, result, old, index, e.value.type, step);
  return result;
}

/** The result of the computation can't go into the target as it is. */
function needsConversion(from: CType, to: CType): boolean {
  if (classOf(from) !== classOf(to)) return true;
  return classOf(to) === 'int' && (sizeOf(to) < 4 || isBool(to));
}

/** An assignment's own value: what the target now holds. */
function assignedValue(
  c: FunctionContext,
  place: Place,
  type: CType,
  value: Register,
  o: { readonly mark: Register; readonly target: Register | undefined },
): Register {
  if (place.bits === undefined) return move(c, value, classOf(type), o.target);
  return truncateToBits(c, value, type, place.bits.width, o.target);
}
