/**
 * The life of a driver: DriverEntry, a while in which it is loaded, DriverUnload, the checks after it. Or of a program:
 * main alone.
 *
 * `begin` makes the first thread; `phaseStep` is called after every step of the kernel and goes from one phase to the
 * next. A phase whose thread can never go on is a hang, with a diagnosis.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { reportHang } from '../checks/hang.ts';
import { areCallersLeft, endCallers, reportUnfinished, startCallers } from '../kernel/callers/callers.ts';
import {
  checkUnload,
  createDriverObject,
  createKernelThread,
  createRegistryPath,
  describeDriverImage,
  flushLog,
  type Step,
  type ThreadRequest,
} from '../kernel/index.ts';
import { createAnsweringDevices } from '../kernel/io/device-answers.ts';
import { reportUnasked } from '../kernel/io/device-expectations.ts';
import { areFilesOpen } from '../kernel/io/device-files.ts';
import { finishInitialisation } from '../kernel/io/devices.ts';
import { scheduleChanges, startPnp, stopPnp } from '../kernel/io/pnp.ts';
import { startReinitialization } from '../kernel/io/reinitialize.ts';
import { areDevicesHeld } from '../kernel/ke/work-queue.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import type { GuestThread } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import { addFiles, callerPlans } from '../surroundings/callers.ts';
import { devicePlans } from '../surroundings/devices.ts';
import type { ScenarioSource } from '../surroundings/lookup.ts';
import { reportPeers } from '../surroundings/peers.ts';
import { addRegistry, serviceName } from '../surroundings/registry.ts';
import type { RunContext } from './context.ts';
import { checkExpectations } from './expectations.ts';
import { checkRecord } from './outside.ts';
import { makeResult } from './result.ts';

/** main runs on a stack as large as a user-mode program's. */
const MAIN_STACK_BYTES = 1024 * 1024;
/** A thread that waits this long in virtual time, with only timers going on, is taken for hung. */
const WAIT_MAX_NS = 3600 * 1_000_000_000;

/** One that sleeps so often, with nothing at all going on meanwhile, is taken for hung, however short it sleeps. */
const LONELY_WAKES_MAX = 100_000;

/** How long a driver stays loaded for which nobody says when it is to be unloaded. */
const ALONE_NS = 1_000_000_000;

export function begin(context: RunContext): void {
  const { kernel, plan } = context;
  if (plan.entry !== 'DriverEntry') {
    kernel.emit({ kind: 'phase', phase: 'main' });
    kernel.parts.library.isProgram = true;
    const thread = createKernelThread(kernel, mainThread(context)).guest;
    context.phase = { kind: 'entry', thread, untilNs: WAIT_MAX_NS };
    return;
  }
  kernel.emit({ kind: 'phase', phase: 'driver-entry' });
  prepareScenario(context);
  const name = serviceName(context.plan.files);
  context.driverObject = createDriverObject(kernel, name);
  const entry = entryAddress(kernel, plan.entry);
  kernel.view('DRIVER_OBJECT', context.driverObject).set('DriverInit', entry);
  describeDriverImage(kernel, context.driverObject, name);
  const registryPath = createRegistryPath(kernel, `\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\${name}`);
  assert(registryPath !== undefined, 'guest memory is used up before the driver has started');
  const thread = startThread(kernel, 'DriverEntry', entry, [context.driverObject, registryPath]);
  context.phase = { kind: 'entry', thread, untilNs: WAIT_MAX_NS };
}

/** The thread that the run waits for polls for something that nobody is left to do. */
export function endPolling(context: RunContext): void {
  const { kernel, phase } = context;
  const isBridged = context.outside !== undefined;
  if (isBridged || !('thread' in phase) || kernel.parts.scheduler.lonelyWakes < LONELY_WAKES_MAX) return;
  if (kernel.parts.scheduler.runningId === phase.thread.id) hang(context, phase.thread);
}

