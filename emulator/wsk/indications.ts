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
  const mdl = zeroes(kernel, wskLayouts(kernel).mdl.bytes, 'MDL of an indication');
  const own = zeroes(kernel, kernel.types.sizeOf(type), type);
  const wanted = [own, mdl, data];
  let remote: Region | undefined;
  let control: Region | undefined;
  if (datagram !== undefined) {
    remote = filled(kernel, sockAddrBytes(kernel, datagram.from), `RemoteAddress of a ${type}`);
    wanted.push(remote);
    if (datagram.control.length > 0) {
      control = filled(kernel, datagram.control, `ControlInfo of a ${type}`);
      wanted.push(control);
    }
  }
  const regions: Region[] = [];
  for (const region of wanted) if (region !== undefined) regions.push(region);
  if (own === undefined || mdl === undefined || data === undefined || regions.length < wanted.length) {
    for (const region of regions) kernel.memory.free(region);
    return undefined;
  }
  fillMdl(kernel, mdl.start, data.start, bytes.length);
  const view = kernel.view(type, own.start);
  view.set('Buffer.Mdl', mdl.start);
  view.set('Buffer.Offset', 0);
  view.set('Buffer.Length', bytes.length);
  if (remote !== undefined) view.set('RemoteAddress', remote.start);
  if (control !== undefined) {
    view.set('ControlInfo', control.start);
    view.set('ControlInfoLength', datagram?.control.length ?? 0);
  }
  return { first: own.start, regions };
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
