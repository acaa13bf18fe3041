/**
 * What a driver object says of the driver's image: where it lies, and its entry in the list of loaded modules, which the
 * WDK does not declare but drivers read (KLDR_DATA_TABLE_ENTRY of x64). All code of a run lies in that image; it has no
 * bytes, so a read of them is a fault, and the entry's list has no other module in it.
 */
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { writeUnicodeString } from './devices.ts';

const imageStart = 0xffff_f804_0000_0000n;
const imageSize = 0x10_0000;
const entrySize = 0xa0;
const hardware = '\\REGISTRY\\MACHINE\\HARDWARE\\DESCRIPTION\\SYSTEM';

export function describeDriverImage(kernel: Kernel, driver: GuestAddress, name: string): void {
  const view = kernel.view('DRIVER_OBJECT', driver);
  const region = kernel.memory.allocate({ size: entrySize + 16, kind: 'object', label: `module ${name}.sys` });
  if (region === undefined) return;
  const at = (offset: number): GuestAddress => (region.start + BigInt(offset)) as GuestAddress;
  kernel.memory.fill(region.start, entrySize + 16, 0);
  for (const link of [0, 8]) kernel.memory.writePointer(at(link), region.start);
  kernel.memory.writeU64(at(0x30), imageStart);
  kernel.memory.writeU64(at(0x38), view.get('DriverInit'));
  kernel.memory.writeU32(at(0x40), imageSize);
  writeUnicodeString(kernel, at(0x48), `\\SystemRoot\\System32\\drivers\\${name}.sys`);
  writeUnicodeString(kernel, at(0x58), `${name}.sys`);
  view.set('DriverStart', imageStart);
  view.set('DriverSize', imageSize);
  view.set('DriverSection', region.start);
  writeUnicodeString(kernel, at(entrySize), hardware);
  view.set('HardwareDatabase', at(entrySize));
  const extension = kernel.view('DRIVER_EXTENSION', view.getPointer('DriverExtension'));
  writeUnicodeString(kernel, extension.addressOf('ServiceKeyName'), name);
}
