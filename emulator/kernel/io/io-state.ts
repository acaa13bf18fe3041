/** State of the I/O manager: devices by address, counters, the cancel spin lock, work items under way. */
import type { Span } from '../../../base/source.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { AddressMap } from '../address-map.ts';
import type { DispatchRecord } from '../verifier/irp-dispatch.ts';
import type { DeviceFile } from './device-files.ts';
import type { AnsweringDevice } from './device-plans.ts';
import type { Dot4Objects } from './dot4-objects.ts';
import type { RequestRecord } from './file-requests.ts';
import { createFreedIrps, type FreedIrps } from './freed-irps.ts';
import type { IrpOffsets } from './irp-offsets.ts';
import type { PnpState } from './pnp-requests.ts';
import type { Reinitialization } from './reinitialize.ts';

export interface DeviceRecord {
  readonly address: GuestAddress;
  readonly name: string | undefined;
  readonly driver: GuestAddress;
  readonly createdAt: Span | undefined;
  isDeleted: boolean;
  /** IoDeleteDevice was called while the device is open: it goes with its last file. */
  isDeletePending?: boolean;
}

/** A completion routine that runs now. */
export interface CompletionRecord {
  readonly threadId: number;
  readonly irpId: number;
  readonly routine: GuestAddress;
  /** The call whose IRP it is: "WskReceive". */
  readonly call: string | undefined;
}

/** A device interface that a driver registered. */
export interface InterfaceRecord {
  /** `{53f56307-…}` in lower case. */
  readonly guid: string;
  readonly link: string;
  readonly device: GuestAddress;
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
  /** Of IRPs, once somebody has asked for them. */
  offsets: IrpOffsets | undefined;
  readonly devices: Map<GuestAddress, DeviceRecord>;
  readonly workItems: Map<GuestAddress, WorkItemRecord>;
  /** Driver object extensions by driver and client id. */
  readonly extensions: Map<string, GuestAddress>;
  /** Device interfaces by their symbolic link in lower case. */
  readonly interfaces: Map<string, InterfaceRecord>;
  /** Files that stand for open devices, by file object. */
  readonly files: Map<GuestAddress, DeviceFile>;
  /** Requests that the I/O manager has sent for a program or a Zw function, by number. */
  readonly requests: Map<number, RequestRecord>;
  nextRequest: number;
  /** Devices of the scenario. */
  readonly answering: Map<GuestAddress, AnsweringDevice>;
  readonly pnp: PnpState;
  /** Sockets and channels that the driver has made at devices of the scenario. */
  readonly dot4: Dot4Objects;
  /** Reinitialize routines that are to be called. */
  readonly reinitializations: Reinitialization[];
  /** Dispatch routines under way, and the number of the next. */
  readonly dispatches: DispatchRecord[];
  nextDispatch: number;
  /** Completion routines under way. */
  readonly completions: CompletionRecord[];
  nextIrp: number;
  readonly freedIrps: FreedIrps;
  /** IRPs of IoInitializeIrp, in the driver's own memory: their numbers. */
  readonly placedIrps: AddressMap<number>;
  /** Set when an injected failure made IoAllocateIrp return NULL: explains a NULL IRP. */
  failedIrpAllocationAt: Span | undefined;
  /** The buffer of DriverEntry's RegistryPath: its first byte and the one behind its last. */
  registryPath: { readonly start: GuestAddress; readonly end: GuestAddress; isTold: boolean } | undefined;
}

export function createIoState(): IoState {
  return {
    offsets: undefined,
    devices: new Map(),
    workItems: new Map(),
    extensions: new Map(),
    interfaces: new Map(),
    files: new Map(),
    requests: new Map(),
    nextRequest: 1,
    answering: new Map(),
    pnp: { queue: [], threadId: undefined, isEnding: false },
    dot4: new Map(),
    reinitializations: [],
    dispatches: [],
    nextDispatch: 1,
    completions: [],
    nextIrp: 1,
    freedIrps: createFreedIrps(),
    placedIrps: new AddressMap(),
    failedIrpAllocationAt: undefined,
    registryPath: undefined,
  };
}
