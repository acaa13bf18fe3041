/** Static initialisers: constant expressions become bytes of the image. */
import { defined } from '../../../base/assert.ts';
import type { Expression, Initializer, InitializerEntry } from '../../../cfront/parse/ast.ts';
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { CType } from '../../../cfront/types/types.ts';
import { classOf } from '../compile/classes.ts';
import { constantOf, convertConstant } from '../compile/constants.ts';
import type { LinkServices } from '../compile/context.ts';
import { spanOf } from '../compile/spans.ts';
import type { Image } from './image.ts';

export function writeInitializer(
  link: LinkServices,
  image: Image,
  offset: number,
  type: CType,
  initializer: Initializer,
): void {
  if (initializer.kind === 'expression') {
    writeValue(link, image, { offset, type, value: initializer.value });
    return;
  }
  for (const entry of initializer.entries) writeValue(link, image, { ...entry, offset: offset + entry.offset });
}

function writeValue(link: LinkServices, image: Image, entry: InitializerEntry): void {
  const { offset, type } = entry;
  const source = withoutConversion(entry.value);
  if (type.kind === 'array' && source.kind === 'string') {
    writeUnits(image, offset, type, source.units);
    return;
  }
  if (source.kind === 'compound-literal' && (type.kind === 'record' || type.kind === 'array')) {
    writeInitializer(link, image, offset, type, source.initializer);
    return;
  }
  const raw = constantOf(link, entry.value);
  const value = raw === undefined ? undefined : convertConstant(raw, entry.value.type, type);
  if (value === undefined) {
    link.problem(spanOf(entry.value), 'The initialiser of a static object must be a constant expression.');
    return;
  }
  if (entry.bits !== undefined && typeof value === 'bigint') {
    writeBits(image, entry, value);
    return;
  }
  // Placing strings and other objects may have replaced the view: it is looked up now, after the value is known.
  const { view } = image;
  if (typeof value === 'number') {
    if (classOf(type) === 'float') view.setFloat32(offset, value, true);
    else view.setFloat64(offset, value, true);
    return;
  }
  writeInteger(image, offset, sizeOf(type), value);
}

function writeInteger(image: Image, offset: number, size: number, value: bigint): void {
  for (let i = 0; i < size; i++) image.bytes[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

function writeBits(image: Image, entry: InitializerEntry, value: bigint): void {
  const { offset, type } = entry;
  const bits = defined(entry.bits, 'the bits of a bit-field');
  const size = sizeOf(type);
  let unit = 0n;
  for (let i = 0; i < size; i++) unit |= BigInt(image.bytes[offset + i] as number) << BigInt(8 * i);
  const mask = ((1n << BigInt(bits.width)) - 1n) << BigInt(bits.offset);
  writeInteger(image, offset, size, (unit & ~mask) | ((value << BigInt(bits.offset)) & mask));
}

function writeUnits(image: Image, offset: number, type: CType & { kind: 'array' }, units: readonly number[]): void {
  const size = sizeOf(type.element);
  const count = Math.min(units.length, type.length ?? units.length);
  for (let i = 0; i < count; i++) writeInteger(image, offset + i * size, size, BigInt(units[i] as number));
}

function withoutConversion(e: Expression): Expression {
  return e.kind === 'convert' && e.type.kind === e.operand.type.kind && e.type.kind === 'record' ? e.operand : e;
}
