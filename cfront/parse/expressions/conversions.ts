/**
 * The conversions that C inserts: decay of arrays and functions, promotions, and conversion as if by assignment.
 *
 * What C forbids but drivers do and Microsoft's compiler lets pass (other pointer types, integers as pointers, lost
 * const) is a warning with a code; only what cannot be given a meaning is an error. Error types convert silently.
 */
import { promoted, promotedBits } from '../../types/arithmetic.ts';
import {
  compatibleUnqualified,
  functionsFit,
  pointsToVoid,
  sameType,
  sameUnqualified,
} from '../../types/compatible.ts';
import { sizeOf } from '../../types/layout.ts';
import { DOUBLE, LONG_LONG, pointerTo, qualified, unqualified, VOID } from '../../types/make.ts';
import { isArithmetic, isBool, isInteger, isPointer } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType, PointerType } from '../../types/types.ts';
import type { Expression } from '../ast.ts';
import { errorExpression } from '../mistakes/error-nodes.ts';
import { conversionFix, withFix } from '../mistakes/fixes.ts';
import { errorAt, warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { constantValue, isImplicitCall } from './constants.ts';

/** The operand as a value: an array becomes a pointer to its first element, a function a pointer to itself. */
export function decayed(e: Expression): Expression {
  if (e.type.kind === 'array') {
    return { kind: 'decay', first: e.first, last: e.last, type: pointerTo(e.type.element), operand: e };
  }
  if (e.type.kind === 'function') {
    return { kind: 'decay', first: e.first, last: e.last, type: pointerTo(e.type), operand: e };
  }
  return e;
}

/** The operand with the type `type`: itself, or inside a `convert` node. */
export function convertTo(e: Expression, type: CType): Expression {
  if (e.type === type || e.type.kind === 'error' || type.kind === 'error' || sameUnqualified(e.type, type)) return e;
  return { kind: 'convert', first: e.first, last: e.last, type: unqualified(type), operand: e };
}

/** The type to which an operand is promoted; a bit-field's width counts. */
export function promotedType(e: Expression): CType {
  const width = bitFieldWidth(e);
  return width === undefined ? promoted(e.type) : promotedBits(e.type, width);
}

export function isBitField(e: Expression): boolean {
  return bitFieldWidth(e) !== undefined;
}

/** A bit-field's width stays with its value through a comma, an assignment and an increment: it is part of the type. */
function bitFieldWidth(expression: Expression): number | undefined {
  let e = expression;
  for (;;) {
    switch (e.kind) {
      case 'member':
        return e.field?.bits?.width;
      case 'comma':
        e = e.right;
        break;
      case 'assign':
        e = e.target;
        break;
      case 'increment':
        e = e.operand;
        break;
      default:
        return undefined;
    }
  }
}

/** The integer promotions; what is no integer only decays. */
export function promote(e: Expression): Expression {
  if (!isInteger(e.type)) return decayed(e);
  return convertTo(e, promotedType(e));
}

/** What an argument without a parameter becomes: promoted, float as double. */
export function promoteArgument(e: Expression): Expression {
  const value = promote(e);
  return value.type.kind === 'float' && value.type.name === 'float' ? convertTo(value, DOUBLE) : value;
}

/** An integer operand of pointer arithmetic: eight bytes, extended by its own sign. */
export function indexValue(e: Expression): Expression {
  const value = promote(e);
  if (value.type.kind === 'integer' && value.type.size === 8) return value;
  return convertTo(value, LONG_LONG);
}

/** `0`, or `0` cast to `void *`. */
export function isNullConstant(e: Expression): boolean {
  switch (e.kind) {
    case 'integer':
      return e.value === 0n;
    case 'cast': {
      const target = e.type;
      const isPlain = isInteger(target) || (target.kind === 'pointer' && sameType(target.target, VOID));
      return isPlain && isNullConstant(e.operand);
    }
    case 'convert':
      return isInteger(e.type) && isNullConstant(e.operand);
    case 'float':
    case 'string':
    case 'name':
    case 'call':
    case 'member':
      return false;
    default:
      return isInteger(e.type) && constantValue(e) === 0n;
  }
}

/** Where a value goes, for the message. */
export interface Destination {
  readonly role: 'assignment' | 'initializer' | 'return' | 'argument';
  /** Arguments: number from 1, and the function's name where it has one. */
  readonly position?: number;
  readonly callee?: string | undefined;
}

export const ASSIGNMENT: Destination = { role: 'assignment' };
export const INITIALIZER: Destination = { role: 'initializer' };
export const RETURN: Destination = { role: 'return' };

/** Converts as if by assignment (C11 6.5.16.1) and reports what does not fit. */
export function convertForAssignment(
  p: Parser,
  expression: Expression,
  target: CType,
  destination: Destination,
): Expression {
  const e = decayed(expression);
  const from = e.type;
  if (from === target || from.kind === 'error' || target.kind === 'error') return e;
  if (isArithmetic(from) && isArithmetic(target)) return convertTo(e, target);
  if (isPointer(from) && isPointer(target)) {
    const code = isNullConstant(e) ? undefined : pointerMismatch(from, target);
    if (code !== undefined) warnPointers(p, code, e, target, destination);
    return convertTo(e, target);
  }
  if (sameUnqualified(from, target)) return e;
  if (isPointer(target) && isInteger(from)) {
    if (!isNullConstant(e) && !isImplicitCall(e)) {
      const text = `${where(destination)}: the integer '${typeText(from)}' is used as a pointer '${typeText(target)}' without a cast.`;
      warningAt(p, 'integer-to-pointer', text, e, withFix(conversionFix(e, target)));
    }
    return convertTo(e, target);
  }
  if (isInteger(target) && isPointer(from)) {
    if (!isBool(target)) {
      const text = `${where(destination)}: the pointer '${typeText(from)}' is used as an integer '${typeText(target)}' without a cast.`;
      warningAt(p, 'pointer-to-integer', text, e, withFix(conversionFix(e, target)));
    }
    return convertTo(e, target);
  }
  if (isImplicitCall(e)) return errorExpression(e.first, e.last, [e], unqualified(target));
  const text = `${where(destination)}: '${typeText(from)}' cannot be converted to '${typeText(target)}'.`;
  errorAt(p, 'incompatible-types', text, e, withFix(conversionFix(e, target)));
  return errorExpression(e.first, e.last, [e], unqualified(target));
}

/** Why a pointer should not be used as another one; undefined where it may. */
export function pointerMismatch(from: PointerType, target: PointerType): string | undefined {
  const a = from.target;
  const b = target.target;
  if (a === b || a.kind === 'error' || b.kind === 'error') return undefined;
  if (a.kind === 'function' && b.kind === 'function') {
    return functionsFit(a, b) ? undefined : 'incompatible-function-pointer';
  }
  const fits = pointsToVoid(from, target) || compatibleUnqualified(a, b) || differOnlyInSign(a, b);
  if (!fits) {
    if (sameButQualifiers(a, b)) return 'discards-qualifiers';
    return 'incompatible-pointer';
  }
  return losesQualifiers(a, b) ? 'discards-qualifiers' : undefined;
}

/** The common type of two pointers, for comparison and `?:`: void * if either is, with the qualifiers of both. */
export function commonPointer(a: PointerType, b: PointerType): PointerType {
  const base = a.target.kind === 'void' ? a : b.target.kind === 'void' ? b : a;
  const isConst = a.target.isConst || b.target.isConst;
  const isVolatile = a.target.isVolatile || b.target.isVolatile;
  const target = qualified(base.target, { isConst, isVolatile });
  return target === base.target ? (unqualified(base) as PointerType) : pointerTo(target);
}

/** Integers of one size: signedness, int against long, and enums pass between pointers, as in Microsoft's headers. */
function differOnlyInSign(a: CType, b: CType): boolean {
  return isInteger(a) && isInteger(b) && sizeOf(a) === sizeOf(b);
}

/** `char **` and `const char **`. */
function sameButQualifiers(a: CType, b: CType): boolean {
  if (a.kind === 'pointer' && b.kind === 'pointer') return sameButQualifiers(a.target, b.target);
  return a.kind !== 'function' && compatibleUnqualified(a, b);
}

function losesQualifiers(from: CType, to: CType): boolean {
  const source = from.kind === 'array' ? from.element : from;
  const target = to.kind === 'array' ? to.element : to;
  return (source.isConst && !target.isConst) || (source.isVolatile && !target.isVolatile);
}

function warnPointers(p: Parser, code: string, e: Expression, target: CType, destination: Destination): void {
  const from = typeText(e.type);
  const to = typeText(target);
  const what =
    code === 'discards-qualifiers'
      ? `'${from}' and '${to}' differ in const or volatile`
      : code === 'incompatible-function-pointer'
        ? `the function pointer '${from}' has other parameters or another result than '${to}'`
        : `the pointer '${from}' points to another type than '${to}'`;
  warningAt(p, code, `${where(destination)}: ${what}.`, e, withFix(conversionFix(e, target)));
}

function where(destination: Destination): string {
  switch (destination.role) {
    case 'assignment':
      return 'Assignment';
    case 'initializer':
      return 'Initializer';
    case 'return':
      return 'Return value';
    case 'argument':
      return `Argument ${destination.position}${destination.callee === undefined ? '' : ` of ${destination.callee}`}`;
  }
}
