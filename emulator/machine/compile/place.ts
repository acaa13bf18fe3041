/**
 * Lvalues: an expression becomes a `Place`, and places are read, written and turned into addresses.
 *
 * A place may lean on a register (the pointer's value). `holdPlace` copies that register away when something that is
 * computed before the place is used might assign to it.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import { highWord, KERNEL_HIGH, kernelAddress, lowWord } from '../memory/layout.ts';
import type { OpName } from '../opcodes.ts';
import { COPIES, loadOp, storeOp } from './access-ops.ts';
import { emit } from './assembly.ts';
import { classOf, isSignedType } from './classes.ts';
import { type Constant, constantAddress, constantOf } from './constants.ts';
import { beginLife, type FunctionContext, type Place, type Register, temporary } from './context.ts';
import { move } from './convert.ts';
import { holdPlace } from './hold-place.ts';
import { addIndex, narrowIndex } from './pointer.ts';

/** Place of an lvalue, or of the bytes of a record that is only a value. */
export function placeOf(c: FunctionContext, e: Expression): Place {
  switch (e.kind) {
    case 'name': {
      if (e.symbol.kind === 'function') break;
      const home = c.homes.get(e.symbol);
      if (home === undefined) return { kind: 'global', offset: c.link.globalOffset(e.symbol) };
      return home.kind === 'register' ? { ...home, name: e.symbol.name } : home;
    }
    case 'dereference':
      return pointerPlace(c, e.operand, 0);
    case 'index':
      return indexPlace(c, e);
    case 'member': {
      const bits = e.field?.bits;
      if (e.isArrow) return withBits(pointerPlace(c, e.object, e.offset), bits);
      return withBits(shiftPlace(placeOf(c, e.object), e.offset), bits);
    }
    case 'compound-literal': {
      const home = c.homes.get(e.symbol);
      if (home === undefined) return { kind: 'global', offset: c.link.literalOffset(e) };
      const place: Place = home.kind === 'register' ? { ...home, name: '' } : home;
      if (home.kind === 'frame') beginLife(c, home.offset);
      c.parts.initialize(c, place, e.symbol.type, e.initializer);
      return place;
    }
    case 'string': {
      const unitSize = e.type.kind === 'array' ? sizeOf(e.type.element) : 1;
      return { kind: 'global', offset: c.link.stringOffset(e.units, unitSize) };
    }
    case 'cast':
    case 'convert':
      // A record that is "converted" to a differently qualified type, or an lvalue cast as old code writes it.
      return placeOf(c, e.operand);
    case 'comma':
      c.parts.effect(c, e.left);
      return placeOf(c, e.right);
    default:
      break;
  }
  // The value of a record is the address of its bytes.
  return { kind: 'pointer', base: c.parts.value(c, e), offset: 0 };
}

/** The place `offset` bytes further on. */
export function shiftPlace(place: Place, offset: number): Place {
  return place.kind === 'register' ? place : { ...place, offset: place.offset + offset };
}

/** Reads a place. Without a target the register of a variable may be given back itself. */
export function load(c: FunctionContext, place: Place, type: CType, target?: Register): Register {
  if (place.bits !== undefined) return loadBits(c, place, type, target);
  const valueClass = classOf(type);
  if (valueClass === 'record' || type.kind === 'array') return addressOf(c, place, target);
  if (place.kind === 'register') {
    if (place.isChecked) emit(c.code, 'CHECK', place.register, c.link.addCheckedName(place.name));
    return move(c, place.register, valueClass, target);
  }
  const size = sizeOf(type);
  if (valueClass !== 'float' && (size === 4 || size === 8) && isNear(c, place)) {
    const result = target ?? temporary(c);
    if (place.kind === 'frame') emit(c.code, size === 4 ? 'LDL4' : 'LDL8', result, place.offset);
    else emit(c.code, size === 4 ? 'LDG4' : 'LDG8', result, place.offset);
    return widened(c, type, result);
  }
  const mark = c.nextTemporary;
  const { base, offset } = based(c, place);
  if (base >= c.firstTemporary && target === undefined) {
    // The address is not needed again: its register takes the value.
    emit(c.code, loadOp(type), base, base, offset);
    return widened(c, type, base);
  }
  c.nextTemporary = mark;
  const result = target ?? temporary(c);
  emit(c.code, loadOp(type), result, base, offset);
  return widened(c, type, result);
}

/** A `__ptr32` has four bytes in memory and is extended by its sign to an address. */
function widened(c: FunctionContext, type: CType, register: Register): Register {
  if (type.kind === 'pointer' && sizeOf(type) === 4) emit(c.code, 'S4TO8', register, register);
  return register;
}

/**
 * The same bytes in another place, with their state: what was never written may be copied. Both are scalars of one
 * size; false where the two are no more than moves among the frame and the globals, of no variable that carries.
 */
