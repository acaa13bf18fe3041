/**
 * Who could end a wait for an event, a semaphore or a timer: the calls in the driver's source that signal it, and for each
 * of them what would run it: the completion routine of an IRP that is out, a thread that waits itself, a DPC or work item
 * that is queued. An IRP that got the event, or the structure around it, as its context is such even where no call names it.
 */
import type { Frame } from '../../machine/machine-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { irpOffsets } from '../io/irp-offsets.ts';
import { invokeFlags } from '../io/irp-stack.ts';
import { isInFlight } from '../io/irps.ts';
import type { KernelThread } from '../ke/scheduler-state.ts';
import type { IrpRecord, Kernel, RunFinding } from '../kernel-types.ts';
import { functionName } from '../places.ts';
import { reaches, type SignalSite, type SignalSites, signalSites } from './signal-sites.ts';

export type Signaller =
  /** Its completion routine (or the I/O manager, for an event given to IoBuild…Request) signals. */
  | { readonly kind: 'irp'; readonly irp: IrpRecord; readonly routine: string | undefined; readonly site: Place }
  /** A thread that has the call still before it. */
  | { readonly kind: 'thread'; readonly thread: KernelThread; readonly site: Place }
  /** Its completion routine would signal, but could not be set, and the driver sent the IRP all the same. */
  | { readonly kind: 'unset'; readonly irp: IrpRecord; readonly failure: RoutineFailure; readonly site: Place }
  /** A call in the source that nothing is on the way to. */
  | { readonly kind: 'call'; readonly call: string; readonly functionName: string; readonly site: Place };

type Place = RunFinding['span'] | undefined;
type RoutineFailure = NonNullable<IrpRecord['routineFailure']>;

/** IRPs that are looked through: a run with more has no single one to blame. */
const irpsMax = 5000;
/** How far behind a context on a stack its event may lie. */
const stackContextMax = 512n;

/** Who would signal the object for which a thread waits. */
export function signallersOf(kernel: Kernel, object: GuestAddress, waiter: KernelThread): readonly Signaller[] {
  const sites = sitesOf(kernel, object, waiter);
  const irps = irpSignallers(kernel, object, sites);
  const threads = threadSignallers(kernel, waiter, sites);
  const explained = new Set([...irps, ...threads].map(({ site }) => site));
  const others = sites.flatMap(({ call, functionName: name, span }): Signaller[] =>
    explained.has(span) ? [] : [{ kind: 'call', call, functionName: name, site: span }],
  );
  return [...irps, ...threads, ...others];
}

/** The calls that signal it, as far as the source names the object. */
function sitesOf(kernel: Kernel, object: GuestAddress, waiter: KernelThread): readonly SignalSite[] {
  const { sites, named } = signalSites(kernel.machine.program);
  const initialisedAt = kernel.parts.dispatchers.get(object)?.initialisedAt;
  const waitsAt = kernel.machine.frames(waiter.guest).find(({ span }) => span !== undefined)?.span;
  const names = new Set(
    named.flatMap(({ object: name, span }) =>
      name !== undefined && (isIn(span, initialisedAt) || isIn(span, waitsAt)) ? [name] : [],
    ),
  );
  return sites.filter(({ object: name }) => name !== undefined && names.has(name));
}

/** Whether a call stands in a statement, or is the statement. */
function isIn(call: RunFinding['span'], statement: Place): boolean {
  if (statement === undefined || call.file !== statement.file) return false;
  return (
    (call.start >= statement.start && call.end <= statement.end) ||
    (statement.start >= call.start && statement.end <= call.end)
  );
}

