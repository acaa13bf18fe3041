/**
 * Puts the kernel together: its tables, its state, and the record that subsystems see.
 *
 * A machine needs the kernel's functions before there is one, and the kernel needs its machine: `createKernel` gives the
 * library of natives first, and `attach` makes the kernel once the machine exists. The subsystems start then.
 */
import { assert, defined } from '../../base/assert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Fault, GuestThread, Machine, NativeLibrary } from '../machine/machine-types.ts';
import type { Continuation, GuestAddress, NativeResult } from '../machine/native.ts';
import type { Choices } from '../sim/choices.ts';
import { advanceTo, createClock, timeAt } from '../sim/clock.ts';
import { createRandom } from '../sim/random.ts';
import type { TraceDetail, VirtualTimeNs } from '../sim/trace.ts';
import { createTraceLog, type TraceKeeping } from '../sim/trace-log.ts';
import { AddressMap, AddressTable } from './address-map.ts';
import { apis, continuations } from './api-tables.ts';
import { createLibraryState } from './c-library/library-state.ts';
import { createCallerState } from './callers/caller-state.ts';
import { createPoolState } from './ex/pool.ts';
import { faultFinding, tolerateFault } from './fault-finding.ts';
import { injectedFault } from './fault-injection.ts';
import { createFileSystemState } from './files/file-system.ts';
import { createGuestTypes } from './guest-types.ts';
import { headersUnit } from './headers-unit.ts';
import { createIoState } from './io/io-state.ts';
import { completeIrp } from './io/irp-completion.ts';
import { pendIrp, sendIrp } from './io/irp-send.ts';
import { blockOnKey, wakeKey } from './ke/blocking.ts';
import { createSchedulerState } from './ke/scheduler-state.ts';
import { scheduleAlarm, scheduleContext } from './ke/timed-events.ts';
import { createWorkerState } from './ke/work-queue.ts';
import type { Api, ContinuationStep, IrpRecord, Kernel, RunFinding, Sending, Subsystem } from './kernel-types.ts';
import { createUserMappings } from './mm/user-mappings.ts';
import { judgeUserAccess } from './mm/user-memory.ts';
import { createNatives } from './natives.ts';
import { createNmrState } from './nmr/nmr-state.ts';
import { createObjectState } from './ob/objects.ts';
import { defineSystemVariables } from './ob/system-variables.ts';
import { undocumentedApis } from './ob/undocumented.ts';
import type { FaultPlan, KernelParts, KernelTables } from './parts.ts';
import { createMoment, emit, type FindingRequest, report } from './report.ts';
import { createViewer } from './struct-view.ts';
import { createLockOrderState } from './verifier/lock-order.ts';

export interface KernelRequest {
  readonly catalog: Catalog;
  readonly choices: Choices;
  readonly subsystems: readonly Subsystem[];
  /** Calls that the scenario fails. */
  readonly faults?: readonly FaultPlan[];
  /** The bundled headers, where the caller has read them already. */
  readonly headers?: TranslationUnit;
  /** Of RtlRandomEx and the like. */
  readonly seed?: number;
  /** 'kept' where nothing is said. */
  readonly trace?: TraceKeeping;
}

export interface KernelBoot {
  /** What the machine is made with. */
  readonly natives: NativeLibrary;
  /** Boots the kernel on its machine, once. */
  attach(machine: Machine): Kernel;
}

export function createKernel(request: KernelRequest): KernelBoot {
  let kernel: Kernel | undefined;
  // A driver that includes wdm.h has read what the kernel needs of the headers; only others make it read them again.
  let headers = request.headers;
  const tables = createTables(request.subsystems, () => (headers ??= headersUnit(request.catalog)));
  return {
    natives: createNatives(tables, () => defined(kernel, 'the kernel')),
    attach(machine) {
      assert(kernel === undefined, 'a kernel has one machine');
      headers ??= machine.program.units.find(readsKernelHeaders);
      const booted = bootKernel(request, tables, machine);
      kernel = booted;
      machine.tolerates = (_thread, fault) => tolerateFault(booted, fault);
      machine.judgesUser = (access) => judgeUserAccess(booted, access);
      defineSystemVariables(booted);
      for (const subsystem of request.subsystems) booted.subsystems[subsystem.name] = subsystem.start(booted);
      return booted;
    },
  };
}

/** It includes the bundled wdm.h, by whatever way. */
function readsKernelHeaders(unit: TranslationUnit): boolean {
  const guard = unit.macros.get('_WDMDDK_');
  return guard?.span !== undefined && unit.isSystemFile(guard.span.file);
}

function createTables(subsystems: readonly Subsystem[], headers: () => TranslationUnit): KernelTables {
  const allApis = new Map<string, Api>([...Object.entries(apis), ...Object.entries(undocumentedApis)]);
  const allContinuations = new Map<string, ContinuationStep>(Object.entries(continuations));
  for (const subsystem of subsystems) {
    for (const [name, api] of Object.entries(subsystem.apis)) {
      assert(!allApis.has(name), `${subsystem.name} and the kernel both have ${name}`);
      allApis.set(name, api);
    }
    for (const [name, step] of Object.entries(subsystem.continuations)) {
      assert(!allContinuations.has(name), `${subsystem.name} and the kernel both have the continuation ${name}`);
      allContinuations.set(name, step);
    }
  }
  return {
    apis: allApis,
    members: new Set(subsystems.flatMap(({ members = [] }) => members)),
    continuations: allContinuations,
    subsystems,
    headers,
    literals: new AddressTable(),
    formats: new Map(),
    isOwnPlace: undefined,
    sections: undefined,
    rules: new Map(),
    statusTexts: new Map(),
  };
}

