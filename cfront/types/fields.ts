/**
 * Members of records by name, looking through unnamed members: those of an unnamed struct or union (C11, and
 * Microsoft's form with a typedef's or tag's name) count as members of the record around it.
 */
import { qualified } from './make.ts';
import type { CType, Field, RecordDefinition } from './types.ts';

export interface FieldPath {
  readonly field: Field;
  /** Bytes from the start of the outermost record. */
  readonly offset: number;
  /** Indices into `fields` from the outermost record inwards; the last one is `field` itself. */
  readonly indices: readonly number[];
  /** The field's type with the qualifiers of the unnamed members around it. */
  readonly type: CType;
}

/** The member called `name`, or undefined, also where the record is incomplete. */
export function fieldNamed(record: RecordDefinition, name: string): FieldPath | undefined {
  const fields = record.fields;
  if (fields === undefined) return undefined;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    if (field.name === name) return { field, offset: field.offset, indices: [i], type: field.type };
    if (field.name !== undefined || field.type.kind !== 'record') continue;
    const inner = fieldNamed(field.type.definition, name);
    if (inner !== undefined) {
      const type = qualified(inner.type, field.type);
      return { field: inner.field, offset: field.offset + inner.offset, indices: [i, ...inner.indices], type };
    }
  }
  return undefined;
}

/** Every member that can be named from outside, in order, with its offset from the start of `record`. */
export function namedFields(record: RecordDefinition): { readonly field: Field; readonly offset: number }[] {
  const found: { field: Field; offset: number }[] = [];
  const visit = (definition: RecordDefinition, base: number): void => {
    for (const field of definition.fields ?? []) {
      if (field.name !== undefined) found.push({ field, offset: base + field.offset });
      else if (field.type.kind === 'record') visit(field.type.definition, base + field.offset);
    }
  };
  visit(record, 0);
  return found;
}
