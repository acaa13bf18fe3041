/** State of the I/O manager: devices by address, counters, the cancel spin lock, work items under way. */
import type { Span } from '../../base/source.ts';
import type { GuestAddress } from '../machine/native.ts';

export interface DeviceRecord {
  readonly address: GuestAddress;
  readonly name: string | undefined;
  readonly driver: GuestAddress;
  readonly createdAt: Span | undefined;
  isDeleted: boolean;
}

export interface WorkItemRecord {
  readonly address: GuestAddress;
  readonly device: GuestAddress;
  readonly allocatedAt: Span | undefined;
  isQueued: boolean;
  /** Made by IoAllocateWorkItem, or initialised in the driver's own memory. */
  readonly isAllocated: boolean;
}

export interface IoState {
  readonly devices: Map<GuestAddress, DeviceRecord>;
  readonly workItems: Map<GuestAddress, WorkItemRecord>;
  /** Driver object extensions by driver and client id. */
  readonly extensions: Map<string, GuestAddress>;
  nextIrp: number;
  /** Set when an injected failure made IoAllocateIrp return NULL: explains a NULL IRP. */
  failedIrpAllocationAt: Span | undefined;
}

export function createIoState(): IoState {
  return {
    devices: new Map(),
    workItems: new Map(),
    extensions: new Map(),
    nextIrp: 1,
    failedIrpAllocationAt: undefined,
  };
}
