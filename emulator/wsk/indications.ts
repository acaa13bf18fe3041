/** Data in guest memory as an event callback gets it: the indication, its MDL, and the bytes. */
import type { Kernel } from '../kernel/kernel-types.ts';
import { offsetAddress } from '../kernel/struct-view.ts';
import { lowWord } from '../machine/memory/layout.ts';
import { type GuestAddress, NULL_ADDRESS } from '../machine/native.ts';
import type { Endpoint } from '../net/address.ts';
import { freeAt, newBytes, newSockAddr, newZeroes } from './events.ts';
import { constant } from './status.ts';

export interface BuiltIndication {
  /** Address of the WSK_DATA_INDICATION or WSK_DATAGRAM_INDICATION. */
  readonly first: GuestAddress;
  /** Everything that belongs to it, to be freed when the driver is done. */
  readonly addresses: readonly GuestAddress[];
}

/** A datagram indication where `datagram` is given; undefined when guest memory is used up. */
export function buildIndication(
  kernel: Kernel,
  bytes: Uint8Array,
  datagram: { readonly from: Endpoint; readonly control: Uint8Array } | undefined,
): BuiltIndication | undefined {
  const type = datagram === undefined ? 'WSK_DATA_INDICATION' : 'WSK_DATAGRAM_INDICATION';
  const data =
    bytes.length === 0 ? newZeroes(kernel, 1, `data of a ${type}`) : newBytes(kernel, bytes, `data of a ${type}`);
  const mdl = newMdl(kernel, data, bytes.length);
  const first = newZeroes(kernel, kernel.types.sizeOf(type), type);
  const remote = datagram === undefined ? undefined : newSockAddr(kernel, datagram.from, `RemoteAddress of a ${type}`);
  const hasControl = datagram !== undefined && datagram.control.length > 0;
  const control = hasControl ? newBytes(kernel, datagram.control, `ControlInfo of a ${type}`) : undefined;
  const addresses = [first, mdl, data];
  if (remote !== undefined) addresses.push(remote);
  if (control !== undefined) addresses.push(control);
  if (addresses.includes(NULL_ADDRESS)) {
    for (const address of addresses) freeAt(kernel, address);
    return undefined;
  }
  const view = kernel.view(type, first);
  view.set('Buffer.Mdl', mdl);
  view.set('Buffer.Offset', 0);
  view.set('Buffer.Length', bytes.length);
  if (remote !== undefined) view.set('RemoteAddress', remote);
  if (control !== undefined) {
    view.set('ControlInfo', control);
    view.set('ControlInfoLength', datagram?.control.length ?? 0);
  }
  return { first, addresses };
}

/** An MDL over memory that is non-paged and mapped. */
function newMdl(kernel: Kernel, data: GuestAddress, length: number): GuestAddress {
  const address = newZeroes(kernel, kernel.types.sizeOf('MDL'), 'MDL of an indication');
  if (address === 0n || data === 0n) return address;
  const pageOffset = lowWord(data) & 0xfff;
  const view = kernel.view('MDL', address);
  view.set('Size', kernel.types.sizeOf('MDL'));
  view.set('MdlFlags', constant(kernel, 'MDL_SOURCE_IS_NONPAGED_POOL') | constant(kernel, 'MDL_MAPPED_TO_SYSTEM_VA'));
  view.set('MappedSystemVa', data);
  view.set('StartVa', offsetAddress(data, -pageOffset));
  view.set('ByteOffset', pageOffset);
  view.set('ByteCount', length);
  return address;
}
