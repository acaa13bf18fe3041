/**
 * What must be gone when DriverUnload has returned: threads that run the driver's code, timers and DPCs, work items,
 * devices, IRPs, MDLs, handles, references, and pool, told by the place of each allocation.
 */
import type { RunRule } from '../../../base/run-rules.ts';
import { sentence } from '../../../base/sentence.ts';
import { placeText, type Span } from '../../../base/source.ts';
import type { Region } from '../../machine/machine-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import { type PoolBlock, poolBlockOf, poolHistory } from '../ex/pool.ts';
import { dot4ObjectsLeft } from '../io/dot4-objects.ts';
import { isInFlight } from '../io/irps.ts';
import { waitText } from '../ke/blocking.ts';
import { pendingDpcs } from '../ke/pending-contexts.ts';
import type { IrpRecord, Kernel, RunFinding } from '../kernel-types.ts';
import { isLocked, liveMdls } from '../mm/mdl-records.ts';
import { networkModulesLeft } from '../nmr/leaks.ts';
import { objectAt } from '../ob/objects.ts';
import { describeAddress, functionName } from '../places.ts';

/** Reports everything left; each kind, and for memory each place of allocation, is a finding of its own. */
export function checkUnload(kernel: Kernel): void {
  checkThreads(kernel);
  checkPending(kernel);
  checkWorkItems(kernel);
  checkRegistrations(kernel);
  networkModulesLeft(kernel, (finding) => left(kernel, finding));
  checkObjects(kernel);
  checkIrps(kernel);
  checkMdls(kernel);
  for (const found of dot4ObjectsLeft(kernel)) left(kernel, { rule: 'dot4-leak', ...found });
  checkGlobals(kernel);
  checkPool(kernel);
  for (const subsystem of kernel.parts.tables.subsystems) subsystem.atUnload(kernel);
}

interface Left {
  readonly rule: RunRule;
  readonly message: string;
  readonly span?: Span | undefined;
  readonly also?: readonly string[];
  readonly bugCheck?: RunFinding['bugCheck'];
  readonly history?: RunFinding['history'];
}

/** All of them are reported, so none may stop the run before the others: they are errors, but the run is over anyway. */
function left(kernel: Kernel, finding: Left): void {
  const stop = kernel.parts.stop;
  kernel.report({ severity: 'error', ...finding });
  kernel.parts.stop = stop;
}

function checkThreads(kernel: Kernel): void {
  for (const thread of kernel.parts.scheduler.threads.values()) {
    if (thread.kind !== 'system' || thread.guest.id === kernel.current?.id) continue;
    const span = kernel.machine.frames(thread.guest).find((frame) => frame.span !== undefined)?.span;
    left(kernel, {
      rule: 'thread-outlives-driver',
      message: `The thread ${thread.name} still runs when the driver is unloaded (${waitText(kernel, thread)}): its code is gone. DriverUnload must wait for its end.`,
      span: span ?? thread.createdAt,
      bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', thread.startRoutine, 8, 0, 0),
      history: [{ what: 'created here', span: thread.createdAt, statements: 0 }],
    });
  }
}

function checkPending(kernel: Kernel): void {
  for (const timer of kernel.parts.timers.values()) {
    if (timer.eventId === undefined) continue;
    left(kernel, {
      rule: 'timer-outlives-driver',
      message: `The timer ${describeAddress(kernel, timer.address)} is still set when the driver is unloaded. Cancel it with KeCancelTimer.`,
      span: timer.setAt,
      bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', timer.address, 8, 0, 0),
    });
  }
  for (const pending of pendingDpcs(kernel.parts.scheduler.pending)) {
    if (pending.dpc === undefined) continue;
    left(kernel, {
      rule: 'dpc-outlives-driver',
      message: `${pending.label} is still queued when the driver is unloaded. Wait with KeFlushQueuedDpcs.`,
      span: kernel.parts.dpcs.get(pending.dpc)?.initialisedAt,
      bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', pending.dpc, 8, 0, 0),
    });
  }
  for (const work of kernel.parts.workers.queue) {
    left(kernel, {
      rule: 'work-item-outlives-driver',
      message: `A work item for ${functionName(kernel, work.routine)} is still queued when the driver is unloaded.`,
      span: work.queuedAt,
      bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', work.routine, 8, 0, 0),
    });
  }
}

