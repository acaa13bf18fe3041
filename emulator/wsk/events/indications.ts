/** Data in guest memory as an event callback gets it: a list of indications, their MDLs, and the bytes. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { offsetAddress } from '../../kernel/struct-view.ts';
import type { Region } from '../../machine/machine-types.ts';
import { lowWord } from '../../machine/memory/layout.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Endpoint } from '../../net/address.ts';
import { wskLayouts } from '../data/layouts.ts';
import { sockAddrBytes } from '../sockaddr.ts';
import type { IndicatedData } from '../state.ts';

export interface IndicationData {
  readonly bytes: Uint8Array;
  /** Where given, a datagram indication is built. */
  readonly datagram: { readonly from: Endpoint; readonly control: Uint8Array } | undefined;
}

/**
 * How data lies in the buffers of the network card: mostly whole, in one MDL that it fills. Windows may as well give a
 * list of several indications, an MDL for each frame that the data came in, or data that begins behind headers in its
 * MDL; with a seed it does.
 */
export type IndicationShape = 'whole' | 'list' | 'frames' | 'behind-headers';
const SHAPES: readonly IndicationShape[] = ['whole', 'list', 'frames', 'behind-headers'];
/** Data of one Ethernet frame. */
const FRAME_BYTES = 1_460;
/** Of IP and TCP or UDP, some of them with options. */
const HEADER_BYTES = 44;

export function chooseShape(kernel: Kernel): IndicationShape {
  return SHAPES[kernel.choices.choose({ name: 'wsk.indication', options: SHAPES.length })] ?? 'whole';
}

/** A list of one indication for each of `data`; undefined when guest memory is used up. */
export function buildIndications(
  kernel: Kernel,
  data: readonly IndicationData[],
  shape: IndicationShape,
): readonly IndicatedData[] | undefined {
  const built: IndicatedData[] = [];
  for (const one of data) {
    const next = buildIndication(kernel, one, shape);
    if (next === undefined) {
      for (const { regions } of built) givenUp(kernel, regions);
      return;
    }
    const last = built.at(-1);
    if (last !== undefined) kernel.memory.writeU64(last.first, next.first);
    built.push(next);
  }
  return built;
}

/** The indication behind this one in its list: Next is the first member of both kinds. */
export function nextIndication(kernel: Kernel, indication: GuestAddress): GuestAddress {
  return kernel.memory.readPointer(indication);
}

function buildIndication(
  kernel: Kernel,
  { bytes, datagram }: IndicationData,
  shape: IndicationShape,
): IndicatedData | undefined {
  const type = datagram === undefined ? 'WSK_DATA_INDICATION' : 'WSK_DATAGRAM_INDICATION';
  const label = datagram === undefined ? 'data of a WSK_DATA_INDICATION' : 'data of a WSK_DATAGRAM_INDICATION';
  const layouts = wskLayouts(kernel);
  const at = datagram === undefined ? layouts.dataIndication : layouts.datagramIndication;
  const own = zeroes(kernel, at.bytes, type);
  if (own === undefined) return undefined;
  const parts: Region[] = [own];
  const offset = shape === 'behind-headers' ? HEADER_BYTES : 0;
  // A datagram of no bytes has an MDL, too.
  const part = shape === 'frames' ? FRAME_BYTES : Math.max(1, bytes.length);
  let last: Region | undefined;
  for (let from = 0; from === 0 || from < bytes.length; from += part) {
    const mdl = zeroes(kernel, layouts.mdl.bytes, 'MDL of an indication');
    if (mdl === undefined) return givenUp(kernel, parts);
    parts.push(mdl);
    const data = buffer(kernel, bytes.length <= part ? bytes : bytes.subarray(from, from + part), offset, label);
    if (data === undefined) return givenUp(kernel, parts);
    parts.push(data);
    fillMdl(kernel, mdl.start, data.start, offset + Math.min(part, bytes.length - from));
    if (last === undefined) kernel.memory.writeU64(own.start, mdl.start, at.bufferMdl);
    else kernel.memory.writeU64(last.start, mdl.start, layouts.mdl.next);
    last = mdl;
  }
  kernel.memory.writeU32(own.start, offset, at.bufferOffset);
  kernel.memory.writeU64(own.start, bytes.length, at.bufferLength);
  if (datagram !== undefined && !addSource(kernel, own.start, datagram, parts)) return givenUp(kernel, parts);
  return {
    first: own.start,
    regions: parts,
    length: bytes.length,
    isReleased: false,
    span: undefined,
  };
}

/** Where a datagram came from and what came with it; false when there was no memory for that. */
function addSource(
  kernel: Kernel,
  indication: GuestAddress,
  datagram: NonNullable<IndicationData['datagram']>,
  parts: Region[],
): boolean {
  const view = kernel.view('WSK_DATAGRAM_INDICATION', indication);
  const remote = filled(kernel, sockAddrBytes(kernel, datagram.from), 'RemoteAddress of a WSK_DATAGRAM_INDICATION');
  if (remote === undefined) return false;
  parts.push(remote);
  view.set('RemoteAddress', remote.start);
  if (datagram.control.length === 0) return true;
  const control = filled(kernel, datagram.control, 'ControlInfo of a WSK_DATAGRAM_INDICATION');
  if (control === undefined) return false;
  parts.push(control);
  view.set('ControlInfo', control.start);
  view.set('ControlInfoLength', datagram.control.length);
  return true;
}

/** Memory with these bytes at an offset; what stands before them are headers, which are nobody's business. */
function buffer(kernel: Kernel, bytes: Uint8Array, offset: number, label: string): Region | undefined {
  const region = zeroes(kernel, Math.max(1, offset + bytes.length), label);
  if (region === undefined || bytes.length === 0) return region;
  kernel.memory.writeBytes(offset === 0 ? region.start : offsetAddress(region.start, offset), bytes);
  return region;
}

/** There was no memory for one of the parts: the others go. */
function givenUp(kernel: Kernel, parts: readonly Region[]): undefined {
  for (const part of parts) kernel.memory.free(part);
}

function zeroes(kernel: Kernel, size: number, label: string): Region | undefined {
  return kernel.memory.allocate({ size, kind: 'object', label });
}

function filled(kernel: Kernel, bytes: Uint8Array, label: string): Region | undefined {
  const region = zeroes(kernel, bytes.length, label);
  if (region !== undefined) kernel.memory.writeBytes(region.start, bytes);
  return region;
}

/** An MDL over memory that is non-paged and mapped; in memory of zeroes. */
function fillMdl(kernel: Kernel, address: GuestAddress, data: GuestAddress, length: number): void {
  const { memory } = kernel;
  const { mdl: at, mdlSourceIsNonPagedPool, mdlMappedToSystemVa } = wskLayouts(kernel);
  const pageOffset = lowWord(data) & 0xfff;
  memory.writeU16(address, at.bytes, at.size);
  memory.writeU16(address, mdlSourceIsNonPagedPool | mdlMappedToSystemVa, at.mdlFlags);
  memory.writeU64(address, data, at.mappedSystemVa);
  memory.writeU64(address, offsetAddress(data, -pageOffset), at.startVa);
  memory.writeU32(address, pageOffset, at.byteOffset);
  memory.writeU32(address, length, at.byteCount);
}
