/** IRPs that a driver makes for itself: allocated or placed in its own memory, used again, freed. */
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns, returnsVoid } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { unwatchIrp } from './irp-watch.ts';
import {
  addRecord,
  allocateIrp,
  fillIn,
  functionOf,
  irpArgument,
  irpView,
  isInFlight,
  releaseIrp,
  rememberIrp,
  reportIrp,
  reportStillPending,
  toChar,
} from './irps.ts';

export const irpApis = {
  IoAllocateIrp: (kernel, { name, arguments: args }) => allocateFor(kernel, name, args.int(0)),
  IoAllocateIrpEx: (kernel, { name, arguments: args }) => allocateFor(kernel, name, args.int(1)),
  IoFreeIrp: (kernel, { name, arguments: args }) => freeIrp(kernel, name, args.pointer(0)),
  IoReuseIrp: (kernel, { name, arguments: args }) => reuseIrp(kernel, name, args.pointer(0), args.int(1)),
  IoInitializeIrp: (kernel, { name, arguments: args }) =>
    initialiseOwn(kernel, name, args.pointer(0), args.uint(1) & 0xffff, toChar(args.int(2))),
  IoSizeOfIrp: (kernel, { arguments: args }) =>
    returns(kernel.types.sizeOf('IRP') + toChar(args.int(0)) * kernel.types.sizeOf('IO_STACK_LOCATION')),
} satisfies KernelApis;

function allocateFor(kernel: Kernel, call: string, stackSize: number): NativeResult {
  const record = allocateIrp(kernel, Math.max(0, toChar(stackSize)), 'driver', call);
  return returns(record?.address ?? NULL_ADDRESS);
}

function freeIrp(kernel: Kernel, call: string, irp: GuestAddress): NativeResult {
  const record = kernel.irps.get(irp);
  if (record === undefined) {
    const known = irpArgument(kernel, call, irp);
    return 'kind' in known ? known : freeIrp(kernel, call, irp);
  }
  if (record.state === 'freed') {
    return reportIrp(kernel, record, {
      rule: 'double-free',
      message: `${call} frees IRP #${record.id}, which has been freed already.`,
      also: ['0xC9/0x1'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x1, irp),
    });
  }
  if (record.owner === 'io-manager') {
    return reportIrp(kernel, record, {
      rule: 'irp-freed-not-owned',
      message: `${call} frees IRP #${record.id}, which belongs to the I/O manager: it is freed when its completion is over.`,
      docRules: ['R18'],
      also: ['IoBuildDeviceControlNoFree', 'IoAllocateFree', '0xC9/0x2', '0xC9/0x20C'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x2, irp),
    });
  }
  if (isInFlight(record)) {
    return reportIrp(kernel, record, {
      rule: 'irp-freed-in-flight',
      message: `${call} frees IRP #${record.id} while ${record.call ?? 'a lower driver'} still works on it: its completion will use freed memory.`,
      docRules: ['R21'],
      also: ['0xC9/0x20A', '0xC9/0x20B'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x20b, functionOf(kernel), irp),
    });
  }
  if (kernel.parts.io.placedIrps.get(irp) === record.id) {
    return reportIrp(kernel, record, {
      rule: 'irp-freed-not-owned',
      message: `${call} frees IRP #${record.id}, which IoInitializeIrp has made in memory of the driver's own: only an IRP of IoAllocateIrp is freed by it. Free that memory as it was allocated.`,
      docRules: ['R18'],
      also: ['IoAllocateFree'],
      bugCheck: bugCheck('BAD_POOL_CALLER', 0x99, irp, 0, 0),
    });
  }
  releaseIrp(kernel, record);
  return returnsVoid;
}

function reuseIrp(kernel: Kernel, call: string, irp: GuestAddress, status: number): NativeResult {
  const record = irpArgument(kernel, call, irp);
  if ('kind' in record) return record;
  const isBuilt = record.origin?.startsWith('allocated by IoBuild') === true;
  if (record.owner === 'io-manager' || isBuilt) {
    return reportIrp(kernel, record, {
      rule: 'irp-reused-not-owned',
      message: `${call} reuses IRP #${record.id}, which ${isBuilt ? 'an IoBuild... function made' : 'the driver did not allocate'}: only an IRP of IoAllocateIrp may be reused.`,
      docRules: ['R23'],
      also: ['IoReuseIrp', '0xC9/0x311'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x311, functionOf(kernel), irp),
    });
  }
  if (isInFlight(record)) return reportStillPending(kernel, record, call);
  unwatchIrp(kernel, record);
  const view = irpView(kernel, irp);
  const size = view.getNumber('Size');
  initialise(kernel, irp, size, record.stackSize);
  view.set('IoStatus.Status', status);
  record.state = record.state === 'completing' ? 'completing' : 'idle';
  record.completedAt = undefined;
  record.completionRoutine = undefined;
  record.next = undefined;
  record.routineSetAt = undefined;
  record.routineLocation = undefined;
  record.routineFailure = undefined;
  rememberIrp(kernel, record, 'reused');
  kernel.emit({ kind: 'irp-reused', irp: record.id });
  return returnsVoid;
}

function initialiseOwn(
  kernel: Kernel,
  call: string,
  irp: GuestAddress,
  packetSize: number,
  stackSize: number,
): NativeResult {
  const needed = kernel.types.sizeOf('IRP') + stackSize * kernel.types.sizeOf('IO_STACK_LOCATION');
  const known = kernel.irps.get(irp);
  if (known !== undefined && known.state !== 'freed' && known.origin?.startsWith('allocated') === true) {
    return reportIrp(kernel, known, {
      rule: 'irp-initialised-twice',
      message: `${call} is given IRP #${known.id}, which IoAllocateIrp has initialised. To use it again call IoReuseIrp.`,
      severity: 'warning',
      also: ['0xC9/0x20D', '0xC9/0x238'],
      bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x238, irp),
    });
  }
  if (packetSize < needed) {
    return kernel.report({
      rule: 'irp-packet-size',
      severity: 'error',
      message: `${call} is told that the IRP has ${packetSize} bytes, but with ${stackSize} stack location${stackSize === 1 ? '' : 's'} it needs IoSizeOfIrp(${stackSize}) = ${needed}: the stack locations lie outside of it.`,
    });
  }
  if (known !== undefined) unwatchIrp(kernel, known);
  const record = addRecord(kernel, irp, stackSize, 'driver');
  kernel.parts.io.placedIrps.set(irp, record.id);
  initialise(kernel, irp, packetSize, stackSize);
  rememberIrp(kernel, record, `initialised by ${call} in the driver's memory`);
  return returnsVoid;
}

function initialise(kernel: Kernel, irp: GuestAddress, size: number, stackSize: number): void {
  kernel.memory.fill(irp, size, 0);
  fillIn(kernel, irp, size, stackSize);
}