/** A work item that is still queued has been reported as such. */
function checkWorkItems(kernel: Kernel): void {
  for (const item of kernel.parts.io.workItems.values()) {
    if (!item.isAllocated || item.isQueued) continue;
    left(kernel, {
      rule: 'work-item-leak',
      message: 'A work item is not freed when the driver is unloaded: IoFreeWorkItem is missing.',
      span: item.allocatedAt,
      history: [{ what: 'allocated here', span: item.allocatedAt, statements: 0 }],
    });
  }
}

function checkRegistrations(kernel: Kernel): void {
  for (const { what, undo, registeredAt } of kernel.parts.registrations.values()) {
    left(kernel, {
      rule: 'callback-outlives-driver',
      message: `${what} is still registered when the driver is unloaded: ${undo} is missing.`,
      span: registeredAt,
    });
  }
  for (const timer of kernel.parts.exTimers.values()) {
    left(kernel, {
      rule: 'timer-outlives-driver',
      message: 'A timer of ExAllocateTimer still exists when the driver is unloaded: ExDeleteTimer is missing.',
      span: timer.allocatedAt,
    });
  }
}

function checkObjects(kernel: Kernel): void {
  for (const device of kernel.parts.io.devices.values()) {
    if (device.isDeleted || device.createdAt === undefined) continue;
    left(kernel, {
      rule: 'device-leak',
      message: `${sentence(describeAddress(kernel, device.address))} still exists when the driver is unloaded: IoDeleteDevice is missing.`,
      span: device.createdAt,
      bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', device.address, 8, 0, 0),
    });
  }
  checkLinks(kernel);
  for (const handle of kernel.parts.objects.handles.values()) {
    if (!handle.isDrivers) continue;
    left(kernel, {
      rule: 'handle-leak',
      message: `A handle to ${kernel.parts.objects.records.get(handle.object)?.label ?? 'an object'} is still open when the driver is unloaded: ZwClose is missing.`,
      span: handle.openedAt,
    });
  }
  for (const { kind, openedAt } of kernel.parts.bcrypt.values()) {
    left(kernel, {
      rule: 'handle-leak',
      message: `${kind === 'hash' ? 'A hash of BCryptCreateHash' : 'An algorithm of BCryptOpenAlgorithmProvider'} is still open when the driver is unloaded: ${kind === 'hash' ? 'BCryptDestroyHash' : 'BCryptCloseAlgorithmProvider'} is missing.`,
      span: openedAt,
    });
  }
  for (const record of kernel.parts.objects.records.values()) {
    for (const span of record.driverReferences) {
      left(kernel, {
        rule: 'reference-leak',
        message: `A reference to ${record.label} is left when the driver is unloaded: ObDereferenceObject is missing.`,
        span,
      });
    }
  }
}

/** A link is permanent: with its device gone it leads nowhere, and the next start of the driver finds its name taken. */
function checkLinks(kernel: Kernel): void {
  for (const object of kernel.parts.objects.names.values()) {
    const record = objectAt(kernel, object);
    // Links of other drivers, from the scenario, were not made by a call.
    if (record?.type !== 'symbolic link' || record.details.createdAt === undefined) continue;
    left(kernel, {
      rule: 'symbolic-link-leak',
      message: `The ${record.label} is left when the driver is unloaded: IoDeleteSymbolicLink is missing. It leads nowhere now, and when the driver starts again its name is taken (STATUS_OBJECT_NAME_COLLISION).`,
      span: record.details.createdAt as Span | undefined,
    });
  }
}

function checkIrps(kernel: Kernel): void {
  for (const irp of kernel.irps.values()) {
    if (irp.state === 'freed') continue;
    if (irp.owner === 'io-manager') {
      // The driver built it; those of programs and of Zw functions end with their callers.
      if (isInFlight(irp) && irp.lent !== undefined && irp.request === undefined)
        left(kernel, irpStillOut(kernel, irp));
      continue;
    }
    // An IRP in the driver's own memory goes with that memory.
    if (irp.origin?.startsWith('allocated') !== true) continue;
    if (isInFlight(irp)) {
      left(kernel, irpStillOut(kernel, irp));
      continue;
    }
    left(kernel, {
      rule: 'irp-leak',
      message: `IRP #${irp.id} is not freed when the driver is unloaded: IoFreeIrp is missing.`,
      span: irp.allocatedAt,
      also: ['0xC4/0x62'],
      history: irp.history,
    });
  }
}

