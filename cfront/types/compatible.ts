/**
 * When two types are the same, when they are compatible (C11 6.2.7), and the composite of two that are.
 *
 * Records and enums are themselves only; aliases never count. A record is compared by identity, so the recursion ends
 * at the depth of the written type.
 */
import { promoted } from './arithmetic.ts';
import { INT } from './make.ts';
import type { CType, FunctionType } from './types.ts';

/** Equal down to every qualifier, the names by which the source calls them aside. */
export function sameType(a: CType, b: CType): boolean {
  return a === b || (a.isConst === b.isConst && a.isVolatile === b.isVolatile && sameUnqualified(a, b));
}

/** Equal but for their own qualifiers. */
export function sameUnqualified(a: CType, b: CType): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'void':
    case 'error':
      return a.kind === b.kind;
    case 'integer':
    case 'float':
      return a.kind === b.kind && a.name === b.name;
    case 'enum':
      return b.kind === 'enum' && a.definition === b.definition;
    case 'record':
      return b.kind === 'record' && a.definition === b.definition;
    case 'pointer':
      return b.kind === 'pointer' && sameType(a.target, b.target);
    case 'array':
      return b.kind === 'array' && a.length === b.length && sameType(a.element, b.element);
    case 'function':
      return (
        b.kind === 'function' &&
        a.isVariadic === b.isVariadic &&
        a.hasPrototype === b.hasPrototype &&
        a.parameters.length === b.parameters.length &&
        sameType(a.result, b.result) &&
        a.parameters.every((parameter, i) =>
          sameUnqualified(parameter.type, (b.parameters[i] as typeof parameter).type),
        )
      );
  }
}

/** Both may declare the same thing: `int[]` and `int[3]`, `f()` and `f(int)`, an enum and int. Own qualifiers count. */
export function compatible(a: CType, b: CType): boolean {
  return a === b || (a.isConst === b.isConst && a.isVolatile === b.isVolatile && compatibleUnqualified(a, b));
}

export function compatibleUnqualified(a: CType, b: CType): boolean {
  if (a === b || a.kind === 'error' || b.kind === 'error') return true;
  if (a.kind === 'enum' && b.kind === 'integer') return b.name === 'int';
  if (b.kind === 'enum' && a.kind === 'integer') return a.name === 'int';
  switch (a.kind) {
    case 'pointer':
      return b.kind === 'pointer' && compatible(a.target, b.target);
    case 'array':
      return (
        b.kind === 'array' &&
        (a.length === undefined || b.length === undefined || a.length === b.length) &&
        compatible(a.element, b.element)
      );
    case 'function':
      return b.kind === 'function' && compatibleFunctions(a, b);
    default:
      return sameUnqualified(a, b);
  }
}

/** The type that knows what both know: an array's length, a prototype, the names and annotations of the newer one. */
export function composite(older: CType, newer: CType): CType {
  if (older === newer || newer.kind === 'error') return older;
  if (older.kind === 'array' && newer.kind === 'array') return newer.length === undefined ? older : newer;
  if (older.kind === 'function' && newer.kind === 'function') return newer.hasPrototype ? newer : older;
  return older.kind === 'error' ? newer : older;
}

function compatibleFunctions(a: FunctionType, b: FunctionType): boolean {
  if (!compatible(a.result, b.result)) return false;
  if (!a.hasPrototype || !b.hasPrototype) {
    const known = a.hasPrototype ? a : b;
    // An unprototyped call passes promoted arguments, so a parameter that promotion changes cannot match it.
    return !known.hasPrototype || (!known.isVariadic && known.parameters.every((p) => survivesPromotion(p.type)));
  }
  if (a.isVariadic !== b.isVariadic || a.parameters.length !== b.parameters.length) return false;
  for (let i = 0; i < a.parameters.length; i++) {
    const left = a.parameters[i];
    const right = b.parameters[i];
    if (left !== undefined && right !== undefined && !compatibleUnqualified(left.type, right.type)) return false;
  }
  return true;
}

function survivesPromotion(type: CType): boolean {
  if (type.kind === 'float') return type.name !== 'float';
  return type.kind !== 'integer' || type.size >= 4 || promoted(type) !== INT;
}
