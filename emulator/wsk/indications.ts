/** Data in guest memory as an event callback gets it: the indication, its MDL, and the bytes. */
import type { Kernel } from '../kernel/kernel-types.ts';
import { offsetAddress } from '../kernel/struct-view.ts';
import type { Region } from '../machine/machine-types.ts';
import { lowWord } from '../machine/memory/layout.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { Endpoint } from '../net/address.ts';
import { wskLayouts } from './layouts.ts';
import { sockAddrBytes } from './sockaddr.ts';

export interface BuiltIndication {
  /** Address of the WSK_DATA_INDICATION or WSK_DATAGRAM_INDICATION. */
  readonly first: GuestAddress;
  /** Everything that belongs to it, to be freed when the driver is done; its own is the first. */
  readonly regions: readonly Region[];
}

/** A datagram indication where `datagram` is given; undefined when guest memory is used up. */
export function buildIndication(
  kernel: Kernel,
  bytes: Uint8Array,
  datagram: { readonly from: Endpoint; readonly control: Uint8Array } | undefined,
): BuiltIndication | undefined {
  const type = datagram === undefined ? 'WSK_DATA_INDICATION' : 'WSK_DATAGRAM_INDICATION';
  const dataLabel = datagram === undefined ? 'data of a WSK_DATA_INDICATION' : 'data of a WSK_DATAGRAM_INDICATION';
  const data = bytes.length === 0 ? zeroes(kernel, 1, dataLabel) : filled(kernel, bytes, dataLabel);
  const layouts = wskLayouts(kernel);
  const mdl = zeroes(kernel, layouts.mdl.bytes, 'MDL of an indication');
  const at = datagram === undefined ? layouts.dataIndication : layouts.datagramIndication;
  const own = zeroes(kernel, at.bytes, type);
  if (own === undefined || mdl === undefined || data === undefined) return givenUp(kernel, [own, mdl, data]);
  const { memory } = kernel;
  fillMdl(kernel, mdl.start, data.start, bytes.length);
  memory.writeU64(own.start, mdl.start, at.bufferMdl);
  memory.writeU32(own.start, 0, at.bufferOffset);
  memory.writeU64(own.start, bytes.length, at.bufferLength);
  if (datagram === undefined) return { first: own.start, regions: [own, mdl, data] };
  const remote = filled(kernel, sockAddrBytes(kernel, datagram.from), `RemoteAddress of a ${type}`);
  const hasControl = datagram.control.length > 0;
  const control = hasControl ? filled(kernel, datagram.control, `ControlInfo of a ${type}`) : undefined;
  if (remote === undefined || (hasControl && control === undefined))
    return givenUp(kernel, [own, mdl, data, remote, control]);
  const view = kernel.view(type, own.start);
  view.set('RemoteAddress', remote.start);
  if (control === undefined) return { first: own.start, regions: [own, mdl, data, remote] };
  view.set('ControlInfo', control.start);
  view.set('ControlInfoLength', datagram.control.length);
  return { first: own.start, regions: [own, mdl, data, remote, control] };
}

/** There was no memory for one of the parts: the others go. */
function givenUp(kernel: Kernel, parts: readonly (Region | undefined)[]): undefined {
  for (const part of parts) if (part !== undefined) kernel.memory.free(part);
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
