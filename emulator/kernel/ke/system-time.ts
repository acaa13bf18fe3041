/**
 * Time as drivers ask for it, out of virtual time: system time in units of 100 ns since 1601, interrupt time since boot,
 * ticks of 15.625 ms, a performance counter of 10 MHz. A run always boots at the same moment.
 */

import { returns, returnsVoid } from '../../machine/native.ts';
import { advanceTo } from '../../sim/clock.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';

/** 1 January 2026, 00:00:00 UTC, in units of 100 ns since 1 January 1601. */
export const bootSystemTime = 134_116_992_000_000_000n;
const ticksPerIncrement = 156_250;

/** System time now. */
export function systemTimeNow(kernel: Kernel): bigint {
  return bootSystemTime + interruptTime(kernel);
}

function interruptTime(kernel: Kernel): bigint {
  return BigInt(Math.floor(kernel.timeNs / 100));
}

export const timeApis = {
  KeQuerySystemTime: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(0), systemTimeNow(kernel));
    return returnsVoid;
  },
  KeQuerySystemTimePrecise: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(0), systemTimeNow(kernel));
    return returnsVoid;
  },
  KeQueryTickCount: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(0), interruptTime(kernel) / BigInt(ticksPerIncrement));
    return returnsVoid;
  },
  KeQueryTimeIncrement: () => returns(ticksPerIncrement),
  KeQueryInterruptTime: (kernel) => returns(interruptTime(kernel)),
  KeQueryUnbiasedInterruptTime: (kernel) => returns(interruptTime(kernel)),
  KeQueryInterruptTimePrecise: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(0), interruptTime(kernel));
    return returns(interruptTime(kernel));
  },
  KeQueryPerformanceCounter: (kernel, { arguments: args }) => {
    const frequency = args.pointer(0);
    if (frequency !== 0n) kernel.memory.writeU64(frequency, 10_000_000n);
    return returns(interruptTime(kernel));
  },
  /** The processor is kept busy: time passes, nothing else runs. */
  KeStallExecutionProcessor: (kernel, { arguments: args }) => {
    advanceTo(kernel.parts.clock, kernel.timeNs + args.uint(0) * 1000, kernel.machine.statements);
    kernel.parts.scheduler.mustReschedule = true;
    return returnsVoid;
  },
} satisfies KernelApis;
