/**
 * Puts the kernel together: its tables, its state, and the record that subsystems see.
 *
 * A machine needs the kernel's functions before there is one, and the kernel needs its machine: `createKernel` gives the
 * library of natives first, and `attach` makes the kernel once the machine exists. The subsystems start then.
 */
import { assert, defined } from '../../base/assert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Machine, NativeLibrary } from '../machine/machine-types.ts';
import type { Choices } from '../sim/choices.ts';
import { advanceTo, createClock, timeAt } from '../sim/clock.ts';
import { createRandom } from '../sim/random.ts';
import { createTraceLog } from '../sim/trace-log.ts';
import { apis, continuations } from './api-tables.ts';
import { blockOnKey, wakeKey } from './blocking.ts';
import { createLibraryState } from './c-library/library-state.ts';
import { createCallerState } from './caller-state.ts';
import { faultFinding, tolerateFault } from './fault-finding.ts';
import { injectedFault } from './fault-injection.ts';
import { createFileSystemState } from './file-system.ts';
import { createGuestTypes } from './guest-types.ts';
import { headersUnit } from './headers-unit.ts';
import { createIoState } from './io-state.ts';
import { completeIrp } from './irp-completion.ts';
import { pendIrp, sendIrp } from './irp-send.ts';
import type { Api, ContinuationStep, Kernel, Subsystem } from './kernel-types.ts';
import { createNatives } from './natives.ts';
import { createObjectState } from './objects.ts';
import type { FaultPlan, KernelParts, KernelTables } from './parts.ts';
import { createPoolState } from './pool.ts';
import { emit, report } from './report.ts';
import { createSchedulerState } from './scheduler-state.ts';
import { createViewer } from './struct-view.ts';
import { defineSystemVariables } from './system-variables.ts';
import { scheduleContext } from './timed-events.ts';
import { judgeUserAccess } from './user-memory.ts';
import { createWorkerState } from './work-items.ts';

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
  const allApis = new Map<string, Api>(Object.entries(apis));
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
    continuations: allContinuations,
    subsystems,
    get headers() {
      return headers();
    },
    rules: new Map(),
  };
}

function bootKernel(request: KernelRequest, tables: KernelTables, machine: Machine): Kernel {
  const parts: KernelParts = {
    tables,
    clock: createClock(),
    random: createRandom(request.seed ?? 0),
    scheduler: createSchedulerState(),
    objects: createObjectState(),
    dispatchers: new Map(),
    timers: new Map(),
    exTimers: new Map(),
    dpcs: new Map(),
    locks: new Map(),
    removeLocks: new Map(),
    lookasides: new Map(),
    mdls: new Map(),
    pool: createPoolState(),
    io: createIoState(),
    registry: new Map(),
    files: createFileSystemState(),
    callers: createCallerState(),
    userMemory: { statement: -1, passes: [] },
    registrations: new Map(),
    workers: createWorkerState(),
    debugPrint: { partial: '' },
    library: createLibraryState(),
    bcrypt: new Map(),
    faults: request.faults ?? [],
    faultCounts: new Map(),
    currentCall: undefined,
    stop: undefined,
  };
  const types = createGuestTypes(
    () => tables.headers,
    () => headersUnit(request.catalog),
  );
  const kernel: Kernel = {
    machine,
    memory: machine.memory,
    catalog: request.catalog,
    types,
    choices: request.choices,
    trace: createTraceLog(),
    findings: [],
    log: [],
    output: [],
    irps: new Map(),
    // Time and IRQL have one home each: the clock with the machine's statement count, and the machine.
    get timeNs() {
      return timeAt(parts.clock, machine.statements);
    },
    set timeNs(time) {
      advanceTo(parts.clock, time, machine.statements);
    },
    get irql() {
      return machine.irql;
    },
    set irql(level) {
      machine.irql = level;
    },
    current: undefined,
    subsystems: {},
    parts,
    view: createViewer(machine.memory, types),
    emit: (event) => emit(kernel, event),
    report: (finding) => report(kernel, finding),
    sendIrp: (irp, call, object, holder) => sendIrp(kernel, irp, call, object, holder),
    pendIrp: (irp) => pendIrp(kernel, irp),
    completeIrp: (irp, status, information, then) => completeIrp(kernel, irp, status, information, then),
    schedule: (request) => scheduleContext(kernel, request),
    block: (key, reason, then) => blockOnKey(kernel, key, reason, then),
    wake: (key, value) => {
      wakeKey(kernel, key, value);
    },
    injectedFault: (name) => injectedFault(kernel, name),
    faultFinding: (fault) => faultFinding(kernel, fault),
  };
  return kernel;
}