function irpSignallers(kernel: Kernel, object: GuestAddress, sites: readonly SignalSite[]): readonly Signaller[] {
  if (kernel.irps.size > irpsMax) return [];
  const table = signalSites(kernel.machine.program);
  const found: Signaller[] = [];
  for (const irp of kernel.irps.values()) {
    const failure = irp.routineFailure;
    const unset =
      failure === undefined
        ? undefined
        : sites.find((one) => reaches(table, functionName(kernel, failure.routine), one.functionName));
    if (failure !== undefined && unset !== undefined) found.push({ kind: 'unset', irp, failure, site: unset.span });
    if (!isInFlight(irp)) continue;
    if (isUserEvent(kernel, irp, object)) {
      found.push({ kind: 'irp', irp, routine: undefined, site: irp.sentAt });
      continue;
    }
    for (const { routine, context } of completionRoutines(kernel, irp)) {
      const name = functionName(kernel, routine);
      const site = sites.find((one) => reaches(table, name, one.functionName));
      const isContext = isAround(kernel, context, object);
      const signals = table.sites.find((one) => reaches(table, name, one.functionName));
      if (isContext ? signals !== undefined : site !== undefined && context === 0n)
        found.push({ kind: 'irp', irp, routine: name, site: (site ?? signals)?.span });
    }
  }
  return found;
}

/** The I/O manager signals it when the IRP has completed. */
export function isUserEvent(kernel: Kernel, irp: IrpRecord, event: GuestAddress): boolean {
  return peekPointer(kernel, irp.address, 'IRP', 'UserEvent') === event;
}

/** Routines that the completion of an IRP that is out has still before it, with their contexts. */
export function completionRoutines(
  kernel: Kernel,
  irp: IrpRecord,
): readonly { readonly routine: GuestAddress; readonly context: GuestAddress }[] {
  const found = [];
  const size = kernel.types.sizeOf('IO_STACK_LOCATION');
  const first = irp.address + BigInt(kernel.types.sizeOf('IRP'));
  for (let i = 0; i < irp.stackSize; i++) {
    const location = (first + BigInt(i * size)) as GuestAddress;
    const routine = peekPointer(kernel, location, 'IO_STACK_LOCATION', 'CompletionRoutine');
    const context = peekPointer(kernel, location, 'IO_STACK_LOCATION', 'Context');
    const control = kernel.memory.peek((location + BigInt(irpOffsets(kernel).control)) as GuestAddress, 1)?.[0] ?? 0;
    if (routine !== 0n && (control & invokeFlags) !== 0) found.push({ routine, context });
  }
  return found;
}

/** The context is the object, or the memory that it lies in. */
function isAround(kernel: Kernel, context: GuestAddress, object: GuestAddress): boolean {
  if (context === object) return true;
  const region = kernel.memory.regionAt(context);
  if (region === undefined || region !== kernel.memory.regionAt(object)) return false;
  return region.kind !== 'stack' || (object > context && object - context < stackContextMax);
}

/** Threads of the driver that wait themselves, and would come to a call that signals. */
function threadSignallers(kernel: Kernel, waiter: KernelThread, sites: readonly SignalSite[]): readonly Signaller[] {
  const table = signalSites(kernel.machine.program);
  const found: Signaller[] = [];
  for (const thread of kernel.parts.scheduler.threads.values()) {
    if (thread === waiter || thread.wait === undefined) continue;
    const frames = kernel.machine.frames(thread.guest);
    const site = sites.find((one) => frames.some((frame) => isAhead(table, frame, one)));
    if (site !== undefined) found.push({ kind: 'thread', thread, site: site.span });
  }
  return found;
}

/** Whether what is left of a frame may come to the call. */
function isAhead(table: SignalSites, { functionName: name, span }: Frame, site: SignalSite): boolean {
  if (name !== site.functionName) return reaches(table, name, site.functionName);
  const isBefore = span !== undefined && span.file === site.span.file && site.span.end <= span.start;
  const isLoop =
    span !== undefined && site.loop !== undefined && span.start >= site.loop.start && span.end <= site.loop.end;
  return !isBefore || isLoop;
}

function peekPointer(kernel: Kernel, base: GuestAddress, type: string, member: string): GuestAddress {
  const bytes = kernel.memory.peek((base + BigInt(kernel.types.offsetOf(type, member))) as GuestAddress, 8);
  return (
    bytes === undefined ? 0n : new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  ) as GuestAddress;
}