/** Looks at what the kernel did and goes on to the next phase where it is time. */
export function phaseStep(context: RunContext, step: Step): void {
  const { kernel, phase } = context;
  if (step.kind === 'stopped') {
    if (kernel.parts.stop?.kind === 'exit') context.entryResult = kernel.parts.stop.status;
    end(context);
    return;
  }
  switch (phase.kind) {
    case 'entry':
      if (step.kind === 'thread-ended' && step.thread === phase.thread) entryEnded(context, step.result);
      else if (step.kind === 'idle') hang(context, phase.thread);
      return;
    case 'adding':
    case 'removing':
      if (step.kind === 'thread-ended' && step.thread === phase.thread)
        (phase.kind === 'adding' ? loaded : unload)(context);
      else if (step.kind === 'idle') hang(context, phase.thread);
      return;
    case 'loaded':
      if (step.kind === 'idle') {
        if (phase.untilNs > kernel.timeNs && phase.untilNs < Number.POSITIVE_INFINITY)
          kernel.timeNs = phase.untilNs as Kernel['timeNs'];
        closeCallers(context);
      } else if (kernel.timeNs >= phase.untilNs) closeCallers(context);
      return;
    case 'closing':
      if (!areCallersLeft(kernel)) {
        // A file whose last reference a request held is closed by a thread of the system.
        if (step.kind === 'idle' || !areFilesOpen(kernel)) removeDevices(context);
      } else if (step.kind === 'idle') {
        reportUnfinished(kernel);
        // A program that a wait of the driver's keeps has no request of its own to blame.
        if (kernel.parts.stop === undefined) reportHang(kernel, undefined);
        end(context);
      }
      return;
    case 'unload':
      if (step.kind === 'thread-ended' && step.thread === phase.thread) leave(context);
      else if (step.kind === 'idle') hang(context, phase.thread);
      return;
    case 'leaving':
      if (!areDevicesHeld(kernel)) unloaded(context);
      else if (step.kind === 'idle') {
        reportHang(kernel, undefined);
        end(context);
      }
      return;
    case 'ended':
      return;
    default:
      unreachable(phase);
  }
}

/** Ends the run where it stands. */
export function end(context: RunContext): void {
  if (context.phase.kind === 'ended') return;
  const { kernel } = context;
  flushLog(kernel);
  if (context.stoppedBy === undefined && kernel.parts.stop?.kind !== 'crash') {
    reportPeers(kernel);
    reportUnasked(kernel);
  }
  checkExpectations(context);
  if (context.stoppedBy === undefined && kernel.parts.stop === undefined) checkRecord(context);
  kernel.emit({ kind: 'phase', phase: 'end' });
  context.phase = { kind: 'ended', result: makeResult(context) };
}

/** The statement limit was reached: the run ends with a finding that says where it stood. */
export function limitReached(context: RunContext): void {
  const { kernel, plan } = context;
  const { threads, runningId } = kernel.parts.scheduler;
  // Between two slices no thread is current; the one that ran last is meant.
  if (runningId !== undefined) kernel.current ??= threads.get(runningId)?.guest;
  kernel.report({
    rule: 'statement-limit',
    severity: 'error',
    message: `The run was stopped after ${plan.statementsMax} statements: it looks like an endless loop.`,
  });
  context.stoppedBy = 'limit';
}

/** To return from main is to call exit: what atexit registered is called, last first; the status stays main's. */
function programEnded(context: RunContext, status: number): void {
  const { kernel } = context;
  context.entryResult ??= status;
  const left = kernel.parts.library.atExit.pop();
  if (left === undefined) {
    end(context);
    return;
  }
  const thread = createKernelThread(kernel, {
    name: 'atexit',
    entry: left,
    arguments: [],
    kind: 'system',
    stackSize: MAIN_STACK_BYTES,
  }).guest;
  context.phase = { kind: 'entry', thread, untilNs: kernel.timeNs + WAIT_MAX_NS };
}

function entryEnded(context: RunContext, result: bigint): void {
  const { kernel, plan } = context;
  const status = Number(BigInt.asIntN(32, result));
  if (plan.entry !== 'DriverEntry') {
    programEnded(context, status);
    return;
  }
  context.entryResult = status;
  kernel.emit({ kind: 'phase', phase: 'driver-loaded', status });
  if (status < 0) {
    // The image is thrown out without a call of DriverUnload: what is still there is lost.
    leave(context);
    return;
  }
  finishInitialisation(kernel, context.driverObject);
  const pnp = startPnp(kernel, context.driverObject);
  if (pnp === undefined) loaded(context);
  else context.phase = { kind: 'adding', thread: pnp.guest, untilNs: kernel.timeNs + WAIT_MAX_NS };
}

/** The driver is ready for what the scenario has for it. */
function loaded(context: RunContext): void {
  const { kernel, plan } = context;
  // A Reinitialize routine may ask to be called again: this comes back until none does.
  const again = startReinitialization(kernel);
  if (again !== undefined) {
    context.phase = { kind: 'adding', thread: again.guest, untilNs: kernel.timeNs + WAIT_MAX_NS };
    return;
  }
  scheduleChanges(kernel, context.driverObject);
  startCallers(kernel, callerPlans(plan.scenario, scenarioSource(context)));
  context.phase = { kind: 'loaded', untilNs: kernel.timeNs + loadedNs(context) };
}

