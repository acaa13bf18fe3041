/**
 * Expressions that mean an object: what can be assigned to, what has an address, and casts, which Microsoft's compiler
 * takes for one.
 */
import { sizeOf } from '../../types/layout.ts';
import { pointerTo } from '../../types/make.ts';
import { isInteger, isPointer } from '../../types/predicates.ts';
import { typeText } from '../../types/text.ts';
import type { CType } from '../../types/types.ts';
import type { Expression } from '../ast.ts';
import { errorAt, warningAt } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';
import { hasError } from '../walk.ts';
import { isImplicitCall } from './constants.ts';

/** Microsoft's compiler lets a cast be assigned to: it means the object under the other type (its warning C4213). */
export function castAsLvalue(p: Parser, e: Expression): Expression {
  const object = objectBehindCast(p, e);
  if (object === undefined) return e;
  const text = `The result of a cast is not a variable in C; Microsoft's compiler changes the object under the type '${typeText(e.type)}'.`;
  warningAt(p, 'cast-as-lvalue', text, e);
  return object;
}

/** `*(T *)&x` for `(T)x`, where x is an object of numbers or a pointer that T does not reach beyond. */
export function objectBehindCast(p: Parser, e: Expression): Expression | undefined {
  if (e.kind !== 'cast' || !hasNumberOrPointer(e.type)) return undefined;
  let inner: Expression = e;
  while (inner.kind === 'cast') {
    if (!hasNumberOrPointer(inner.type) || sizeOf(inner.type) < sizeOf(e.type)) return undefined;
    inner = inner.operand;
  }
  const isBits = inner.kind === 'member' && inner.field?.bits !== undefined;
  if (!isLvalue(inner) || isBits || !hasNumberOrPointer(inner.type) || sizeOf(inner.type) < sizeOf(e.type)) {
    return undefined;
  }
  markAddressTaken(p, inner);
  const { first, last } = e;
  const address: Expression = { kind: 'address-of', first, last, type: pointerTo(inner.type), operand: inner };
  const pointer: Expression = { kind: 'cast', first, last, type: pointerTo(e.type), operand: address };
  return { kind: 'dereference', first, last, type: e.type, operand: pointer };
}

function hasNumberOrPointer(type: CType): boolean {
  return isInteger(type) || isPointer(type);
}

export function isLvalue(e: Expression): boolean {
  switch (e.kind) {
    case 'name':
      return e.symbol.kind === 'variable';
    case 'dereference':
    case 'index':
    case 'string':
    case 'compound-literal':
    case 'error':
      return true;
    case 'member':
      return e.isArrow || isLvalue(e.object);
    default:
      return false;
  }
}

export function requireModifiable(p: Parser, e: Expression): boolean {
  if (isImplicitCall(e)) return false;
  if (!isLvalue(e) || e.type.kind === 'array' || e.type.kind === 'function') {
    if (hasError(e)) return false;
    errorAt(p, 'not-an-lvalue', whyNotModifiable(e), e);
    return false;
  }
  if (e.type.isConst) errorAt(p, 'assign-to-const', `This is const ('${typeText(e.type)}') and cannot be changed.`, e);
  return true;
}

function whyNotModifiable(e: Expression): string {
  const what = e.kind === 'name' ? `'${e.symbol.name}'` : 'This';
  if (e.type.kind === 'function') return `${what} is a function, which cannot be assigned to.`;
  if (e.type.kind === 'array' && isLvalue(e)) {
    return `${what} is an array, which cannot be assigned to as a whole; its elements can, or RtlCopyMemory copies them.`;
  }
  const hint = e.kind === 'cast' ? ' The result of a cast is a value.' : '';
  return `This cannot be assigned to: it is a value, not a variable, a member or an element.${hint}`;
}

/** Every variable whose storage the lvalue lies in needs memory. */
export function markAddressTaken(p: Parser, e: Expression): void {
  let at = e;
  while (at.kind === 'member' && !at.isArrow) at = at.object;
  if (at.kind !== 'name' || at.symbol.kind !== 'variable') return;
  at.symbol.isAddressTaken = true;
  if (at.symbol.linkage !== 'none') (p.function?.addressed ?? p.trail?.addressed)?.add(at.symbol);
}
