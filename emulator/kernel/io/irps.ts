/**
 * IRPs: allocated, initialised, reused, freed. The bytes live in guest memory with the layout of the headers; beside
 * them a record keeps what the emulator knows of the IRP's life.
 */

import type { Region } from '../../machine/machine-types.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { IrpRecord, Kernel, StructView } from '../kernel-types.ts';
import { currentSpan, describeAddress } from '../places.ts';
import type { FindingRequest } from '../report.ts';
import { offsetAddress } from '../struct-view.ts';
import { IrpLife, pushFreed } from './freed-irps.ts';
import { currentLocationAddress, irpOffsets, locationAddress } from './irp-offsets.ts';
import { unwatchIrp } from './irp-watch.ts';

/** IRP.Type of every IRP (IO_TYPE_IRP). */
const irpType = 6;

export function irpView(kernel: Kernel, irp: GuestAddress): StructView {
  return kernel.view('IRP', irp);
}

/** Address of stack location `n` (from 1); `stackCount + 1` is one past the end. */
export function stackLocation(kernel: Kernel, irp: GuestAddress, n: number): GuestAddress {
  return locationAddress(irpOffsets(kernel), irp, n);
}

export function currentLocation(kernel: Kernel, irp: GuestAddress): StructView {
  return kernel.view('IO_STACK_LOCATION', currentLocationAddress(kernel, irp));
}

/** Whether a device of the scenario keeps the IRP: no driver of the run may complete it or send it on meanwhile. */
export function isAtOtherDriver(kernel: Kernel, record: IrpRecord): boolean {
  if (record.state !== 'pending') return false;
  const at = irpView(kernel, record.address).getNumber('CurrentLocation');
  if (at < 1 || at > record.stackSize) return false;
  return kernel.parts.io.answering.has(currentLocation(kernel, record.address).getPointer('DeviceObject'));
}

/** The record of an IRP that a driver gives to a call; what is no IRP, or none any more, is reported. */
export function irpArgument(kernel: Kernel, call: string, irp: GuestAddress): IrpRecord | NativeResult {
  const record = kernel.irps.get(irp);
  if (record?.state === 'freed') {
    return reportIrp(kernel, record, {
      rule: record.isFreedByRoutine === true ? 'irp-touched-after-send' : 'use-after-free',
      message: `${call} is given IRP #${record.id}, which has been freed.`,
      docRules: record.isFreedByRoutine === true ? ['R21'] : [],
      bugCheck: bugCheck('DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL', irp, 0, 0, 0),
    });
  }
  if (record !== undefined) return record;
  // Reading the type faults where there is no memory, which says more.
  const type = irpView(kernel, irp).getNumber('Type');
  if (type === irpType) return adopt(kernel, irp);
  return kernel.report({
    rule: 'not-an-irp',
    severity: 'error',
    message: `${call} is given ${describeAddress(kernel, irp)}, which is no IRP.`,
    also: ['0xC9/0x1'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x1, irp),
  });
}

/** An error about an IRP, with its history. */
export function reportIrp(
  kernel: Kernel,
  record: IrpRecord,
  request: Omit<FindingRequest, 'severity' | 'history'> & { readonly severity?: 'error' | 'warning' },
): NativeResult {
  return kernel.report({ severity: 'error', ...request, history: record.history });
}

/** Adds a line to an IRP's history; where no place is given, it is the driver's present one. */
export function rememberIrp(kernel: Kernel, record: IrpRecord, what: string, span = currentSpan(kernel)): void {
  record.remember(what, span, kernel.machine.statements);
}

/** A line in pieces, as "sent to ", "WskSend", " on ", "socket #2": thousands of IRPs have it and nobody reads it. */
export function rememberPieces(
  kernel: Kernel,
  record: IrpRecord,
  what: string,
  name: string,
  after?: string,
  object?: string,
): void {
  record.remember(what, currentSpan(kernel), kernel.machine.statements, name, after, object);
}

/** What its history says when a completion routine has kept an IRP. */
export const KEPT = 'kept by STATUS_MORE_PROCESSING_REQUIRED';

/** Where a completion routine has kept the IRP, which nobody has completed again since; undefined where none has. */
export function keptStep({ history }: IrpRecord): IrpRecord['history'][number] | undefined {
  const last = history.findLast(({ what }) => what === KEPT || /^(?:sent to|completed with) /.test(what));
  return last?.what === KEPT ? last : undefined;
}

/** Memory and record of a new IRP; undefined when memory is short. */
export function allocateIrp(
  kernel: Kernel,
  stackSize: number,
  owner: IrpRecord['owner'],
  call: string,
): IrpRecord | undefined {
  const id = kernel.parts.io.nextIrp;
  const { irpSize, locationSize } = irpOffsets(kernel);
  const size = irpSize + stackSize * locationSize;
  const region = kernel.memory.allocate({ size, alignment: 16, kind: 'object', label: 'IRP #', number: id });
  if (region === undefined) return undefined;
  const record = addRecord(kernel, region.start, stackSize, owner);
  record.region = region;
  fillIn(kernel, region.start, size, stackSize);
  const locations = stackSize === 1 ? ' with 1 stack location' : ` with ${stackSize} stack locations`;
  rememberPieces(kernel, record, 'allocated by ', call, locations);
  kernel.emit({ kind: 'irp-allocated', irp: record.id, stackSize });
  return record;
}

