/**
 * The first state of global memory while it is laid out: bytes from offset 0, grown as objects are placed, and the
 * list of those objects with red zones between them.
 */
import { FIRST_OFFSET } from '../memory/layout.ts';
import { roundUp } from '../memory/regions.ts';
import { READ_ONLY, RED_ZONE, UNINITIALISED, UNMAPPED } from '../memory/shadow.ts';
import type { GlobalObject } from '../program.ts';

export interface Image {
  bytes: Uint8Array;
  view: DataView;
  /** End of what has been given out. */
  top: number;
  readonly objects: GlobalObject[];
}

export function createImage(): Image {
  const bytes = new Uint8Array(64 * 1024);
  return { bytes, view: new DataView(bytes.buffer), top: FIRST_OFFSET, objects: [] };
}

/** Bytes of static objects and strings that a run has room for. */
export const STATIC_MAX = 128 * 1024 * 1024;

/** Whether an object of this many bytes still fits. */
export function hasRoom(image: Image, size: number): boolean {
  return image.top + size <= STATIC_MAX;
}

/** Gives an object its place. */
export function placeObject(
  image: Image,
  o: Omit<GlobalObject, 'offset' | 'redBefore' | 'redAfter'>,
  alignment: number,
): GlobalObject {
  const offset = roundUp(image.top + 16, Math.max(alignment, 4));
  const redAfter =
    roundUp(offset + o.size, 4) - (offset + o.size) + Math.min(1024, Math.max(16, roundUp(o.size >> 2, 4)));
  const object: GlobalObject = { ...o, offset, redBefore: offset - image.top, redAfter };
  image.top = offset + o.size + redAfter;
  if (image.top > image.bytes.length) {
    const bytes = new Uint8Array(Math.max(image.top, image.bytes.length * 2));
    bytes.set(image.bytes);
    image.bytes = bytes;
    image.view = new DataView(bytes.buffer);
  }
  image.objects.push(object);
  return object;
}

/** Shadow bytes of the finished image. */
export function imageShadow(image: Image): Uint8Array {
  const shadow = new Uint8Array(image.top).fill(RED_ZONE);
  shadow.fill(UNMAPPED, 0, FIRST_OFFSET);
  for (const object of image.objects) {
    const state = (object.isReadOnly ? READ_ONLY : 0) | (object.isUndefined ? UNINITIALISED : 0);
    shadow.fill(state, object.offset, object.offset + object.size);
  }
  return shadow;
}
