/**
 * Sizes, alignments and the layout of records as Microsoft's x64 compiler does it.
 *
 * A member is aligned to its natural alignment or the packing limit, whichever is less; an alignment asked for by
 * `__declspec(align)` is a floor that packing does not lower. Bit-fields share a storage unit only with a neighbour
 * whose declared type has the same size, never straddle units, and each unit takes its whole type.
 */
import { assert } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { Annotation } from '../parse/ast.ts';
import { isGuess } from './predicates.ts';
import type { CType, Field, RecordDefinition } from './types.ts';

/** Bytes; 0 for what is incomplete, void or a function. */
export function sizeOf(type: CType): number {
  switch (type.kind) {
    case 'integer':
    case 'float':
      return type.size;
    case 'enum':
      return 4;
    case 'pointer':
      return type.is32 === true ? 4 : 8;
    case 'array':
      return (type.length ?? 0) * sizeOf(type.element);
    case 'record':
      return type.definition.size;
    case 'void':
    case 'function':
    case 'error':
      return 0;
  }
}

/** Bytes, at least 1. */
export function alignOf(type: CType): number {
  return Math.max(type.alignment ?? 1, naturalAlignment(type));
}

function naturalAlignment(type: CType): number {
  switch (type.kind) {
    case 'array':
      return alignOf(type.element);
    case 'record':
      return type.definition.alignment;
    default:
      return sizeOf(type);
  }
}

/** A member as written, before it has a place. */
export interface MemberPlan {
  readonly name: string | undefined;
  readonly type: CType;
  /** Bits, for a bit-field. */
  readonly width: number | undefined;
  /** From `__declspec(align(n))` or `_Alignas(n)` at the member; 0 where none. */
  readonly alignment: number;
  /** GNU's `packed` at the member: it is aligned to bytes. */
  readonly isPacked?: boolean;
  readonly annotations: readonly Annotation[];
  readonly span: Span;
}

export interface LayoutOptions {
  /** Limit of `#pragma pack`. */
  readonly pack: number;
  /** From `__declspec(align(n))` at the record; 0 where none. */
  readonly alignment: number;
}

/** Gives each member its offset and completes the record. */
export function layOutRecord(record: RecordDefinition, members: readonly MemberPlan[], options: LayoutOptions): void {
  assert(record.fields === undefined, 'a record is laid out once');
  const fields: Field[] = [];
  let end = 0;
  let recordAlignment = 1;
  let required = options.alignment;
  // The storage unit that the next bit-field may share.
  let unit: { offset: number; size: number; used: number } | undefined;
  for (const member of members) {
    if (isGuess(member.type)) record.isGuess = true;
    const floor = Math.max(member.alignment, requiredAlignment(member.type));
    const alignment = Math.max(floor, Math.min(member.isPacked === true ? 1 : options.pack, alignOf(member.type)));
    if (member.width === undefined) required = Math.max(required, floor);
    const { name, type, annotations, span } = member;
    const size = sizeOf(type);
    if (member.width === 0) {
      // Closes the unit before it; without one it does nothing.
      if (unit !== undefined && record.isUnion) end = Math.max(end, size);
      else if (unit !== undefined) {
        end = roundUp(end, alignment);
        recordAlignment = Math.max(recordAlignment, alignment);
      }
      unit = undefined;
      continue;
    }
    if (member.width !== undefined) {
      const shares: boolean = unit !== undefined && unit.size === size && unit.used + member.width <= size * 8;
      if (record.isUnion) {
        // The alignment of a union's bit-fields does not count.
        unit = { offset: 0, size, used: 0 };
        end = Math.max(end, size);
      } else if (!shares || unit === undefined) {
        unit = { offset: roundUp(end, alignment), size, used: 0 };
        end = unit.offset + size;
        recordAlignment = Math.max(recordAlignment, alignment);
      }
      const bits = { offset: unit.used, width: member.width };
      unit.used += member.width;
      fields.push({ name, type, offset: unit.offset, bits, annotations, span });
      continue;
    }
    recordAlignment = Math.max(recordAlignment, alignment);
    unit = undefined;
    const offset = record.isUnion ? 0 : roundUp(end, alignment);
    end = record.isUnion ? Math.max(end, size) : offset + size;
    fields.push({ name, type, offset, annotations, span });
  }
  record.alignment = Math.max(recordAlignment, required);
  record.size = roundUp(end, record.alignment);
  record.fields = fields;
  if (required > 1) record.requiredAlignment = required;
}

/** The part of a type's alignment that packing must not lower. */
function requiredAlignment(type: CType): number {
  const own = type.alignment ?? 0;
  if (type.kind === 'array') return Math.max(own, requiredAlignment(type.element));
  return type.kind === 'record' ? Math.max(own, type.definition.requiredAlignment ?? 0) : own;
}

function roundUp(value: number, alignment: number): number {
  const rest = value % alignment;
  return rest === 0 ? value : value + alignment - rest;
}