/** Gives an IRP's memory back. */
export function releaseIrp(kernel: Kernel, record: IrpRecord): void {
  unwatchIrp(kernel, record);
  record.isFreedByRoutine = record.state === 'completing';
  record.state = 'freed';
  record.freedAt = currentSpan(kernel);
  record.holder = undefined;
  rememberIrp(kernel, record, 'freed');
  kernel.emit({ kind: 'irp-freed', irp: record.id });
  // Every record is made by `addRecord`.
  const life = record as IrpLife;
  if (life.region !== undefined) kernel.memory.free(life.region);
  life.region = undefined;
  keepFreed(kernel, life);
}

export function toChar(value: number): number {
  return (value << 24) >> 24;
}

/** Whether somebody below has it. */
export function isInFlight({ state }: IrpRecord): boolean {
  return state === 'sent' || state === 'pending';
}

/** Memory of the driver's own goes with an IRP in it that somebody below still has. */
export function reportPlacedWithin(
  kernel: Kernel,
  call: string,
  { start, size, label }: Region,
): NativeResult | undefined {
  for (const address of kernel.parts.io.placedIrps.within(start, size)) {
    const record = kernel.irps.get(address);
    if (record === undefined || record.id !== kernel.parts.io.placedIrps.get(address) || !isInFlight(record)) continue;
    return reportIrp(kernel, record, {
      rule: 'irp-freed-in-flight',
      message: `${call} frees ${label}, in which IRP #${record.id} lies, while ${record.call ?? 'a lower driver'} still works on it: its completion will use freed memory.`,
      docRules: ['R21'],
      also: ['0xC9/0x20A', '0xC9/0x20B'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x20b, functionOf(kernel), address),
    });
  }
  return undefined;
}

/** The driver gives back memory in which it had placed IRPs. */
export function releasePlacedWithin(kernel: Kernel, { start, size }: Region): void {
  const { placedIrps } = kernel.parts.io;
  for (const address of placedIrps.within(start, size)) {
    const record = kernel.irps.get(address);
    if (record !== undefined && record.id === placedIrps.get(address) && record.state !== 'freed')
      releaseIrp(kernel, record);
  }
}

/** An IRP is taken up again while a driver below still has it. */
export function reportStillPending(kernel: Kernel, record: IrpRecord, call: string): NativeResult {
  return reportIrp(kernel, record, {
    rule: 'irp-reused-while-pending',
    message: `${call} is given IRP #${record.id}, which ${record.call ?? 'a lower driver'} has not completed yet.`,
    docRules: ['R22'],
    also: ['0xC9/0x310'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x310, functionOf(kernel), record.address),
  });
}

/** What an IRP begins with, in memory of zeroes. */
export function fillIn(kernel: Kernel, irp: GuestAddress, size: number, stackSize: number): void {
  const { memory } = kernel;
  const at = irpOffsets(kernel);
  memory.writeU16(irp, irpType, at.type);
  memory.writeU16(irp, size, at.size);
  memory.writeU8(irp, stackSize, at.stackCount);
  memory.writeU8(irp, stackSize + 1, at.currentLocation);
  memory.writeU64(irp, locationAddress(at, irp, stackSize + 1), at.currentStackLocation);
  // An empty LIST_ENTRY: both of its links lead to itself.
  const list = offsetAddress(irp, at.threadListEntry);
  memory.writeU64(list, list);
  memory.writeU64(list, list, 8);
}

/** An IRP that came from elsewhere, as one that the driver filled in itself. */
function adopt(kernel: Kernel, irp: GuestAddress): IrpRecord {
  return addRecord(kernel, irp, irpView(kernel, irp).getNumber('StackCount'), 'driver');
}

export function addRecord(
  kernel: Kernel,
  address: GuestAddress,
  stackSize: number,
  owner: IrpRecord['owner'],
): IrpLife {
  const id = kernel.parts.io.nextIrp++;
  const known = { id, address, stackSize, owner, allocatedAt: currentSpan(kernel) };
  const { freedIrps } = kernel.parts.io;
  const { spare } = freedIrps;
  freedIrps.spare = undefined;
  const record = spare ?? new IrpLife(known);
  spare?.renew(known);
  const before = kernel.irps.get(address);
  if (before !== undefined) {
    // Every record is made here.
    (before as IrpLife).isReplaced = true;
    // Deleted first, so that the map stays in order of allocation.
    kernel.irps.delete(address);
  }
  kernel.irps.set(address, record);
  return record;
}

/** Keeps a freed IRP's record for later uses of its address, in the place of the oldest one. */
function keepFreed(kernel: Kernel, record: IrpLife): void {
  const oldest = pushFreed(kernel.parts.io.freedIrps, record);
  if (oldest === undefined) return;
  if (!oldest.isReplaced) kernel.irps.delete(oldest.address);
  kernel.parts.io.freedIrps.spare = oldest;
}

/** The driver's function at fault, as debuggers show it for parameter 2. */
export function functionOf(kernel: Kernel): string {
  return kernel.parts.currentCall?.site.functionName ?? 'the driver';
}
