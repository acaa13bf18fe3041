/**
 * The kernel as its parts and the subsystems on it (WSK, Dot4) see it.
 *
 * All state is plain data reachable from one `Kernel` record. A subsystem adds its own state under `subsystems`, its
 * functions as an `ApiTable`, its continuations as a `ContinuationTable`, and uses the kernel through the services
 * named here; it never reaches into another part's state.
 */

import type { Finding } from '../../base/finding.ts';
import type { RunRule } from '../../base/run-rules.ts';
import type { Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { Fault, GuestMemory, GuestThread, Machine, NativeCall } from '../machine/machine-types.ts';
import type { Continuation, GuestAddress, NativeResult } from '../machine/native.ts';
import type { Choices } from '../sim/choices.ts';
import type { TraceDetail, VirtualTimeNs } from '../sim/trace.ts';
import type { TraceLog } from '../sim/trace-log.ts';
import type { AddressTable } from './address-map.ts';
import type { GivenAway } from './io/irp-watch.ts';
import type { KernelParts } from './parts.ts';
import type { LentMemory } from './verifier/lent-memory.ts';

export type Api = (kernel: Kernel, call: NativeCall) => NativeResult;
export type ApiTable = Readonly<Record<string, Api>>;
/** What goes on after a guest call or a wait: `value` is the callee's result or the wait's status. */
export type ContinuationStep = (
  kernel: Kernel,
  thread: GuestThread,
  state: Readonly<Record<string, unknown>>,
  value: bigint,
) => NativeResult;
export type ContinuationTable = Readonly<Record<string, ContinuationStep>>;

/** Names and offsets of guest structures, from the bundled headers, so that no offset is ever written by hand. */
export interface GuestTypes {
  sizeOf(type: string): number;
  /** `offsetOf('IRP', 'Tail.Overlay.Thread')`: bytes; a Bug when the header has no such member. */
  offsetOf(type: string, path: string): number;
  typeOf(type: string, path: string): CType;
  /** Value of an enumeration constant or integer macro of the headers: `constant('STATUS_PENDING')`. */
  constant(name: string): number;
  /** The name that the driver or a header has for a control code (unsigned): "IOCTL_DOT4_READ". */
  controlCode(code: number): string | undefined;
}

/** A checked view of one structure in guest memory by member path. Reads and writes of 1, 2, 4 or 8 bytes. */
export interface StructView {
  readonly address: GuestAddress;
  /** The bits as an unsigned value. */
  get(path: string): bigint;
  /** Signed where the member's type is: NTSTATUS and LONG may be negative. */
  getNumber(path: string): number;
  getPointer(path: string): GuestAddress;
  set(path: string, value: bigint | number): void;
  addressOf(path: string): GuestAddress;
}

/** Life of an IRP as the emulator knows it, beside the IRP's bytes in guest memory. */
/** A call that takes an IRP: to whom, and what it asks for where the call alone does not say. */
export interface Sending {
  readonly call: string;
  readonly object: string;
  readonly subject?: string | undefined;
}

export interface IrpRecord {
  /** Counts from 1 in order of allocation: "IRP #3". */
  readonly id: number;
  readonly address: GuestAddress;
  readonly stackSize: number;
  /** Who may free it: the driver (IoAllocateIrp), the I/O manager (threaded, or made for a user's request). */
  readonly owner: 'driver' | 'io-manager';
  state: 'idle' | 'sent' | 'pending' | 'completing' | 'completed' | 'freed';
  /** The call that sent it last: "WskSocket", and where. */
  call: string | undefined;
  /** What it asks for there, as `requestName` says it: "IRP_MJ_READ", "WskGetOption, SO_RCVBUF"; of many calls nothing. */
  subject?: string | undefined;
  sentAt: Span | undefined;
  /** Location that was current when its owner sent it: back there, it is its owner's again. */
  sentFrom?: number | undefined;
  allocatedAt: Span | undefined;
  freedAt: Span | undefined;
  /** Its completion routine freed it: whoever sent it could not know that it was gone. */
  isFreedByRoutine?: boolean | undefined;
  /** The request of a program or a Zw function that it was made for. */
  request?: number | undefined;
  /** Of the last completion. */
  status: number | undefined;
  information: bigint | undefined;
  completionRoutine: GuestAddress | undefined;
  /** SL_INVOKE_ON_… flags with which it was sent to a subsystem last: completion clears them in the IRP itself. */
  sentControl?: number | undefined;
  /** Statements executed before its last completion; undefined since it was sent or reused again. */
  completedAt: number | undefined;
  /** What the driver has done for its next sending: filled the next stack location, or given up its own. */
  next?: 'copied' | 'skipped' | 'taken' | undefined;
  /** IoSetCompletionRoutine has been called since the IRP was sent last. */
  routineSetAt?: Span | undefined;
  /** The location that it was set in, from 1. */
  routineLocation?: number | undefined;
  /** IoSetCompletionRoutineEx has failed since the IRP was sent last. */
  routineFailure?:
    | { readonly routine: GuestAddress; readonly status: number; readonly span: Span | undefined }
    | undefined;
  /** IoSetCancelRoutine set a routine when the IRP had been cancelled already. */
  lateCancelRoutineAt?: Span | undefined;
  /** Bytes of the caller's output buffer, of a request that IoBuild... made. */
  outputLength?: number | undefined;
  /** Of an IRP of IoMakeAssociatedIrp. */
  master?: GuestAddress | undefined;
  /** Of a master: its associated IRPs that have been finished. */
  associatedEnded?: number | undefined;
  /** The status block and the event of a threaded request. */
  lent?: readonly LentMemory[] | undefined;
  /** Who gave it away last and must not touch it meanwhile, while its members are watched. */
  givenAway?: GivenAway | undefined;
  /** Everything that happened to it so far, oldest first: the history of a finding. A list of its own each time. */
  readonly history: readonly { readonly what: string; readonly span: Span | undefined; readonly statements: number }[];
  /** What the first line of its history says: where it comes from. */
  readonly origin: string | undefined;
  /** Adds a line to its history: `what`, and the pieces that follow it, which are joined when somebody reads it. */
  remember(
    what: string,
    span: Span | undefined,
    statements: number,
    name?: string,
    after?: string,
    object?: string,
  ): void;
  /** Subsystem that has it now; cancelling goes there. Plain data. */
  holder: { readonly subsystem: string; readonly key: number } | undefined;
}

/** A finding of a run: what lint's has, and what only a run knows. */
export interface RunFinding extends Finding {
  /** Windows' bug check for it, where Windows would stop: code and name. */
  readonly bugCheck?: { readonly code: number; readonly name: string; readonly parameters: readonly string[] };
  /** What happened to the object concerned, oldest first. */
  readonly history: readonly { readonly what: string; readonly span: Span | undefined; readonly statements: number }[];
  /** Guest call stack at the moment, innermost first. */
  readonly stack: readonly { readonly functionName: string; readonly span: Span | undefined }[];
}

/** An access of the driver's to memory that is watched, which is made after this. */
export type MemoryTouch = Pick<Fault, 'address' | 'size' | 'access'>;

/** What a subsystem may ask of the kernel. */
export interface Kernel {
  readonly machine: Machine;
  readonly memory: GuestMemory;
  readonly catalog: Catalog;
  readonly types: GuestTypes;
  readonly choices: Choices;
  readonly trace: TraceLog;
  readonly findings: RunFinding[];
  /** DbgPrint lines. */
  readonly log: string[];
  /** What printf, puts and putchar wrote, in pieces: the standard output of `--entry main`. */
  readonly output: string[];
  readonly irps: AddressTable<IrpRecord>;
  timeNs: VirtualTimeNs;
  irql: number;
  /** The thread or interrupt context that runs now. */
  current: GuestThread | undefined;
  /** State of subsystems by name, plain data. */
  readonly subsystems: Record<string, unknown>;
  /** State of the kernel's own parts; subsystems keep out of it. */
  readonly parts: KernelParts;

  view(type: string, address: GuestAddress): StructView;
  emit(event: TraceDetail): void;
  /** Records a finding and stops the run where it is a crash (severity error); others let it go on. */
  report(finding: {
    readonly rule: RunRule;
    readonly severity: 'error' | 'warning' | 'info';
    readonly message: string;
    readonly span?: Span | undefined;
    readonly docRules?: readonly string[];
    readonly also?: readonly string[];
    readonly bugCheck?: RunFinding['bugCheck'];
    readonly history?: RunFinding['history'];
    /** That of the current thread, unless it has nothing to do with it. */
    readonly stack?: RunFinding['stack'];
  }): NativeResult;

  /** Sends an IRP to a subsystem: checks its state and its completion routine, moves to the next stack location. */
  sendIrp(irp: GuestAddress, sending: Sending, holder: IrpRecord['holder']): IrpRecord | NativeResult;
  /** Marks an IRP that was sent as pending; the caller returns STATUS_PENDING. */
  pendIrp(irp: IrpRecord): void;
  /**
   * Completes an IRP that was sent: sets IoStatus and unwinds its stack locations through their completion routines
   * by the rules of Windows, in the current context. `then` gets control when that is done.
   */
  completeIrp(irp: IrpRecord, status: number, information: bigint, then: Continuation): NativeResult;
  /**
   * Does work later, in an interrupt context of its own at `irql` (a DPC's "arbitrary thread"): `step` is a
   * continuation of the subsystem. Contexts due at the same time run in the order of this call unless `choices` says
   * otherwise; those with the same `order` ("receives of socket #2") always do, whatever their delays.
   */
  schedule(request: {
    readonly afterNs: number;
    readonly irql: number;
    readonly label: string;
    readonly step: Continuation;
    readonly order?: string | undefined;
  }): void;
  /**
   * Calls `alarm` of the subsystem later, in no context and whatever the IRQL: for what happens elsewhere, which no
   * processor of the driver's machine takes part in.
   */
  setAlarm(subsystem: string, afterNs: number): void;
  /** Blocks the current thread until `wake(key)`. `reason` is what people read: "WskDeregister waits for 1 open socket". */
  block(key: string, reason: string, then: Continuation): NativeResult;
  /** Wakes every thread blocked on `key`, in order. */
  wake(key: string, value: bigint): void;
  /**
   * The status with which the scenario fails this call of `name`, if it does. To be asked once per call: it counts
   * the calls. The kernel's own functions are asked for before they run; a subsystem asks for those it completes.
   */
  injectedFault(name: string): number | undefined;
  /** Turns a machine fault into a finding with bug check and history. */
  faultFinding(fault: Fault): RunFinding;
}

/** A provider module of the Network Module Registrar that is part of the system. */
export interface SystemProvider {
  readonly name: string;
  /** Its NPI_REGISTRATION_INSTANCE in guest memory. */
  readonly instance: GuestAddress;
  /** Natives that stand for its ProviderAttachClient and ProviderDetachClient. */
  readonly attach: string;
  readonly detach: string;
  readonly readyAtNs: number;
}

/** A subsystem on the kernel: WSK, Dot4. */
export interface Subsystem {
  readonly name: string;
  readonly apis: Readonly<Record<string, Api>>;
  /** Of these, what drivers reach through its tables only: Windows links no such name. */
  readonly members?: readonly string[];
  readonly continuations: ContinuationTable;
  /** Makes its state at boot. */
  start(kernel: Kernel): unknown;
  /**
   * The driver asked to cancel an IRP that it holds (IoCancelIrp). A result without a value makes IoCancelIrp return
   * TRUE; completing the IRP at once must end in `after`, with 1, which does that too.
   */
  cancelIrp(kernel: Kernel, irp: IrpRecord, after: Continuation): NativeResult;
  /** The driver touches bytes that are watched: true where they are the subsystem's, which no longer watches them. */
  memoryTouched?(kernel: Kernel, touch: MemoryTouch): boolean;
  /** The time of an alarm has come. It runs no guest code. */
  alarm?(kernel: Kernel): void;
  /** What it offers to clients of the Network Module Registrar: asked when the driver registers its first module. */
  networkProvider?(kernel: Kernel): SystemProvider;
  /** Anything left when the driver has unloaded: leaks, as findings. */
  atUnload(kernel: Kernel): void;
  /** What it holds open, for messages of a run that can't go on: "socket #1 (listening on 0.0.0.0:40007)". */
  openObjects(kernel: Kernel): readonly string[];
}
