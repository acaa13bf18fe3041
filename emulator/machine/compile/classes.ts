/** How values of a C type are kept in registers and passed to functions. */
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType, FunctionType } from '../../../cfront/types/types.ts';
import type { PassingClass, Signature } from '../program.ts';

/**
 * `int`: up to 32 bits, in the low word; `long`: 64 bits and pointers; `float` and `double`: both as a double;
 * `record`: the address of its bytes; `void`: nothing.
 */
export type ValueClass = 'int' | 'long' | 'float' | 'double' | 'record' | 'void';

export function classOf(type: CType): ValueClass {
  switch (type.kind) {
    case 'integer':
      return type.size === 8 ? 'long' : 'int';
    case 'enum':
      return 'int';
    case 'float':
      return type.name === 'float' ? 'float' : 'double';
    case 'pointer':
    case 'array':
    case 'function':
      return 'long';
    case 'record':
      return 'record';
    case 'void':
      return 'void';
    case 'error':
      return 'int';
  }
}

/** True for integers (and enums) that hold negative values. */
export function isSignedType(type: CType): boolean {
  return type.kind === 'enum' || (type.kind === 'integer' && type.isSigned);
}

export function isFloating(valueClass: ValueClass): boolean {
  return valueClass === 'float' || valueClass === 'double';
}

/** Records of these sizes travel in a register, as on x64; others by address. */
export function fitsRegister(type: CType): boolean {
  const size = sizeOf(type);
  return size === 1 || size === 2 || size === 4 || size === 8;
}

/** Every byte of the type is part of some member: reading it whole reads no padding. */
function isSolid(type: CType): boolean {
  if (type.kind === 'array') return isSolid(type.element);
  if (type.kind !== 'record') return true;
  const { fields, isUnion, size } = type.definition;
  if (fields === undefined || fields.some((field) => field.bits !== undefined)) return false;
  if (isUnion) return fields.some((field) => sizeOf(field.type) === size && isSolid(field.type));
  const covered = fields.reduce((sum, field) => sum + sizeOf(field.type), 0);
  return covered === size && fields.every((field) => isSolid(field.type));
}

/** A record that is passed around as one value: a union, or a structure of one member, without padding. */
export function isOneValue(type: CType): boolean {
  const isSingle = type.kind === 'record' && (type.definition.isUnion || type.definition.fields?.length === 1);
  return isSingle && isSolid(type);
}

export function passingClass(type: CType): PassingClass {
  switch (classOf(type)) {
    case 'int':
      return isSignedType(type) ? 's' : 'u';
    case 'float':
    case 'double':
      return 'f';
    case 'record':
      return fitsRegister(type) ? (sizeOf(type) === 8 ? 'q' : 'u') : 'r';
    case 'long':
    case 'void':
      return 'q';
  }
}

/** Two types with the same text are passed alike: "i", "q", "f", "{12}", "" for void. */
export function passingText(type: CType): string {
  switch (classOf(type)) {
    case 'int':
      return 'i';
    case 'long':
      return 'q';
    case 'float':
      return 'f4';
    case 'double':
      return 'f8';
    case 'record':
      return `{${sizeOf(type)}}`;
    case 'void':
      return '';
  }
}

export function signatureOf(type: FunctionType): Signature {
  return {
    parameters: type.parameters.map((parameter) => passingText(parameter.type)),
    result: passingText(type.result),
    isVariadic: type.isVariadic,
    hasPrototype: type.hasPrototype,
  };
}
