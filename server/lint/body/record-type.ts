/** Records by their tags: the few C types that lint knows by name, and the record that a member is one of. */
import type { Expression, MemberExpression } from '../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../cfront/parse/walk.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';

export function isRecord(type: CType, tag: string): boolean {
  return tagOf(type) === tag;
}

export function pointsTo(type: CType | undefined, tag: string): boolean {
  return type?.kind === 'pointer' && isRecord(type.target, tag);
}

/** It is such a record, or has one in it. */
export function holdsRecord(type: CType, tag: string): boolean {
  if (type.kind === 'array') return holdsRecord(type.element, tag);
  if (type.kind !== 'record') return false;
  return isRecord(type, tag) || type.definition.fields?.some((field) => holdsRecord(field.type, tag)) === true;
}

/** Undefined for what is no record, and for a record without a tag. */
export function tagOf(type: CType): string | undefined {
  return type.kind === 'record' ? type.definition.tag : undefined;
}

/** By its tag, or by its typedef where it has no tag; undefined for what is no record, or has neither. */
export function recordName(type: CType): string | undefined {
  return type.kind === 'record' ? (type.definition.tag ?? type.definition.typedefName) : undefined;
}

/**
 * One name for all that is one structure: in each file that includes its header it is another record, and what was noted
 * of a body by this name holds wherever keys above it move the structure.
 */
export function recordKey({ tag, typedefName, fields, span }: RecordDefinition): string {
  return `${span.file.path}:${tag ?? typedefName ?? fields?.map(({ name }) => name).join()}`;
}

/** "_REQUEST.Irp": the same for all that is reached through records of this name. */
export function memberName(member: MemberExpression): string | undefined {
  const record = recordName(memberRecord(member));
  return record === undefined ? undefined : `${record}.${member.name}`;
}

/** The type of what a member is read from, seen through the arrow. */
export function memberRecord({ object, isArrow }: MemberExpression): CType {
  return isArrow && object.type.kind === 'pointer' ? object.type.target : object.type;
}

/** The member shares its bytes with others, which have other names: it lies in a union, with a name or without one. */
export function isInUnion(member: MemberExpression): boolean {
  const record = memberRecord(member);
  if (record.kind === 'record' && (record.definition.isUnion || isInNamelessUnion(record.definition, member.name)))
    return true;
  const { object, isArrow } = member;
  const outer = isArrow ? undefined : outermost(object);
  return outer?.kind === 'member' && isInUnion(outer);
}

/** The member whose element an expression names, or that it is. */
function outermost(e: Expression): Expression {
  const inner = stripConversions(e);
  return inner.kind === 'index' ? outermost(inner.base) : inner;
}

function isInNamelessUnion({ fields }: RecordDefinition, name: string): boolean {
  return (fields ?? []).some(({ name: own, type }) => {
    if (own !== undefined || type.kind !== 'record') return false;
    return (type.definition.isUnion && hasMember(type.definition, name)) || isInNamelessUnion(type.definition, name);
  });
}

/** By its own name, or through members without one. */
function hasMember({ fields }: RecordDefinition, name: string): boolean {
  return (fields ?? []).some(
    (field) =>
      field.name === name ||
      (field.name === undefined && field.type.kind === 'record' && hasMember(field.type.definition, name)),
  );
}