/** For how long the driver stays loaded. */
function loadedNs({ plan, outside }: RunContext): number {
  const { unloadAfterMs } = plan.scenario;
  if (outside?.wantsUnload) return 0;
  if (unloadAfterMs !== undefined) return unloadAfterMs * 1_000_000;
  // Somebody outside says when, or the record of what came from there.
  const isAwaited = outside !== undefined && (outside.isLive || outside.next < outside.recorded.length);
  return isAwaited && !outside.isClosed ? Number.POSITIVE_INFINITY : ALONE_NS;
}

/** Devices and files that are there before the driver is. */
function prepareScenario(context: RunContext): void {
  const { kernel, plan } = context;
  const source = scenarioSource(context);
  const { plans, complaints } = devicePlans(plan.scenario, source);
  createAnsweringDevices(kernel, plans);
  for (const complaint of [...complaints, ...addFiles(kernel, plan.scenario, source.dataFiles)])
    kernel.report({ rule: 'scenario-name', severity: 'warning', ...complaint });
  addRegistry(kernel, plan.scenario, serviceName(plan.files));
}

function scenarioSource({ plan, units }: RunContext): ScenarioSource {
  return { units, catalog: plan.catalog, dataFiles: plan.dataFiles ?? new Map() };
}

/** The programs go before the driver does: nobody unloads a driver whose device is open. */
function closeCallers(context: RunContext): void {
  const { kernel } = context;
  if (!endCallers(kernel) && !areFilesOpen(kernel)) {
    removeDevices(context);
    return;
  }
  context.phase = { kind: 'closing', untilNs: kernel.timeNs + WAIT_MAX_NS };
}

function removeDevices(context: RunContext): void {
  const { kernel } = context;
  const pnp = stopPnp(kernel, context.driverObject);
  if (pnp === undefined) unload(context);
  else context.phase = { kind: 'removing', thread: pnp.guest, untilNs: kernel.timeNs + WAIT_MAX_NS };
}

function unload(context: RunContext): void {
  const { kernel } = context;
  const routine = kernel.view('DRIVER_OBJECT', context.driverObject).getPointer('DriverUnload');
  if (routine === 0n) {
    // A driver without DriverUnload stays for ever; nothing of it is a leak.
    end(context);
    return;
  }
  kernel.emit({ kind: 'phase', phase: 'unload' });
  const name = kernel.machine.codeAt(routine)?.name ?? 'DriverUnload';
  const thread = startThread(kernel, name, routine, [context.driverObject]);
  context.phase = { kind: 'unload', thread, untilNs: kernel.timeNs + WAIT_MAX_NS };
}

/** A work item holds its device, and a device its driver: the image stays until their routines have returned. */
function leave(context: RunContext): void {
  if (areDevicesHeld(context.kernel)) context.phase = { kind: 'leaving', untilNs: context.kernel.timeNs + WAIT_MAX_NS };
  else unloaded(context);
}

function unloaded(context: RunContext): void {
  // One whose DriverEntry failed was never loaded.
  if ((context.entryResult ?? 0) >= 0) context.kernel.emit({ kind: 'phase', phase: 'unloaded' });
  checkUnload(context.kernel);
  end(context);
}

function hang(context: RunContext, thread: GuestThread): void {
  reportHang(context.kernel, thread);
  context.stoppedBy = 'hang';
}

function startThread(kernel: Kernel, name: string, entry: GuestAddress, given: readonly bigint[]): GuestThread {
  return createKernelThread(kernel, { name, entry, arguments: given, kind: 'system' }).guest;
}

function mainThread(context: RunContext): ThreadRequest & { readonly stackSize: number } {
  const { kernel, plan } = context;
  const entry = entryAddress(kernel, plan.entry);
  return { name: plan.entry, entry, arguments: mainArguments(context), kind: 'system', stackSize: MAIN_STACK_BYTES };
}

function entryAddress(kernel: Kernel, name: string): GuestAddress {
  const address = kernel.machine.functionAddress(name);
  assert(address !== undefined, `the entry function ${name} has an address`);
  return address;
}

/** argc and argv, as far as main takes them. */
function mainArguments(context: RunContext): bigint[] {
  const { kernel, plan } = context;
  const symbol = kernel.machine.program.functions.find((one) => one.name === plan.entry);
  const count = symbol?.type.parameters.length ?? 0;
  if (count < 2) return count === 0 ? [] : [1n];
  const name = kernel.memory.allocate({ size: 8, kind: 'string', label: 'argv[0]' });
  const argv = kernel.memory.allocate({ size: 16, kind: 'object', label: 'argv' });
  assert(name !== undefined && argv !== undefined, 'guest memory is used up before main has started');
  kernel.memory.writeBytes(name.start, Uint8Array.from([0x61]));
  kernel.memory.writePointer(argv.start, name.start);
  return [1n, argv.start, ...new Array<bigint>(count - 2).fill(0n)];
}
