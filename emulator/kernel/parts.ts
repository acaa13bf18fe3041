/**
 * State of the kernel's own parts in one record, each part's type declared beside the functions that own it. Plain
 * data, so that the whole kernel can be looked at, and one day copied. `tables` alone holds functions.
 */
import type { Span } from '../../base/source.ts';
import type { RecordDefinition } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { NativeCall } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { Clock } from '../sim/clock.ts';
import type { RandomState } from '../sim/random.ts';
import type { TraceMoment } from '../sim/trace-log.ts';
import type { AddressMap, AddressTable } from './address-map.ts';
import type { LibraryState } from './c-library/library-state.ts';
import type { CallerState } from './callers/caller-state.ts';
import type { LookasideRecord } from './ex/lookaside-lists.ts';
import type { PoolState } from './ex/pool.ts';
import type { LockUser } from './ex/rundown.ts';
import type { FileSystemState } from './files/file-system.ts';
import type { Registration } from './io/io-misc.ts';
import type { IoState } from './io/io-state.ts';
import type { IoTimerRecord } from './io/io-timers.ts';
import type { DispatcherRecord } from './ke/dispatcher.ts';
import type { DpcRecord } from './ke/dpcs.ts';
import type { ExTimerRecord } from './ke/ex-timers.ts';
import type { SchedulerState } from './ke/scheduler-state.ts';
import type { TimerRecord } from './ke/timers.ts';
import type { WorkerState } from './ke/work-queue.ts';
import type { Api, ContinuationStep, RunFinding, Subsystem } from './kernel-types.ts';
import type { MdlRecord } from './mm/mdl-records.ts';
import type { UserMappingState } from './mm/user-mappings.ts';
import type { UserMemoryState } from './mm/user-memory.ts';
import type { NmrState } from './nmr/nmr-state.ts';
import type { SecurityParts } from './ob/object-security.ts';
import type { ObjectState } from './ob/objects.ts';
import type { Registry } from './registry/registry.ts';
import type { RegistryWatch } from './registry/registry-watches.ts';
import type { BcryptObject } from './rtl/bcrypt.ts';
import type { DebugPrintState } from './rtl/debug-print.ts';
import type { FormatPieces } from './rtl/format-pieces.ts';
import type { Sections } from './verifier/code-sections.ts';
import type { ListRecords } from './verifier/list-locks.ts';
import type { LockOrderState } from './verifier/lock-order.ts';
import type { LockRecord } from './verifier/lock-records.ts';
import type { ApiRule } from './verifier/preconditions.ts';

/** Why nothing more will run. */
export type KernelStop =
  | { readonly kind: 'crash'; readonly finding: RunFinding }
  /** `exit`, `abort` or the end of main. */
  | { readonly kind: 'exit'; readonly status: number };

export interface KernelTables {
  readonly apis: ReadonlyMap<string, Api>;
  /** Of these, what drivers reach through tables of pointers only. */
  readonly members: ReadonlySet<string>;
  readonly continuations: ReadonlyMap<string, ContinuationStep>;
  readonly subsystems: readonly Subsystem[];
  /** A unit with the bundled headers: prototypes, names of statuses. The driver's own, where it includes wdm.h. */
  headers(): TranslationUnit;
  /** Whether a place is in the driver's own files; made when it is first asked. */
  isOwnPlace: ((span: Span) => boolean) | undefined;
  /** The driver's functions in PAGE and INIT sections; made when it is first asked. */
  sections: Sections | undefined;
  /** What each API asks of its caller, read from its prototype once. */
  readonly rules: Map<string, ApiRule>;
  /** Names of statuses that were asked for. */
  readonly statusTexts: Map<number, string>;
  /** String literals that were read; nobody may write to one, and they stay to the end. */
  readonly literals: AddressTable<string>;
  readonly formats: FormatPieces;
}

/** A call that the scenario fails: `WskSocket`, the n-th time (from 1), with this status. */
export interface FaultPlan {
  readonly call: string;
  readonly occurrence: number;
  readonly status: number;
}

export interface KernelParts {
  readonly tables: KernelTables;
  readonly clock: Clock;
  readonly random: RandomState;
  readonly scheduler: SchedulerState;
  readonly objects: ObjectState;
  readonly dispatchers: AddressMap<DispatcherRecord>;
  readonly timers: AddressMap<TimerRecord>;
  readonly exTimers: Map<GuestAddress, ExTimerRecord>;
  readonly dpcs: AddressMap<DpcRecord>;
  readonly locks: AddressMap<LockRecord>;
  readonly lockOrder: LockOrderState;
  /** Lists that were changed under a lock, by their heads. */
  readonly lists: ListRecords;
  /** What PsGetProcessImageFileName has given for each process. */
  readonly imageNames: Map<GuestAddress, GuestAddress>;
  readonly removeLocks: Set<GuestAddress>;
  /** Who uses what each remove lock and rundown protection guards, in order. */
  readonly lockUsers: Map<GuestAddress, LockUser[]>;
  /** Locks that were taken with APCs enabled, as "thread address": their release is not told of again. */
  readonly takenOutsideRegion: Set<string>;
  /** The driver's records by size, as messages ask for them. */
  readonly recordsBySize: Map<number, RecordDefinition | undefined>;
  readonly lookasides: AddressMap<LookasideRecord>;
  readonly mdls: AddressTable<MdlRecord>;
  readonly pool: PoolState;
  readonly io: IoState;
  readonly registry: Registry;
  /** Last component of each key's path as it was first named, by path in lower case. */
  readonly registryNames: Map<string, string>;
  /** What ZwSetSecurityObject has set, by key or object. */
  readonly security: Map<string, SecurityParts>;
  readonly registryWatches: RegistryWatch[];
  readonly files: FileSystemState;
  readonly callers: CallerState;
  readonly userMemory: UserMemoryState;
  readonly userMappings: UserMappingState;
  /** The Network Module Registrar. */
  readonly nmr: NmrState;
  readonly registrations: Map<GuestAddress, Registration>;
  readonly ioTimers: Map<GuestAddress, IoTimerRecord>;
  /** IoSetTopLevelIrp, by thread. */
  readonly topLevelIrps: Map<number, bigint>;
  readonly workers: WorkerState;
  readonly debugPrint: DebugPrintState;
  readonly library: LibraryState;
  readonly bcrypt: Map<GuestAddress, BcryptObject>;
  readonly faults: readonly FaultPlan[];
  /** How often each call that some fault names was made. */
  readonly faultCounts: Map<string, number>;
  /** The native call under way, for places and messages. */
  currentCall: NativeCall | undefined;
  /** Where and when the latest event of the trace happened. */
  readonly moment: { -readonly [Part in keyof TraceMoment]: TraceMoment[Part] };
  stop: KernelStop | undefined;
}
