/**
 * What the border between the kernel's values and the guest's registers must know of a C type: read from the type once
 * for each call and each function, not for each value that crosses.
 */
import { sizeOf } from '../../../cfront/types/layout.ts';
import { INT, VOID } from '../../../cfront/types/make.ts';
import { isBool } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { classOf, isSignedType, type ValueClass } from './classes.ts';

export interface ValueForm {
  readonly valueClass: ValueClass;
  /** Of class `int`: its bits. */
  readonly bits: number;
  readonly isSigned: boolean;
  /** _Bool: 0 or 1. */
  readonly isTruth: boolean;
  readonly isPointer: boolean;
}

export function formOf(type: CType): ValueForm {
  const valueClass = classOf(type);
  return {
    valueClass,
    bits: valueClass === 'int' ? sizeOf(type) * 8 || 32 : 64,
    isSigned: isSignedType(type),
    isTruth: isBool(type),
    isPointer: type.kind === 'pointer',
  };
}

export const INT_FORM = formOf(INT);
export const VOID_FORM = formOf(VOID);
