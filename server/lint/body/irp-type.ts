/** The C type that lint asks about most: the IRP. */
import { placeText } from '../../../base/source.ts';
import type { Expression } from '../../../cfront/parse/ast.ts';
import { place } from '../../../cfront/tokenize/token.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { isRecord, memberName } from './record-type.ts';

export function isIrp(type: CType): boolean {
  return isRecord(type, '_IRP');
}

/** What is touched behind a pointer to this type: an IRP, or a stack location, which goes with one. */
export function touchedIn(type: CType): 'irp' | 'location' | undefined {
  if (isIrp(type)) return 'irp';
  return isRecord(type, '_IO_STACK_LOCATION') ? 'location' : undefined;
}

export function isIrpPointer(type: CType): boolean {
  return type.kind === 'pointer' && isIrp(type.target);
}

/**
 * Names the member of a structure in which an IRP is kept ("_REQUEST.Irp"), or the variable that lasts; undefined for any
 * other expression.
 */
export function irpField(e: Expression): string | undefined {
  if (!isIrpPointer(e.type)) return undefined;
  if (e.kind === 'member') return memberName(e);
  if (e.kind !== 'name' || e.symbol.kind !== 'variable' || e.symbol.duration !== 'static') return undefined;
  const { name, linkage, declarations } = e.symbol;
  if (linkage === 'external') return name;
  const [declared] = declarations;
  // Another file may have one of the same name, and another function too.
  return declared === undefined ? undefined : `${placeText(place(declared.first))} ${name}`;
}

/** Where a member lies in the IRP that a pointer of this type leads to; undefined for other pointers. */
export function irpMember(pointer: CType, name: string): number | undefined {
  if (pointer.kind !== 'pointer' || pointer.target.kind !== 'record' || !isIrp(pointer.target)) return undefined;
  return pointer.target.definition.fields?.find((field) => field.name === name)?.offset;
}
