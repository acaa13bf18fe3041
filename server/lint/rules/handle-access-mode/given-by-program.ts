/** What a dispatch routine reads from the buffers that a program has sent with its request. */
import { OFFSET } from '../../flow/facts/layout.ts';
import type { Place, Value } from '../../flow/values/values.ts';

const BUFFERS: readonly number[] = [OFFSET['_IRP.AssociatedIrp.SystemBuffer'], OFFSET['_IRP.UserBuffer']];
const LOCATION = OFFSET['_IRP.Tail.Overlay.CurrentStackLocation'];
const TYPE3_INPUT = OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.Type3InputBuffer'];

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