function bootKernel(request: KernelRequest, tables: KernelTables, machine: Machine): Kernel {
  const parts: KernelParts = {
    tables,
    clock: createClock(),
    random: createRandom(request.seed ?? 0),
    scheduler: createSchedulerState(),
    objects: createObjectState(),
    dispatchers: new AddressMap(),
    timers: new AddressMap(),
    exTimers: new Map(),
    dpcs: new AddressMap(),
    locks: new AddressMap(),
    lockOrder: createLockOrderState(),
    lists: new AddressMap(),
    recordsBySize: new Map(),
    imageNames: new Map(),
    removeLocks: new Set(),
    lockUsers: new Map(),
    takenOutsideRegion: new Set(),
    lookasides: new AddressMap(),
    mdls: new AddressTable(),
    pool: createPoolState(),
    io: createIoState(),
    registry: new Map(),
    registryNames: new Map(),
    security: new Map(),
    registryWatches: [],
    files: createFileSystemState(),
    callers: createCallerState(),
    userMappings: createUserMappings(),
    userMemory: { statement: -1, span: undefined, passes: [], passed: [], fetches: { dispatch: 0, fetches: [] } },
    nmr: createNmrState(),
    registrations: new Map(),
    ioTimers: new Map(),
    topLevelIrps: new Map(),
    workers: createWorkerState(),
    debugPrint: { partial: '' },
    library: createLibraryState(),
    bcrypt: new Map(),
    faults: request.faults ?? [],
    faultCounts: new Map(),
    currentCall: undefined,
    moment: createMoment(),
    stop: undefined,
  };
  const types = createGuestTypes(
    () => tables.headers(),
    () => headersUnit(request.catalog),
    machine.program.units,
  );
  return new BootedKernel(request, parts, machine, types);
}

/**
 * A class for the sake of its two accessors, which are asked at every event: an object made by a literal with accessors is
 * a hash table to V8, and so is each look at any of its properties.
 */
class BootedKernel implements Kernel {
  readonly machine: Machine;
  readonly memory: Machine['memory'];
  readonly catalog: Catalog;
  readonly types: Kernel['types'];
  readonly choices: Choices;
  readonly trace: Kernel['trace'];
  readonly findings: RunFinding[] = [];
  readonly log: string[] = [];
  readonly output: string[] = [];
  readonly irps: Kernel['irps'] = new AddressTable();
  current: GuestThread | undefined = undefined;
  readonly subsystems: Kernel['subsystems'] = {};
  readonly parts: KernelParts;
  readonly view: Kernel['view'];

  constructor(request: KernelRequest, parts: KernelParts, machine: Machine, types: Kernel['types']) {
    this.machine = machine;
    this.memory = machine.memory;
    this.catalog = request.catalog;
    this.types = types;
    this.choices = request.choices;
    this.trace = createTraceLog(request.trace ?? 'kept');
    this.parts = parts;
    this.view = createViewer(machine.memory, types);
  }

  // Time and IRQL have one home each: the clock with the machine's statement count, and the machine.
  get timeNs(): VirtualTimeNs {
    return timeAt(this.parts.clock, this.machine.statements);
  }
  set timeNs(time: VirtualTimeNs) {
    advanceTo(this.parts.clock, time, this.machine.statements);
  }
  get irql(): number {
    return this.machine.irql;
  }
  set irql(level: number) {
    this.machine.irql = level;
  }

  emit(event: TraceDetail): void {
    emit(this, event);
  }
  report(finding: FindingRequest): NativeResult {
    return report(this, finding);
  }
  sendIrp(irp: GuestAddress, sending: Sending, holder: IrpRecord['holder']): IrpRecord | NativeResult {
    return sendIrp(this, irp, sending, holder);
  }
  pendIrp(irp: IrpRecord): void {
    pendIrp(this, irp);
  }
  completeIrp(irp: IrpRecord, status: number, information: bigint, then: Continuation): NativeResult {
    return completeIrp(this, irp, status, information, then);
  }
  schedule(request: Parameters<Kernel['schedule']>[0]): void {
    scheduleContext(this, request);
  }
  setAlarm(subsystem: string, afterNs: number): void {
    scheduleAlarm(this, subsystem, afterNs);
  }
  block(key: string, reason: string, then: Continuation): NativeResult {
    return blockOnKey(this, key, reason, then);
  }
  wake(key: string, value: bigint): void {
    wakeKey(this, key, value);
  }
  injectedFault(name: string): number | undefined {
    return injectedFault(this, name);
  }
  faultFinding(fault: Fault): RunFinding {
    return faultFinding(this, fault);
  }
}
