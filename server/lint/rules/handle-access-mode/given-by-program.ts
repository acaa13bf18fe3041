/** What a dispatch routine reads from the buffers that a program has sent with its request. */
import type { Place, Value } from '../../flow/values/values.ts';

/** AssociatedIrp and UserBuffer of an IRP, and its current stack location; Type3InputBuffer in that; in x64. */
const BUFFERS = [0x18, 0x70];
const LOCATION = 0xb8;
const TYPE3_INPUT = 0x20;

/** A number that lies in such a buffer, as it was when the request came. */
export function isGivenByProgram(value: Value): boolean {
  const pointer = pointerTo(initialPlace(value));
  const held = initialPlace(pointer);
  const { root, bytes } = at(held);
  if (isRequest(root)) return BUFFERS.includes(bytes);
  const location = at(initialPlace(root));
  return bytes === TYPE3_INPUT && location.bytes === LOCATION && isRequest(location.root);
}

function initialPlace(value: Value | undefined): Place | undefined {
  return value?.kind === 'symbol' && value.source.kind === 'initial' ? value.source.place : undefined;
}

function pointerTo(place: Place | undefined): Value | undefined {
  return place?.root.kind === 'pointee' ? place.root.pointer : undefined;
}

function at(place: Place | undefined): { readonly root: Value | undefined; readonly bytes: number } {
  const [step] = place?.steps ?? [];
  return { root: pointerTo(place), bytes: step?.kind === 'offset' ? step.bytes : 0 };
}

/** The second parameter of a dispatch routine. */
function isRequest(value: Value | undefined): boolean {
  return value?.kind === 'symbol' && value.source.kind === 'parameter' && value.source.index === 1;
}
