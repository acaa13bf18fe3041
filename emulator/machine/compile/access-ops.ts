/** The instruction that reads, writes or copies a value of a type. */
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { OpName } from '../opcodes.ts';
import { classOf, isSignedType } from './classes.ts';

export const COPIES: Readonly<Record<number, OpName>> = { 1: 'CPY1', 2: 'CPY2', 4: 'CPY4', 8: 'CPY8' };

export function storeOp(type: CType): OpName {
  if (classOf(type) === 'float') return 'STF4';
  switch (sizeOf(type)) {
    case 1:
      return 'ST1';
    case 2:
      return 'ST2';
    case 8:
      return 'ST8';
    default:
      return 'ST4';
  }
}

export function loadOp(type: CType): OpName {
  if (classOf(type) === 'float') return 'LDF4';
  switch (sizeOf(type)) {
    case 1:
      return isSignedType(type) ? 'LDS1' : 'LDU1';
    case 2:
      return isSignedType(type) ? 'LDS2' : 'LDU2';
    case 8:
      return 'LD8';
    default:
      return 'LD4';
  }
}
