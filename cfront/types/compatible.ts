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
      return b.kind === 'pointer' && a.is32 === b.is32 && sameType(a.target, b.target);
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
      return b.kind === 'pointer' && a.is32 === b.is32 && compatible(a.target, b.target);
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

/**
 * The type that knows what both know (C11 6.2.7p3), at any depth: an array's length, a prototype. The names by which
 * the source calls the parts are those of the newer one.
 */
export function composite(older: CType, newer: CType): CType {
  if (older === newer || newer.kind === 'error') return older;
  if (older.kind === 'error') return newer;
  if (older.kind === 'array' && newer.kind === 'array') {
    const element = composite(older.element, newer.element);
    const length = newer.length ?? older.length;
    if (element === newer.element && length === newer.length) return newer;
    return { ...newer, element, length };
  }
  if (older.kind === 'pointer' && newer.kind === 'pointer') {
    const target = composite(older.target, newer.target);
    return target === newer.target ? newer : { ...newer, target };
  }
  if (older.kind === 'function' && newer.kind === 'function') return compositeFunction(older, newer);
  return newer;
}

/** The prototype of the two that has one; of two prototypes the newer one, each part composite. */
function compositeFunction(older: FunctionType, newer: FunctionType): FunctionType {
  const result = composite(older.result, newer.result);
  if (!newer.hasPrototype) return older.hasPrototype || result === newer.result ? older : { ...newer, result };
  if (!older.hasPrototype || older.parameters.length !== newer.parameters.length) {
    return result === newer.result ? newer : { ...newer, result };
  }
  let isNewer = result === newer.result;
  const parameters = newer.parameters.map((parameter, i) => {
    const type = composite((older.parameters[i] as typeof parameter).type, parameter.type);
    if (type === parameter.type) return parameter;
    isNewer = false;
    return { ...parameter, type };
  });
  return isNewer ? newer : { ...newer, result, parameters };
}

/**
 * As compatible, but for pointer parameters, where Microsoft's compiler takes `PVOID` for any other pointer and does
 * not look at what is const behind one: callbacks are declared in one way and defined in the other.
 */
export function functionsFit(a: FunctionType, b: FunctionType): boolean {
  return compatibleFunctions(
    a,
    b,
    (left, right) => compatibleUnqualified(left, right) || pointsToVoid(left, right) || pointToSame(left, right),
  );
}

function compatibleFunctions(
  a: FunctionType,
  b: FunctionType,
  parameterFits: (left: CType, right: CType) => boolean = compatibleUnqualified,
): boolean {
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
    if (left !== undefined && right !== undefined && !parameterFits(left.type, right.type)) return false;
  }
  return true;
}

/** Pointers to the same, whatever is const or volatile on the way. */
function pointToSame(a: CType, b: CType): boolean {
  if (a.kind === 'pointer' && b.kind === 'pointer') return pointToSame(a.target, b.target);
  return compatibleUnqualified(a, b);
}

/** Either points to void, at any depth: Microsoft's compiler takes `PETHREAD *` for `PVOID *` too. */
export function pointsToVoid(from: CType, target: CType): boolean {
  let a = from;
  let b = target;
  while (a.kind === 'pointer' && b.kind === 'pointer') {
    a = a.target;
    b = b.target;
    if (a.kind === 'void' || b.kind === 'void') return true;
  }
  return false;
}

function survivesPromotion(type: CType): boolean {
  if (type.kind === 'float') return type.name !== 'float';
  return type.kind !== 'integer' || type.size >= 4 || promoted(type) !== INT;
}
