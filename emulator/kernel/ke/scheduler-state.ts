/**
 * What the scheduler knows: its threads, the interrupt contexts that wait for the processor, and what is due later.
 *
 * One processor is modelled. A context is guest or kernel code that runs in no thread of its own: a DPC, or an IRP's
 * completion. On the machine it is a thread too, because it needs a stack.
 */
import type { Span } from '../../../base/source.ts';
import type { GuestThread } from '../../machine/machine-types.ts';
import type { Continuation, GuestAddress } from '../../machine/native.ts';
import type { RunFinding } from '../kernel-types.ts';
import type { ResetWarning } from '../verifier/reset-after-send.ts';
import { createPendingContexts, type PendingContexts } from './pending-contexts.ts';
import { ThreadTable } from './thread-table.ts';

/** What a blocked thread waits for. */
export type Wait =
  | {
      readonly kind: 'objects';
      readonly objects: readonly GuestAddress[];
      readonly type: 'all' | 'any';
      readonly timeout: number | undefined;
      readonly sinceNs: number;
      readonly sequence: number;
      /** WaitMode UserMode: the end of its program ends it. */
      readonly isUserMode: boolean;
    }
  | { readonly kind: 'delay'; readonly timeout: number; readonly sinceNs: number; readonly isUserMode: boolean }
  | {
      readonly kind: 'key';
      readonly key: string;
      readonly reason: string;
      readonly timeout?: number;
      readonly sinceNs: number;
    };

export interface KernelThread {
  readonly id: number;
  readonly guest: GuestThread;
  readonly kind: 'system' | 'worker' | 'context' | 'caller';
  readonly name: string;
  /** The ETHREAD; contexts borrow that of the system thread. */
  readonly object: GuestAddress;
  /** What it executes first. */
  readonly startRoutine: GuestAddress;
  /** What a context does. */
  readonly step?: Continuation;
  readonly createdAt: Span | undefined;
  /** IRQL that it started at and must end at. */
  readonly startIrql: number;
  /** IRQL while it does not run. */
  irql: number;
  /** Where it entered the regions that it is in; for messages. */
  regionNotes?: RunFinding['history'][number][] | undefined;
  /** What last raised the IRQL, for messages. */
  irqlNote?: RunFinding['history'][number] | undefined;
  priority: number;
  wait: Wait | undefined;
  /** Order in which threads became ready. */
  readySequence: number;
  /** The process of a program's thread; others belong to the System process. */
  readonly process?: GuestAddress | undefined;
  /** A program's thread that came from user mode (ExGetPreviousMode). */
  readonly isUserMode?: boolean | undefined;
  /** KeStackAttachProcess: in whose address space it is for now. */
  attachedTo?: GuestAddress | undefined;
  criticalRegions: number;
  guardedRegions: number;
  /** Processors that KeSetSystemAffinityThread has given it, as a set; 0 or undefined: it runs where its user wants it. */
  systemAffinity?: number | undefined;
}

/** The record of an interrupt context, which becomes that of another one when it has come to its end. */
export interface ContextRecord extends KernelThread {
  readonly kind: 'context';
  id: number;
  name: string;
  object: GuestAddress;
  step: Continuation;
  startIrql: number;
}

export type TimedAction =
  | { readonly kind: 'wait-timeout'; readonly threadId: number }
  | { readonly kind: 'timer'; readonly timer: GuestAddress }
  /** A subsystem wants to be called. */
  | { readonly kind: 'alarm'; readonly subsystem: string }
  /** Its time has come: it waits for the processor. */
  | ({ readonly kind: 'context' } & PendingContext);

export type TimedEvent = TimedAction & {
  readonly id: number;
  readonly dueNs: number;
  /** Its place in the heap. */
  at: number;
};

/** An interrupt context that waits for the processor. */
export interface PendingContext {
  readonly id: number;
  readonly irql: number;
  readonly label: string;
  readonly step: Continuation;
  /** Contexts of one order never overtake each other. */
  readonly order: string | undefined;
  /** The DPC object, where one was queued. */
  readonly dpc: GuestAddress | undefined;
  /** Its place among those that wait for the processor, once it does. */
  position: number;
}

export interface SchedulerState {
  readonly threads: ThreadTable;
  /**
   * The context that has begun and is not among `threads` yet. Most contexts come to their end without a call of guest
   * code or a wait, and nobody else ever sees them.
   */
  context: ContextRecord | undefined;
  /** Contexts that have come to their end: the next ones get their records. */
  readonly spareContexts: ContextRecord[];
  /** Address that contexts begin at; asked for once. */
  contextEntry: GuestAddress | undefined;
  /** In the order of their becoming due. */
  readonly pending: PendingContexts;
  /** A heap (timed-events.ts). */
  readonly timed: TimedEvent[];
  /** Those that may be cancelled, by id. */
  readonly cancellable: Map<number, TimedEvent>;
  /** When the latest context of each order is due. */
  readonly orderDueNs: Map<string, number>;
  /** The thread that runs, or ran last and may go on. */
  runningId: number | undefined;
  /** Statements that it may still execute before others get their turn. */
  quantumLeft: number;
  /** How often in a row the time of that thread's waits has run out while nothing else ran or was due. */
  lonelyWakes: number;
  /** A native made something due: the slice under way must be cut short. */
  mustReschedule: boolean;
  /** A native has put something into the queue of what is due, be it later than the end of the slice. */
  hasScheduled: boolean;
  /** When something is due, which is the end of the slice under way. */
  sliceEndNs: number;
  /** Threads that have promised to wait with their next call (KeSetEvent with Wait = TRUE), and where. */
  /** Warnings of an event that was reset too late, which wait for their thread's next call. */
  readonly resetWarnings: Map<number, ResetWarning>;
  readonly waitPromises: Map<number, { readonly call: string; readonly span: Span | undefined }>;
  /** A thread that has ended, where a finding had to be told first. */
  untold: { readonly thread: GuestThread; readonly result: bigint } | undefined;
  nextId: number;
  nextSequence: number;
}

export function createSchedulerState(): SchedulerState {
  return {
    threads: new ThreadTable(),
    context: undefined,
    spareContexts: [],
    contextEntry: undefined,
    pending: createPendingContexts(),
    timed: [],
    cancellable: new Map(),
    orderDueNs: new Map(),
    runningId: undefined,
    quantumLeft: 0,
    lonelyWakes: 0,
    mustReschedule: false,
    hasScheduled: false,
    sliceEndNs: Number.POSITIVE_INFINITY,
    waitPromises: new Map(),
    resetWarnings: new Map(),
    untold: undefined,
    nextId: 1,
    nextSequence: 1,
  };
}
