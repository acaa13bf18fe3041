/**
 * Questions about a type that need no layout. The error type answers yes where a yes keeps further problems away:
 * what could not be read is reported once.
 */
import type { CType, EnumType, FunctionType, IntegerType, PointerType } from './types.ts';

export function isError(type: CType): boolean {
  return type.kind === 'error';
}

/** Integers proper and enumerations, whose values are ints. */
export function isInteger(type: CType): type is IntegerType | EnumType {
  return type.kind === 'integer' || type.kind === 'enum';
}

export function isArithmetic(type: CType): boolean {
  return type.kind === 'integer' || type.kind === 'enum' || type.kind === 'float';
}

export function isPointer(type: CType): type is PointerType {
  return type.kind === 'pointer';
}

/** What `if`, `!` and `&&` take. */
export function isScalar(type: CType): boolean {
  return isArithmetic(type) || type.kind === 'pointer';
}

export function isAggregate(type: CType): boolean {
  return type.kind === 'record' || type.kind === 'array';
}

export function isBool(type: CType): boolean {
  return type.kind === 'integer' && type.name === '_Bool';
}

/** A character type of any signedness: what a string literal may initialise. */
export function isCharacter(type: CType): boolean {
  return type.kind === 'integer' && type.size === 1 && type.name !== '_Bool';
}

export function isSigned(type: CType): boolean {
  return type.kind === 'integer' ? type.isSigned : type.kind === 'enum' || type.kind === 'float';
}

/** Its size is known. Functions and void are not objects; `[]` and a struct without its body are incomplete. */
export function isComplete(type: CType): boolean {
  switch (type.kind) {
    case 'void':
    case 'function':
      return false;
    case 'array':
      return type.length !== undefined && isComplete(type.element);
    case 'record':
      return type.definition.fields !== undefined;
    default:
      return true;
  }
}

/** The size is a guess, because a part could not be read: nothing that follows from it is to be reported. */
export function isGuess(type: CType): boolean {
  if (type.kind === 'array') return type.isGuess === true || isGuess(type.element);
  return type.kind === 'error' || (type.kind === 'record' && type.definition.isGuess === true);
}

/** What a pointer points to or an array is made of; undefined for everything else. */
export function pointee(type: CType): CType | undefined {
  if (type.kind === 'pointer') return type.target;
  return type.kind === 'array' ? type.element : undefined;
}

/** The function type behind a function or a pointer to one. */
export function calledFunction(type: CType): FunctionType | undefined {
  if (type.kind === 'function') return type;
  return type.kind === 'pointer' && type.target.kind === 'function' ? type.target : undefined;
}
