/**
 * Padding: bytes of a record that belong to no member, and so are never "not written yet".
 *
 * In: the shadow bytes of an object whose bytes count as never written, and the object's type. Out: the padding among
 * them counts as written. Which bytes are padding is known where an object gets its type: a local or a compound literal
 * when it is declared, a block of the pool when the allocation's result becomes a pointer to a record. Copies take the
 * state along, so that this is enough: a driver may print, compare or add up the bytes of its records, and a member
 * that was never written is found all the same. Recursion ends because types are finite.
 */
import { memo } from '../../base/memo.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import type { CType, RecordDefinition } from '../../cfront/types/types.ts';
import { UNINITIALISED } from './memory/shadow.ts';

/** `size` bytes at `at` are one object of the type, or as many as fit; the last member may be an array that goes on. */
export function forgivePadding(states: Uint8Array, at: number, type: CType, size: number): void {
  if (!hasPadding(type)) return;
  const unit = sizeOf(type);
  const isArray = size >= 2 * unit && size % unit === 0;
  const end = at + (isArray ? size : Math.min(size, unit));
  for (let start = at; start < end; start += unit) forgiveIn(states, start, paddingOf(type));
  const tail = isArray ? undefined : openArray(type);
  if (tail !== undefined && size > tail.offset)
    forgivePadding(states, at + tail.offset, tail.element, size - tail.offset);
}

export function hasPadding(type: CType): boolean {
  return paddingOf(type).length > 0;
}

function forgiveIn(states: Uint8Array, start: number, padding: readonly number[]): void {
  for (const offset of padding) {
    const i = start + offset;
    if (i < states.length) states[i] = (states[i] as number) & ~UNINITIALISED;
  }
}

const NONE: readonly number[] = [];

/** Offsets of the bytes of padding. */
function paddingOf(type: CType): readonly number[] {
  if (type.kind === 'array') {
    const one = paddingOf(type.element);
    const unit = sizeOf(type.element);
    if (one.length === 0) return NONE;
    return Array.from({ length: type.length ?? 0 }, (_, i) => one.map((offset) => i * unit + offset)).flat();
  }
  return type.kind === 'record' ? paddingOfRecord(type.definition) : NONE;
}

const paddingOfRecord = memo(({ fields, size }: RecordDefinition): readonly number[] => {
  if (fields === undefined) return NONE;
  const isMember = new Uint8Array(size);
  for (const field of fields) {
    const end = field.offset + sizeOf(field.type);
    const inner = new Set(paddingOf(field.type));
    for (let i = field.offset; i < end; i++) if (!inner.has(i - field.offset)) isMember[i] = 1;
  }
  const padding: number[] = [];
  for (const [offset, member] of isMember.entries()) if (member === 0) padding.push(offset);
  return padding;
});

/** The array of records at the end of a record that stands for as many as were allocated. */
function openArray(type: CType): { readonly offset: number; readonly element: CType } | undefined {
  const last = type.kind === 'record' ? type.definition.fields?.at(-1) : undefined;
  if (last?.type.kind !== 'array' || (last.type.length ?? 0) > 1) return undefined;
  return { offset: last.offset, element: last.type.element };
}