/** Its completion is still to come, and calls the driver. */
function irpStillOut(kernel: Kernel, irp: IrpRecord): Left {
  const written = (irp.lent ?? []).map(({ name }) => name).join(' and ');
  const next =
    irp.completionRoutine !== undefined
      ? `: ${functionName(kernel, irp.completionRoutine)}, its completion routine, will be called where no code is any more`
      : written === ''
        ? ''
        : `: the I/O manager will write to ${written} that it was built with, wherever they are by then`;
  return {
    rule: 'irp-outlives-driver',
    message: `IRP #${irp.id} is still with ${irp.call ?? 'a lower driver'} when the driver is unloaded${next}. Cancel it with IoCancelIrp and wait for its completion.`,
    span: irp.sentAt ?? irp.allocatedAt,
    bugCheck: bugCheck('DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS', irp.address, 8, 0, 0),
    history: irp.history,
  };
}

/** Locks and lists that the kernel keeps in lists of its own; those in pool are reported with their block. */
function checkGlobals(kernel: Kernel): void {
  const isGlobal = (address: GuestAddress): boolean => kernel.memory.regionAt(address)?.kind === 'global';
  for (const { address, kind, initialisedAt } of kernel.parts.locks.values()) {
    if (kind !== 'resource' || !isGlobal(address)) continue;
    left(kernel, {
      rule: 'resource-freed',
      message: `The ERESOURCE ${describeAddress(kernel, address)} is not deleted when the driver is unloaded: ExDeleteResourceLite is missing, and the system's list of resources goes through memory that is gone.`,
      span: initialisedAt,
      also: ['0xC4/0xD2'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xd2, address),
    });
  }
  for (const { address, initialisedAt } of kernel.parts.lookasides.values()) {
    if (!isGlobal(address)) continue;
    left(kernel, {
      rule: 'resource-freed',
      message: `The lookaside list ${describeAddress(kernel, address)} is not deleted when the driver is unloaded: the system's list of lookaside lists goes through memory that is gone.`,
      span: initialisedAt,
      also: ['0xC4/0xCC'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0xcc, address),
    });
  }
}

function checkMdls(kernel: Kernel): void {
  for (const mdl of liveMdls(kernel)) {
    if (isLocked(kernel, mdl)) {
      left(kernel, {
        rule: 'locked-pages-leak',
        message:
          'The pages of an MDL are still locked when the driver is unloaded: MmUnlockPages and IoFreeMdl are missing.',
        span: mdl.allocatedAt,
        also: ['0x76'],
        bugCheck: bugCheck('DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS', mdl.allocatedBy, 0, 0, 1),
        history: [...mdl.history],
      });
      continue;
    }
    left(kernel, {
      rule: 'mdl-leak',
      message: 'An MDL is not freed when the driver is unloaded: IoFreeMdl is missing.',
      span: mdl.allocatedAt,
      history: [...mdl.history],
    });
  }
}

function checkPool(kernel: Kernel): void {
  const sites = new Map<string, { readonly block: PoolBlock; count: number; bytes: number; readonly region: Region }>();
  for (const region of kernel.memory.liveRegions('pool')) {
    const block = poolBlockOf(region);
    if (block === undefined) continue;
    const key = `${block.allocatedAt === undefined ? '' : placeText(block.allocatedAt)}|${block.tag}`;
    const site = sites.get(key);
    if (site === undefined) sites.set(key, { block, count: 1, bytes: block.size, region });
    else {
      site.count++;
      site.bytes += block.size;
    }
  }
  for (const { block, count, bytes, region } of sites.values()) {
    const what = count === 1 ? `A pool block of ${bytes} bytes` : `${count} pool blocks of ${bytes} bytes in all`;
    left(kernel, {
      rule: 'pool-leak',
      message: `${what}, tag '${block.tag}', ${count === 1 ? 'is' : 'are'} not freed when the driver is unloaded.`,
      span: block.allocatedAt,
      also: ['0xC4/0x62', '0xC4/0x60'],
      bugCheck: bugCheck('DRIVER_VERIFIER_DETECTED_VIOLATION', 0x62, `'${block.tag}'`, region.start, count),
      history: poolHistory(block),
    });
  }
}
