/** The C type that lint asks about most: the IRP. */
import type { Expression } from '../../cfront/parse/ast.ts';
import type { CType } from '../../cfront/types/types.ts';
import { isRecord, memberName } from './record-type.ts';

export function isIrp(type: CType): boolean {
  return isRecord(type, '_IRP');
}

export function isIrpPointer(type: CType): boolean {
  return type.kind === 'pointer' && isIrp(type.target);
}

/** Names the member of a structure in which an IRP is kept ("_REQUEST.Irp"); undefined for any other expression. */
export function irpField(e: Expression): string | undefined {
  return e.kind === 'member' && isIrpPointer(e.type) ? memberName(e) : undefined;
}

/** Where a member lies in the IRP that a pointer of this type leads to; undefined for other pointers. */
export function irpMember(pointer: CType, name: string): number | undefined {
  if (pointer.kind !== 'pointer' || pointer.target.kind !== 'record' || !isIrp(pointer.target)) return undefined;
  return pointer.target.definition.fields?.find((field) => field.name === name)?.offset;
}
