/** Records by their tags: the few C types that lint knows by name, and the record that a member is one of. */
import type { Expression } from '../../cfront/parse/ast.ts';
import type { CType } from '../../cfront/types/types.ts';

export function isRecord(type: CType, tag: string): boolean {
  return tagOf(type) === tag;
}

export function pointsTo(type: CType | undefined, tag: string): boolean {
  return type?.kind === 'pointer' && isRecord(type.target, tag);
}

/** Undefined for what is no record, and for a record without a tag. */
export function tagOf(type: CType): string | undefined {
  return type.kind === 'record' ? type.definition.tag : undefined;
}

/** The type of what a member is read from, seen through the arrow. */
export function memberRecord({ object, isArrow }: Extract<Expression, { kind: 'member' }>): CType {
  return isArrow && object.type.kind === 'pointer' ? object.type.target : object.type;
}