export function copyScalar(
  c: FunctionContext,
  to: Place,
  from: Place,
  o: { readonly size: number; readonly isCarried: boolean },
): boolean {
  const op = COPIES[o.size];
  if (op === undefined || (!o.isCarried && to.kind !== 'pointer' && from.kind !== 'pointer')) return false;
  if (to.kind === 'register' || from.kind === 'register') return false;
  const target = based(c, to);
  const source = based(c, from);
  emit(c.code, op, target.base, source.base, target.offset, source.offset);
  return true;
}

/** Writes a value of `type` to a place; a register place is written by a move. */
export function store(c: FunctionContext, place: Place, type: CType, value: Register): void {
  if (place.bits !== undefined) {
    storeBits(c, place, type, value);
    return;
  }
  const valueClass = classOf(type);
  const mark = c.nextTemporary;
  if (valueClass === 'record') {
    emit(c.code, 'COPY', addressOf(c, place), value, sizeOf(type));
  } else if (place.kind === 'register') {
    move(c, value, valueClass, place.register);
  } else {
    const size = sizeOf(type);
    if (valueClass !== 'float' && (size === 4 || size === 8) && isNear(c, place)) {
      if (place.kind === 'frame') emit(c.code, size === 4 ? 'STL4' : 'STL8', value, place.offset);
      else emit(c.code, size === 4 ? 'STG4' : 'STG8', value, place.offset);
    } else {
      const { base, offset } = based(c, place);
      emit(c.code, storeOp(type), base, value, offset);
    }
  }
  c.nextTemporary = mark;
}

/** The address in a register. A register place has none. */
export function addressOf(c: FunctionContext, place: Place, target?: Register): Register {
  switch (place.kind) {
    case 'register':
      // Only broken source takes the address of a variable that was promised a register.
      return place.register;
    case 'frame': {
      const result = target ?? temporary(c);
      const isInside = place.offset >= 0 && place.offset <= c.frameEnd;
      emit(c.code, 'LEA', result, isInside ? place.offset : 0);
      if (!isInside) emit(c.code, 'ADDI8', result, result, place.offset);
      return result;
    }
    case 'global': {
      const result = target ?? temporary(c);
      const address = kernelAddress(place.offset);
      emit(c.code, 'LDI8', result, lowWord(address), highWord(address));
      return result;
    }
    case 'pointer': {
      if (place.offset === 0) return move(c, place.base, 'long', target);
      const result = target ?? temporary(c);
      emit(c.code, 'ADDI8', result, place.base, place.offset);
      return result;
    }
  }
}

/** The place lies in the frame or among static objects: no test of its range is needed, only of its bytes. */
function isNear(c: FunctionContext, place: Place): boolean {
  if (place.kind === 'frame') return place.offset >= 0 && place.offset + 8 <= c.frameEnd;
  return place.kind === 'global' && c.link.isStatic(place.offset);
}

function withBits(place: Place, bits: Place['bits']): Place {
  return bits === undefined ? place : { ...place, bits };
}

function pointerPlace(c: FunctionContext, pointer: Expression, offset: number): Place {
  // `(&x)->m` and `*&x` are the object itself.
  if (pointer.kind === 'address-of' && pointer.operand.type.kind !== 'function') {
    return shiftPlace(placeOf(c, pointer.operand), offset);
  }
  if (pointer.kind === 'decay' && pointer.operand.type.kind === 'array') {
    return shiftPlace(placeOf(c, pointer.operand), offset);
  }
  const place = staticPlace(c, constantOf(c.link, pointer), offset);
  return place ?? { kind: 'pointer', base: c.parts.value(c, pointer), offset };
}

/** A constant address among the static objects can be part of the instruction. */
function staticPlace(c: FunctionContext, address: Constant | undefined, offset: number): Place | undefined {
  if (typeof address !== 'bigint' || highWord(address) !== KERNEL_HIGH) return undefined;
  const at = Number(address & 0xffffffffn) + offset;
  return c.link.isStatic(at) ? { kind: 'global', offset: at } : undefined;
}

