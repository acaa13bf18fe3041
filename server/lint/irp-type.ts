/** The one C type that lint knows by its tag: the IRP. */
import type { CType } from '../../cfront/types/types.ts';

export function isIrp(type: CType): boolean {
  return type.kind === 'record' && type.definition.tag === '_IRP';
}

export function isIrpPointer(type: CType): boolean {
  return type.kind === 'pointer' && isIrp(type.target);
}
