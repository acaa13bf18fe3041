/**
 * Initialisers of automatic objects: everything zero first where the list leaves gaps, then entry by entry as written.
 */
import type { Expression, Initializer, InitializerEntry } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { KERNEL_HIGH } from '../memory/layout.ts';
import { emit } from './assembly.ts';
import { copiedElement } from './carriers.ts';
import { classOf } from './classes.ts';
import type { FunctionContext, Place } from './context.ts';
import { temporary } from './context.ts';
import { addressOf, copyScalar, placeOf, shiftPlace, store } from './place.ts';

export function initialize(c: FunctionContext, place: Place, type: CType, initializer: Initializer): void {
  const mark = c.nextTemporary;
  if (initializer.kind === 'list') {
    const isScalar = type.kind !== 'array' && type.kind !== 'record';
    if (!isScalar) emit(c.code, 'CLEAR', addressOf(c, place), sizeOf(type));
    else if (initializer.entries.length === 0) clearScalar(c, place, type);
    c.nextTemporary = mark;
    for (const entry of initializer.entries) initializeEntry(c, place, entry);
  } else if (type.kind === 'array') {
    initializeArray(c, place, type, initializer.value);
  } else if (!carryValue(c, place, type, initializer.value)) {
    assignValue(c, place, type, initializer.value);
  }
  c.nextTemporary = mark;
}

/** `UCHAR t = a[i];` takes the element with the state of its bytes, as the assignment does. */
function carryValue(c: FunctionContext, place: Place, type: CType, e: Expression): boolean {
  const source = place.kind === 'frame' ? copiedElement(e, type) : undefined;
  return source !== undefined && copyScalar(c, place, placeOf(c, source), { size: sizeOf(type), isCarried: true });
}

function initializeEntry(c: FunctionContext, place: Place, entry: InitializerEntry): void {
  const mark = c.nextTemporary;
  c.code.node = entry.value;
  const target = shiftPlace(place, entry.offset);
  if (entry.bits !== undefined) assignValue(c, { ...target, bits: entry.bits }, entry.type, entry.value);
  else if (entry.type.kind === 'array') initializeArray(c, target, entry.type, entry.value);
  else assignValue(c, target, entry.type, entry.value);
  c.nextTemporary = mark;
}

function assignValue(c: FunctionContext, place: Place, type: CType, e: Expression): void {
  if (place.kind === 'register' && place.bits === undefined && classOf(type) !== 'record') {
    c.parts.value(c, e, place.register);
    return;
  }
  store(c, place, type, c.parts.value(c, e));
}

/** `char a[10] = "abc"`: the units, then zeroes; a terminator that does not fit is left out. */
function initializeArray(c: FunctionContext, place: Place, type: CType, e: Expression): void {
  const size = sizeOf(type);
  if (e.kind !== 'string') {
    // An array from a compound literal or another array, as gcc allows.
    emit(c.code, 'COPY', addressOf(c, place), addressOf(c, c.parts.place(c, e)), Math.min(size, sizeOf(e.type)));
    return;
  }
  const unitSize = type.kind === 'array' ? sizeOf(type.element) : 1;
  const length = Math.min(size, e.units.length * unitSize);
  const target = addressOf(c, place);
  if (length < size) emit(c.code, 'CLEAR', target, size);
  const source = temporary(c);
  emit(c.code, 'LDI8', source, c.link.stringOffset(e.units, unitSize), KERNEL_HIGH);
  emit(c.code, 'COPY', target, source, length);
}

function clearScalar(c: FunctionContext, place: Place, type: CType): void {
  const zero = temporary(c);
  emit(c.code, 'LDI8', zero, 0, 0);
  store(c, place, type, zero);
}
