/**
 * Where the members of IRP and IO_STACK_LOCATION lie that every request needs, in bytes from the structure's start.
 *
 * A member that is looked up by its path costs as much as the access itself, and an IRP's life has some seventy of them:
 * here they are looked up in the headers once for each run. Whoever uses an offset goes through guest memory's checks with
 * it, as a view does.
 */
import type { GuestMemory } from '../../machine/machine-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel } from '../kernel-types.ts';
import { offsetAddress } from '../struct-view.ts';

export interface IrpOffsets {
  /** Bytes of an IRP without its stack locations, and of one location. */
  readonly irpSize: number;
  readonly locationSize: number;

  readonly type: number;
  readonly size: number;
  readonly status: number;
  readonly information: number;
  readonly stackCount: number;
  readonly currentLocation: number;
  readonly currentStackLocation: number;
  readonly pendingReturned: number;
  readonly cancel: number;
  readonly threadListEntry: number;

  // Of a stack location.
  readonly minorFunction: number;
  readonly flags: number;
  readonly control: number;
  readonly argument1: number;
  readonly deviceObject: number;
  readonly fileObject: number;
  readonly completionRoutine: number;
  readonly context: number;
}

export function irpOffsets(kernel: Kernel): IrpOffsets {
  return (kernel.parts.io.offsets ??= readOffsets(kernel));
}

/** Address of stack location `n` (from 1) of an IRP. */
export function locationAddress(offsets: IrpOffsets, irp: GuestAddress, n: number): GuestAddress {
  return offsetAddress(irp, offsets.irpSize + (n - 1) * offsets.locationSize);
}

/** A CHAR. */
export function readChar(memory: GuestMemory, address: GuestAddress, further: number): number {
  return (memory.readU8(address, further) << 24) >> 24;
}

/** The IRP's current stack location. */
export function currentLocationAddress(kernel: Kernel, irp: GuestAddress): GuestAddress {
  return kernel.memory.readU64(irp, irpOffsets(kernel).currentStackLocation) as GuestAddress;
}

function readOffsets({ types }: Kernel): IrpOffsets {
  const irp = (path: string): number => types.offsetOf('IRP', path);
  const location = (path: string): number => types.offsetOf('IO_STACK_LOCATION', path);
  return {
    irpSize: types.sizeOf('IRP'),
    locationSize: types.sizeOf('IO_STACK_LOCATION'),
    type: irp('Type'),
    size: irp('Size'),
    status: irp('IoStatus.Status'),
    information: irp('IoStatus.Information'),
    stackCount: irp('StackCount'),
    currentLocation: irp('CurrentLocation'),
    currentStackLocation: irp('Tail.Overlay.CurrentStackLocation'),
    pendingReturned: irp('PendingReturned'),
    cancel: irp('Cancel'),
    threadListEntry: irp('ThreadListEntry'),
    minorFunction: location('MinorFunction'),
    flags: location('Flags'),
    control: location('Control'),
    argument1: location('Parameters.Others.Argument1'),
    deviceObject: location('DeviceObject'),
    fileObject: location('FileObject'),
    completionRoutine: location('CompletionRoutine'),
    context: location('Context'),
  };
}
