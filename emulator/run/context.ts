/** Everything that one run consists of, for the files that make up `Run`: plan, kernel, phase, stepping. */
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Kernel, RunFinding } from '../kernel/kernel-types.ts';
import type { GuestThread } from '../machine/machine-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import { createOutside, type OutsideState } from './outside-state.ts';
import type { Call, RunPlan, RunResult, StepKind } from './types.ts';
import type { Watched } from './watches.ts';

export type Phase =
  /** DriverEntry, or main, runs; it is taken for hung when virtual time would have to pass `untilNs`. */
  | { readonly kind: 'entry'; readonly thread: GuestThread; readonly untilNs: number }
  /** The PnP manager adds the scenario's devices, or removes them. */
  | { readonly kind: 'adding' | 'removing'; readonly thread: GuestThread; readonly untilNs: number }
  /** The driver is loaded; it is unloaded at `untilNs` of virtual time. */
  | { readonly kind: 'loaded'; readonly untilNs: number }
  /** Programs of the scenario end: their requests are cancelled, their handles closed. */
  | { readonly kind: 'closing'; readonly untilNs: number }
  | { readonly kind: 'unload'; readonly thread: GuestThread; readonly untilNs: number }
  /** DriverUnload has returned; work items still keep the driver in memory. */
  | { readonly kind: 'leaving'; readonly untilNs: number }
  | { readonly kind: 'ended'; readonly result: RunResult };

export interface RunContext {
  readonly plan: RunPlan;
  readonly units: readonly TranslationUnit[];
  readonly kernel: Kernel;
  phase: Phase;
  driverObject: GuestAddress;
  entryResult: number | undefined;
  /** Nothing can go on, or the statement limit was reached. */
  stoppedBy: 'hang' | 'limit' | undefined;
  /** Findings that `advance` has told of. */
  findingsTold: number;
  readonly stepping: Stepping;
  /** What comes from outside through a bridge; undefined where there is none. */
  readonly outside: OutsideState | undefined;
}

export interface Stepping {
  isPauseRequested: boolean;
  step: { readonly kind: StepKind; readonly threadId: number; readonly depth: number; traceFrom: number } | undefined;
  /** The calls before which to pause, what was executed last at their depth, and whether one begins where the run stands. */
  call: (Call & { last: number | 'less-deep' | 'unknown'; begins: boolean }) | undefined;
  /** Threads in which a completion routine is about to begin. */
  readonly completions: Set<number>;
  watches: readonly Watched[];
  /** Watches that have changed and were not told of. */
  changed: number[];
}

export function createContext(plan: RunPlan, units: readonly TranslationUnit[], kernel: Kernel): RunContext {
  return {
    plan,
    units,
    kernel,
    // Set right by `begin`, before anything runs.
    phase: { kind: 'loaded', untilNs: 0 },
    driverObject: 0n as GuestAddress,
    entryResult: undefined,
    stoppedBy: undefined,
    findingsTold: 0,
    outside: createOutside(plan),
    stepping: {
      isPauseRequested: false,
      step: undefined,
      call: undefined,
      completions: new Set(),
      watches: [],
      changed: [],
    },
  };
}

/** Virtual time past which the kernel must not jump in this phase. */
export function phaseLimitNs({ phase }: RunContext): number {
  return phase.kind === 'ended' ? 0 : phase.untilNs;
}

/** The next finding that `advance` has not told of. */
export function nextFinding(context: RunContext): RunFinding | undefined {
  const finding = context.kernel.findings[context.findingsTold];
  if (finding !== undefined) context.findingsTold++;
  return finding;
}
