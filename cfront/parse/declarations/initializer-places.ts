/**
 * Where initializers go: the places inside an object, the cursors that walk them, and the entries set so far.
 *
 * No tokens are read here. A later entry replaces what an earlier one set in the same object (C11 6.7.9p19).
 */

import { sizeOf } from '../../types/layout.ts';
import { ERROR } from '../../types/make.ts';
import { isAggregate } from '../../types/predicates.ts';
import type { CType, Field, RecordDefinition } from '../../types/types.ts';
import type { InitializerEntry } from '../ast.ts';

/** The entries so far, and what is needed to drop those that a later item replaces. */
export interface List {
  entries: InitializerEntry[];
  /** End of the furthest entry: what begins behind it replaces nothing. */
  high: number;
  /** For each union object (by type and offset) the index of the member that was set last. */
  readonly active: Map<RecordDefinition, Map<number, number>>;
}

/** An object or a part of one that is to be set. */
export interface Place {
  readonly type: CType;
  readonly offset: number;
  readonly bits: Field['bits'];
}

/** Where values go that have no place: they are read, and set nothing. */
export const nowhere: Place = { type: ERROR, offset: 0, bits: undefined };

/** A place with parts, and the next part to set. */
export interface Cursor {
  readonly place: Place;
  index: number;
}

export function add(list: List, entry: InitializerEntry): void {
  const size = sizeOf(entry.type);
  if (isAggregate(entry.type)) clear(list, entry.offset, size);
  list.entries.push(entry);
  list.high = Math.max(list.high, entry.offset + size);
}

/** What an object is set to as a whole replaces what its parts were set to before (C11 6.7.9p19). */
export function clear(list: List, offset: number, size: number): void {
  if (offset >= list.high) return;
  list.entries = list.entries.filter((entry) => entry.offset < offset || entry.offset >= offset + size);
}

/** A union holds one member: setting another one drops what was set before. */
export function activate(list: List, cursor: Cursor): void {
  const { type, offset } = cursor.place;
  if (type.kind !== 'record' || !type.definition.isUnion) return;
  let members = list.active.get(type.definition);
  if (members === undefined) list.active.set(type.definition, (members = new Map()));
  const previous = members.get(offset);
  if (previous !== undefined && previous !== cursor.index) clear(list, offset, sizeOf(type));
  members.set(offset, cursor.index);
}

/** The next part without a designator: cursors whose parts are all set are left; the outermost stays. */
export function nextPart(stack: Cursor[]): Place | undefined {
  for (;;) {
    const top = stack[stack.length - 1] as Cursor;
    skipUnnamed(top);
    const part = partAt(top.place, top.index);
    if (part !== undefined || stack.length === 1) return part;
    stack.pop();
  }
}

/** Unnamed bit-fields take no initializer. */
export function skipUnnamed(cursor: Cursor): void {
  const { type } = cursor.place;
  if (type.kind === 'record') cursor.index = firstIndex(type.definition.fields ?? [], cursor.index);
}

function firstIndex(fields: readonly Field[], from: number): number {
  let i = from;
  while (fields[i] !== undefined && fields[i]?.name === undefined && fields[i]?.bits !== undefined) i++;
  return i;
}

/** The part with this index: an array's element, a struct's member, a union's first member. */
export function partAt(outer: Place, index: number): Place | undefined {
  const { type, offset } = outer;
  if (index < 0) return undefined;
  if (type.kind === 'array') {
    if (type.length !== undefined && type.isGuess !== true && index >= type.length) return undefined;
    return { type: type.element, offset: offset + index * sizeOf(type.element), bits: undefined };
  }
  if (type.kind !== 'record') return undefined;
  const fields = type.definition.fields ?? [];
  if (type.definition.isUnion && index > firstIndex(fields, 0)) return undefined;
  const field = fields[index];
  return field === undefined ? undefined : fieldPlace(field, offset);
}

function fieldPlace(field: Field, base: number): Place {
  return { type: field.type, offset: base + field.offset, bits: field.bits };
}

/** The part that a designator named: in a union any member, where `partAt` gives only the first. */
export function designatedPart(cursor: Cursor): Place | undefined {
  const { type, offset } = cursor.place;
  if (type.kind !== 'record') return partAt(cursor.place, cursor.index);
  const field = type.definition.fields?.[cursor.index];
  return field === undefined ? undefined : fieldPlace(field, offset);
}

/** Goes into the part that the innermost cursor stands at. */
export function enter(list: List, stack: Cursor[], top: Cursor): Cursor {
  activate(list, top);
  const inner: Cursor = { place: designatedPart(top) ?? nowhere, index: 0 };
  top.index++;
  stack.push(inner);
  return inner;
}