/** An element; `use` tells whether it is touched or only pointed to. */
export function indexPlace(
  c: FunctionContext,
  e: Expression & { kind: 'index' },
  use: 'access' | 'address' = 'access',
): Place {
  const length = boundedLength(e.base);
  const bound = length === undefined || use === 'access' ? length : length + 1;
  const size = sizeOf(e.type);
  const index = constantOf(c.link, e.index);
  if (bound !== undefined && typeof index === 'bigint' && (index < 0n || index >= bound)) {
    const outside = c.parts.value(c, e.index, temporary(c));
    emit(c.code, classOf(e.index.type) === 'long' ? 'BOUND8' : 'BOUND', outside, bound);
  }
  const known = staticPlace(c, constantAddress(c.link, e), 0);
  if (known !== undefined) return known;
  if (typeof index === 'bigint') {
    const offset = index * BigInt(size);
    if (offset >= -0x40000000n && offset < 0x40000000n) return pointerPlace(c, e.base, Number(offset));
  }
  const mark = c.nextTemporary;
  const array = holdPlace(c, arrayPlace(c, e.base), e.index);
  const narrow = narrowIndex(e.index);
  // The message of a broken bound shows the index as the source has it: unsigned ones stay 64 bits wide.
  const by = bound === undefined || isSignedType(narrow.type) ? narrow : e.index;
  const position = c.parts.value(c, by);
  if (bound !== undefined) emit(c.code, classOf(by.type) === 'long' ? 'BOUND8' : 'BOUND', position, bound);
  const isNarrow = classOf(by.type) === 'int';
  if (isNarrow && (array.kind === 'frame' || array.kind === 'global')) {
    c.nextTemporary = mark;
    const result = temporary(c);
    const where = array.kind === 'frame' ? 'L' : 'G';
    const op: OpName = isSignedType(by.type) ? `INDEX${where}` : `UINDEX${where}`;
    emit(c.code, op, result, position, array.offset, size);
    return { kind: 'pointer', base: result, offset: 0 };
  }
  const { base, offset } = based(c, array);
  c.nextTemporary = mark;
  const result = temporary(c);
  addIndex(c, result, base, position, by.type, size);
  return { kind: 'pointer', base: result, offset };
}

/** The array or pointer that is indexed: the bytes at the place are those of its first element. */
function arrayPlace(c: FunctionContext, base: Expression): Place {
  if (base.kind === 'decay' && base.operand.type.kind === 'array') return placeOf(c, base.operand);
  return { kind: 'pointer', base: c.parts.value(c, base), offset: 0 };
}

/**
 * Length of the array that an index goes into, where the index must stay inside it although what follows is memory of
 * the same object: a member array, and a row of an array of arrays. Who walks over all rows takes the address of the
 * first element (`&a[0][0]`), of which only the object's own end is known. A member array of at most one element at the
 * end of its record may stand for as many as were allocated; so may any array of a union.
 */
function boundedLength(base: Expression): number | undefined {
  const member = base.kind === 'decay' ? base.operand : undefined;
  if (member?.type.kind !== 'array') return undefined;
  if (member.kind === 'index') return member.type.length;
  if (member.kind !== 'member' || member.field === undefined) return undefined;
  const { length } = member.type;
  if (length === undefined) return undefined;
  const owner = recordOf(member);
  const isLast = owner === undefined || owner.isUnion || owner.fields?.at(-1) === member.field;
  return length <= 1 && isLast ? undefined : length;
}

/** The record in which a member is declared; undefined where it is reached through unnamed ones. */
function recordOf(member: Expression & { kind: 'member' }): RecordDefinition | undefined {
  const { type } = member.object;
  const record = member.isArrow && type.kind === 'pointer' ? type.target : type;
  if (record.kind !== 'record') return undefined;
  return record.definition.fields?.some((field) => field === member.field) === true ? record.definition : undefined;
}

function based(c: FunctionContext, place: Place): { readonly base: Register; readonly offset: number } {
  if (place.kind === 'pointer') return place;
  return { base: addressOf(c, place), offset: 0 };
}

function loadBits(c: FunctionContext, place: Place, type: CType, target?: Register): Register {
  const { bits, ...unit } = place;
  const mark = c.nextTemporary;
  // A register of its own: the address may be needed for a store that follows.
  const whole = load(c, unit, type, temporary(c));
  c.nextTemporary = mark;
  const result = target ?? temporary(c);
  const isWide = sizeOf(type) === 8;
  const op: OpName = isSignedType(type) ? (isWide ? 'BITSS8' : 'BITSS') : isWide ? 'BITSU8' : 'BITSU';
  emit(c.code, op, result, whole, bits?.offset ?? 0, bits?.width ?? 0);
  return result;
}

function storeBits(c: FunctionContext, place: Place, type: CType, value: Register): void {
  const { bits, ...unit } = place;
  const mark = c.nextTemporary;
  const size = sizeOf(type);
  const address = addressOf(c, unit);
  const whole = temporary(c);
  // The unit's other bits may never have been written: that is no fault of this assignment.
  emit(c.code, 'LDRAW', whole, address, 0, size);
  emit(c.code, size === 8 ? 'PUTBITS8' : 'PUTBITS', whole, value, bits?.offset ?? 0, bits?.width ?? 0);
  emit(c.code, storeOp(type), address, whole, 0);
  c.nextTemporary = mark;
}

/** Brings the value of a bit-field assignment into the field's range: that is the assignment's own value. */
export function truncateToBits(
  c: FunctionContext,
  value: Register,
  type: CType,
  width: number,
  target?: Register,
): Register {
  const result = target ?? temporary(c);
  const isWide = sizeOf(type) === 8;
  const op: OpName = isSignedType(type) ? (isWide ? 'BITSS8' : 'BITSS') : isWide ? 'BITSU8' : 'BITSU';
  emit(c.code, op, result, value, 0, width);
  return result;
}
